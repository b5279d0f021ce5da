"""What a job keeps: its spec, its log, its progress and evaluations as JSON lines, its state, and its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irevla.config.errors import UserError
from irevla.training.benchmark.jobs.job_spec import JobSpec
from irevla.training.benchmark.json_lines import read_lines


@dataclass(frozen=True)
class JobFolder:
    """One job's files."""

    path: Path

    @property
    def name(self) -> str:
        """The job's name."""
        return self.path.name

    @property
    def log(self) -> Path:
        """What the worker wrote to stderr."""
        return self.path / "worker.log"

    @property
    def progress(self) -> Path:
        """One line for each word the worker said on its way."""
        return self.path / "progress.jsonl"

    @property
    def evaluations(self) -> Path:
        """One line a task."""
        return self.path / "evaluations.jsonl"

    @property
    def state(self) -> Path:
        """What the job needs to go on after a kill."""
        return self.path / "state"

    def begin(self, spec: JobSpec) -> Path:
        """Write the spec and return its path."""
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / "spec.json"
        path.write_text(spec.model_dump_json(indent=1), encoding="utf-8")
        return path

    def spec(self) -> JobSpec:
        """Return what the job was asked; raises UserError when that cannot be read."""
        path = self.path / "spec.json"
        try:
            return JobSpec.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UserError(f"{path}: not a benchmark job: {error}") from None

    def result(self) -> dict[str, Any] | None:
        """Return what the job ended with, None while it has not, or when the file it made is gone."""
        try:
            content = json.loads((self.path / "result.json").read_text(encoding="utf-8"))
            made = content.get("made")
        except (OSError, ValueError, AttributeError):
            return None
        return None if made and not Path(made).exists() else dict(content)

    def finish(self, result: Mapping[str, Any]) -> None:
        """Keep the result, at once: the job is done. ``made`` in it is the path of what it made."""
        draft = self.path / "result.json.part"
        draft.write_text(json.dumps(result), encoding="utf-8")
        draft.rename(self.path / "result.json")

    def wall_s(self) -> float:
        """Return the seconds worked, over all sittings; a sitting counts up to the last word it said."""
        total = last = 0.0
        for row in read_lines(self.progress):
            if row["sitting_s"] < last:
                total += last
            last = row["sitting_s"]
        return total + last

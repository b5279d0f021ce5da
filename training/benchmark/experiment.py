"""A results folder: one configuration of one suite; seeds and methods may be added to it at any time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import ConfigError
from irevla.config.layers.layered_values import validated
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.suites.task import SuiteTask

IDENTITY = "experiment.json"
FORM = 2


@dataclass(frozen=True)
class Experiment:
    """Where one configuration's results lie."""

    folder: Path
    settings: BenchmarkSettings

    @classmethod
    def take_up(cls, folder: Path, settings: BenchmarkSettings, tasks: Iterable[SuiteTask] = ()) -> Experiment:
        """Begin an experiment on ``tasks`` in ``folder`` or go on with the one there.

        Raises ConfigError, naming what differs, when results of another configuration lie there, or of tasks that
        bear the same names and look otherwise.
        """
        identity = folder / IDENTITY
        drawn = {task.name: asdict(task) for task in tasks}
        content = json.loads(json.dumps({"form": FORM, "settings": settings.model_dump(mode="json"), "tasks": drawn}))
        if identity.exists():
            found = _read(identity)
            differences = _differences(found["settings"], content["settings"])
            differences += _differences(found["tasks"], content["tasks"], "task ")
            if differences:
                raise ConfigError(
                    f"{folder} holds results of another configuration, and results are never mixed: "
                    f"{'; '.join(differences)}. Choose another --results, or the same settings"
                )
            return cls(folder, settings)
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty and holds no benchmark; choose another --results")
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{IDENTITY}.part"
        draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        draft.rename(identity)
        return cls(folder, settings)

    @classmethod
    def open(cls, folder: Path) -> Experiment:
        """Return the experiment in ``folder``; raises ConfigError when there is none or it cannot be read."""
        path = folder / IDENTITY
        return cls(folder, validated(BenchmarkSettings, _read(path)["settings"], path))

    def job(self, name: str) -> JobFolder:
        """Return the folder of a job."""
        return JobFolder(self.folder / "jobs" / name)

    def jobs(self) -> list[JobFolder]:
        """Return every job's folder that was begun, by name."""
        return [JobFolder(path.parent) for path in sorted((self.folder / "jobs").glob("*/spec.json"))]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"settings": content["settings"], "tasks": dict(content["tasks"])}
    except FileNotFoundError:
        raise ConfigError(f"{path.parent} holds no benchmark; `irevla bench table1 --results` makes one") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: not readable ({error!r}); it names the configuration of a benchmark") from None


def _differences(there: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key in {**there, **now}:
        old, new = there.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{prefix}{key}.")
        elif old != new:
            found.append(f"{prefix}{key} is {json.dumps(old)} there and {json.dumps(new)} here")
    return found

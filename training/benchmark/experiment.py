"""A results folder: one configuration of one suite; seeds and methods may be added to it at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import ConfigError
from irevla.config.layers.layered_values import validated
from irevla.training.benchmark.jobs.job_folder import JobFolder

IDENTITY = "experiment.json"
FORM = 1


@dataclass(frozen=True)
class Experiment:
    """Where one configuration's results lie."""

    folder: Path
    settings: BenchmarkSettings

    @classmethod
    def take_up(cls, folder: Path, settings: BenchmarkSettings) -> Experiment:
        """Begin an experiment in ``folder`` or go on with the one there.

        Raises ConfigError, naming what differs, when another configuration's results lie there.
        """
        identity = folder / IDENTITY
        if identity.exists():
            found = cls.open(folder).settings
            if found.hash() != settings.hash():
                differences = _differences(found.model_dump(mode="json"), settings.model_dump(mode="json"))
                raise ConfigError(
                    f"{folder} holds results of another configuration, and results are never mixed: "
                    f"{'; '.join(differences)}. Choose another --results, or the same settings"
                )
            return cls(folder, settings)
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty and holds no benchmark; choose another --results")
        folder.mkdir(parents=True, exist_ok=True)
        content = {"form": FORM, "hash": settings.hash(), "settings": settings.model_dump(mode="json")}
        draft = folder / f"{IDENTITY}.part"
        draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        draft.rename(identity)
        return cls(folder, settings)

    @classmethod
    def open(cls, folder: Path) -> Experiment:
        """Return the experiment in ``folder``; raises ConfigError when there is none or it cannot be read."""
        path = folder / IDENTITY
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            settings = content["settings"]
        except FileNotFoundError:
            raise ConfigError(f"{folder} holds no benchmark; `irevla bench table1 --results` makes one") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: not readable ({error}); it names the configuration of a benchmark") from None
        return cls(folder, validated(BenchmarkSettings, settings, path))

    def job(self, name: str) -> JobFolder:
        """Return the folder of a job."""
        return JobFolder(self.folder / "jobs" / name)

    def jobs(self) -> list[JobFolder]:
        """Return every job's folder that was begun, by name."""
        return [JobFolder(path.parent) for path in sorted((self.folder / "jobs").glob("*/spec.json"))]


def _differences(there: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key in now:
        old, new = there.get(key), now[key]
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{prefix}{key}.")
        elif old != new:
            found.append(f"{prefix}{key} is {json.dumps(old)} there and {json.dumps(new)} here")
    return found

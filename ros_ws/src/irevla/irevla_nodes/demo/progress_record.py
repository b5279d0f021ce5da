"""What a demo has finished so far, in one JSON file that is replaced atomically: `--resume` starts from it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from irevla.config.errors import ConfigError


class ProgressRecord:
    """Results of finished phases by name, and the seconds each took."""

    def __init__(self, path: Path, settings_hash: str) -> None:
        self._path = path
        self._values: dict[str, Any] = {"settings": settings_hash, "phases": {}, "wall_s": {}}

    @classmethod
    def open(cls, path: Path, settings_hash: str, *, resume: bool) -> ProgressRecord:
        """Start a new record, or take up the one at ``path``; refuses to mix two configurations."""
        record = cls(path, settings_hash)
        if not path.exists():
            return record
        if not resume:
            raise ConfigError(f"{path.parent} already holds a run; continue it with --resume or choose another --out")
        try:
            found = json.loads(path.read_text())
        except ValueError:
            raise ConfigError(f"{path} is not the record of a demo; choose another --out") from None
        if found.get("settings") != settings_hash:
            raise ConfigError(
                f"{path.parent} was made with other settings or another seed (hash {str(found.get('settings'))[:12]}, "
                f"now {settings_hash[:12]}); resume with the same ones or choose another --out"
            )
        record._values = found
        return record

    def result(self, phase: str) -> Any | None:
        """Return what ``phase`` ended with, or None when it has not finished."""
        return self._values["phases"].get(phase)

    def finish(self, phase: str, result: Any, wall_s: float) -> None:
        """Keep the result of ``phase``; returns once it is on disk."""
        self._values["phases"][phase] = result
        self.spend(phase, wall_s)

    def spend(self, phase: str, wall_s: float) -> None:
        """Add working time, also of a phase that was cut off."""
        spent = self._values["wall_s"]
        spent[phase] = round(spent.get(phase, 0.0) + wall_s, 1)
        draft = self._path.with_suffix(".tmp")
        with draft.open("w") as file:
            json.dump(self._values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    @property
    def wall_s(self) -> dict[str, float]:
        """Seconds each phase took, over all sittings."""
        return dict(self._values["wall_s"])

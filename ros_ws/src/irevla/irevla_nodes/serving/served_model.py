"""Remembers which model is served, so that a policy process that was killed comes back with the same one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "served_model.json"
UNNAMED = "one of the models that are compared"  # instead of its name, in logs and diagnostics


@dataclass(frozen=True)
class ModelPlace:
    """A checkpoint directory and its manifest's hash."""

    path: str
    sha256: str


class ServedModel:
    """One small file in the node's state folder; without a folder nothing is remembered."""

    def __init__(self, state_dir: str) -> None:
        self._path = Path(state_dir) / FILE if state_dir else None

    def read(self) -> ModelPlace | None:
        """Return the model served last, None when there is none or the file cannot be read."""
        if self._path is None or not self._path.is_file():
            return None
        try:
            values = json.loads(self._path.read_text(encoding="utf-8"))
            return ModelPlace(str(values["path"]), str(values["sha256"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: str, sha256: str) -> ModelPlace:
        """Remember this model and return its place; the file is replaced in one go."""
        place = ModelPlace(str(Path(path).absolute()), sha256)
        if self._path is None:
            return place
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(asdict(place)), encoding="utf-8")
        draft.replace(self._path)
        return place

"""What a learner saved to go on from, as files: one JSON that names the tensors that belong to it. Needs no torch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irevla.config.errors import CheckpointError

TENSORS = "state.safetensors"
DRAFT = f"draft.{TENSORS}"
NUMBERS = "state.json"


@dataclass(frozen=True)
class SavedState:
    """One saved state in its folder."""

    folder: Path
    numbers: dict[str, Any]

    @classmethod
    def find(cls, folder: Path) -> SavedState | None:
        """Return the state saved last in ``folder``, None without one; raises CheckpointError for a damaged one."""
        path = folder / NUMBERS
        if not path.is_file():
            return None
        try:
            numbers = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CheckpointError(f"{path}: not readable ({error}); delete it to start over") from None
        if not isinstance(numbers, dict):
            raise CheckpointError(f"{path}: expected an object, got {type(numbers).__name__}; delete it to start over")
        return cls(folder, numbers)

    @property
    def tensors(self) -> Path:
        """The file of the tensors."""
        return self.folder / str(self.numbers.get("tensors"))

    @property
    def step(self) -> int:
        """Gradient steps done."""
        return int(self.numbers.get("step", 0))

    @property
    def serial(self) -> int:
        """Grows by one with every state of the folder."""
        return int(self.numbers.get("serial", 0))


def put_state(folder: Path, numbers: Mapping[str, Any]) -> None:
    """Make the tensors that lie in the folder as DRAFT, and ``numbers``, its state.

    One rename decides, so the folder keeps its previous state until the new one is whole on disk.
    """
    saved, draft = SavedState.find(folder), folder / DRAFT
    serial = saved.serial + 1 if saved is not None else 1
    name = f"{serial}.{TENSORS}"
    _sync(draft)
    draft.rename(folder / name)
    json_draft = folder / f"{NUMBERS}.part"
    json_draft.write_text(json.dumps({**numbers, "serial": serial, "tensors": name}, indent=1), encoding="utf-8")
    _sync(json_draft)
    json_draft.rename(folder / NUMBERS)
    for old in folder.glob(f"*.{TENSORS}*"):
        if old.name != name:
            old.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

"""What a learner needs to go on where it stopped: tensors in safetensors, numbers in JSON, replaced atomically."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from irevla.config.errors import CheckpointError

TENSORS = "state.safetensors"
NUMBERS = "state.json"


def save_state(folder: Path, tensors: Mapping[str, Tensor], numbers: Mapping[str, Any]) -> None:
    """Write a state into ``folder``, which keeps its previous one until the new one is whole on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    # One rename decides: the JSON names the tensor file that belongs to it.
    serial = int(_read_numbers(folder).get("serial", 0)) + 1 if (folder / NUMBERS).is_file() else 1
    name = f"{serial}.{TENSORS}"
    contiguous = {key: value.detach().contiguous().cpu() for key, value in tensors.items()}
    save_file(contiguous, folder / f"{name}.part")
    _sync(folder / f"{name}.part")
    (folder / f"{name}.part").rename(folder / name)
    draft = folder / f"{NUMBERS}.part"
    draft.write_text(json.dumps({**numbers, "serial": serial, "tensors": name}, indent=1), encoding="utf-8")
    _sync(draft)
    draft.rename(folder / NUMBERS)
    for old in folder.glob(f"*.{TENSORS}*"):
        if old.name != name:
            old.unlink(missing_ok=True)


def load_state(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Return the tensors and numbers last saved in ``folder``, or None when there are none.

    Raises CheckpointError when what is there cannot be read.
    """
    if not (folder / NUMBERS).is_file():
        return None
    numbers = _read_numbers(folder)
    try:
        tensors: dict[str, Tensor] = load_file(folder / str(numbers.get("tensors")))
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{folder}: the saved training state is damaged ({error}); delete it to start over"
        ) from None
    return tensors, numbers


def optimizer_tensors(optimizer: torch.optim.Optimizer, prefix: str) -> dict[str, Tensor]:
    """Return the optimizer's moments as named tensors; the inverse of load_optimizer."""
    states = optimizer.state_dict()["state"]
    return {f"{prefix}{number}.{name}": value for number, state in states.items() for name, value in state.items()}


def load_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], prefix: str) -> None:
    """Put moments from optimizer_tensors back; the optimizer must have the same parameters in the same order."""
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in take(tensors, prefix).items():
        number, _, name = key.partition(".")
        states.setdefault(int(number), {})[name] = value.clone()
    optimizer.load_state_dict({"state": states, "param_groups": optimizer.state_dict()["param_groups"]})


def take(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors whose name starts with ``prefix``, without it."""
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}


def named(tensors: Iterable[tuple[str, Tensor]], prefix: str) -> dict[str, Tensor]:
    """Return ``tensors`` with ``prefix`` before each name; the inverse of take."""
    return {f"{prefix}{key}": value for key, value in tensors}


def _read_numbers(folder: Path) -> dict[str, Any]:
    try:
        numbers = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{folder / NUMBERS}: not readable ({error}); delete it to start over") from None
    if not isinstance(numbers, dict):
        raise CheckpointError(
            f"{folder / NUMBERS}: expected an object, got {type(numbers).__name__}; delete it to start over"
        )
    return numbers


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())

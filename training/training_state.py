"""What a learner needs to go on where it stopped: tensors in safetensors, numbers in JSON, replaced atomically."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from irevla.config.errors import CheckpointError
from irevla.training.saved_state import DRAFT, SavedState, put_state


def save_state(folder: Path, tensors: Mapping[str, Tensor], numbers: Mapping[str, Any]) -> None:
    """Write a state into ``folder``, which keeps its previous one until the new one is whole on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.detach().contiguous().cpu() for key, value in tensors.items()}, folder / DRAFT)
    put_state(folder, numbers)


def load_state(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Return the tensors and numbers last saved in ``folder``, or None when there are none.

    Raises CheckpointError when what is there cannot be read.
    """
    saved = SavedState.find(folder)
    if saved is None:
        return None
    try:
        tensors: dict[str, Tensor] = load_file(saved.tensors)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{folder}: the saved training state is damaged ({error}); delete it to start over"
        ) from None
    return tensors, saved.numbers


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

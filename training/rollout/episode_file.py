"""Episodes as one npz file, whole or not at all. Needs no torch."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import StoreError
from irevla.training.rollout.episode import Episode

_STEPS = ("pictures", "states", "actions")
_ENDS = ("final_pictures", "final_state")
_EXTRA = "extra."


def save_episodes(path: Path, episodes: Sequence[Episode]) -> None:
    """Write ``episodes``, all with the same extras; the file appears under its name only when it is whole."""
    arrays: dict[str, NDArray[Any]] = {
        "lengths": np.array([len(episode) for episode in episodes], dtype=np.int64),
        "seeds": np.array([episode.seed for episode in episodes], dtype=np.int64),
        "successes": np.array([episode.success for episode in episodes], dtype=np.bool_),
    }
    if episodes:
        arrays |= {name: np.concatenate([getattr(episode, name) for episode in episodes]) for name in _STEPS}
        arrays |= {name: np.stack([getattr(episode, name) for episode in episodes]) for name in _ENDS}
        for name in episodes[0].extras:
            arrays[_EXTRA + name] = np.concatenate([episode.extras[name] for episode in episodes])
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def load_episodes(path: Path) -> list[Episode]:
    """Read what ``save_episodes`` wrote; raises StoreError for anything else."""
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        ends = np.cumsum(arrays["lengths"])
        return [
            _episode(arrays, number, slice(int(end - length), int(end)))
            for number, (end, length) in enumerate(zip(ends, arrays["lengths"], strict=True))
        ]
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise StoreError(
            f"{path}: expected episodes as an npz file, got: {error}; delete it to make it again"
        ) from None


def _episode(arrays: dict[str, NDArray[Any]], number: int, steps: slice) -> Episode:
    return Episode(
        seed=int(arrays["seeds"][number]),
        success=bool(arrays["successes"][number]),
        **{name: arrays[name][steps] for name in _STEPS},
        **{name: arrays[name][number] for name in _ENDS},
        extras={name.removeprefix(_EXTRA): arrays[name][steps] for name in arrays if name.startswith(_EXTRA)},
    )

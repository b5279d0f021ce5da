"""An episode's pictures as an animated GIF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as Picture

from irevla.config.errors import StoreError, WrongStateError
from irevla.training.store.episode import Episode


def write_gif(episode: Episode, path: Path, *, rate_hz: float = 10.0) -> None:
    """Write all cameras side by side; raises WrongStateError without pictures, StoreError if it cannot be written."""
    if not episode.images:
        raise WrongStateError(
            f"episode {episode.meta.episode_id} has no pictures (recorded with images={episode.meta.images}, "
            f"{episode.steps} steps); choose one that has"
        )
    height = min(images.shape[1] for images in episode.images.values())
    frames = []
    for k in range(episode.steps):
        views = [Picture.fromarray(images[k]) for images in episode.images.values()]
        row = [view.resize((max(1, view.width * height // view.height), height)) for view in views]
        frames.append(Picture.fromarray(np.concatenate([np.asarray(view) for view in row], axis=1)))
    try:
        # GIF counts time in hundredths of a second.
        frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=round(1000 / rate_hz), loop=0)
    except OSError as error:
        raise StoreError(f"{path}: the clip cannot be written: {error}") from None

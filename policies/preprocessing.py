"""From a camera's picture to what the VLM sees; the only resizing there is, in training and in serving."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from irevla.config.errors import UserError
from irevla.policies.base import Image

_RECIPE = "square-1: cv2 area when shrinking, cv2 linear when enlarging, aspect not kept, uint8, then (x/255-mean)/std"


@dataclass(frozen=True)
class Preprocessing:
    """Which views, in which order, at which size, normalised how; hashed into the latent key."""

    views: tuple[str, ...]
    image_px: int
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.25, 0.25, 0.25)

    def pictures(self, images: Mapping[str, Image]) -> Image:
        """Return ``(V, px, px, 3)`` uint8 from one uint8 ``(H, W, 3)`` RGB picture per view, of any size.

        Raises UserError for a missing view or something that is not a picture.
        """
        missing = [view for view in self.views if view not in images]
        if missing:
            raise UserError(
                f"observation: expected pictures of {list(self.views)}, missing {missing}; got {sorted(images)}"
            )
        return np.stack([resize(images[view], self.image_px, view) for view in self.views])

    def normalise(self, pictures: Tensor) -> Tensor:
        """Return float pixels ``(B, V, 3, px, px)`` from uint8 ``(B, V, px, px, 3)``."""
        mean = torch.tensor(self.mean, device=pictures.device)
        std = torch.tensor(self.std, device=pictures.device)
        return ((pictures.float() / 255.0 - mean) / std).movedim(-1, -3)

    def fingerprint(self) -> str:
        """Return a sha256 that changes whenever the same picture would reach the VLM differently."""
        return hashlib.sha256(json.dumps([_RECIPE, asdict(self)], sort_keys=True).encode()).hexdigest()


def resize(image: Image, side_px: int, view: str = "") -> Image:
    """Return ``image`` as uint8 ``(side_px, side_px, 3)``; raises UserError if it is not uint8 ``(H, W, 3)``."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise UserError(f"picture {view!r}: expected uint8 (H, W, 3) RGB, got {image.dtype} {image.shape}")
    if image.shape[:2] == (side_px, side_px):
        return np.ascontiguousarray(image)
    method = cv2.INTER_AREA if min(image.shape[:2]) >= side_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (side_px, side_px), interpolation=method), dtype=np.uint8)

"""Preprocessing: any size of picture, one recipe, a fingerprint of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.config.errors import UserError
from irevla.policies.preprocessing import Preprocessing, resize

SEEN = Preprocessing(("front", "wrist"), 16)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200))
def test_any_size_becomes_the_square_and_a_flat_colour_stays(height: int, width: int) -> None:
    picture = np.full((height, width, 3), (10, 100, 200), np.uint8)
    out = resize(picture, 16)
    assert out.shape == (16, 16, 3) and out.dtype == np.uint8
    assert np.abs(out.astype(int) - (10, 100, 200)).max() <= 1


def test_shrinking_averages_areas_by_hand() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[:2, :2] = [[[8, 0, 0], [16, 0, 0]], [[24, 0, 0], [32, 0, 0]]]
    assert resize(picture, 2)[..., 0].tolist() == [[20, 0], [0, 0]]


def test_views_are_stacked_in_their_own_order() -> None:
    images = {"wrist": np.full((20, 30, 3), 2, np.uint8), "front": np.ones((16, 16, 3), np.uint8)}
    assert SEEN.pictures(images)[:, 0, 0, 0].tolist() == [1, 2]


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4, 3)), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused_by_name(picture: np.ndarray) -> None:
    with pytest.raises(UserError, match=r"picture 'wrist': expected uint8 \(H, W, 3\)"):
        SEEN.pictures({"front": np.ones((16, 16, 3), np.uint8), "wrist": picture})


def test_a_missing_view_is_named() -> None:
    with pytest.raises(UserError, match=r"missing \['wrist'\]; got \['front'\]"):
        SEEN.pictures({"front": np.ones((16, 16, 3), np.uint8)})


def test_normalising_by_hand() -> None:
    seen = Preprocessing(("front",), 1, (0.5, 0.5, 0.5), (0.25, 0.25, 0.5))
    pixels = seen.normalise(torch.tensor([[[[[255, 0, 255]]]]], dtype=torch.uint8))
    assert pixels.shape == (1, 1, 3, 1, 1)
    assert pixels.flatten().tolist() == [2.0, -2.0, 1.0]


def test_the_fingerprint_changes_with_everything_that_changes_pixels() -> None:
    others = [
        replace(SEEN, views=("wrist", "front")),
        replace(SEEN, image_px=17),
        replace(SEEN, mean=(0.5, 0.5, 0.4)),
        replace(SEEN, std=(0.5, 0.5, 0.5)),
    ]
    assert len({SEEN.fingerprint(), *(other.fingerprint() for other in others)}) == 5
    assert SEEN.fingerprint() == replace(SEEN).fingerprint()

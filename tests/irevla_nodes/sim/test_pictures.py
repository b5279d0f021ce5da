"""Contact sheets and clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from irevla.config.errors import StoreError, UnknownNameError
from irevla.config.settings import Settings
from irevla.config.tasks import task
from irevla_nodes.sim.pictures import contact_sheet, expert_clip, save_clip, save_still

BUTTON = task("press_button")


def test_sheet_has_a_column_a_seed_and_a_row_a_camera(settings: Settings) -> None:
    sheet = contact_sheet(BUTTON, [0, 1, 2], settings, 32, "fast")
    assert sheet.shape == (2 * 32 + 2, 3 * 32 + 2 * 2, 3)
    assert (sheet[:, 32:34] == 255).all()
    assert (sheet[:32, :32] != sheet[:32, 34:66]).any()


def test_clip_has_a_frame_a_step_and_plays(settings: Settings, tmp_path: Path) -> None:
    frames, success = expert_clip(BUTTON, 0, settings, 32, "fast", 0.0)
    assert success
    path = tmp_path / "sub" / "clip.webp"
    save_clip(frames, path, 0.1)
    with Image.open(path) as clip:
        assert clip.n_frames == len(frames)
        assert clip.size == (2 * 32 + 2, 32)


def test_still_keeps_its_pixels(tmp_path: Path) -> None:
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    save_still(picture, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert (np.asarray(image) == picture).all()


def test_wrong_format_and_unwritable_place_are_clear_errors(tmp_path: Path) -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(UnknownNameError, match=r"\.png"):
        save_still(picture, tmp_path / "a.tiff")
    with pytest.raises(UnknownNameError, match=r"\.gif"):
        save_clip([picture], tmp_path / "a.png", 0.1)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        save_still(picture, tmp_path / "file" / "a.png")

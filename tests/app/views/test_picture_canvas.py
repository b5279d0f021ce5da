"""The picture is painted as it came, grey when it is stale, and only when something is new."""

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QPaintEvent
from pytestqt.qtbot import QtBot

from irevla.app.views.picture_canvas import PictureCanvas
from irevla.app.views.theme import DARK

RED = np.full((48, 64, 3), (200, 10, 20), np.uint8)
BLUE = np.full((48, 64, 3), (0, 0, 255), np.uint8)


class Counted(PictureCanvas):
    paints = 0

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self.paints += 1
        super().paintEvent(event)


@pytest.fixture(name="canvas")
def fixture_canvas(qtbot: QtBot) -> Counted:
    canvas = Counted(DARK)
    qtbot.addWidget(canvas)
    canvas.resize(400, 240)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def colour(canvas: PictureCanvas, x: int, y: int) -> tuple[int, int, int]:
    found = canvas.grab().toImage().pixelColor(x, y)
    return found.red(), found.green(), found.blue()


def test_the_picture_keeps_its_colours_and_its_aspect_ratio(canvas: Counted) -> None:
    canvas.set_image(RED)
    assert colour(canvas, 200, 120) == (200, 10, 20)
    beside = QColor(DARK.surface)
    assert colour(canvas, 10, 120) == (beside.red(), beside.green(), beside.blue())  # 320 of 400 wide
    assert colour(canvas, 45, 5) == (200, 10, 20)


def test_rows_that_are_no_multiple_of_four_bytes_are_not_sheared(canvas: Counted) -> None:
    image = np.zeros((30, 41, 3), np.uint8)
    image[:, 20:] = (255, 255, 255)
    canvas.set_image(image)
    shown = canvas.grab().toImage()
    assert all(shown.pixelColor(220, y).red() > 200 and shown.pixelColor(180, y).red() < 50 for y in (10, 120, 230))


def test_a_flipped_view_of_an_array_is_painted_right(canvas: Counted) -> None:
    image = RED.copy()
    image[:24] = (0, 0, 255)
    canvas.set_image(image[::-1])
    assert colour(canvas, 200, 20) == (200, 10, 20)
    assert colour(canvas, 200, 220) == (0, 0, 255)


def test_the_array_may_change_after_it_was_shown(canvas: Counted) -> None:
    image = RED.copy()
    canvas.set_image(image)
    image[:] = 0
    assert colour(canvas, 200, 120) == (200, 10, 20)


def test_a_stale_picture_is_grey_until_it_is_fresh_again(canvas: Counted) -> None:
    canvas.set_image(RED)
    canvas.set_notice("stale: 0.8 s")
    red, green, blue = colour(canvas, 200, 20)
    assert red == green == blue
    canvas.set_notice("")
    assert colour(canvas, 200, 20) == (200, 10, 20)


def test_a_new_picture_while_stale_is_grey_too(canvas: Counted) -> None:
    canvas.set_notice("stale: 0.8 s")
    canvas.set_image(RED)
    grey_red = colour(canvas, 200, 20)
    canvas.set_image(BLUE)
    assert colour(canvas, 200, 20) != grey_red
    assert len(set(colour(canvas, 200, 20))) == 1


def test_a_start_scene_lies_half_over_the_picture(canvas: Counted) -> None:
    canvas.set_image(RED)
    canvas.set_onion(BLUE, 0.5)
    red, _, blue = colour(canvas, 200, 120)
    assert red == pytest.approx(100, abs=3)
    assert blue == pytest.approx(137, abs=3)
    canvas.set_onion(None)
    assert colour(canvas, 200, 120) == (200, 10, 20)


def test_a_start_scene_shows_without_a_picture(canvas: Counted) -> None:
    canvas.set_onion(BLUE, 7.0)
    assert colour(canvas, 200, 120) == (0, 0, 255)


def test_marks_frame_the_picture(canvas: Counted) -> None:
    canvas.set_image(RED)
    canvas.set_marks("a person steers")
    frame = QColor(DARK.warn)
    assert colour(canvas, 42, 120) == (frame.red(), frame.green(), frame.blue())
    assert colour(canvas, 200, 120) == (200, 10, 20)
    canvas.set_marks("")
    assert colour(canvas, 42, 120) == (200, 10, 20)


def test_it_repaints_only_for_what_is_new(canvas: Counted, qtbot: QtBot) -> None:
    canvas.set_image(RED)
    canvas.set_notice("stale: 0.8 s")
    qtbot.wait(50)
    before = canvas.paints
    canvas.set_notice("stale: 0.8 s")
    canvas.set_marks("")
    qtbot.wait(50)
    assert canvas.paints == before
    canvas.set_notice("stale: 0.9 s")
    qtbot.waitUntil(lambda: canvas.paints == before + 1)


def test_another_shape_is_told(canvas: Counted, qtbot: QtBot) -> None:
    assert canvas.aspect == 0.75
    with qtbot.waitSignal(canvas.shape_changed, timeout=1000):
        canvas.set_image(np.zeros((96, 96, 3), np.uint8))
    assert canvas.aspect == 1.0
    with qtbot.assertNotEmitted(canvas.shape_changed):
        canvas.set_image(np.ones((96, 96, 3), np.uint8))

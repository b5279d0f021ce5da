"""The page's real widgets show what they are told."""

import itertools
import math

import numpy as np
import pytest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from irevla.app.graph.facts import Picture
from irevla.app.models.arm import Bar
from irevla.app.models.episode_strip import StripCurves
from irevla.app.models.success_band import SuccessBand
from irevla.app.views.live.live_page import LivePage
from irevla.app.views.theme import LIGHT


def show(qtbot: QtBot, cameras: tuple[str, ...]) -> LivePage:
    page = LivePage(cameras, LIGHT, 20, QLabel("panel"))
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture(name="page")
def fixture_page(qtbot: QtBot) -> LivePage:
    return show(qtbot, ("front", "wrist"))


def picture(height: int, width: int) -> Picture:
    return Picture(received_s=0.0, camera="front", stamp_s=0.0, image=np.zeros((height, width, 3), np.uint8))


def curves(steps: int, surprise: float = 1.0, q: float = 0.5) -> StripCurves:
    values = np.arange(steps, dtype=float)
    return StripCurves(
        values, np.full(steps, q), np.full(steps, surprise), values[: steps // 2], np.array([1.0] if steps else [])
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_cameras_stand_side_by_side_and_fit(qtbot: QtBot, count: int) -> None:
    page = show(qtbot, tuple(f"camera{number}" for number in range(count)))
    views = list(page.cameras.values())
    assert page.width() == 1000
    assert len({view.y() for view in views}) == 1
    assert all(left.geometry().right() < right.x() for left, right in itertools.pairwise(views))
    assert len({view.height() for view in views}) == 1


def test_the_panel_stands_at_the_right(page: LivePage) -> None:
    panel = page.side.itemAt(0)
    assert panel is not None
    assert panel.geometry().left() > page.arm.geometry().right()


def test_pictures_take_no_more_height_than_they_fill(page: LivePage, qtbot: QtBot) -> None:
    page.resize(1000, 1400)
    front = page.cameras["front"]
    front.set_picture(picture(480, 640))
    qtbot.waitUntil(lambda: abs(front.canvas.height() - 0.75 * front.canvas.width()) <= 8)
    front.set_picture(picture(96, 96))
    qtbot.waitUntil(lambda: abs(front.canvas.height() - front.canvas.width()) <= 8)


def test_a_camera_shows_its_state(page: LivePage) -> None:
    view = page.cameras["front"]
    view.set_caption("30 Hz · 12 ms")
    view.set_stale("stale: 0.8 s")
    view.set_marks("a person steers")
    assert view.caption.text() == "30 Hz · 12 ms"
    assert view.canvas.notice == "stale: 0.8 s"
    assert view.canvas.marks == "a person steers"
    view.set_picture(None)


def test_the_strip_draws_what_it_is_told_and_clears_it(page: LivePage) -> None:
    strip = page.strip
    strip.set_max_steps(40)
    strip.set_curves(curves(10))
    assert strip.q.getData()[1].tolist() == [0.5] * 10
    assert strip.surprise.getData()[1].tolist() == [1.0] * 10
    assert [point.pos().x() for point in strip.limited.points()] == [1.0]
    strip.set_curves(curves(0))
    assert strip.q.getData()[0] is None or len(strip.q.getData()[0]) == 0
    assert len(strip.limited.points()) == 0


def test_a_strip_without_a_single_number_is_drawn_all_the_same(page: LivePage) -> None:
    page.strip.set_curves(curves(5, surprise=math.nan, q=math.nan))
    page.grab()


def test_the_strip_says_why_it_is_empty(page: LivePage) -> None:
    strip = page.strip
    strip.set_empty("waits for the policy's first step")
    assert strip.empty.isVisible()
    strip.set_empty("")
    assert not strip.empty.isVisible()


def test_the_details_are_shown(page: LivePage) -> None:
    acting = page.acting
    acting.set_instruction("“press it”")
    acting.set_episode("press · rl · seed 1")
    acting.set_time("1.2 s · step 12 / 60")
    acting.set_actor("policy, a sample of π")
    acting.set_model("3f2a91c4 · head 37 · 31 ms")
    texts = [label.text() for label in (acting.instruction, acting.episode, acting.time, acting.actor, acting.model)]
    assert texts == [
        "“press it”",
        "press · rl · seed 1",
        "1.2 s · step 12 / 60",
        "policy, a sample of π",
        "3f2a91c4 · head 37 · 31 ms",
    ]


def test_limits_that_changed_the_command_are_in_the_warning_tone(page: LivePage) -> None:
    acting = page.acting
    acting.set_limits("speed")
    assert (acting.limits.text(), acting.limits.property("tone")) == ("speed", "warn")
    acting.set_limits("")
    assert (acting.limits.text(), acting.limits.property("tone")) == ("none", "")


def test_long_words_make_no_card_wider(page: LivePage) -> None:
    before = page.minimumSizeHint().width()
    page.acting.set_instruction("pick up the red block and then " * 8)
    page.arm.set_error("a very long complaint of the arm " * 8)
    assert page.minimumSizeHint().width() == before


def test_the_arms_bars_are_shown(page: LivePage) -> None:
    arm = page.arm
    arm.set_gripper(Bar(0.5, "40 mm"))
    arm.set_walls([Bar(0.1 * number, f"{number} cm", number < 2) for number in range(6)])
    arm.set_error("reflex")
    assert (arm.gripper.level, arm.gripper.words) == (0.5, "40 mm")
    assert [meter.words for meter in arm.walls] == [f"{number} cm" for number in range(6)]
    assert [meter.is_bad for meter in arm.walls] == [True, True, False, False, False, False]
    assert arm.error.isVisible()
    arm.grab()
    arm.set_error("")
    assert not arm.error.isVisible()


def test_the_success_band_is_shown_and_empty_before_the_first_label(page: LivePage) -> None:
    success = page.success
    success.set_band(SuccessBand(0, 0))
    assert success.words.text() == "no labelled episode yet"
    success.grab()
    success.set_band(SuccessBand(14, 20))
    assert success.bar.rate == pytest.approx(0.7)
    assert (success.bar.low, success.bar.high) == pytest.approx((0.481, 0.8545), abs=1e-3)
    success.grab()

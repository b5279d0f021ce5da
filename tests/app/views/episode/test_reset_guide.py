"""The reset guide as a real widget."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from irevla.app.views.episode.reset_guide import OPACITY_PERCENT, ResetGuide


@pytest.fixture(name="guide")
def fixture_guide(qtbot: QtBot) -> ResetGuide:
    guide = ResetGuide()
    qtbot.addWidget(guide)
    return guide


def test_the_guide_is_there_only_while_something_waits(guide: ResetGuide) -> None:
    assert guide.isHidden()
    guide.set_is_waiting(True)
    guide.set_words("the shadow in the picture shows where")
    guide.set_waited("0:23")
    guide.set_times("last resets 21 s")
    assert guide.isVisible()
    assert [label.text() for label in (guide.words, guide.waited, guide.times)] == [
        "the shadow in the picture shows where",
        "0:23",
        "last resets 21 s",
    ]
    guide.set_is_waiting(False)
    assert guide.isHidden()


def test_the_slider_tells_the_shadows_strength_from_the_start(guide: ResetGuide) -> None:
    told: list[float] = []
    guide.on_opacity(told.append)
    guide.opacity.setValue(80)
    assert told == [OPACITY_PERCENT / 100, 0.8]


def test_without_a_scene_there_is_no_slider(guide: ResetGuide) -> None:
    guide.set_is_waiting(True)
    guide.set_has_scene(False)
    assert guide.opacity.isHidden()
    guide.set_has_scene(True)
    assert guide.opacity.isVisible()

"""The filters: what a person sets is told whole, what is shown is not told back."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.views.episodes.filter_bar import FilterBar


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    bar = FilterBar()
    qtbot.addWidget(bar)
    bar.set_tasks(("pick_carrot", "open_drawer"))
    bar.set_models(("abcdef0123",))
    bar.show()
    return bar


@pytest.fixture
def told(bar: FilterBar) -> list[EpisodeFilter]:
    told: list[EpisodeFilter] = []
    bar.filter_requested.connect(told.append)
    return told


def test_a_choice_tells_the_whole_filter(bar: FilterBar, told: list[EpisodeFilter], qtbot: QtBot) -> None:
    bar.set_filter(EpisodeFilter(task="pick_carrot", kind="rl"))
    bar.label.setFocus()
    qtbot.keyClick(bar.label, Qt.Key.Key_End)
    assert told == [EpisodeFilter(task="pick_carrot", kind="rl", label="unlabelled")]


def test_switches_tell_and_typing_waits_for_its_end(bar: FilterBar, told: list[EpisodeFilter], qtbot: QtBot) -> None:
    qtbot.mouseClick(bar.queue, Qt.MouseButton.LeftButton)
    assert told[-1] == EpisodeFilter(is_queue=True)
    qtbot.keyClicks(bar.search, "zeb")
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[-1] == EpisodeFilter(search="zeb", is_queue=True)
    bar.search.clear()
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told[-1].search == ""


def test_what_is_shown_is_not_told_back(bar: FilterBar, told: list[EpisodeFilter]) -> None:
    shown = EpisodeFilter("open_drawer", "demo", "success", "abcdef0123", "x", only_interventions=True, is_queue=True)
    bar.set_filter(shown)
    bar.set_tasks(("open_drawer",))
    bar.set_models(("fff", "abcdef0123"))
    assert told == []
    assert (bar.task.currentText(), bar.model.currentText()) == ("open_drawer", "policy abcdef")
    bar.interventions.click()
    assert told == [EpisodeFilter("open_drawer", "demo", "success", "abcdef0123", "x", is_queue=True)]


def test_clear_takes_all_filters_but_the_queue(bar: FilterBar, told: list[EpisodeFilter], qtbot: QtBot) -> None:
    assert bar.clear.isEnabled()
    bar.set_filter(EpisodeFilter(is_queue=True))
    assert not bar.clear.isEnabled()
    bar.set_filter(EpisodeFilter(task="open_drawer", is_queue=True))
    qtbot.mouseClick(bar.clear, Qt.MouseButton.LeftButton)
    assert told == [EpisodeFilter(is_queue=True)]


def test_text_that_is_being_typed_is_not_overwritten(bar: FilterBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.search, "ze")
    bar.set_filter(EpisodeFilter(kind="rl"))
    assert bar.search.text() == "ze"

"""The page: table or words, page buttons, and the player that comes with a choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.models.episodes.episode_row import episode_row
from irevla.app.views.episodes.episodes_page import EpisodesPage
from irevla.app.views.theme import DARK


@pytest.fixture
def page(qtbot: QtBot) -> EpisodesPage:
    page = EpisodesPage(DARK)
    qtbot.addWidget(page)
    page.resize(1100, 560)
    page.show()
    return page


def test_words_stand_where_there_are_no_rows(page: EpisodesPage, make_episode: Callable[..., EpisodeInfo]) -> None:
    page.set_notice("The store has no episode yet.")
    assert (page.notice.isVisible(), page.table.isVisible()) == (True, False)
    assert not page.player.isVisible()
    page.set_rows([episode_row(make_episode())])
    page.set_notice("")
    assert (page.notice.isVisible(), page.table.isVisible()) == (False, True)


def test_every_button_has_its_wish(page: EpisodesPage, qtbot: QtBot) -> None:
    told: list[object] = []
    page.on_turn(told.append)
    page.on_refresh(lambda: told.append("refresh"))
    page.on_export(lambda: told.append("export"))
    page.on_select(told.append)
    page.set_can_go_back(True)
    page.set_can_go_on(True)
    page.player.set_is_open(True)
    for button in (page.back, page.on, page.refresh, page.export, page.player.close_button):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert told == [-1, 1, "refresh", "export", ""]


def test_the_queue_says_what_it_is(page: EpisodesPage) -> None:
    page.set_queue("Label and critic differ")
    page.set_filters(EpisodeFilter(is_queue=True))
    assert page.queue.isVisible()
    assert page.filters.queue.isChecked()
    page.set_queue("")
    assert not page.queue.isVisible()


def test_what_cannot_be_done_is_disabled(page: EpisodesPage) -> None:
    page.set_rows([])
    page.set_can_go_back(False)
    page.set_can_go_on(False)
    assert not any(button.isEnabled() for button in (page.back, page.on, page.export))


def test_player_and_table_fit_beside_each_other_in_a_small_window(page: EpisodesPage) -> None:
    page.player.set_is_open(True)
    assert page.minimumSizeHint().width() <= 1100
    assert page.minimumSizeHint().height() <= 560

"""The table in a real window: choice, place, and what stays when rows are renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.episodes.episode_row import COLUMNS, DISAGREEMENT, LABEL, THUMBNAIL, EpisodeRow, episode_row
from irevla.app.views.episodes.episode_table import EpisodeTable
from irevla.app.views.episodes.episode_table_model import EpisodeTableModel
from irevla.app.views.theme import DARK

Make = Callable[..., EpisodeInfo]
Rows = Callable[..., list[EpisodeRow]]


@pytest.fixture
def rows(make_episode: Make) -> Rows:
    def make(*places: int) -> list[EpisodeRow]:
        return [episode_row(make_episode(f"e{place}")) for place in places]

    return make


@pytest.fixture
def table(qtbot: QtBot, rows: Rows) -> Iterator[EpisodeTable]:
    table = EpisodeTable(DARK)
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.set_rows(rows(*range(100, 200)))
    table.show()
    yield table


def selected(table: EpisodeTable) -> list[str]:
    model = table.selectionModel()
    assert model is not None
    return [table.episodes.rows[index.row()].episode_id for index in model.selectedRows()]


def at_top(table: EpisodeTable) -> str:
    return table.episodes.rows[table.rowAt(0)].episode_id


def test_a_click_and_an_arrow_key_choose(table: EpisodeTable, qtbot: QtBot) -> None:
    chosen: list[str] = []
    table.select_requested.connect(chosen.append)
    viewport = table.viewport()
    assert viewport is not None
    at = table.visualRect(table.episodes.index(2, LABEL)).center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen == ["e102", "e103"]
    assert selected(table) == ["e103"]


def test_to_be_told_what_is_selected_is_no_choice(table: EpisodeTable) -> None:
    chosen: list[str] = []
    table.select_requested.connect(chosen.append)
    table.set_selected("e105")
    assert selected(table) == ["e105"]
    table.set_selected("elsewhere")
    assert selected(table) == []
    assert chosen == []


def test_new_rows_on_top_move_neither_selection_nor_place(table: EpisodeTable, rows: Rows) -> None:
    chosen: list[str] = []
    table.set_selected("e150")
    table.select_requested.connect(chosen.append)
    bar = table.verticalScrollBar()
    assert bar is not None
    bar.setValue(1111)
    top, offset = at_top(table), table.rowViewportPosition(table.rowAt(0))
    table.set_rows(rows(*range(90, 190)))
    assert (at_top(table), table.rowViewportPosition(table.rowAt(0))) == (top, offset)
    assert selected(table) == ["e150"]
    assert chosen == []


def test_a_changed_label_changes_in_place(table: EpisodeTable, make_episode: Make, rows: Rows, qtbot: QtBot) -> None:
    news = rows(*range(100, 200))
    news[7] = episode_row(make_episode("e107", label="success", label_by="ben"))
    with qtbot.waitSignal(table.episodes.dataChanged) as changed, qtbot.assertNotEmitted(table.episodes.modelReset):
        table.set_rows(news)
    assert (changed.args[0].row(), changed.args[1].row()) == (7, 7)
    assert table.episodes.index(7, LABEL).data() == "success · ben"
    assert table.episodes.index(7, LABEL).data(Qt.ItemDataRole.ForegroundRole).name() == DARK.good


def test_after_a_row_has_gone_the_down_key_takes_the_one_in_its_place(
    table: EpisodeTable, rows: Rows, qtbot: QtBot
) -> None:
    table.set_selected("e103")
    chosen: list[str] = []
    table.select_requested.connect(chosen.append)
    table.set_rows(rows(100, 101, 102, 104, 105))
    table.set_rows(rows(100, 101, 102, 104, 105, 106))  # the refresh after it
    assert (selected(table), chosen) == ([], [])
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen == ["e104"]


def test_the_queue_shows_label_and_critic_first(table: EpisodeTable) -> None:
    heads = table.horizontalHeader()
    assert heads is not None
    table.set_queue(True)
    assert [COLUMNS[heads.logicalIndex(place)].title for place in range(5)] == [
        "",
        "disagree",
        "Q last",
        "label",
        "task",
    ]
    table.set_queue(False)
    assert [heads.logicalIndex(place) for place in range(len(COLUMNS))] == list(range(len(COLUMNS)))


def test_a_wide_table_gives_the_task_what_is_left(table: EpisodeTable) -> None:
    table.resize(2000, 300)
    viewport = table.viewport()
    assert viewport is not None
    assert sum(table.columnWidth(column) for column in range(len(COLUMNS))) == viewport.width()


def test_thumbnails_are_decoded_when_asked_for_and_once(make_episode: Make, qtbot: QtBot) -> None:
    model = EpisodeTableModel(DARK, QSize(40, 30))
    _, file = cv2.imencode(".jpg", np.zeros((120, 160, 3), np.uint8))
    good = episode_row(make_episode("good", thumbnail=bytes(file)))
    model.set_rows([good, episode_row(make_episode("torn", thumbnail=b"no jpeg")), episode_row(make_episode("none"))])
    assert model._thumbnails == {}
    shown: QPixmap = model.index(0, THUMBNAIL).data(Qt.ItemDataRole.DecorationRole)
    assert (shown.width(), shown.height()) == (40, 30)
    assert model.index(0, THUMBNAIL).data(Qt.ItemDataRole.DecorationRole).cacheKey() == shown.cacheKey()
    assert model.index(1, THUMBNAIL).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.index(2, THUMBNAIL).data(Qt.ItemDataRole.DecorationRole) is None
    model.set_rows([episode_row(make_episode("other"))])
    assert model._thumbnails == {}  # memory does not grow with what was once seen


def test_heads_explain_themselves(qtbot: QtBot) -> None:
    model = EpisodeTableModel(DARK, QSize(40, 30))
    horizontal, tip = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    assert model.headerData(DISAGREEMENT, horizontal) == "disagree"
    assert model.headerData(DISAGREEMENT, horizontal, tip) == "distance of label and critic: 1 is worst"

"""The log's widgets: lines are shown, wishes are told, and the two are kept apart."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from irevla.app.models.health.log import ERROR, INFO, WARN, Entry, LogFilter, LogState
from irevla.app.views.health.log_model import LogModel
from irevla.app.views.health.log_view import LogView
from irevla.app.views.theme import DARK


def entry(number: int, text: str = "going home", level: int = INFO, node: str = "robot") -> Entry:
    return Entry(number, level, "12:00:00", node, text)


def entries(first: int, last: int) -> tuple[Entry, ...]:
    return tuple(entry(number) for number in range(first, last))


@pytest.fixture
def view(qtbot: QtBot) -> LogView:
    view = LogView(DARK)
    qtbot.addWidget(view)
    view.resize(800, 300)
    view.show()
    return view


class Changes:
    """What a model tells its views."""

    def __init__(self, model: LogModel) -> None:
        self.told: list[tuple[str, int, int]] = []
        model.rowsInserted.connect(lambda _, first, last: self.told.append(("in", first, last)))
        model.rowsRemoved.connect(lambda _, first, last: self.told.append(("out", first, last)))
        model.modelReset.connect(lambda: self.told.append(("all", 0, 0)))


def test_new_lines_come_at_the_end_and_old_ones_go(qtbot: QtBot) -> None:
    model = LogModel(DARK)
    model.set_entries(entries(0, 10))
    changes = Changes(model)
    model.set_entries(entries(3, 12))
    assert changes.told == [("out", 0, 2), ("in", 7, 8)]
    assert [model.index(row, 0).row() for row in (0, 8)] == [0, 8]
    assert model.entries == entries(3, 12)


@pytest.mark.parametrize(
    "after", [(), entries(20, 30), (entry(0), entry(5), entry(9)), (entry(0), *entries(2, 10)), entries(0, 4)]
)
def test_other_lines_are_shown_anew(qtbot: QtBot, after: tuple[Entry, ...]) -> None:
    model = LogModel(DARK)
    model.set_entries(entries(0, 10))
    changes = Changes(model)
    model.set_entries(after)
    assert changes.told == [("all", 0, 0)]
    assert model.rowCount() == len(after)


def test_of_a_long_message_the_list_shows_the_first_line_and_its_tooltip_all(qtbot: QtBot) -> None:
    model = LogModel(DARK)
    model.set_entries((entry(0, "it failed\nTraceback"),))
    message = model.index(0, 3)
    assert model.data(message) == "it failed"
    assert model.data(message, Qt.ItemDataRole.ToolTipRole) == "it failed\nTraceback"


def test_showing_lines_asks_for_nothing(view: LogView) -> None:
    asked: list[LogFilter] = []
    view.on_filter(asked.append)
    view.set_log(LogState(entries(0, 3), ("arbiter", "robot"), "3 of 3 lines"))
    view.set_log(LogState(entries(0, 4), ("arbiter", "policy", "robot"), "4 of 4 lines"))
    assert asked == []
    assert [view.node.itemText(number) for number in range(view.node.count())] == [
        "all nodes",
        "arbiter",
        "policy",
        "robot",
    ]


def test_the_person_chooses_by_level_node_and_text(view: LogView, qtbot: QtBot) -> None:
    view.set_log(LogState(entries(0, 3), ("arbiter", "robot")))
    asked: list[LogFilter] = []
    view.on_filter(asked.append)
    view.level.setCurrentText("errors")
    view.node.setCurrentText("arbiter")
    qtbot.keyClicks(view.text, "ho")
    assert asked[0] == LogFilter(ERROR)
    assert asked[1] == LogFilter(ERROR, "arbiter")
    assert asked[-1] == LogFilter(ERROR, "arbiter", "ho")


def test_a_chosen_node_stays_chosen_when_another_one_speaks(view: LogView) -> None:
    view.set_log(LogState(entries(0, 1), ("robot",)))
    view.node.setCurrentText("robot")
    view.set_log(LogState(entries(0, 2), ("arbiter", "robot")))
    assert view.node.currentText() == "robot"


def test_the_newest_trouble_is_explained_until_a_line_is_selected(view: LogView) -> None:
    lines = (
        entry(0, "hold: arbiter/hold was called", ERROR, "arbiter"),
        entry(1, "9.1 pictures per second, expected 30", WARN, "camera_front"),
        entry(2),
    )
    view.set_log(LogState(lines, ()))
    assert view.cause.text() == "12:00:00  A camera is slower than its settings say"
    assert view.cause.property("tone") == "warn"
    view.table.selectRow(0)
    assert view.cause.text() == "12:00:00  Somebody pressed hold"
    assert view.cause.property("tone") == "bad"
    assert "resume" in view.cure.text()
    view.table.selectRow(2)
    assert not view.cause.isVisible()


def test_the_newest_line_stays_in_sight_unless_the_person_scrolls_up(view: LogView, qtbot: QtBot) -> None:
    bar = view.table.verticalScrollBar()
    assert bar is not None
    view.set_log(LogState(entries(0, 100), ()))
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(10)
    assert not view.follow.isChecked()
    view.set_log(LogState(entries(0, 200), ()))
    qtbot.waitUntil(lambda: bar.maximum() > 120)
    assert bar.value() == 10
    view.follow.click()
    assert bar.value() == bar.maximum()


def test_copy_takes_the_selected_lines_or_all(view: LogView, qtbot: QtBot) -> None:
    view.set_log(LogState(entries(0, 3), ()))
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert clipboard.text().count("\n") == 2
    view.table.selectRow(1)
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert clipboard.text() == "12:00:00 info    [robot] going home"

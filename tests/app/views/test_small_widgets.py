"""Tables of facts and lists of ticks: what is set is shown, what a person changes is told."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from irevla.app.views.check_list import CheckList
from irevla.app.views.fact_table import FactTable


def test_a_fact_table_shows_the_newest_lines_only(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.set_lines((("a", "1"), ("b", "2"), ("c", "3")))
    table.set_lines((("a", "9"),))
    assert table.lines == (("a", "9"),)
    table.set_lines((("a", "9"), ("d", "4")))
    assert table.lines == (("a", "9"), ("d", "4"))


def test_setting_ticks_tells_nobody_and_the_space_bar_does(qtbot: QtBot) -> None:
    ticks = CheckList()
    qtbot.addWidget(ticks)
    ticks.show()
    with qtbot.assertNotEmitted(ticks.chosen):
        ticks.set_entries((("a", "a: 3", True), ("b", "b: 4", False)))
    ticks.setCurrentRow(1)
    with qtbot.waitSignal(ticks.chosen) as told:
        qtbot.keyClick(ticks, Qt.Key.Key_Space)
    assert told.args == [frozenset({"a", "b"})]
    assert ticks.names(is_chosen=False) == frozenset()
    ticks.set_entries((("a", "a: 3", True), ("b", "b: 5", True)))
    assert ticks.currentRow() == 1  # where the person was

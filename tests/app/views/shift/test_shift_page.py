"""The shift as widgets, and the file dialog that stops nothing."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from irevla.app.models.shift.page_state import Bar, Table, Tile, Timeline
from irevla.app.models.shift.record import Segment
from irevla.app.views.shift.shift_page import ShiftPage
from irevla.app.views.theme import DARK

BARS = (Bar(0.0, 0.5, Segment(0.0, 600.0, "run")), Bar(0.5, 1.0, Segment(600.0, 1200.0, "held", "a reflex")))
TIMELINE = Timeline(BARS, ((0.25, "12:05"),), (("run", "running 10 min"), ("held", "held 10 min")))


@pytest.fixture
def page(qtbot: QtBot) -> ShiftPage:
    page = ShiftPage(DARK)
    qtbot.addWidget(page)
    page.resize(1100, 560)
    page.show()
    return page


def test_numbers_are_shown_and_written_anew(page: ShiftPage) -> None:
    page.set_tiles((Tile("episodes", "41", "12.8 an hour"), Tile("down", "0 s")))
    page.set_tiles((Tile("episodes", "42", "12.9 an hour"), Tile("down", "0 s")))
    assert [(view.name.text(), view.value.text(), view.note.text()) for view in page.tiles] == [
        ("episodes", "42", "12.9 an hour"),
        ("down", "0 s", ""),
    ]


def test_an_empty_table_says_what_to_do(page: ShiftPage) -> None:
    page.set_tasks(Table("By task", ("task", "episodes"), (), "start one"))
    assert page.tasks.empty.isVisible() and page.tasks.empty.text() == "start one"
    page.set_tasks(Table("By task", ("task", "episodes"), (("open_drawer", "3"),), "start one"))
    assert not page.tasks.empty.isVisible()
    assert page.tasks.model.data(page.tasks.model.index(0, 1)) == "3"


def test_the_bar_says_what_happened_under_the_mouse(page: ShiftPage) -> None:
    page.set_timeline(TIMELINE)
    bar = page.timeline.bar
    assert bar.words_at(0.25 * bar.width()).endswith(":10:00: running")
    assert bar.words_at(0.75 * bar.width()).endswith(":20:00: held: a reflex")
    assert bar.words_at(2 * bar.width()) == ""


def test_the_bar_is_drawn_in_the_colour_of_its_use(page: ShiftPage) -> None:
    page.set_timeline(TIMELINE)
    bar = page.timeline.bar
    image = bar.grab().toImage()
    colours = [image.pixelColor(round(place * bar.width()), 5).name() for place in (0.25, 0.75)]
    assert colours == [DARK.good, DARK.bad]


def test_a_legend_that_gets_shorter_leaves_nothing_behind(page: ShiftPage) -> None:
    page.set_timeline(TIMELINE)
    page.set_timeline(Timeline(BARS[:1], (), TIMELINE.legend[:1]))
    assert [label.text() for _, label in page.timeline.legend if label.isVisible()] == ["running 10 min"]


def test_a_colour_of_the_legend_is_drawn_once(page: ShiftPage) -> None:
    """Qt keeps the pixmaps that a label was given; drawn each second, they filled 10 MB in two hours."""
    page.set_timeline(TIMELINE)
    drawn = [swatch.pixmap().cacheKey() for swatch, _ in page.timeline.legend]
    page.set_timeline(Timeline(BARS, (), (*TIMELINE.legend, ("idle", "idle 1 s"))))
    assert [swatch.pixmap().cacheKey() for swatch, _ in page.timeline.legend][:2] == drawn


def test_the_chosen_file_is_asked_for(page: ShiftPage, qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[Path] = []
    page.on_export(asked.append)
    page.export.click()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)  # a native one would keep the hold key
    dialog.selectFile(str(tmp_path / "today.html"))
    dialog.accept()
    assert asked == [tmp_path / "today.html"]
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None)


def test_trouble_with_the_file_is_said(page: ShiftPage) -> None:
    page.set_trouble("1 line could not be read")
    assert page.trouble.isVisible()
    page.set_trouble("")
    assert not page.trouble.isVisible()

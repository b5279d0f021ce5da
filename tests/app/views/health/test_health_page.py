"""The pre-flight and the table of nodes as widgets."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QIcon
from pytestqt.qtbot import QtBot

from irevla.app.models.health.health import NodeRow
from irevla.app.models.health.health_state import Headline
from irevla.app.models.health.preflight import Check
from irevla.app.views.health.health_page import HealthPage
from irevla.app.views.health.preflight_view import PreflightView
from irevla.app.views.lights import light_pixmap
from irevla.app.views.theme import DARK, LIGHT, Theme


@pytest.fixture
def page(qtbot: QtBot) -> HealthPage:
    page = HealthPage(DARK)
    qtbot.addWidget(page)
    page.show()
    return page


def row(node: str, light: str = "good", words: str = "") -> NodeRow:
    return NodeRow(node, light, "0.1 s", "4711", "0", "5.0", "412 MB", words)  # type: ignore[arg-type]


def shown(view: PreflightView) -> list[tuple[str, str, str]]:
    return [
        (row.name.text(), row.value.text(), row.cure.text() if row.cure.isVisible() else "")
        for row in view.rows
        if row.isVisible()
    ]


def test_what_is_to_be_done_stands_first(page: HealthPage) -> None:
    page.set_checks(
        (
            Check("clocks", "note", "agree"),
            Check("disk", "good", "40 GB free"),
            Check("arbiter", "unknown", "not heard yet", "Start the graph."),
            Check("arm", "bad", "mode: reflex", "Clear the way."),
        )
    )
    assert shown(page.preflight) == [
        ("arm", "mode: reflex", "Clear the way."),
        ("arbiter", "not heard yet", "Start the graph."),
        ("disk", "40 GB free", ""),
        ("clocks", "agree", ""),
    ]


def test_fewer_checks_leave_no_old_row_behind(page: HealthPage) -> None:
    page.set_checks((Check("arm", "bad", "in a reflex", "Reset."), Check("disk", "good", "free")))
    page.set_checks((Check("disk", "good", "free"),))
    assert shown(page.preflight) == [("disk", "free", "")]


def test_the_headline_has_the_tone_of_its_verdict(page: HealthPage) -> None:
    page.set_headline(Headline("bad", "Not ready: 1 to mend"))
    assert (page.preflight.headline.text(), page.preflight.headline.property("tone")) == ("Not ready: 1 to mend", "bad")
    page.set_headline(Headline("good", "Ready: the arm may move"))
    assert page.preflight.headline.property("tone") == "good"


def test_a_node_that_changes_is_written_anew_and_the_others_are_not(page: HealthPage) -> None:
    page.set_nodes((row("robot"), row("policy")))
    changed: list[int] = []
    page.nodes.dataChanged.connect(lambda first, last: changed.append(first.row()))
    page.set_nodes((row("robot"), row("policy", "bad", "silent")))
    assert changed == [1]
    assert page.nodes.data(page.nodes.index(1, 6)) == "silent"
    assert isinstance(page.nodes.data(page.nodes.index(1, 0), Qt.ItemDataRole.DecorationRole), QIcon)


def test_a_long_name_makes_the_list_no_wider_than_its_place(page: HealthPage) -> None:
    page.set_checks((Check("model", "good", "stage0-20260730-101500-20260730-101500 (2d5e81bc)"),))
    (row,) = page.preflight.rows
    assert row.minimumSizeHint().width() < 260


def test_what_a_node_says_is_never_markup(page: HealthPage) -> None:
    page.set_checks((Check("arm", "bad", "<b>x</b>", "<img src=a>"),))
    name, value, cure = shown(page.preflight)[0]
    assert (name, value, cure) == ("arm", "<b>x</b>", "<img src=a>")
    assert page.preflight.rows[0].value.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_light_has_a_look_of_its_own(qtbot: QtBot, theme: Theme) -> None:
    images = [light_pixmap(light, theme, 16).toImage() for light in ("good", "warn", "bad", "unknown", "note")]
    assert all(one != other for number, one in enumerate(images) for other in images[:number])

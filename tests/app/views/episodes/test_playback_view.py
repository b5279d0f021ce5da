"""The player: what it shows, and what each key and button asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from irevla.app.graph.records import EpisodeDetail
from irevla.app.models.episodes.episode_curves import episode_curves
from irevla.app.models.episodes.playback import CameraPicture
from irevla.app.models.episodes.readout import readout
from irevla.app.views.episodes.picture_view import DAMAGED
from irevla.app.views.episodes.playback_view import PlaybackView
from irevla.app.views.theme import DARK

Make = Callable[..., EpisodeDetail]
_, JPEG = cv2.imencode(".jpg", np.full((60, 80, 3), 200, np.uint8))


class Told:
    """What the view asked for, by the name of its ``on_``."""

    def __init__(self, view: PlaybackView) -> None:
        self.calls: list[tuple[str, object]] = []
        for name in ("jump", "step", "toggle", "speed", "label", "copy_path", "open_file", "export"):
            getattr(view, f"on_{name}")(lambda *value, name=name: self.calls.append((name, *value)))


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(700, 600)
    yield page


@pytest.fixture
def view(page: QWidget, qtbot: QtBot) -> PlaybackView:
    view = PlaybackView(DARK, page)
    QVBoxLayout(page).addWidget(view)
    view.set_is_open(True)
    view.set_rows(4)
    page.show()
    with qtbot.waitActive(page):
        page.activateWindow()
    return view


def test_arrow_keys_step_anywhere_on_the_page_but_in_a_text(view: PlaybackView, page: QWidget, qtbot: QtBot) -> None:
    told = Told(view)
    text = QLineEdit("abc", page)
    text.show()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Left)
    assert told.calls == []
    view.close_button.setFocus()
    qtbot.keyClick(view.close_button, Qt.Key.Key_Right)
    qtbot.keyClick(view.close_button, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert told.calls == [("step", 1), ("step", -10)]


def test_alt_and_a_digit_label_this_episode(view: PlaybackView, qtbot: QtBot) -> None:
    told = Told(view)
    expected: list[tuple[str, object]] = []
    view.set_can_label(True)
    for digit, name in (("1", "success"), ("2", "failure"), ("3", "discard"), ("0", "undo")):
        qtbot.keyClick(view, digit)  # plain keys are the running episode's
        qtbot.keyClick(view, digit, Qt.KeyboardModifier.AltModifier)
        expected.append(("label", name))
        qtbot.waitUntil(lambda: told.calls == expected)  # Qt presses the button for 100 ms
        assert f"(Alt+{digit})" in view.labels.buttons[name].toolTip()
    view.set_can_label(False)
    qtbot.keyClick(view, "1", Qt.KeyboardModifier.AltModifier)
    assert not view.labels.buttons["success"].isDown()


def test_play_keeps_its_key_when_its_name_changes(view: PlaybackView, qtbot: QtBot) -> None:
    told = Told(view)
    view.set_is_playing(True)
    assert view.transport.play.text() == "pause"
    qtbot.keyClick(view, "p", Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: told.calls == [("toggle",)])
    view.set_is_playing(False)
    qtbot.keyClick(view, "p", Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: told.calls == [("toggle",), ("toggle",)])


def test_slider_and_speed_tell_what_a_person_does_and_nothing_else(view: PlaybackView, qtbot: QtBot) -> None:
    told = Told(view)
    view.set_rows(60)
    view.set_row(20)
    view.set_speed(2.0)
    assert (view.transport.slider.value(), view.transport.speed.currentText()) == (20, "2x")
    assert told.calls == []
    qtbot.keyClick(view.transport.slider, Qt.Key.Key_Home)
    qtbot.keyClick(view.transport.speed, Qt.Key.Key_Home)
    assert told.calls == [("jump", 0), ("speed", 0.5)]


def test_a_click_into_a_plot_jumps_to_its_step(view: PlaybackView, make_detail: Make, qtbot: QtBot) -> None:
    told = Told(view)
    view.set_curves(episode_curves(make_detail(steps=40)))
    qtbot.waitUntil(lambda: view.plots.action_plot.vb.width() > 0)
    box = view.plots.critic_plot.vb
    view.plots.click(box.mapViewToScene(QPointF(12.3, 0.5)))
    view.plots.click(box.mapViewToScene(QPointF(500.0, 0.5)))
    assert told.calls == [("jump", 12), ("jump", 39)]


def test_the_line_follows_the_step(view: PlaybackView, make_detail: Make, qtbot: QtBot) -> None:
    view.set_curves(episode_curves(make_detail(steps=40)))
    for row in range(30):
        view.set_row(row)
    qtbot.waitUntil(lambda: [line.value() for line in view.plots.lines] == [29, 29, 29])


def test_another_episode_leaves_no_curve_of_the_last(view: PlaybackView, make_detail: Make) -> None:
    detail = make_detail(steps=40)
    view.set_curves(episode_curves(detail))
    count = len(view.plots.action_plot.items)
    view.set_curves(episode_curves(detail))
    assert len(view.plots.action_plot.items) == count
    view.set_curves(episode_curves(replace(detail, q_values=np.full(40, np.nan, np.float32))))
    assert view.plots.critic_plot.listDataItems() == []
    view.set_curves(None)
    assert view.plots.action_plot.items == []


def test_pictures_are_shown_or_said_to_be_missing(view: PlaybackView) -> None:
    view.set_cameras((CameraPicture("front", bytes(JPEG)), CameraPicture("wrist", b"torn")))
    front, wrist = view.pictures
    assert front.isVisible()
    assert wrist.isVisible()
    assert (front.words, wrist.words) == ("", DAMAGED)
    assert front.grab().toImage().pixelColor(front.rect().center()).lightness() > 150
    view.set_cameras((CameraPicture("", b"", "not kept"),))
    assert (front.words, front.isVisible(), wrist.isVisible()) == ("not kept", True, False)


def test_numbers_label_and_log_are_shown(view: PlaybackView, make_detail: Make) -> None:
    view.set_readout(readout(make_detail(), 0))
    assert [label.text() for label in view.readout.state] == ["500", "-100", "250", "0.0", "0.0", "28.6", "80"]
    view.set_label(("success · ben", "good"))
    view.set_confirmation("✓ was failure")
    view.set_history(("newest", "oldest"))
    assert (view.labels.label.text(), view.labels.confirmation.text()) == ("success · ben", "✓ was failure")
    assert (view.tabs.tabText(2), view.history.count()) == ("label log (2)", 2)
    view.set_history(())
    assert view.tabs.tabText(2) == "label log (0)"


def test_the_file_menu_asks(view: PlaybackView) -> None:
    told = Told(view)
    menu = view.file.menu()
    assert menu is not None
    for action in menu.actions():
        action.trigger()
    assert told.calls == [("copy_path",), ("open_file",), ("export",)]


def test_the_path_lands_on_the_clipboard(view: PlaybackView) -> None:
    view.copy("/data/e0.mcap")
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "/data/e0.mcap"


def test_the_file_dialog_locks_nothing_and_gives_the_path(view: PlaybackView, tmp_path: Path, qtbot: QtBot) -> None:
    chosen: list[Path] = []
    view.choose_file("e0.csv", chosen.append)
    (dialog,) = view.findChildren(QFileDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.isModal()
    dialog.selectFile(str(tmp_path / "e0.csv"))
    dialog.accept()
    assert chosen == [tmp_path / "e0.csv"]
    qtbot.waitUntil(lambda: not view.findChildren(QFileDialog))

"""One episode: pictures, time, curves, numbers, labels, and its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QMenu,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from irevla.app.models.episodes.episode_curves import EpisodeCurves
from irevla.app.models.episodes.playback import CameraPicture
from irevla.app.models.episodes.readout import Readout
from irevla.app.views.episodes.action_line import ActionLine
from irevla.app.views.episodes.elided_label import ElidedLabel
from irevla.app.views.episodes.file_dialog import choose_file
from irevla.app.views.episodes.label_bar import LabelBar
from irevla.app.views.episodes.picture_view import PictureView
from irevla.app.views.episodes.readout_table import ReadoutTable
from irevla.app.views.episodes.step_plots import StepPlots
from irevla.app.views.episodes.transport_bar import TransportBar
from irevla.app.views.theme import Theme


class PlaybackView(QFrame):
    """Shows PlaybackState; hidden while no episode is chosen."""

    close_requested = pyqtSignal()
    copy_requested = pyqtSignal()
    open_requested = pyqtSignal()
    export_requested = pyqtSignal()

    def __init__(self, theme: Theme, keys_of: QWidget, parent: QWidget | None = None) -> None:
        """``keys_of``: the widget under which the arrow keys step."""
        super().__init__(parent)
        self.setProperty("role", "card")
        self._theme = theme
        self.title, self.about = ElidedLabel("title"), ElidedLabel("muted")
        self.trouble = QLabel()
        self.trouble.setProperty("tone", "bad")
        self.trouble.setWordWrap(True)
        self.pictures: list[PictureView] = []
        self._pictures_row = QHBoxLayout()
        self.transport = TransportBar(keys_of)
        self.plots, self.action_line, self.readout = StepPlots(theme), ActionLine(theme), ReadoutTable(theme)
        self.labels, self.history = LabelBar(), QListWidget()
        self.history.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        bar = self.tabs.tabBar()
        if bar is not None:
            bar.setDrawBase(False)
            bar.setToolTip("The next one: Ctrl+Tab")  # left and right go through the steps
        self.file = _button("file", "Copy the path, open in Foxglove, export (Alt+F)", "Alt+F")
        self.file.setMenu(self._menu())
        self.close_button = _button("close", "Close the episode (Alt+W)", "Alt+W")
        self.close_button.clicked.connect(self.close_requested)
        self._arrange()
        self.set_is_open(False)
        self.set_trouble("")

    def on_jump(self, call: Callable[[int], None]) -> None:
        """See PlaybackView of the controller, here and below."""
        self.transport.jump_requested.connect(call)
        self.plots.jump_requested.connect(call)

    def on_step(self, call: Callable[[int], None]) -> None:
        """Arrow keys."""
        self.transport.step_requested.connect(call)

    def on_toggle(self, call: Callable[[], None]) -> None:
        """Play button."""
        self.transport.toggle_requested.connect(call)

    def on_speed(self, call: Callable[[float], None]) -> None:
        """Speed box."""
        self.transport.speed_requested.connect(call)

    def on_label(self, call: Callable[[str], None]) -> None:
        """Label buttons."""
        self.labels.label_requested.connect(call)

    def on_copy_path(self, call: Callable[[], None]) -> None:
        """File menu."""
        self.copy_requested.connect(call)

    def on_open_file(self, call: Callable[[], None]) -> None:
        """File menu."""
        self.open_requested.connect(call)

    def on_export(self, call: Callable[[], None]) -> None:
        """File menu."""
        self.export_requested.connect(call)

    def copy(self, text: str) -> None:
        """Put text on the clipboard."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)

    def open_file(self, path: str) -> bool:
        """Have the desktop open a file; returns whether it knows a program for it."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def choose_file(self, name: str, call: Callable[[Path], None]) -> None:
        """Ask where to write."""
        choose_file(self, name, call)

    def set_is_open(self, is_open: bool) -> None:
        """Be seen only with an episode."""
        self.setVisible(is_open)

    def set_title(self, words: str) -> None:
        """Show what the arm was told to do."""
        self.title.show_words(words)

    def set_about(self, words: str) -> None:
        """Show what the store knows of the episode."""
        self.about.show_words(words)

    def set_trouble(self, words: str) -> None:
        """Show why something is missing."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def set_rows(self, rows: int) -> None:
        """Show how long the episode is."""
        self.transport.set_rows(rows)

    def set_row(self, row: int) -> None:
        """Show which step is looked at."""
        self.transport.set_row(row)
        self.plots.set_row(row)

    def set_position(self, words: str) -> None:
        """Show step and time."""
        self.transport.set_position(words)

    def set_is_playing(self, is_playing: bool) -> None:
        """Show whether it plays."""
        self.transport.set_playing(is_playing)

    def set_speed(self, speed: float) -> None:
        """Show how fast."""
        self.transport.set_speed(speed)

    def set_cameras(self, cameras: tuple[CameraPicture, ...]) -> None:
        """Show a picture a camera."""
        while len(self.pictures) < len(cameras):
            self.pictures.append(PictureView(self._theme))
            self._pictures_row.addWidget(self.pictures[-1])
        for number, view in enumerate(self.pictures):
            # One empty frame stays, so that nothing jumps between two episodes.
            view.setVisible(number < max(1, len(cameras)))
            if number < len(cameras):
                view.set_picture(cameras[number])
            else:
                view.clear()

    def set_curves(self, curves: EpisodeCurves | None) -> None:
        """Draw the episode."""
        self.plots.set_curves(curves)

    def set_readout(self, shown: Readout) -> None:
        """Show the numbers of the step."""
        self.readout.set_readout(shown)
        self.action_line.set_action(shown.action)

    def set_label(self, label: tuple[str, str]) -> None:
        """Show the label and its tone."""
        self.labels.set_label(*label)

    def set_can_label(self, can_label: bool) -> None:
        """Let the episode be relabelled."""
        self.labels.set_can_label(can_label)

    def set_confirmation(self, words: str) -> None:
        """Show how the last label ended."""
        self.labels.set_confirmation(words)

    def set_history(self, lines: tuple[str, ...]) -> None:
        """Show the label log."""
        self.history.clear()
        self.history.addItems(lines or ("No label was ever given to this episode.",))
        self.tabs.setTabText(2, f"label log ({len(lines)})")

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, signal in (
            ("Copy the path of the MCAP file", self.copy_requested),
            ("Open in Foxglove", self.open_requested),
            ("Export the numbers of every step as CSV …", self.export_requested),
        ):
            action = menu.addAction(words)
            if action is not None:
                action.triggered.connect(lambda _, signal=signal: signal.emit())
        return menu

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, stretch=1)
        head.addWidget(self.file)
        head.addWidget(self.close_button)
        curves = QWidget()
        inside = QVBoxLayout(curves)
        inside.setContentsMargins(0, 4, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.plots, stretch=1)
        inside.addWidget(self.action_line)
        self.tabs.addTab(curves, "curves")
        self.tabs.addTab(self.readout, "numbers")
        self.tabs.addTab(self.history, "label log")
        column = QVBoxLayout(self)
        column.addLayout(head)
        for widget in (self.about, self.trouble):
            column.addWidget(widget)
        column.addLayout(self._pictures_row, stretch=3)
        column.addWidget(self.transport)
        column.addWidget(self.tabs, stretch=3)
        column.addWidget(self.labels)
        self.set_cameras(())


def _button(words: str, tip: str, key: str) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.setShortcut(key)
    return button

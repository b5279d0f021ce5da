"""The operator's window, put together: bridge, pages, keys, theme, and the one timer that moves it all."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QObject, QSettings, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication

from irevla.app.controllers.dashboard_controller import DashboardController
from irevla.app.controllers.desk import Desk
from irevla.app.controllers.header_controller import HeaderController
from irevla.app.graph.bridge import Bridge
from irevla.app.models.hands import Hands
from irevla.app.models.rig import Rig
from irevla.app.pages import make_pages
from irevla.app.views.header import Header
from irevla.app.views.key_filter import KeyFilter
from irevla.app.views.sounds import Sounds
from irevla.app.views.theme import THEMES, apply, scaled
from irevla.app.views.window import Window
from irevla.config.settings import Settings
from irevla.config.tasks import tasks

PERIOD_MS = 33  # as fast as the cameras
FULL_HD_PX = 1080


class Waker(QObject):
    """Brings the window's thread to its next tick now; an answer shall not wait for the timer."""

    woken = pyqtSignal()


class Dashboard:
    """Use as a context manager: leaving it closes the window, the bridge and everything it started."""

    def __init__(
        self,
        application: QApplication,
        bridge: Bridge,
        settings: Settings,
        operator: str,
        *,
        memory: QSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        shift_folder: Path | None = None,
    ) -> None:
        self._application, self._bridge, self._clock = application, bridge, clock
        look = settings.dashboard
        theme = scaled(THEMES[look.theme], look.text_scale * screen_scale(application))
        apply(application, theme)
        self._sounds = Sounds(is_on=look.sound)
        rig = Rig(bridge.cameras)
        self.desk = Desk(bridge, rig, settings, tuple(tasks()), operator, self._tell, clock, shift_folder)
        self.pages = make_pages(self.desk, theme)
        header = Header(look.keys.hold)
        self.window = Window(header, self.pages.views, memory)
        hands = Hands(operator)
        head = HeaderController(self.desk, header, self.pages.on_held, self.pages.trouble)
        self.controller = DashboardController(self.desk, head, self.pages.controllers, self.pages.commands, hands)
        self.window.opened.connect(self.controller.open)
        self._keys = KeyFilter(look.keys.model_dump())
        self._keys.command_requested.connect(self.controller.command)
        self._keys.pressed.connect(hands.press)
        self._keys.released.connect(hands.release)
        self._keys.let_go.connect(hands.let_go)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.tick)
        self._waker = Waker()
        self._waker.woken.connect(self.tick)  # emitted by the bridge's thread: Qt queues it for this one

    def __enter__(self) -> Dashboard:
        self._application.installEventFilter(self._keys)
        self._bridge.start(self._waker.woken.emit)
        self.controller.open(self.window.page)
        self.window.show()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        self._waker.woken.disconnect()
        self._application.removeEventFilter(self._keys)
        self._bridge.close()
        self._sounds.close()
        self.window.close()
        self.window.deleteLater()

    def tick(self) -> None:
        """Take and show what is new; the timer's work, and a test's."""
        self._keys.is_steering = self.controller.is_steering
        self.controller.tick(self._clock())

    def _tell(self, tone: str, words: str) -> None:
        self.window.say(tone, words)
        self._sounds.play(tone)


def screen_scale(application: QApplication) -> float:
    """Return how much larger all must be on this screen for a person at the same distance: 2 on 4K, never below 1."""
    screen = application.primaryScreen()
    return 1.0 if screen is None else max(1.0, screen.geometry().height() / FULL_HD_PX)

"""The whole window's controller: brings what the graph tells to every page, and keys to those they are for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.header_controller import HeaderController
from irevla.app.controllers.page import Page
from irevla.app.graph.facts import Arbiter, Button, EpisodeNow, Fact, Phase
from irevla.app.models.hands import Hands

SEND_PERIOD_S = 0.05  # hands to the teleop node: 20 Hz
BUTTONS = {"start": "go", "done": "stop"}  # TeleopButton.command -> KeySettings
Commands = dict[str, Callable[[], None]]


class DashboardController:
    """Called by one timer; knows no widget. ``commands`` says what each key of `KeySettings` does."""

    def __init__(
        self, desk: Desk, header: HeaderController, pages: Sequence[Page], commands: Commands, hands: Hands
    ) -> None:
        self._desk, self._header, self._pages = desk, header, pages
        self._commands = {**commands, "hold": header.hold}
        self._hands = hands
        self._page = 0
        self._sent_s = float("-inf")

    @property
    def is_steering(self) -> bool:
        """Whether the window's motion keys go to the arm now."""
        rig = self._desk.rig
        return rig.phase == Phase.RUNNING and rig.episode is not None and rig.episode.mode in ("teleop", "policy")

    def tick(self, now_s: float) -> None:
        """Take what was heard, then show it."""
        for fact in self._desk.bridge.take():
            self._desk.rig.take(fact)
            for page in self._pages:
                page.take(fact)
            if isinstance(fact, Button):
                self.command(fact.command)
            elif _ends_steering(fact):
                self._hands.let_go()
        if self.is_steering and now_s - self._sent_s >= SEND_PERIOD_S:
            self._sent_s = now_s
            self._desk.bridge.send(self._hands.input())
        self._header.show(now_s)
        self._pages[self._page].show(now_s)

    def open(self, page: int) -> None:
        """Show another page from now on."""
        self._page = page
        self._pages[page].opened()

    def command(self, name: str) -> None:
        """Do what a key or a device's button means; a name without a meaning here is told."""
        call = self._commands.get(BUTTONS.get(name, name))
        if call is None:
            self._desk.tell("bad", f"{name}: no such command; available: {', '.join(sorted(self._commands))}")
        else:
            call()


def _ends_steering(fact: Fact) -> bool:
    """Say whether keys that are down count no more: an arm that moves again waits for new presses."""
    match fact:
        case EpisodeNow():
            return fact.phase != Phase.RUNNING
        case Arbiter():
            return fact.hold
    return False

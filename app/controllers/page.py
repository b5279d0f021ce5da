"""What a page's controller is, and how it shows a state."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Protocol

from irevla.app.graph.facts import Fact


class Page(Protocol):
    """One page of the window: it hears every fact, and shows itself when it is looked at."""

    def take(self, fact: Fact) -> None:
        """Note a fact; called for every one, looked at or not, so it must be quick."""

    def show(self, now_s: float) -> None:
        """Bring the view up to date; called about 30 times a second while the page is looked at."""

    def opened(self) -> None:
        """Be looked at from now on, e.g. ask for what the page lists."""


class Together:
    """Several controllers of one page, each with its part of the view."""

    def __init__(self, *parts: Page) -> None:
        self._parts = parts

    def take(self, fact: Fact) -> None:
        """See Page."""
        for part in self._parts:
            part.take(fact)

    def show(self, now_s: float) -> None:
        """See Page."""
        for part in self._parts:
            part.show(now_s)

    def opened(self) -> None:
        """See Page."""
        for part in self._parts:
            part.opened()


class Shown:
    """What a view shows now: pushes only what has changed, by the view's ``set_<field>``."""

    def __init__(self, view: object) -> None:
        self._view = view
        self._state: Any = None

    def show(self, state: Any) -> None:
        """Call ``view.set_x(state.x)`` for each field x of the frozen dataclass that differs from before."""
        before = self._state
        self._state = state
        for field in fields(state):
            value = getattr(state, field.name)
            if before is None or getattr(before, field.name) != value:
                getattr(self._view, f"set_{field.name}")(value)

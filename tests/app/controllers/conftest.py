"""A sitting at the episode's controls: a view that is no widget, a graph that answers when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from irevla.app.controllers.episode_controller import EpisodeController
from irevla.app.graph.facts import Phase
from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.episode_desk import EpisodeState
from irevla.app.models.plan import Plan


@dataclass
class FakeView:
    """Keeps what it is told, and is pressed by the test."""

    shown: dict[str, Any] = field(default_factory=dict)
    command: Callable[[str], None] = print
    plan: Callable[[Plan], None] = print
    switch: Callable[[bool], None] = print

    def on_command(self, call: Callable[[str], None]) -> None:
        self.command = call

    def on_plan(self, call: Callable[[Plan], None]) -> None:
        self.plan = call

    def on_next_by_itself(self, call: Callable[[bool], None]) -> None:
        self.switch = call

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        if not name.startswith("set_") or name.removeprefix("set_") not in EpisodeState.__dataclass_fields__:
            raise AttributeError(name)
        return lambda value: self.shown.__setitem__(name.removeprefix("set_"), value)


class Sitting:
    """A controller at a table."""

    def __init__(self, table: Any) -> None:
        self.table, self.view = table, FakeView()
        self.why_not = ""
        self.controller = EpisodeController(table.desk, self.view, lambda: self.why_not)
        table.pages.append(self.controller)

    @property
    def asked(self) -> list[Any]:
        """What was asked of the graph, but for the times that are shown after a label."""
        return [request for request in self.table.bridge.asked if not isinstance(request, ListEpisodes)]

    def press(self, command: str) -> None:
        self.controller.commands[command]()

    def labelled(self, label: str = "success") -> None:
        """Label the episode that waits, and have the session say so."""
        self.press(label)
        self.table.bridge.answer()
        self.table.bridge.answer("no times")  # ListEpisodes
        self.table.episode(Phase.SAVED, detail=label)

    def shown(self, after_s: float = 0.0) -> dict[str, Any]:
        self.controller.show(self.table.now_s + after_s)
        return self.view.shown


@pytest.fixture(name="sitting")
def fixture_sitting(table: Any) -> Sitting:
    return Sitting(table)


@pytest.fixture(name="make_sitting")
def fixture_make_sitting() -> type[Sitting]:
    return Sitting

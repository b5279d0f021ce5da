"""Several controllers of one page, and what a view is told."""

from __future__ import annotations

from dataclasses import dataclass

from irevla.app.controllers.page import Shown, Together
from irevla.app.graph.facts import Beat, Fact


class Part:
    def __init__(self) -> None:
        self.said: list[object] = []

    def take(self, fact: Fact) -> None:
        self.said.append(fact)

    def show(self, now_s: float) -> None:
        self.said.append(now_s)

    def opened(self) -> None:
        self.said.append("opened")


@dataclass(frozen=True)
class State:
    words: str
    number: int


class View:
    def __init__(self) -> None:
        self.told: list[object] = []

    def set_words(self, words: str) -> None:
        self.told.append(words)

    def set_number(self, number: int) -> None:
        self.told.append(number)


def test_every_part_of_a_page_hears_shows_and_is_opened() -> None:
    parts = Part(), Part()
    page, beat = Together(*parts), Beat(received_s=0.0, node="session", pid=1, state="ok")
    page.take(beat)
    page.opened()
    page.show(2.0)
    assert [part.said for part in parts] == [[beat, "opened", 2.0]] * 2


def test_a_view_is_told_only_what_has_changed() -> None:
    view = View()
    shown = Shown(view)
    for state in (State("a", 1), State("a", 1), State("a", 2)):
        shown.show(state)
    assert view.told == ["a", 1, 2]

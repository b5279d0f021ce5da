"""The reset guide with views that are no widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from irevla.app.controllers.reset_guide_controller import ResetGuideController
from irevla.app.graph.facts import Phase
from irevla.app.graph.records import StartScene
from irevla.app.graph.requests import GetStartScene

WAITS = "put the objects back, then confirm"


class FakeView:
    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.opacity: Callable[[float], None] = print

    def on_opacity(self, call: Callable[[float], None]) -> None:
        self.opacity = call

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        return lambda value: self.shown.__setitem__(name.removeprefix("set_"), value)


class FakeOnion:
    def __init__(self) -> None:
        self.pictures: dict[str, bytes | None] = {}
        self.opacity = 0.0

    def set_onion(self, camera: str, jpeg: bytes | None) -> None:
        self.pictures[camera] = jpeg

    def set_onion_opacity(self, opacity: float) -> None:
        self.opacity = opacity


class Guided:
    def __init__(self, table: Any) -> None:
        self.table, self.view, self.onion = table, FakeView(), FakeOnion()
        self.controller = ResetGuideController(table.desk, self.view, self.onion)
        table.pages.append(self.controller)

    @property
    def words(self) -> str:
        self.controller.show(self.table.now_s)
        return str(self.view.shown["words"])


@pytest.fixture(name="guided")
def fixture_guided(table: Any) -> Guided:
    return Guided(table)


def test_a_guided_reset_asks_for_the_scene_of_its_seed_once(guided: Guided) -> None:
    for _ in range(3):
        guided.table.episode(Phase.READY, detail=WAITS, seed=9)
    assert guided.table.bridge.asked == [GetStartScene(task="pick_red_block", camera="front", seed=9)]


def test_the_scene_lies_over_the_first_camera_until_the_person_confirms(guided: Guided) -> None:
    guided.table.episode(Phase.READY, detail=WAITS)
    guided.table.bridge.answer(result=StartScene("e0", b"jpeg"))
    assert guided.onion.pictures == {"front": b"jpeg"}
    assert guided.words == "the shadow in the picture shows where"
    guided.table.episode(Phase.RESETTING)
    assert guided.onion.pictures == {"front": None}
    assert guided.words == ""


def test_without_a_scene_the_answers_words_are_shown(guided: Guided) -> None:
    guided.table.episode(Phase.READY, detail=WAITS)
    guided.table.bridge.answer("no success of pick_red_block yet: record a demonstration first")
    assert guided.words == "no success of pick_red_block yet: record a demonstration first"
    assert guided.onion.pictures == {"front": None}


def test_a_late_scene_is_dropped(guided: Guided) -> None:
    guided.table.episode(Phase.READY, detail=WAITS)
    guided.table.episode(Phase.RUNNING)
    guided.table.bridge.answer(result=StartScene("e0", b"jpeg"))
    assert guided.onion.pictures == {"front": None}


def test_an_automatic_reset_asks_for_nothing(guided: Guided) -> None:
    guided.table.episode(Phase.RESETTING)
    guided.table.episode(Phase.READY)
    assert guided.table.bridge.asked == []


def test_the_slider_sets_the_shadow(guided: Guided) -> None:
    guided.view.opacity(0.3)
    assert guided.onion.opacity == 0.3

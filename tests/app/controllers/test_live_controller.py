"""The live page shows what the rig tells, as fast as each part of it needs to be."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.live_controller import TAKEN_OVER, LiveController
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Arbiter, EpisodeNow, Fact, Phase, Picture, Source
from irevla.app.graph.fake.rig import FakeRig
from irevla.app.graph.fake_bridge import FakeBridge, FakePart
from irevla.app.graph.records import EpisodeInfo, EpisodePage
from irevla.app.graph.requests import LabelEpisode, ListEpisodes, Request, StartEpisode
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

INFO = EpisodeInfo(
    *("old", "press_button", "press it", "rl", "policy", "closed", "success", "kim", "", "", ""),
    *(1, 1, 0.0, 10, 0),
    *(False, True, False, True),
    *(0.0, 0.0, 0.0, 0.0, 0.0, b""),
)


class Widget:
    """Takes every ``set_…``: what is shown, and how often it was set."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.counts: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("set_"):
            raise AttributeError(name)
        key = name.removeprefix("set_")

        def setter(value: Any) -> None:
            self.shown[key] = value
            self.counts[key] = self.counts.get(key, 0) + 1

        return setter


@dataclass
class FakeLive:
    cameras: dict[str, Widget] = field(default_factory=lambda: {"front": Widget(), "wrist": Widget()})
    strip: Widget = field(default_factory=Widget)
    acting: Widget = field(default_factory=Widget)
    arm: Widget = field(default_factory=Widget)
    success: Widget = field(default_factory=Widget)


class Shelf:
    """A store with one old success; it may be out."""

    def __init__(self) -> None:
        self.is_out = False

    def facts(self, now_s: float) -> list[Fact]:
        return []

    def answer(self, request: Request, now_s: float) -> Answer | None:
        if not isinstance(request, ListEpisodes):
            return None
        return Answer(False, "out") if self.is_out else Answer(True, result=EpisodePage(1, (INFO,)))


class Stage:
    """A made-up rig, the page's controller and its view."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.view, self.shelf = FakeLive(), Shelf()
        parts: list[FakePart] = [FakeRig(is_self_moving=False), self.shelf]
        self.bridge = FakeBridge(lambda: self.now_s, parts)
        settings = load_settings("sim")
        self.desk = Desk(self.bridge, Rig(self.bridge.cameras), settings, (), "kim", lambda tone, words: None)
        self.page = LiveController(self.desk, self.view)

    def hear(self, fact: Fact) -> None:
        self.desk.rig.take(fact)
        self.page.take(fact)

    def wait(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += 0.033
            for fact in self.bridge.take():
                self.hear(fact)
            self.page.show(self.now_s)

    def run(self, seconds: float) -> None:
        self.bridge.ask(StartEpisode(task="press_button", kind="rl", explore=True))
        self.wait(2.8 + seconds)


@pytest.fixture(name="stage")
def fixture_stage() -> Stage:
    return Stage()


def test_a_running_episode_fills_the_page(stage: Stage) -> None:
    stage.run(2.0)
    view = stage.view
    assert view.cameras["wrist"].shown["picture"].camera == "wrist"
    assert view.cameras["front"].shown["stale"] == ""
    assert len(view.strip.shown["curves"].steps) >= 15
    assert view.acting.shown["instruction"] == "“press the button”"
    assert view.acting.shown["time"].endswith(" s")
    assert view.arm.shown["gripper"].words == "80 mm"
    assert view.success.shown["band"].episodes == 1


def test_pictures_come_as_they_are_and_the_rest_ten_times_a_second(stage: Stage) -> None:
    stage.run(0.0)
    before = stage.view.cameras["front"].counts["picture"], stage.view.strip.counts["curves"]
    stage.wait(2.0)
    assert stage.view.cameras["front"].counts["picture"] - before[0] >= 55
    assert stage.view.strip.counts["curves"] - before[1] <= 20


def test_a_picture_that_stops_coming_is_stale_within_one_tick(stage: Stage) -> None:
    stage.wait(0.5)
    heard_s = stage.desk.rig.pictures["front"].received_s
    stage.page.show(heard_s + 0.5)
    assert stage.view.cameras["front"].shown["stale"] == ""
    stage.page.show(heard_s + 0.51)
    assert stage.view.cameras["front"].shown["stale"] == "stale: 0.5 s"


def test_a_camera_that_has_no_view_is_ignored(stage: Stage) -> None:
    stage.run(0.5)
    before = {name: dict(camera.shown) for name, camera in stage.view.cameras.items()}
    stage.page.take(Picture(received_s=0.0, camera="thermal", stamp_s=0.0, image=np.zeros((2, 2, 3), np.uint8)))
    assert {name: dict(camera.shown) for name, camera in stage.view.cameras.items()} == before


def test_taking_over_frames_every_picture_until_it_is_over(stage: Stage) -> None:
    stage.run(0.5)
    arbiter = stage.desk.rig.arbiter
    assert arbiter is not None
    stage.hear(Arbiter(**{**vars(arbiter), "source": Source.TELEOP}))
    stage.page.show(stage.now_s)
    assert {camera.shown["marks"] for camera in stage.view.cameras.values()} == {TAKEN_OVER}
    stage.hear(arbiter)
    stage.page.show(stage.now_s)
    assert {camera.shown["marks"] for camera in stage.view.cameras.values()} == {""}


def test_a_label_moves_the_success_rate(stage: Stage) -> None:
    stage.run(0.5)
    while stage.desk.rig.phase != Phase.AWAITING_LABEL:
        stage.wait(0.5)
    stage.bridge.ask(LabelEpisode(label="failure", who="kim"))
    stage.wait(0.2)
    band = stage.view.success.shown["band"]
    assert (band.successes, band.episodes) == (1, 2)


def test_the_store_is_asked_once_a_task_and_again_with_the_next_episode_if_it_was_out(stage: Stage) -> None:
    stage.shelf.is_out = True
    stage.run(1.0)
    asked = ListEpisodes(task="press_button", limit=40)
    assert stage.bridge.asked.count(asked) == 1
    assert stage.view.success.shown["band"].episodes == 0
    stage.shelf.is_out = False
    episode = stage.desk.rig.episode
    assert episode is not None
    stage.hear(EpisodeNow(**{**vars(episode), "episode_id": "next"}))
    stage.wait(0.2)
    assert stage.view.success.shown["band"].episodes == 1
    stage.hear(EpisodeNow(**{**vars(episode), "episode_id": "the one after"}))
    stage.wait(0.2)
    assert stage.bridge.asked.count(asked) == 2


def test_what_is_opened_again_is_brought_up_to_date_at_once(stage: Stage) -> None:
    stage.run(0.5)
    stage.page.opened()
    stage.page.show(stage.now_s)
    episode = stage.desk.rig.episode
    assert episode is not None
    stage.hear(EpisodeNow(**{**vars(episode), "instruction": "push it"}))
    stage.page.show(stage.now_s + 0.05)
    assert stage.view.acting.shown["instruction"] == "“press the button”"
    stage.page.opened()
    stage.page.show(stage.now_s + 0.06)
    assert stage.view.acting.shown["instruction"] == "“push it”"

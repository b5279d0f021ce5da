"""What several tests of the window begin with: facts and records with usual values, and a desk in front of a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact, Learner
from irevla.app.graph.fake_bridge import FakeBridge, FakePart, JobMaker
from irevla.app.graph.records import EpisodeInfo, EpisodePage
from irevla.app.graph.requests import ListEpisodes, Request
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

NAN = float("nan")


def learner(**changes: Any) -> Learner:
    usual: dict[str, Any] = dict.fromkeys(Learner.__dataclass_fields__, 0)
    usual |= {"received_s": 0.0, "task": "open_drawer", "state": "learning", "detail": ""}
    return Learner(**{**usual, **changes})


def closed(episode_id: str, label: str, received_s: float = 0.0, **changes: Any) -> EpisodeClosed:
    usual: dict[str, Any] = {"task": "open_drawer", "kind": "rl", "steps": 10, "terminated": label == "success"}
    usual |= {"weights_version": 0, "relabel": False}
    return EpisodeClosed(received_s=received_s, episode_id=episode_id, label=label, **{**usual, **changes})


def episode(episode_id: str, **changes: Any) -> EpisodeInfo:
    usual: dict[str, Any] = dict.fromkeys(EpisodeInfo.__dataclass_fields__, "")
    usual |= {"task": "open_drawer", "kind": "rl", "label": "success", "steps": 10, "intervention_steps": 0}
    return EpisodeInfo(**{**usual, "episode_id": episode_id, "thumbnail": b"", **changes})


@dataclass
class ShelfPart:
    """A store that answers ListEpisodes page by page, and tells the facts it is given."""

    episodes: list[EpisodeInfo] = field(default_factory=list)
    news: list[Fact] = field(default_factory=list)
    refusal: str = ""

    def facts(self, now_s: float) -> Sequence[Fact]:
        news, self.news = self.news, []
        return news

    def answer(self, request: Request, now_s: float) -> Answer | None:
        if not isinstance(request, ListEpisodes):
            return None
        if self.refusal:
            return Answer(False, self.refusal)
        found = [
            known
            for known in self.episodes
            if request.task in ("", known.task)
            and request.kind in ("", known.kind)
            and request.label in ("", known.label)
        ]
        page = found[request.offset : request.offset + (request.limit or 100)]
        return Answer(True, result=EpisodePage(len(found), tuple(page)))


class Room:
    """A desk, the graph it stands before, and what was told; `pass_time` lets the graph speak to ``page``."""

    def __init__(self, parts: Sequence[FakePart], jobs: Sequence[JobMaker] = ()) -> None:
        self.now_s = 0.0
        self.told: list[tuple[str, str]] = []
        self.bridge = FakeBridge(lambda: self.now_s, parts, jobs)
        settings = load_settings("sim")
        tasks = ("open_drawer", "press_button")
        self.desk = Desk(self.bridge, Rig(()), settings, tasks, "ann", lambda tone, words: self._tell(tone, words))
        self.page: Any = None

    def _tell(self, tone: str, words: str) -> None:
        self.told.append((tone, words))

    def pass_time(self, seconds: float = 0.2, step_s: float = 0.2) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-9:
            self.now_s += step_s
            for fact in self.bridge.take():
                self.desk.rig.take(fact)
                self.page.take(fact)
            self.page.show(self.now_s)

    def asked(self, kind: type) -> list[Any]:
        return [request for request in self.bridge.asked if isinstance(request, kind)]


@pytest.fixture(name="make_learner")
def _make_learner() -> Callable[..., Learner]:
    return learner


@pytest.fixture(name="make_closed")
def _make_closed() -> Callable[..., EpisodeClosed]:
    return closed


@pytest.fixture(name="make_episode_info")
def _make_episode_info() -> Callable[..., EpisodeInfo]:
    return episode


@pytest.fixture(name="make_shelf")
def _make_shelf() -> type[ShelfPart]:
    return ShelfPart


@pytest.fixture(name="make_room")
def _make_room() -> type[Room]:
    return Room

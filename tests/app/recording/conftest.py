"""What a session says, and a row of demonstrations against a session that the test plays; no ROS."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Arbiter, EpisodeClosed, EpisodeNow, Fact, Phase
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.graph.records import Made
from irevla.app.graph.requests import Request, StartEpisode
from irevla.app.recording.recorder import Recorder

SAID: dict[str, Any] = {"received_s": 0.0, "task": "open_drawer", "kind": "demo", "weights_version": 0}
FIRST = StartEpisode(task="open_drawer", mode="teleop", kind="demo", seed=100)


ARBITER = Arbiter(
    received_s=0.0, source=0, hold=False, reason="", blamed=0, episode_id="", margin_m=(0.1,) * 6, limited=0
)


def episode_now(phase: Phase, episode_id: str = "one", detail: str = "") -> EpisodeNow:
    plan: dict[str, Any] = {"instruction": "", "mode": "teleop", "explore": False, "seed": 100, "max_steps": 60}
    return EpisodeNow(state=phase, episode_id=episode_id, step=12, detail=detail, **plan, **SAID)


def episode_closed(episode_id: str, label: str) -> EpisodeClosed:
    return EpisodeClosed(
        episode_id=episode_id, label=label, steps=12, terminated=label == "success", relabel=False, **SAID
    )


class Session:
    """The part of a made-up graph that a test plays: it tells `told` once, and grants what is asked."""

    def __init__(self) -> None:
        self.told: list[Fact] = [ARBITER]
        self.answers: dict[type[Request], Answer] = {StartEpisode: Answer(True, result=Made(episode_id="one"))}

    def facts(self, now_s: float) -> Sequence[Fact]:
        told, self.told = self.told, []
        return told

    def answer(self, request: Request, now_s: float) -> Answer | None:
        return self.answers.get(type(request), Answer(True))


class Row:
    """A recorder, and the session that a test plays to it."""

    def __init__(self, count: int | None = None) -> None:
        self.now_s = 0.0
        self.graph = Session()
        self.bridge = FakeBridge(lambda: self.now_s, [self.graph], cameras=())
        self.recorder = Recorder(self.bridge, FIRST, count, "ada")

    def turn(self, *facts: Fact) -> None:
        """Let a second pass; the facts come, and the answers to what was asked before."""
        self.now_s += 1.0
        self.graph.told += facts
        self.recorder.turn(self.now_s)

    def session(self, *phases: Phase, episode_id: str = "one", detail: str = "") -> None:
        """Have the session go from phase to phase, a second each."""
        for phase in phases:
            self.turn(episode_now(phase, episode_id, detail))

    def run(self) -> None:
        """Bring the episode that was asked for to where it runs, for a second."""
        self.session(Phase.RESETTING, Phase.READY, Phase.RUNNING, Phase.RUNNING)

    def close(self, label: str, episode_id: str = "one") -> None:
        """Have the session store a label."""
        self.turn(episode_closed(episode_id, label), episode_now(Phase.SAVED, episode_id))

    @property
    def asked(self) -> list[Any]:
        return self.bridge.asked

    @property
    def kinds(self) -> list[type]:
        return [type(request) for request in self.asked]


@pytest.fixture
def makers() -> SimpleNamespace:
    """The makers of facts and rows, for tests that cannot import a conftest."""
    return SimpleNamespace(now=episode_now, closed=episode_closed, row=Row)


@pytest.fixture
def row() -> Row:
    """Return a row whose session idles, so that the first episode was asked for."""
    row = Row()
    row.session(Phase.IDLE, episode_id="")
    return row

"""For every layer of the window: episodes of a store, and a desk whose graph answers when the test says so."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Page
from irevla.app.graph.bridge import Answer, Cancel, JobEnd, Progress, Result, no_answer, no_wake
from irevla.app.graph.facts import Arbiter, EpisodeClosed, EpisodeNow, Fact, Learner, Phase
from irevla.app.graph.fake_bridge import FakeBridge, FakePart, JobMaker
from irevla.app.graph.records import EpisodeDetail, EpisodeInfo, EpisodePage, LabelChange
from irevla.app.graph.requests import Job, ListEpisodes, Request, TeleopInput
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

NAN = math.nan
EPISODE = EpisodeInfo(
    episode_id="e0",
    task="pick_carrot",
    instruction="pick up the carrot",
    kind="rl",
    mode="policy",
    state="closed",
    label="failure",
    label_by="anna",
    reason="",
    path="/data/e0.mcap",
    model_hash="abcdef0123",
    weights_version=40,
    seed=3,
    created=1_700_000_000.0,
    steps=4,
    intervention_steps=2,
    explore=True,
    terminated=False,
    truncated=True,
    has_images=True,
    reset_s=5.25,
    run_s=0.4,
    label_delay_s=1.5,
    q_last=0.875,
    disagreement=0.875,
    thumbnail=b"",
)


@pytest.fixture
def make_episode() -> Callable[..., EpisodeInfo]:
    """Return an episode with other values than EPISODE's where they are given."""

    def make(episode_id: str = "e0", **changes: Any) -> EpisodeInfo:
        return replace(EPISODE, episode_id=episode_id, **changes)

    return make


@pytest.fixture
def make_detail(make_episode: Callable[..., EpisodeInfo]) -> Callable[..., EpisodeDetail]:
    """Return the numbers of an episode of ``steps`` steps: the policy acts, a person helps in rows 1 and 2."""

    def make(episode_id: str = "e0", steps: int = 4, **changes: Any) -> EpisodeDetail:
        rows = np.arange(steps)
        is_helped = (rows == 1) | (rows == 2)
        return EpisodeDetail(
            episode=make_episode(episode_id, steps=steps, **changes),
            labels=(LabelChange("", "failure", "anna", 1_700_000_010.0, 1.5),),
            cameras=("front", "wrist"),
            stamps_ns=(1_700_000_000_000_000_000 + rows * 100_000_000).astype(np.int64),
            states=np.tile(np.array([0.5, -0.1, 0.25, 0.0, 0.0, 0.5, 0.08], np.float32), (steps, 1)),
            actions=np.tile(np.array([0.1, -0.2, 0.3, 0.0, 0.0, 0.0, 1.0], np.float32), (steps, 1)),
            q_values=np.linspace(0.5, 0.875, steps, dtype=np.float32),
            log_probs=np.full(steps, 2.5, np.float32),
            sources=np.where(is_helped, 2, 1).astype(np.uint8),
            interventions=is_helped,
            limited=np.where(rows == 3, 9, 0).astype(np.uint32),
        )

    return make


@dataclass
class SlowBridge:
    """Keeps what is asked until `answer`, and the facts of `heard` until they are taken."""

    cameras: tuple[str, ...] = ("front", "wrist")
    asked: list[Request] = field(default_factory=list)
    sent: list[TeleopInput] = field(default_factory=list)
    heard: list[Fact] = field(default_factory=list)
    _due: list[Callable[[Answer], None]] = field(default_factory=list)

    def start(self, wake: Callable[[], None] = no_wake) -> None: ...

    def take(self) -> Sequence[Fact]:
        heard, self.heard = self.heard, []
        return heard

    def ask(self, request: Request, on_answer: Callable[[Answer], None] = no_answer) -> None:
        self.asked.append(request)
        self._due.append(on_answer)

    def run(self, job: Job, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> Cancel:
        raise NotImplementedError

    def send(self, hands: TeleopInput) -> None:
        self.sent.append(hands)

    def close(self) -> None: ...

    def answer(self, message: str = "", result: Result | None = None) -> None:
        """Answer the oldest open request; a message refuses it."""
        self._due.pop(0)(Answer(not message, message, result))


class Table:
    """A desk, and what was told at it; `hear` brings a fact to the rig and to the pages."""

    def __init__(self, *overrides: str) -> None:
        self.bridge = SlowBridge()
        self.told: list[tuple[str, str]] = []
        self.pages: list[Page] = []
        self.now_s = 100.0
        self.desk = Desk(
            bridge=self.bridge,
            rig=Rig(self.bridge.cameras),
            settings=load_settings("sim", overrides),
            tasks=("pick_red_block", "press_button"),
            operator="kim",
            tell=lambda tone, words: self.told.append((tone, words)),
        )

    def hear(self, fact: Fact) -> None:
        self.now_s = fact.received_s
        self.desk.rig.take(fact)
        for page in self.pages:
            page.take(fact)

    def episode(self, phase: Phase, *, after_s: float = 0.0, **fields: object) -> EpisodeNow:
        """Hear that the episode is in a phase."""
        fact = episode_now(phase, self.now_s + after_s, **fields)
        self.hear(fact)
        return fact

    def held(self, reason: str = "") -> None:
        """Hear why the arm is held, "" that it is not."""
        self.hear(arbiter(self.now_s, reason))


def episode_now(phase: Phase, now_s: float = 0.0, **fields: object) -> EpisodeNow:
    values: dict[str, object] = {
        "episode_id": "e1",
        "task": "pick_red_block",
        "instruction": "pick up the red block",
        "mode": "policy",
        "explore": False,
        "kind": "eval",
        "seed": 7,
        "step": 12,
        "max_steps": 60,
        "detail": "",
        "weights_version": 1,
    }
    return EpisodeNow(received_s=now_s, state=int(phase), **{**values, **fields})  # type: ignore[arg-type]


def arbiter(now_s: float, reason: str = "") -> Arbiter:
    return Arbiter(
        received_s=now_s,
        source=0,
        hold=bool(reason),
        reason=reason,
        blamed=0,
        episode_id="",
        margin_m=(0.1,) * 6,
        limited=0,
    )


@pytest.fixture(name="make_table")
def fixture_make_table() -> Callable[..., Table]:
    return Table


@pytest.fixture(name="table")
def fixture_table() -> Table:
    return Table()


@pytest.fixture(name="make_episode_now")
def fixture_make_episode_now() -> Callable[..., EpisodeNow]:
    return episode_now


@pytest.fixture(name="make_arbiter")
def fixture_make_arbiter() -> Callable[..., Arbiter]:
    return arbiter


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

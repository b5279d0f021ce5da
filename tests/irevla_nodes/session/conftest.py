"""A fake store and a fake graph for the session: every message of an episode, made from its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from irevla.config.errors import StoreError, UnknownNameError, WrongStateError
from irevla.config.session import SessionSettings
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_record import EpisodeRecord
from irevla_nodes.session.episode_plan import EpisodePlan, checked_plan
from irevla_nodes.session.parts import (
    CommandPart,
    ImagePart,
    LatentPart,
    Part,
    ProposalPart,
    SimPart,
    StatePart,
)
from irevla_nodes.session.session import Rig, Session

CAMERAS = ("front", "wrist")


@dataclass
class FakeWriter:
    """Keeps what was appended; fails once ``fails_at`` steps are in."""

    meta: EpisodeMeta
    fails_at: int = 10**9
    steps: list[Step] = field(default_factory=list)
    final: Step | None = None
    state: str = "open"
    terminated: bool = False
    truncated: bool = False
    reset_s: float | None = None
    run_s: float | None = None

    def append(self, step: Step) -> None:
        if len(self.steps) >= self.fails_at:
            raise StoreError("the disk is full: free some space")
        self.steps.append(step)

    def close(
        self,
        terminated: bool,
        truncated: bool,
        final: Step | None = None,
        *,
        reset_s: float | None = None,
        run_s: float | None = None,
    ) -> None:
        self.state, self.terminated, self.truncated, self.final = "closed", terminated, truncated, final
        self.reset_s, self.run_s = reset_s, run_s

    def __enter__(self) -> FakeWriter:
        return self

    def __exit__(self, *_: object) -> None:
        if self.state == "open":
            self.state = "aborted"


@dataclass
class FakeStore:
    """Episodes and labels in memory."""

    writers: dict[str, FakeWriter] = field(default_factory=dict)
    log: dict[str, list[str]] = field(default_factory=dict)
    delays_s: dict[str, float | None] = field(default_factory=dict)
    free: float = 1e6
    fails_at: int = 10**9
    label_fails: bool = False

    def open(self, meta: EpisodeMeta) -> FakeWriter:
        self.writers[meta.episode_id] = FakeWriter(meta, self.fails_at)
        return self.writers[meta.episode_id]

    @property
    def labels(self) -> dict[str, str]:
        return {episode_id: log[-1] for episode_id, log in self.log.items()}

    def label(self, episode_id: str, label: str, who: str, delay_s: float | None = None) -> EpisodeRecord:
        if self.label_fails:
            raise StoreError("the disk is full: free some space")
        self.record(episode_id)
        self.log.setdefault(episode_id, []).append(label)
        self.delays_s.setdefault(episode_id, delay_s)
        return self.record(episode_id)

    def undo_label(self, episode_id: str, who: str) -> EpisodeRecord:
        if not self.record(episode_id).label:
            raise WrongStateError(f"episode {episode_id} has no label to undo")
        return self.label(episode_id, ["", *self.log[episode_id]][-2], who)

    def record(self, episode_id: str) -> EpisodeRecord:
        if episode_id not in self.writers:
            raise UnknownNameError("episode", episode_id, self.writers)
        writer = self.writers[episode_id]
        return EpisodeRecord(
            meta=writer.meta,
            state="closed" if writer.state == "closed" else "open",
            label=self.labels.get(episode_id, ""),
            steps=len(writer.steps),
            terminated=writer.terminated,
            truncated=writer.truncated,
            reason="",
            change=len(self.log.get(episode_id, [])),
            sha256="",
            path=Path("nowhere"),
        )

    def free_mb(self) -> float:
        return self.free


def observation(episode_id: str, step: int, *, success: bool = False, latent: bool = True) -> list[Part]:
    """Return what the graph says of the arm at the beginning of ``step``."""
    stamp_ns = 1_000_000_000 + step * 100_000_000
    parts: list[Part] = [
        StatePart(episode_id, step, stamp_ns, np.full(7, step, np.float32), np.full(7, step, np.float64)),
        SimPart(episode_id, step, stamp_ns, np.full(9, step, np.float64), success),
        *(
            ImagePart(name, stamp_ns, np.full((4, 4, 3), 10 * step + index, np.uint8))
            for index, name in enumerate(CAMERAS)
        ),
    ]
    if latent:
        parts.append(LatentPart(episode_id, step, "key", np.full((2, 3), step, np.float16)))
    return parts


def decision(episode_id: str, step: int, source: int = 1) -> list[Part]:
    """Return the policy's proposal and the arbiter's command for ``step``."""
    return [
        ProposalPart(episode_id, step, np.full(7, 0.1 * step, np.float32), -1.0, 0.5, 3, "model"),
        CommandPart(episode_id, step, np.full(7, 0.01 * step, np.float32), source, 0),
    ]


def whole_step(episode_id: str, step: int, *, success: bool = False) -> list[Part]:
    """Return every message of one step of a policy's episode."""
    return [*observation(episode_id, step, success=success), *decision(episode_id, step)]


@dataclass
class Bench:
    """A session with a fake store and a clock that a test moves."""

    session: Session
    store: FakeStore
    now_s: float = 100.0

    def start(self, plan: EpisodePlan) -> str:
        episode_id = self.session.start(plan, self.now_s)
        self.session.reset_finished(episode_id, True, "", self.now_s)
        return episode_id

    def feed(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self.session.feed(part, self.now_s)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.session.tick(self.now_s)

    @property
    def phase(self) -> str:
        return self.session.snapshot().phase.words


def build_bench(operator: str = "auto", **settings: object) -> Bench:
    store = FakeStore()
    numbers = iter(range(1000))
    session = Session(
        SessionSettings.model_validate({"operator": operator, "max_steps": 5, **settings}),
        Rig(CAMERAS, is_simulated=True, is_lockstep=True),
        store,
        lambda plan: f"episode{next(numbers)}",
        lambda: 42,
    )
    return Bench(session, store)


def build_plan(mode: str = "policy", max_steps: int = 5, **changes: object) -> EpisodePlan:
    values: dict[str, object] = {"kind": "rl", "seed": 7, "max_instruction_chars": 100, **changes}
    return checked_plan(task="pick_red_block", mode=mode, max_steps=max_steps, **values)  # type: ignore[arg-type]


@pytest.fixture
def bench() -> Bench:
    return build_bench()


@pytest.fixture
def graph() -> SimpleNamespace:
    """The makers of messages, plans and benches, for tests that cannot import a conftest."""
    return SimpleNamespace(
        whole_step=whole_step,
        observation=observation,
        decision=decision,
        plan=build_plan,
        bench=build_bench,
    )


MakeBench = Callable[[], Bench]

"""A small rig of values for the arbiter's tests: one arm, one episode, a clock in hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter.arbiter import Arbiter
from irevla_nodes.arbiter.decision import Decision
from irevla_nodes.arbiter.reports import ArmReport, EpisodeReport, Proposal
from irevla_nodes.arbiter.source import Source

HERE = np.array([0.5, 0.0, 0.3])
DOWN = np.array([1.0, 0.0, 0.0, 0.0])
NODES = ("robot", "session", "policy", "teleop", "camera_front", "camera_wrist")


@dataclass
class Desk:
    """The arbiter, and short ways to tell it things."""

    arbiter: Arbiter
    now_s: float = 100.0
    decisions: list[Decision] = field(default_factory=list)

    def beats(self, *nodes: str, state: str = "ok") -> None:
        for node in nodes or NODES:
            self.arbiter.on_heartbeat(node, state, self.now_s)

    def pictures(self) -> None:
        for camera in ("front", "wrist"):
            self.arbiter.on_picture(camera, self.now_s)

    def episode(self, mode: str = "policy", episode_id: str = "e1", is_running: bool = True) -> Decision | None:
        return self.note(self.arbiter.on_episode(EpisodeReport(episode_id, mode, is_running), self.now_s))

    def arm(
        self, step: int, episode_id: str = "e1", position: object = HERE, error: str = "", quaternion: object = DOWN
    ) -> Decision | None:
        place, turn = np.asarray(position, dtype=float), np.asarray(quaternion, dtype=float)
        return self.note(self.arbiter.on_arm(ArmReport(episode_id, step, place, turn, 0.08, error), self.now_s))

    def propose(
        self,
        step: int,
        action: object = (0.5, 0, 0, 0, 0, 0, 1),
        source: Source = Source.POLICY,
        episode_id: str = "e1",
    ) -> Decision | None:
        return self.note(self.arbiter.on_proposal(Proposal(source, episode_id, step, action), self.now_s))

    def note(self, decision: Decision | None) -> Decision | None:
        if decision is not None:
            self.decisions.append(decision)
        return decision


@pytest.fixture
def make_desk() -> Callable[..., Desk]:
    def make(lockstep: bool = True, **limits: float) -> Desk:
        settings = LimitsSettings.model_validate(limits)
        return Desk(Arbiter(settings, RobotSettings(lockstep=lockstep), ("front", "wrist")))

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A policy episode that runs, at step 0, everybody alive."""
    desk = make_desk()
    desk.beats()
    desk.episode()
    desk.arm(0)
    return desk

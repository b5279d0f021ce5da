"""What the graph tells the window: one frozen fact a message.

Field names are the message's own (ros_ws/src/irevla_msgs), so is their meaning; times are seconds. ``received_s`` is
the window's monotonic clock when the message came.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray


class Phase(IntEnum):
    """EpisodeState.state."""

    IDLE = 0
    RESETTING = 1
    READY = 2
    RUNNING = 3
    AWAITING_LABEL = 4
    SAVED = 5

    @property
    def words(self) -> str:
        """E.g. "awaiting label"."""
        return self.name.lower().replace("_", " ")


class Source(IntEnum):
    """Action.SOURCE_*: who acts."""

    HOLD = 0
    POLICY = 1
    TELEOP = 2
    RESET = 3
    EXPERT = 4


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Anything that was heard."""

    received_s: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture(Fact):
    """A camera's newest picture; older ones that nobody took are dropped."""

    camera: str
    stamp_s: float  # of the header; the simulator's own clock in lockstep
    image: NDArray[np.uint8]  # (H, W, 3) RGB, not to be written to


@dataclass(frozen=True, kw_only=True)
class Arm(Fact):
    """RobotState."""

    episode_id: str
    step: int
    position_m: tuple[float, float, float]  # tool, base frame
    gripper_width_m: float
    mode: int
    error: str


@dataclass(frozen=True, kw_only=True)
class Arbiter(Fact):
    """ArbiterStatus."""

    source: int
    hold: bool
    reason: str
    blamed: int
    episode_id: str
    margin_m: tuple[float, ...]  # (6,): -x +x -y +y -z +z
    limited: int


@dataclass(frozen=True, kw_only=True)
class EpisodeNow(Fact):
    """EpisodeState."""

    state: int
    episode_id: str
    task: str
    instruction: str
    mode: str
    explore: bool
    kind: str
    seed: int
    step: int
    max_steps: int
    detail: str
    weights_version: int

    @property
    def phase(self) -> Phase:
        """The state by name."""
        return Phase(self.state)


@dataclass(frozen=True, kw_only=True)
class EpisodeClosed(Fact):
    """EpisodeClosed."""

    episode_id: str
    task: str
    kind: str
    label: str
    steps: int
    terminated: bool
    weights_version: int
    relabel: bool


@dataclass(frozen=True, kw_only=True)
class PolicyStep(Fact):
    """The policy's Action: what it proposes, and what its critic thinks of it."""

    episode_id: str
    step: int
    action: tuple[float, ...]  # (7,)
    log_prob: float
    q_value: float  # NaN without a critic
    weights_version: int
    model_hash: str
    infer_s: float


@dataclass(frozen=True, kw_only=True)
class Command(Fact):
    """MotionCommand: what is really executed."""

    episode_id: str
    step: int
    action: tuple[float, ...]  # (7,)
    source: int
    limited: int
    hold: bool


@dataclass(frozen=True, kw_only=True)
class Learner(Fact):
    """LearnerStatus."""

    task: str
    state: str
    detail: str
    weights_version: int
    updates: int
    demo_steps: int
    online_steps: int
    online_episodes: int
    online_successes: int
    critic_loss: float
    actor_loss: float
    bc_loss: float
    q_mean: float
    entropy: float
    temperature: float
    updates_per_s: float


@dataclass(frozen=True, kw_only=True)
class Teleop(Fact):
    """TeleopStatus."""

    devices: tuple[str, ...]
    active: str
    takes_over: bool
    axes: tuple[float, ...]  # (6,)
    gripper_open: bool
    detail: str


@dataclass(frozen=True, kw_only=True)
class Button(Fact):
    """TeleopButton."""

    device: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Beat(Fact):
    """Heartbeat."""

    node: str
    pid: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Fact):
    """One DiagnosticStatus of /diagnostics."""

    OK: ClassVar[int] = 0
    WARN: ClassVar[int] = 1
    ERROR: ClassVar[int] = 2

    name: str
    level: int
    message: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class LogLine(Fact):
    """One line of /rosout; ``level`` as rcl_interfaces/Log (20 info, 30 warn, 40 error)."""

    name: str
    level: int
    msg: str
    stamp_s: float

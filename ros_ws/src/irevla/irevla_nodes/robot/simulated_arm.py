"""The simulator behind the graph's step counter: in lockstep a command makes a step, on a clock a tick does."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from irevla.config.errors import DeviceError
from irevla.config.robot import RobotSettings
from irevla.config.tasks import Task
from irevla.config.tasks import task as task_called
from irevla_nodes.arbiter.target import Floats64, Target
from irevla_nodes.robot.order import Order
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.sim.arm_state import ArmState

SILENT_TICKS = 5
"""On a clock the arm keeps its last target for so many steps without a command; then it holds where it stands."""


class Backend(Protocol):
    """The arm and its world, one policy step at a time; `irevla_nodes.sim.simulator.Simulator` is one."""

    def reset(self, task: Task, seed: int) -> ArmState:
        """Stand at home in the start state of ``seed``."""

    def step(self, target: Target) -> ArmState:
        """Move towards ``target`` for one policy step; raises DeviceError when the arm fails."""

    @property
    def success(self) -> bool:
        """Whether the scene's success predicate holds now."""

    @property
    def qpos(self) -> Floats64:
        """Generalised positions."""

    @property
    def qvel(self) -> Floats64:
        """Generalised velocities."""


class SimulatedArm:
    """One arm; not thread safe, every call from one executor."""

    def __init__(self, settings: RobotSettings, backend: Backend) -> None:
        self._backend = backend
        self._is_lockstep = settings.lockstep
        self._period_ns = round(1e9 / settings.policy_hz)
        self._now: Snapshot | None = None
        self._target: Target | None = None
        self._rest: Target | None = None
        self._silent_ticks = 0

    @property
    def now(self) -> Snapshot | None:
        """The present step; None before the first reset."""
        return self._now

    @property
    def trouble(self) -> str:
        """Why the arm failed; "" while it is healthy."""
        return self._now.error if self._now is not None else ""

    @property
    def tick_s(self) -> float:
        """Seconds between two steps of the clocked arm."""
        return self._period_ns * 1e-9

    def close(self) -> None:
        """Let go of nothing: the simulator ends with the process."""

    def reset(self, episode_id: str, task: str, seed: int) -> Snapshot:
        """Begin an episode at step 0; raises UnknownNameError for a task that does not exist."""
        arm = self._backend.reset(task_called(task), seed)
        self._target, self._rest, self._silent_ticks = None, None, 0
        self._now = self._snapshot(episode_id, task, seed, 0, arm)
        return self._now

    def obey(self, order: Order) -> Snapshot | None:
        """Take a command; in lockstep one for the present step makes the next one, which is returned.

        Commands for another episode or step are dropped: they came late, or twice. A hold stops the clocked arm where
        it stands; in lockstep it makes no step, so the world stands still. Raises ProposalError for a target of NaN.
        """
        now = self._now
        if now is None or now.error or order.episode_id != now.episode_id:
            return None
        if order.is_hold:
            self._target = None
            return None
        if order.step != now.step:
            return None
        order.check()
        if self._is_lockstep:
            return self._advance(now, order.target)
        self._target, self._silent_ticks = order.target, 0
        return None

    def tick(self) -> Snapshot | None:
        """Make one step of the clocked arm, towards its last target or where it stands; None before the first reset."""
        now = self._now
        if now is None or now.error:
            return now
        self._silent_ticks += 1
        if self._silent_ticks > SILENT_TICKS:
            self._target = None
        if self._target is not None:
            self._rest = None
            return self._advance(now, self._target)
        # Taken once: an arm that chased its own sagging pose would sink.
        self._rest = self._rest or where_it_stands(now.arm)
        return self._advance(now, self._rest)

    def _advance(self, now: Snapshot, target: Target) -> Snapshot:
        try:
            arm = self._backend.step(target)
        except DeviceError as error:
            # The same step again, with the words; the next reset clears them.
            self._now = replace(now, error=str(error))
            return self._now
        self._now = self._snapshot(now.episode_id, now.task, now.seed, now.step + 1, arm)
        return self._now

    def _snapshot(self, episode_id: str, task: str, seed: int, step: int, arm: ArmState) -> Snapshot:
        # Stamps go on over resets: two episodes never share one, and pictures are told apart by it.
        stamp_ns = (self._now.stamp_ns if self._now is not None else 0) + self._period_ns
        backend = self._backend
        return Snapshot(episode_id, task, seed, step, stamp_ns, arm, backend.qpos, backend.qvel, bool(backend.success))


def where_it_stands(arm: ArmState) -> Target:
    """Return the target that leaves a measured arm where it is."""
    return Target(arm.tcp_position_m, arm.tcp_quaternion_xyzw, arm.gripper_width_m)

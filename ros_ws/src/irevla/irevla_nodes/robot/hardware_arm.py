"""A real arm behind the graph's step counter: the clock makes the steps, the driver's measurements are the state.

Between two policy targets the set point glides. Without a command the arm holds where it stands; a hold stops it at
once, on its way home too. A measurement that is too old, or none, is an error in the snapshot, and nothing is sent.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from irevla.config.errors import DeviceError, WrongStateError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla.config.tasks import task as task_called
from irevla_nodes.arbiter import quaternion as quaternions
from irevla_nodes.arbiter.quaternion import Quaternion
from irevla_nodes.arbiter.target import Floats64, Target
from irevla_nodes.robot.drivers.driver import ArmDriver, Measurement
from irevla_nodes.robot.glide import Glide
from irevla_nodes.robot.gripper import Gripper
from irevla_nodes.robot.home_path import HomePath
from irevla_nodes.robot.order import Order
from irevla_nodes.robot.simulated_arm import SILENT_TICKS, where_it_stands
from irevla_nodes.robot.snapshot import Snapshot
from irevla_nodes.sim.arm_state import ArmState

ARBITER_SILENCE_S = 2.0
"""The arm goes home only while the arbiter was heard so recently: without it nobody could hold the arm."""
LEASH = 1.5
"""A set point further from the tool than this times limits.step_m is let go: somebody moves the arm, or blocks it."""


@dataclass
class _WayHome:
    episode_id: str
    task: str
    seed: int
    since_s: float
    glide: Glide | None = None  # None: the gripper opens first


class HardwareArm:
    """One arm; not thread safe, every call from one executor."""

    def __init__(
        self,
        settings: RobotSettings,
        limits: LimitsSettings,
        driver: ArmDriver,
        clock: Callable[[], float] = time.monotonic,
        wall_clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """Raise ConfigError when home is outside the limits; ``clock`` [s] never runs backwards."""
        self._settings, self._hardware, self._limits = settings, settings.hardware, limits
        self._path = HomePath(settings, limits)
        self._driver, self._clock, self._wall_clock_ns = driver, clock, wall_clock_ns
        self._ticks_a_step = max(1, round(self._hardware.stream_hz / settings.policy_hz))
        self._tick = 0
        self._now: Snapshot | None = None
        self._trouble = "no measurement of the arm yet"
        self._set_point: Target | None = None  # what the controller was told last; None: nothing by us
        self._glide: Glide | None = None
        self._is_unrested = False  # to hold where it stands, which is not known now
        self._silent_steps = 0
        self._gripper = Gripper(self._hardware.gripper_rest_s)
        self._width_m: float | None = None  # wanted; None: leave the gripper as it is
        self._way: _WayHome | None = None
        self._way_failure = ""
        self._held, self._arbiter_heard_s = "", -math.inf

    @property
    def now(self) -> Snapshot | None:
        """The present step, of no episode before the first reset and on the way home; None before a measurement."""
        return self._now

    @property
    def trouble(self) -> str:
        """What is wrong with the arm or the way to it."""
        return self._trouble

    @property
    def tick_s(self) -> float:
        """Seconds between two set points."""
        return 1.0 / (self._settings.policy_hz * self._ticks_a_step)

    @property
    def is_homing(self) -> bool:
        """Whether a reset is under way."""
        return self._way is not None

    @property
    def homing_failure(self) -> str:
        """Why the last reset failed; "" when the arm stands at home."""
        return self._way_failure

    def hear_arbiter(self, held: str) -> None:
        """Take the arbiter's status: why it holds the arm, "" when it does not."""
        self._held, self._arbiter_heard_s = held, self._clock()
        if held and self._way is not None:
            self._stop(f"the arbiter holds the arm: {held}")

    def reset(self, episode_id: str, task: str, seed: int) -> None:
        """Begin the way home; `is_homing` says when it is over. The seed means nothing to a real arm.

        Raises UnknownNameError for a task that does not exist, WrongStateError when the arm may not move now,
        DeviceError when there is no fresh measurement.
        """
        task_called(task)
        if self._way is not None:
            raise WrongStateError("the arm is on its way home already; wait for that, or call arbiter/hold")
        if self._held:
            raise WrongStateError(f"the arbiter holds the arm ({self._held}): call arbiter/resume first")
        if self._is_arbiter_silent:
            raise WrongStateError(self._silence)
        arm = self._measure().arm
        self._rest(arm)  # so that an arm moved by hand does not spring back when it recovers
        self._driver.recover()
        self._gripper.forget()
        self._width_m = self._path.home.gripper_width_m
        self._way, self._way_failure = _WayHome(episode_id, task, seed, self._clock()), ""

    def obey(self, order: Order) -> None:
        """Take a command. A hold stops the arm at once, for whatever episode it is; other late ones are dropped.

        Raises ProposalError for a target of NaN or outside the limits, which does not reach the arm.
        """
        now = self._now
        if order.is_hold:
            self._stop("arbiter/command said hold")
            return
        if now is None or now.error or self._way is not None or not now.episode_id:
            return
        if (order.episode_id, order.step) != (now.episode_id, now.step):
            return
        order.check()
        self._path.check(order.target)
        start = self._set_point or where_it_stands(now.arm)
        self._glide = Glide(start, order.target, self._ticks_a_step)
        self._width_m = order.target.gripper_width_m
        self._silent_steps = 0

    def tick(self) -> Snapshot | None:
        """Send the next set point; returns the state once a policy step, and at once when something went wrong."""
        self._tick = (self._tick + 1) % self._ticks_a_step
        is_step = self._tick == 0
        try:
            measured = self._measure()
            arm = measured.arm
            self._grip()
            arrived = self._go_home(arm) if self._way is not None else None
            self._follow(arm, is_step)
        except DeviceError as error:
            return self._fail(str(error), is_step)
        self._trouble = ""
        stamp_ns = self._wall_clock_ns() - round(measured.age_s * 1e9)
        if arrived is not None:
            self._tick = 0  # step 0 gets its whole time
            self._now = _snapshot(arrived.episode_id, arrived.task, arrived.seed, 0, stamp_ns, arm)
            return self._now
        if not is_step and self._now is not None and not self._now.error:
            return None
        before = self._now
        if self._way is not None or before is None or not before.episode_id:
            self._now = _snapshot("", "", 0, 0, stamp_ns, arm)
        else:
            self._now = _snapshot(before.episode_id, before.task, before.seed, before.step + 1, stamp_ns, arm)
        return self._now

    def close(self) -> None:
        """Hold where the arm stands and let go of it."""
        try:
            if self._set_point is not None:
                self._driver.move_to(where_it_stands(self._measure().arm))
        except DeviceError:
            pass  # it keeps its last set point, which is on the leash
        self._driver.close()

    @property
    def _is_arbiter_silent(self) -> bool:
        return self._clock() - self._arbiter_heard_s > ARBITER_SILENCE_S

    @property
    def _silence(self) -> str:
        return f"no arbiter/status for {ARBITER_SILENCE_S:.0f} s, so nobody could hold the arm; is the arbiter running?"

    def _measure(self) -> Measurement:
        measured = self._driver.read()
        if measured.age_s > self._hardware.stale_s:
            raise DeviceError(
                f"the newest measurement of the arm is {measured.age_s:.2f} s old, at most {self._hardware.stale_s} s "
                f"are allowed (robot.hardware.stale_s); in a reflex: {self._driver.reflex_hint}"
            )
        return measured

    def _go_home(self, arm: ArmState) -> _WayHome | None:
        """Go on home; returns the way when the arm has arrived."""
        way = self._way
        if way is None:
            return None
        if self._is_arbiter_silent:
            self._stop(self._silence)
            return None
        if way.glide is None and not self._gripper.rests(self._clock()):
            return None
        if way.glide is not None and not way.glide.is_over:
            return None
        if way.glide is not None and self._path.is_home(arm, way.glide.goal):
            self._way, self._silent_steps = None, 0
            return way
        if self._clock() - way.since_s > self._hardware.homing_timeout_s:
            self._stop(
                f"the tool stands {self._path.away(arm)} after {self._hardware.homing_timeout_s:.0f} s; is something "
                f"in its way, or is the arm in a reflex? Then: {self._driver.reflex_hint}"
            )
            return None
        start = self._set_point or where_it_stands(arm)
        try:
            goal = self._path.next(arm, start)
        except DeviceError as error:  # too far outside the limits: a person's matter, the arm itself is well
            self._stop(str(error))
            return None
        way.glide = self._glide = Glide(start, goal, self._slow_ticks(start, goal))
        return None

    def _slow_ticks(self, start: Target, goal: Target) -> int:
        """Return how many ticks there are between two targets at the speed of homing."""
        way_m = math.dist(start.position_m.tolist(), goal.position_m.tolist())
        turn_rad = quaternions.angle_between_rad(_tuple(start.quaternion_xyzw), _tuple(goal.quaternion_xyzw))
        seconds = max(way_m / self._hardware.homing_speed_m_s, turn_rad / self._hardware.homing_speed_rad_s)
        return max(1, math.ceil(seconds / self.tick_s))

    def _follow(self, arm: ArmState, is_step: bool) -> None:
        """Send the set point of this tick, if the arm was ever told anything."""
        if is_step and self._way is None:
            self._silent_steps += 1
        is_silent = self._way is None and self._silent_steps > SILENT_TICKS
        is_astray = self._set_point is not None and not self._is_near(arm, self._set_point)
        if self._is_unrested or is_astray or (is_silent and self._glide is not None):
            self._rest(arm)
        elif self._glide is not None:
            self._send(self._glide.next())
        elif self._set_point is not None:
            self._send(self._set_point)

    def _rest(self, arm: ArmState) -> None:
        """Hold where the arm stands; taken once, for an arm that chased its own sagging pose would sink."""
        self._glide, self._is_unrested = None, False
        self._send(where_it_stands(arm))

    def _stop(self, reason: str) -> None:
        self._glide, self._width_m = None, None
        if self._way is not None:
            self._way, self._way_failure = None, reason
        try:
            self._rest(self._measure().arm)
        except DeviceError:
            self._is_unrested = True  # as soon as it is known where that is

    def _fail(self, error: str, is_step: bool) -> Snapshot | None:
        """Say the same step again, with the words."""
        is_new = self._trouble != error
        self._trouble = error
        self._glide, self._width_m = None, None
        self._is_unrested = self._is_unrested or self._set_point is not None
        if self._way is not None:
            self._way, self._way_failure = None, error
        if self._now is not None:
            self._now = replace(self._now, error=error)
        return self._now if is_step or is_new else None

    def _is_near(self, arm: ArmState, target: Target) -> bool:
        away_m = math.dist(arm.tcp_position_m.tolist(), target.position_m.tolist())
        away_rad = quaternions.angle_between_rad(_tuple(arm.tcp_quaternion_xyzw), _tuple(target.quaternion_xyzw))
        return away_m <= LEASH * self._limits.step_m and away_rad <= LEASH * self._limits.step_rad

    def _send(self, target: Target) -> None:
        self._set_point = target
        self._driver.move_to(target)

    def _grip(self) -> None:
        if self._width_m is not None:
            is_open = self._gripper.order(self._width_m, self._clock())
            if is_open is not None:
                self._driver.grip(is_open=is_open)


def _snapshot(episode_id: str, task: str, seed: int, step: int, stamp_ns: int, arm: ArmState) -> Snapshot:
    nothing = np.zeros(0)  # the world around a real arm has no coordinates
    return Snapshot(episode_id, task, seed, step, stamp_ns, arm, nothing, nothing, success=False)


def _tuple(quaternion: Floats64) -> Quaternion:
    x, y, z, w = quaternion.tolist()
    return (x, y, z, w)

"""Decides who may move the arm and when it must hold; the only way from a proposal to a command. Free of ROS.

Time comes in as an argument: seconds of a clock that never runs backwards. Nothing here moves the arm by itself:
a `Motion` is always the answer to one proposal for the running episode's current step, and each step gets at most one
(the same one again when the simulator, in lockstep, asks again with the same step: the first was lost).
A hold is latched: only `resume` ends it, and not while its cause persists.
"""

from __future__ import annotations

from collections.abc import Sequence

from irevla.config.errors import DeviceError, ProposalError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter.decision import Decision, Hold, Motion
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.reports import ArmReport, EpisodeReport, Proposal
from irevla_nodes.arbiter.source import MAY_ACT, Source
from irevla_nodes.arbiter.target import Target
from irevla_nodes.arbiter.watchdog import Watchdog

ALWAYS_WATCHED = ("robot", "session")
STATE, PROPOSAL = "state of the robot", "proposal"


class Arbiter:
    """One arm's gatekeeper; not thread safe, every call from one executor."""

    def __init__(self, limits: LimitsSettings, robot: RobotSettings, cameras: Sequence[str]) -> None:
        """Watch ``cameras`` (the VLA's views by name) in policy episodes."""
        self._envelope = Envelope(limits, robot)
        self._limits = limits
        self._is_clocked = not robot.lockstep
        self._cameras = tuple(cameras)
        self._watchdog = Watchdog(limits)
        self._episode = EpisodeReport()
        self._arm: ArmReport | None = None
        self._waiting: dict[Source, tuple[Proposal, float]] = {}
        self._commanded = ("", -1)
        self._sent: Motion | None = None
        self._answered: ArmReport | None = None
        self._previous: Target | None = None
        self._publishers = 1
        self._reason = ""
        self._blamed = Source.HOLD
        self._source, self._limited = Source.HOLD, 0

    @property
    def reason(self) -> str:
        """Why the arm is held; "" when it is not."""
        return self._reason

    @property
    def blamed(self) -> Source:
        """Whose proposal brought the hold; HOLD for any other cause, and when the arm is not held."""
        return self._blamed

    @property
    def episode(self) -> EpisodeReport:
        """The session's latest word."""
        return self._episode

    @property
    def last(self) -> tuple[Source, int]:
        """Who made the last command, and the limits that changed it."""
        return (Source.HOLD if self._reason else self._source), self._limited

    def margin_m(self) -> list[float]:
        """Return the tool's distance to each wall (6,), NaN before the first measurement."""
        return [float("nan")] * 6 if self._arm is None else self._envelope.margin_m(self._arm.tcp_position_m).tolist()

    def on_episode(self, episode: EpisodeReport, now_s: float) -> Decision | None:
        """Take the session's state."""
        starts = episode.is_running and not (
            self._episode.is_running and episode.episode_id == self._episode.episode_id
        )
        self._episode = episode
        if starts:
            self._watchdog.start(now_s)
            self._previous = None
        return self._consider(now_s)

    def on_arm(self, arm: ArmReport, now_s: float) -> Decision | None:
        """Take a measurement of the arm."""
        self._watchdog.arrive(STATE, now_s)
        self._arm = arm
        if arm.error and self._episode.is_running:
            return self.hold(f"the arm reports: {arm.error[:200]}")
        return self._again(now_s) or self._consider(now_s)

    def on_proposal(self, proposal: Proposal, now_s: float) -> Decision | None:
        """Take a proposal; one that came before its episode or step is known waits for it, at most ``stale_s``."""
        self._waiting[proposal.source] = (proposal, now_s)
        return self._consider(now_s)

    def on_picture(self, camera: str, now_s: float) -> None:
        """Note that a camera delivered."""
        self._watchdog.arrive(_picture(camera), now_s)

    def on_heartbeat(self, node: str, state: str, now_s: float) -> None:
        """Note a node's sign of life."""
        self._watchdog.beat(node, state, now_s)

    def tick(self, now_s: float, publishers: int) -> Hold | None:
        """Look for silence, and for more than one publisher of `arbiter/command`; call it ten times a second."""
        self._publishers = publishers
        cause = self._cause(now_s)
        return self.hold(cause) if cause else None

    def hold(self, reason: str, blamed: Source = Source.HOLD) -> Hold | None:
        """Latch a hold; returns it, or None when the arm is held already (the first reason stays).

        ``blamed``: whose proposal cannot be carried out, if that is the cause.
        """
        self._waiting.clear()
        self._sent = None
        if self._reason:
            return None
        self._reason, self._blamed = reason, blamed
        return Hold(self._episode.episode_id, reason, self._arm)

    def resume(self, now_s: float) -> str:
        """End the hold; returns "" or, refused, the cause that persists. The next target starts from the pose."""
        cause = self._cause(now_s) or self._misplaced()
        if cause:
            return cause
        self._reason, self._blamed = "", Source.HOLD
        self._previous = None
        self._waiting.clear()
        # The proposer needs a moment to answer again.
        self._watchdog.arrive(PROPOSAL, now_s)
        return ""

    def _again(self, now_s: float) -> Decision | None:
        """Answer a repeated step with the command it got already: in lockstep it is repeated because that was lost."""
        sent, arm = self._sent, self._arm
        if (
            self._is_clocked
            or sent is None
            or arm is None
            or (sent.episode_id, sent.step) != (arm.episode_id, arm.step)
        ):
            return None
        if not self._episode.is_running or self._episode.episode_id != sent.episode_id:
            return None
        cause = self._cause(now_s)
        if not cause and self._answered is not None and not self._answered.is_where(arm):
            # Its target was limited from another pose.
            cause = f"the arm moved while it waited for the command of step {sent.step}; is there another?"
        return self.hold(cause) if cause else sent

    def _consider(self, now_s: float) -> Decision | None:
        """Answer the proposal that may act now, if there is one."""
        arm, episode = self._arm, self._episode
        if self._reason or not episode.is_running or arm is None or arm.episode_id != episode.episode_id:
            return None
        moment = (arm.episode_id, arm.step)
        # A late or foreign state may turn the counter back; a step that was answered is not answered anew.
        if arm.episode_id == self._commanded[0] and arm.step <= self._commanded[1]:
            return None
        for source in MAY_ACT.get(episode.mode, ()):
            proposal, came_s = self._waiting.get(source, (None, 0.0))
            is_fresh = 0.0 <= now_s - came_s <= self._limits.stale_s
            if proposal is not None and is_fresh and (proposal.episode_id, proposal.step) == moment:
                return self._answer(proposal, arm, now_s)
        return None

    def _answer(self, proposal: Proposal, arm: ArmReport, now_s: float) -> Decision | None:
        self._waiting.clear()
        cause = self._cause(now_s)
        if cause:
            return self.hold(cause)
        try:
            command = self._envelope.command(
                proposal.action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, self._previous
            )
        except (ProposalError, DeviceError) as error:
            return self.hold(f"{proposal.source.name.lower()}: {error}", proposal.source)
        self._watchdog.arrive(PROPOSAL, now_s)
        self._commanded = (arm.episode_id, arm.step)
        self._previous = command.target
        self._source, self._limited = proposal.source, command.limited
        self._answered = arm
        self._sent = Motion(arm.episode_id, arm.step, proposal.source, command)
        return self._sent

    def _cause(self, now_s: float) -> str:
        """Return in plain words why the arm must not move now, or ""."""
        if self._publishers > 1:
            return f"{self._publishers} publishers of arbiter/command, there may be one; end the other graph"
        if not self._episode.is_running:
            return ""
        if self._arm is not None and self._arm.error:
            return f"the arm reports: {self._arm.error[:200]}"
        return self._watchdog.silent_node(self._watched(), now_s) or self._watchdog.stale_thing(self._things(), now_s)

    def _watched(self) -> tuple[str, ...]:
        if self._episode.mode == "policy":
            return (*ALWAYS_WATCHED, "policy", *(f"camera_{name}" for name in self._cameras))
        return (*ALWAYS_WATCHED, "teleop")

    def _things(self) -> tuple[str, ...]:
        """Return what must keep coming. In lockstep the world waits, so nothing in it grows old; the nodes still do."""
        if not self._is_clocked:
            return ()
        pictures = [_picture(name) for name in self._cameras] if self._episode.mode == "policy" else []
        return (STATE, *pictures, PROPOSAL)

    def _misplaced(self) -> str:
        """Return why no motion could start from where the arm stands, or ""."""
        if self._arm is None or not self._episode.is_running:
            return ""
        try:
            self._envelope.command((0.0,) * 7, self._arm.tcp_position_m, self._arm.tcp_quaternion_xyzw, None)
        except DeviceError as error:
            return str(error)
        return ""


def _picture(camera: str) -> str:
    return f"picture of camera {camera}"

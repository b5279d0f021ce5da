"""Whatever arrives, in whatever order: inside every limit, one command a step, silence moves nothing, deterministic."""

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla_nodes.arbiter.arbiter import Arbiter
from irevla_nodes.arbiter.decision import Decision, Hold, Motion
from irevla_nodes.arbiter.reports import ArmReport, EpisodeReport, Proposal
from irevla_nodes.arbiter.source import MAY_ACT, Source

LIMITS = LimitsSettings()
NODES = ("robot", "session", "policy", "teleop", "camera_front", "camera_wrist")

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1.2, 1.2)
actions = (
    st.lists(st.floats(-1.5, 1.5), min_size=7, max_size=7)
    | st.lists(numbers, max_size=9)
    | st.none()
    | st.text(max_size=3)
)
episode_ids = st.sampled_from(["e1", "e2", ""])
modes = st.sampled_from(["policy", "teleop", "expert", "nobody"])
steps = st.integers(0, 4)
sane_places = st.tuples(st.floats(0.2, 0.8), st.floats(-0.4, 0.4), st.floats(-0.02, 0.6))
places = sane_places | st.tuples(numbers, numbers, numbers)
orientations = st.sampled_from([(1.0, 0.0, 0.0, 0.0), (0.98, 0.2, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), (0.0,) * 4])


@dataclass(frozen=True)
class Call:
    """One message, kept so that the whole row can be played again."""

    kind: str
    arguments: tuple[object, ...]
    now_s: float


def play(arbiter: Arbiter, call: Call) -> Decision | str | None:
    method = getattr(arbiter, call.kind)
    if call.kind == "hold":
        return method(*call.arguments)
    if call.kind == "tick":
        return method(call.now_s, *call.arguments)
    return method(*call.arguments, call.now_s)


def outline(decision: Decision | str | None) -> object:
    if isinstance(decision, Motion):
        target = decision.command.target
        return decision.step, decision.source, target.position_m.tobytes(), target.quaternion_xyzw.tobytes()
    return decision.reason if isinstance(decision, Hold) else decision


def check(decision: Motion, arm: ArmReport, episode: EpisodeReport) -> None:
    """The limits once more, by other formulae than the code's."""
    target, action = decision.command.target, decision.command.action
    assert np.isfinite(target.position_m).all()
    assert (target.position_m >= np.array(LIMITS.workspace_min_m) - 1e-6).all()
    assert (target.position_m <= np.array(LIMITS.workspace_max_m) + 1e-6).all()
    assert np.linalg.norm(target.position_m - arm.tcp_position_m) <= LIMITS.step_m + 1e-6
    x, y, z, w = target.quaternion_xyzw
    assert abs(x * x + y * y + z * z + w * w - 1) < 1e-9
    assert math.acos(max(-1.0, min(1.0, 2 * (x * x + y * y) - 1))) <= LIMITS.cone_rad + 1e-6
    measured = arm.tcp_quaternion_xyzw / np.linalg.norm(arm.tcp_quaternion_xyzw)
    assert 2 * math.acos(min(1.0, abs(float(measured @ target.quaternion_xyzw)))) <= LIMITS.step_rad + 1e-6
    assert target.gripper_width_m in (0.0, 0.08)
    assert action.shape == (7,)
    assert (np.abs(action) <= 1).all()
    assert episode.is_running
    assert decision.episode_id == episode.episode_id == arm.episode_id
    assert decision.step == arm.step
    assert decision.source in MAY_ACT[episode.mode]


class Storm(RuleBasedStateMachine):
    """Any message at any time; the arm goes where it is told, or is pushed somewhere else."""

    @initialize(lockstep=st.booleans())
    def begin(self, lockstep: bool) -> None:
        self.lockstep = lockstep
        self.arbiter = Arbiter(LIMITS, RobotSettings(lockstep=lockstep), ("front", "wrist"))
        self.now_s = 10.0
        self.arm: ArmReport | None = None
        self.episode = EpisodeReport()
        self.last: Motion | None = None
        self.held = False
        self.calls: list[Call] = []
        self.outcomes: list[object] = []

    def send(self, kind: str, *arguments: object, may_move: bool = False) -> Decision | str | None:
        call = Call(kind, arguments, self.now_s)
        outcome = play(self.arbiter, call)
        self.calls.append(call)
        self.outcomes.append(outline(outcome))
        if isinstance(outcome, Motion):
            assert may_move, f"{kind} moved the arm"
            assert not self.held, "moved during a hold"
            assert self.arm is not None
            check(outcome, self.arm, self.episode)
            before = self.last
            is_next = before is None or before.episode_id != outcome.episode_id or before.step < outcome.step
            assert is_next or (before is outcome and self.lockstep), "one step, two commands"
            self.last = outcome
        if isinstance(outcome, Hold):
            assert outcome.reason
            self.held = True
        return outcome

    @rule(episode_id=episode_ids, mode=modes, is_running=st.booleans())
    def session_speaks(self, episode_id: str, mode: str, is_running: bool) -> None:
        self.episode = EpisodeReport(episode_id, mode, is_running)
        # A step counts anew when its episode starts anew; ids are unique in life, here they come back.
        self.send("on_episode", self.episode, may_move=True)

    @rule(
        episode_id=episode_ids,
        step=steps,
        place=places,
        turn=orientations,
        error=st.sampled_from(["", "", "", "reflex"]),
    )
    def arm_speaks(
        self, episode_id: str, step: int, place: tuple[float, ...], turn: tuple[float, ...], error: str
    ) -> None:
        self.arm = ArmReport(episode_id, step, np.array(place), np.array(turn), 0.08, error)
        self.send("on_arm", self.arm, may_move=True)

    @rule(source=st.sampled_from(list(Source)), episode_id=episode_ids, step=steps, action=actions)
    def somebody_proposes(self, source: Source, episode_id: str, step: int, action: object) -> None:
        self.send("on_proposal", Proposal(source, episode_id, step, action), may_move=True)

    @rule(action=actions, place=sane_places)
    def a_whole_step_happens(self, action: object, place: tuple[float, ...]) -> None:
        """The usual row of messages, so that the storm reaches motion often."""
        for node in NODES:
            self.send("on_heartbeat", node, "ok")
        for camera in ("front", "wrist"):
            self.send("on_picture", camera)
        step = 0 if self.arm is None else self.arm.step + 1
        self.arm = ArmReport(self.episode.episode_id, step, np.array(place), np.array([1.0, 0, 0, 0]), 0.08)
        self.send("on_arm", self.arm, may_move=True)
        for source in MAY_ACT.get(self.episode.mode, ()):
            self.send("on_proposal", Proposal(source, self.episode.episode_id, step, action), may_move=True)

    @rule(node=st.sampled_from(NODES), state=st.sampled_from(["ok", "ok", "ill"]))
    def node_beats(self, node: str, state: str) -> None:
        self.send("on_heartbeat", node, state)

    @rule(passed_s=st.floats(-1.0, 3.0), publishers=st.sampled_from([1, 1, 1, 2]))
    def time_passes(self, passed_s: float, publishers: int) -> None:
        self.now_s += passed_s
        self.send("tick", publishers)

    @rule()
    def operator_holds(self) -> None:
        self.send("hold", "operator")
        self.held = True

    @precondition(lambda self: self.held)
    @rule()
    def operator_resumes(self) -> None:
        refused = self.send("resume")
        assert isinstance(refused, str)
        self.held = bool(refused)

    @invariant()
    def a_hold_is_latched_and_says_why(self) -> None:
        if hasattr(self, "arbiter"):
            assert bool(self.arbiter.reason) == self.held

    def teardown(self) -> None:
        if hasattr(self, "arbiter"):
            again = Arbiter(LIMITS, RobotSettings(lockstep=self.lockstep), ("front", "wrist"))
            assert [outline(play(again, call)) for call in self.calls] == self.outcomes, "not deterministic"


Storm.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestStorm = Storm.TestCase


@given(st.booleans(), st.lists(st.floats(0.0, 5.0), min_size=1, max_size=30), st.integers(1, 2))
def test_after_silence_nothing_moves_and_the_arm_is_held(lockstep: bool, pauses: list[float], publishers: int) -> None:
    arbiter = Arbiter(LIMITS, RobotSettings(lockstep=lockstep), ("front", "wrist"))
    for node in NODES:
        arbiter.on_heartbeat(node, "ok", 0.0)
    for camera in ("front", "wrist"):
        arbiter.on_picture(camera, 0.0)
    arbiter.on_episode(EpisodeReport("e1", "policy", True), 0.0)
    arbiter.on_arm(ArmReport("e1", 0, np.array([0.5, 0, 0.3]), np.array([1.0, 0, 0, 0]), 0.08), 0.0)
    assert isinstance(arbiter.on_proposal(Proposal(Source.POLICY, "e1", 0, [0.1] * 7), 0.0), Motion)
    now_s = 0.0
    for pause in pauses:
        now_s += pause
        assert not isinstance(arbiter.tick(now_s, publishers), Motion)
    assert bool(arbiter.reason) == (publishers > 1 or now_s > (2.0 if lockstep else 0.5))

"""Which facts are events: the changes, and nothing else."""

from irevla.app.graph.facts import Arbiter, Command, EpisodeClosed, EpisodeNow, Phase, Source
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.shift import MARK_S, Shift

NOBODY: tuple[str, ...] = ()


def now(phase: Phase, episode_id: str = "e1") -> EpisodeNow:
    return EpisodeNow(
        received_s=0.0,
        state=int(phase),
        episode_id=episode_id,
        task="open_drawer",
        instruction="open the drawer",
        mode="policy",
        explore=True,
        kind="rl",
        seed=1,
        step=0,
        max_steps=60,
        detail="",
        weights_version=1,
    )


def arbiter(reason: str) -> Arbiter:
    return Arbiter(
        received_s=0.0,
        source=1,
        hold=bool(reason),
        reason=reason,
        blamed=0,
        episode_id="e1",
        margin_m=(0.1,) * 6,
        limited=0,
    )


def command(step: int, source: Source, episode_id: str = "e1", *, hold: bool = False) -> Command:
    return Command(
        received_s=0.0, episode_id=episode_id, step=step, action=(0.0,) * 7, source=source, limited=0, hold=hold
    )


def test_a_state_is_an_event_when_it_changes() -> None:
    shift = Shift()
    (first,) = shift.take(now(Phase.RESETTING), NOBODY, 1.0)
    assert (first.kind, first.phase, first.task, first.mode) == ("phase", Phase.RESETTING, "open_drawer", "policy")
    assert shift.take(now(Phase.RESETTING), NOBODY, 1.5) == []
    assert len(shift.take(now(Phase.READY), NOBODY, 2.0)) == 1
    assert len(shift.take(now(Phase.RESETTING, "e2"), NOBODY, 3.0)) == 1


def test_steps_are_counted_by_who_acted_and_each_once() -> None:
    shift = Shift()
    shift.take(now(Phase.RUNNING), NOBODY, 1.0)
    sources = [Source.POLICY, Source.TELEOP, Source.TELEOP, Source.POLICY]
    for step, source in enumerate(sources):
        shift.take(command(step, source), NOBODY, 1.0)
        shift.take(command(step, source), NOBODY, 1.0)  # said again in lockstep
    shift.take(command(9, Source.HOLD, hold=True), NOBODY, 1.0)
    (ended,) = shift.take(now(Phase.AWAITING_LABEL), NOBODY, 2.0)
    assert (ended.steps, ended.teleop_steps) == (4, 2)


def test_steps_of_the_episode_before_are_not_counted_again() -> None:
    shift = Shift()
    shift.take(command(0, Source.TELEOP), NOBODY, 1.0)
    shift.take(command(0, Source.POLICY, "e2"), NOBODY, 1.0)
    (ended,) = shift.take(now(Phase.SAVED, "e2"), NOBODY, 2.0)
    assert (ended.steps, ended.teleop_steps) == (1, 0)


def test_a_hold_and_its_end_are_events_but_not_that_nothing_holds() -> None:
    shift = Shift()
    assert [event.kind for event in shift.take(arbiter(""), NOBODY, 1.0)] == ["mark"]
    assert [event.reason for event in shift.take(arbiter("arbiter/hold was called"), NOBODY, 2.0)] == [
        "arbiter/hold was called"
    ]
    assert shift.take(arbiter("arbiter/hold was called"), NOBODY, 3.0) == []
    assert [event.reason for event in shift.take(arbiter(""), NOBODY, 4.0)] == [""]


def test_nodes_that_fall_silent_and_come_back_are_events() -> None:
    shift = Shift()
    shift.take(arbiter(""), NOBODY, 0.0)
    told = [shift.take(arbiter(""), silent, 1.0) for silent in (("policy",), ("policy", "sft"), ("policy", "sft"), ())]
    assert [[event.reason for event in events] for events in told] == [["policy"], ["policy, sft"], [], [""]]


def test_a_label_is_an_event_each_time() -> None:
    closed = EpisodeClosed(
        received_s=0.0,
        episode_id="e1",
        task="open_drawer",
        kind="rl",
        label="success",
        steps=41,
        terminated=True,
        weights_version=3,
        relabel=False,
    )
    (event,) = Shift().take(closed, NOBODY, 5.0)
    assert event == ShiftEvent(
        stamp_s=5.0, kind="label", episode_id="e1", task="open_drawer", episode_kind="rl", label="success", steps=41
    )


def test_where_nothing_changes_a_mark_says_that_the_graph_is_heard() -> None:
    shift = Shift()
    shift.take(now(Phase.IDLE), NOBODY, 0.0)
    assert shift.take(now(Phase.IDLE), NOBODY, MARK_S - 1) == []
    assert [event.kind for event in shift.take(now(Phase.IDLE), NOBODY, MARK_S)] == ["mark"]
    assert shift.take(now(Phase.IDLE), NOBODY, MARK_S + 1) == []

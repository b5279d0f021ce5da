"""The made-up gamepad."""

from irevla.app.graph.facts import Fact, Teleop
from irevla.app.graph.fake.teleop import LOOSE_EVERY_S, LOOSE_S, FakeTeleop
from irevla.app.graph.requests import Hold


def told(seed: int, until_s: float) -> list[Fact]:
    part = FakeTeleop(seed)
    return [fact for tick in range(round(until_s * 10)) for fact in part.facts(50.0 + tick / 10)]


def test_it_speaks_five_times_a_second_and_moves_now_and_then() -> None:
    facts = [fact for fact in told(0, 16.0) if isinstance(fact, Teleop)]
    assert len(facts) == 80
    assert {fact.takes_over for fact in facts} == {True, False}
    assert all(-1.0 <= axis <= 1.0 for fact in facts for axis in fact.axes)
    assert not any(any(fact.axes) for fact in facts if not fact.takes_over)


def test_a_loose_cable_steers_nothing_and_says_so() -> None:
    last = told(0, LOOSE_EVERY_S - LOOSE_S / 2)[-1]
    assert isinstance(last, Teleop)
    assert (last.devices, last.takes_over) == ((), False)
    assert "unplugged" in last.detail


def test_the_same_seed_moves_the_same_way() -> None:
    assert told(3, 5.0) == told(3, 5.0)
    assert told(3, 5.0) != told(4, 5.0)


def test_it_leaves_requests_to_others() -> None:
    assert FakeTeleop().answer(Hold(), 0.0) is None

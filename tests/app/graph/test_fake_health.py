"""The made-up signs of life: all nodes, now and then a death, and the same for the same seed."""

from irevla.app.graph.facts import Beat, Diagnosis, Fact, LogLine
from irevla.app.graph.fake.health import DEAD_S, LINES, FakeHealth
from irevla.app.models.health.health import Health
from irevla.app.models.health.remedies import remedy_for
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

SETTINGS = load_settings("sim")
NODES = Health(SETTINGS).nodes


def lived(seed: int, span_s: float) -> list[Fact]:
    part = FakeHealth(NODES, seed, wall_clock=lambda: 1e9)
    return [fact for tick in range(round(span_s * 10)) for fact in part.facts(50.0 + tick / 10)]


def test_every_node_beats_five_times_a_second_and_tells_its_memory() -> None:
    facts = lived(0, 10.0)
    for node in NODES:
        assert sum(isinstance(fact, Beat) and fact.node == node for fact in facts) == 50
        told = [fact for fact in facts if isinstance(fact, Diagnosis) and fact.name == node]
        assert len(told) == 10
        assert all("memory_mb" in dict(fact.values) for fact in told)


def test_once_a_minute_a_node_is_silent_for_three_seconds_and_comes_back_as_another_process() -> None:
    facts, health, rig = lived(3, 180.0), Health(SETTINGS), Rig(())
    silences: list[float] = []
    for fact in facts:
        if isinstance(fact, Beat):
            before = rig.beats.get(fact.node)
            if before is not None and before.pid != fact.pid:
                silences.append(fact.received_s - before.received_s)
        rig.take(fact)
        health.take(fact)
    assert len(silences) == 3
    assert all(DEAD_S - 0.3 < silence_s < DEAD_S + 0.5 for silence_s in silences)
    assert sum(health.life(node).restarts for node in NODES) == 3


def test_the_same_seed_tells_the_same() -> None:
    assert lived(7, 70.0) == lived(7, 70.0)
    assert lived(7, 70.0) != lived(8, 70.0)


def test_log_lines_come_and_every_warning_has_a_remedy() -> None:
    assert sum(isinstance(fact, LogLine) for fact in lived(0, 60.0)) >= 15
    assert all(remedy_for(words) is not None for _, level, words in LINES if level >= 30)

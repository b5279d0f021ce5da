"""When the policy node is given the promoted model, and when its own is left alone."""

from pathlib import Path

import pytest

from irevla_nodes.lineage.policy_watch import LEARNER_GRACE_S, RETRY_S, PolicyWatch
from irevla_nodes.serving.served_model import UNNAMED


@pytest.fixture
def watch(tmp_path: Path) -> PolicyWatch:
    return PolicyWatch(str(tmp_path / "state"))


def test_a_process_that_starts_with_another_model_is_due_once(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    assert not watch.is_due("a", 0.1, learner_task=""), "it has not said what it serves"
    watch.serves("b")
    assert watch.is_due("a", 1.0, learner_task="")
    assert not watch.is_due("a", 2.0, learner_task=""), "what it is given later stays"
    watch.beat(12, 100.0)
    watch.serves("a")
    assert not watch.is_due("a", 101.0, learner_task="")
    watch.serves("b")
    assert not watch.is_due("a", 102.0, learner_task=""), "somebody loaded it on purpose"


def test_a_model_that_came_before_the_first_look_is_on_purpose_too(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    watch.serves("")
    watch.serves("b")
    assert not watch.is_due("a", 1.0, learner_task="")


def test_without_a_promotion_nothing_is_due(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    watch.serves("")
    assert not watch.is_due("", 1.0, learner_task="")


def test_a_process_without_a_model_is_tried_again_after_a_while(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    watch.serves("")
    assert watch.is_due("a", 1.0, learner_task="")
    watch.note_try(1.0)
    assert not watch.is_due("a", 2.0, learner_task="")
    assert watch.is_due("a", 1.0 + RETRY_S, learner_task="")


def test_a_learners_model_stays(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    watch.serves("b")
    assert not watch.is_due("a", 1.0, learner_task=None), "it may still go on with its task"
    assert not watch.is_due("a", 2.0, learner_task="press_button")
    assert not watch.is_due("a", 3.0, learner_task=""), "the policy node was not just started any more"


def test_a_graph_without_a_learner_waits_for_it_in_vain(watch: PolicyWatch) -> None:
    watch.beat(11, 0.0)
    watch.serves("b")
    assert watch.is_due("a", LEARNER_GRACE_S, learner_task=None)


def test_a_restart_of_the_watcher_is_none_of_the_policy(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    PolicyWatch(state).beat(11, 0.0)
    again = PolicyWatch(state)
    again.beat(11, 50.0)
    again.serves("b")
    assert not again.is_due("a", 60.0, learner_task="")
    again.serves(UNNAMED)
    assert again.is_due("a", 61.0, learner_task=""), "a comparison was cut off with the watcher"


@pytest.mark.parametrize("text", ["", "eleven", "\x00"])
def test_a_broken_memory_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy_pid").write_text(text)
    watch = PolicyWatch(str(tmp_path))
    watch.beat(11, 0.0)
    watch.serves("b")
    assert watch.is_due("a", 1.0, learner_task="")

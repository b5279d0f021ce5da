"""The episode's state machine: what is possible when, and that nothing closed or labelled is lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from irevla.config.errors import StoreError, UnknownNameError, UserError, WrongStateError


def test_an_episode_runs_from_idle_to_saved(bench: Any, graph: SimpleNamespace) -> None:
    session = bench.session
    assert bench.phase == "idle"
    episode_id = session.start(graph.plan(max_steps=2), 0.0)
    assert bench.phase == "resetting"
    session.reset_finished(episode_id, True, "", 0.0)
    assert bench.phase == "ready"
    bench.feed(graph.whole_step(episode_id, 0))
    assert bench.phase == "running"
    bench.feed([*graph.whole_step(episode_id, 1), *graph.observation(episode_id, 2)])
    assert bench.phase == "saved"
    (closed,) = session.take_closed()
    assert (closed.label, closed.steps, closed.terminated, closed.relabel) == ("failure", 2, False, False)
    assert closed.weights_version == 3
    assert session.take_closed() == []


def test_a_request_at_the_wrong_moment_says_what_is_possible(bench: Any, graph: SimpleNamespace) -> None:
    with pytest.raises(WrongStateError, match=r"label while idle: .*session/start"):
        bench.session.label("", "success", "ada", 0.0)
    with pytest.raises(WrongStateError, match="stop while idle"):
        bench.session.stop("enough", 0.0)
    bench.start(graph.plan())
    with pytest.raises(WrongStateError, match=r"start while ready: .*session/stop"):
        bench.session.start(graph.plan(), 0.0)
    bench.feed(graph.whole_step("episode0", 0))
    with pytest.raises(WrongStateError, match=r"label while running: .*session/stop"):
        bench.session.label("", "success", "ada", 0.0)
    assert bench.phase == "running"


def test_a_person_labels_after_the_end_and_may_change_their_mind(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual")
    bench.start(graph.plan(max_steps=1))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1)])
    assert bench.phase == "awaiting label"
    with pytest.raises(UnknownNameError, match="did you mean 'success'"):
        bench.session.label("", "sucess", "ada", 0.0)
    first = bench.session.label("", "success", "ada", 0.0)
    again = bench.session.label("episode0", "failure", "ada", 0.0)
    assert (first.label, first.terminated, first.relabel) == ("success", True, False)
    assert (again.label, again.terminated, again.relabel) == ("failure", False, True)
    assert bench.phase == "saved"


def finished(graph: SimpleNamespace, **settings: object) -> Any:
    """Return a bench whose operator is a person and whose first episode awaits its label."""
    bench = graph.bench("manual", **settings)
    bench.start(graph.plan(max_steps=1))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1)])
    assert bench.phase == "awaiting label"
    return bench


def test_a_label_that_is_taken_back_is_asked_for_again(graph: SimpleNamespace) -> None:
    bench = finished(graph)
    bench.session.label("", "success", "ada", bench.now_s)
    taken = bench.session.label("", "undo", "ada", bench.now_s)
    assert (taken.episode_id, taken.label, taken.relabel, taken.terminated) == ("episode0", "", True, False)
    assert (bench.phase, bench.session.last_end) == ("awaiting label", None)
    with pytest.raises(WrongStateError, match="no label to undo"):
        bench.session.label("", "undo", "ada", bench.now_s)
    again = bench.session.label("", "failure", "ada", bench.now_s)
    assert (again.label, again.relabel, bench.phase) == ("failure", True, "saved")
    assert [closed.label for closed in bench.session.take_closed()] == ["success", "", "failure"]


def test_an_undo_brings_back_the_label_before(graph: SimpleNamespace) -> None:
    bench = finished(graph)
    bench.session.label("", "success", "ada", bench.now_s)
    bench.session.label("episode0", "failure", "bob", bench.now_s)
    assert bench.session.label("episode0", "undo", "bob", bench.now_s).label == "success"
    assert bench.phase == "saved", "it has a label, so nobody is asked"


def test_an_undo_leaves_the_running_episode_alone(graph: SimpleNamespace) -> None:
    bench = finished(graph)
    bench.session.label("", "success", "ada", bench.now_s)
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode1", 0))
    assert bench.session.label("", "undo", "ada", bench.now_s).episode_id == "episode0"
    assert (bench.phase, bench.store.labels) == ("running", {"episode0": ""})


def test_an_undo_of_nothing_says_what_to_name(bench: Any) -> None:
    with pytest.raises(WrongStateError, match="no episode was labelled since the session began; name one"):
        bench.session.label("", "undo", "ada", 0.0)
    with pytest.raises(UnknownNameError, match="episode7"):
        bench.session.label("episode7", "undo", "ada", 0.0)


def test_what_the_parts_of_an_episode_took_is_kept(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual")
    episode_id = bench.session.start(graph.plan(max_steps=1), bench.now_s)
    bench.wait(3.0)
    bench.session.reset_finished(episode_id, True, "", bench.now_s)
    bench.wait(1.0)
    bench.feed(graph.observation(episode_id, 0))
    bench.wait(2.5)
    bench.feed([*graph.decision(episode_id, 0), *graph.observation(episode_id, 1)])
    bench.wait(7.0)
    bench.session.label("", "success", "ada", bench.now_s)
    bench.wait(9.0)
    bench.session.label(episode_id, "failure", "ada", bench.now_s)
    writer = bench.store.writers[episode_id]
    assert (writer.reset_s, writer.run_s, bench.store.delays_s[episode_id]) == (4.0, 2.5, 7.0)


def test_a_guided_reset_waits_for_the_persons_word(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual", reset="guided", guide_timeout_s=600)
    episode_id = bench.start(graph.plan(max_steps=1))
    assert (bench.phase, bench.session.snapshot().detail) == ("ready", "put the objects back, then confirm")
    bench.feed(graph.observation(episode_id, 0))
    bench.wait(599.0)
    assert bench.phase == "ready", "neither the step's time-out nor a picture begins it"
    confirmed = bench.session.confirm(bench.now_s)
    assert (confirmed.episode_id, bench.phase) == (episode_id, "resetting")
    bench.session.reset_finished(episode_id, True, "", bench.now_s)
    assert bench.phase == "running"
    bench.feed([*graph.decision(episode_id, 0), *graph.observation(episode_id, 1)])
    assert bench.store.writers[episode_id].reset_s == 599.0


def test_nobody_who_confirms_is_an_episode_that_never_was(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual", reset="guided", guide_timeout_s=30)
    bench.start(graph.plan())
    bench.wait(30.5)
    assert (bench.phase, bench.store.writers) == ("idle", {})
    assert "nobody confirmed within 30 s (session.guide_timeout_s)" in bench.session.last_end.detail
    bench.start(graph.plan())
    assert bench.phase == "ready"


def test_a_word_at_the_wrong_moment_is_refused(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual", reset="guided")
    with pytest.raises(WrongStateError, match=r"confirm while idle: .*session/start"):
        bench.session.confirm(bench.now_s)
    episode_id = bench.session.start(graph.plan(), bench.now_s)
    with pytest.raises(WrongStateError, match=r"confirm while resetting: .*session/stop"):
        bench.session.confirm(bench.now_s)
    bench.session.reset_finished(episode_id, True, "", bench.now_s)
    bench.session.set_hold("a hand is in the way", bench.now_s)
    with pytest.raises(WrongStateError, match=r"a hand is in the way.*arbiter/resume"):
        bench.session.confirm(bench.now_s)
    bench.session.set_hold("", bench.now_s)
    bench.session.confirm(bench.now_s)
    bench.session.reset_finished(episode_id, True, "", bench.now_s)
    with pytest.raises(WrongStateError, match="confirm while ready: nothing waits for it"):
        bench.session.confirm(bench.now_s)
    automatic = graph.bench("manual")
    automatic.start(graph.plan())
    with pytest.raises(WrongStateError, match="nothing waits for it"):
        automatic.session.confirm(automatic.now_s)


def test_a_second_way_home_that_fails_ends_in_idle(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual", reset="guided")
    episode_id = bench.start(graph.plan())
    bench.session.confirm(bench.now_s)
    bench.session.reset_finished(episode_id, False, "in a reflex", bench.now_s)
    assert (bench.phase, bench.session.last_end.detail) == ("idle", "the reset failed: in a reflex")


def test_an_older_episode_is_relabelled_while_another_runs(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan(max_steps=1))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1)])
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode1", 0))
    assert bench.session.label("episode0", "success", "ada", 0.0).relabel
    assert bench.phase == "running"
    with pytest.raises(UnknownNameError, match="episode"):
        bench.session.label("episode7", "success", "ada", 0.0)


def test_the_closing_observation_is_waited_for_half_a_second(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan(max_steps=1))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1, latent=False)])
    bench.wait(0.4)
    assert bench.phase == "running"
    bench.wait(0.2)
    assert bench.phase == "saved"
    assert bench.store.writers["episode0"].final is None


def test_stop_keeps_what_is_closed_as_truncated(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan())
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1)])
    bench.session.stop("the operator stopped it", bench.now_s)
    writer = bench.store.writers["episode0"]
    assert (bench.phase, len(writer.steps), writer.truncated) == ("saved", 1, True)
    assert writer.final is not None and writer.final.step == 1


def test_a_hold_discards_the_episode_and_keeps_its_steps(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode0", 0))
    bench.session.set_hold("camera front is silent", bench.now_s)
    assert (bench.phase, bench.store.labels["episode0"]) == ("saved", "discard")
    assert len(bench.store.writers["episode0"].steps) == 1
    assert "camera front is silent" in bench.session.last_end.detail
    with pytest.raises(WrongStateError, match=r"camera front is silent.*arbiter/resume"):
        bench.session.start(graph.plan(), bench.now_s)
    bench.session.set_hold("", bench.now_s)
    bench.session.start(graph.plan(), bench.now_s)


def test_a_hold_that_the_policy_brought_is_its_failure(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode0", 0))
    bench.session.set_hold("policy: expected 7 finite numbers", bench.now_s, is_policys=True)
    assert (bench.phase, bench.store.labels["episode0"]) == ("saved", "failure")
    assert len(bench.store.writers["episode0"].steps) == 1


def test_with_a_person_a_hold_ends_the_episode_and_asks(graph: SimpleNamespace) -> None:
    bench = graph.bench("manual")
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode0", 0))
    bench.session.set_hold("NaN in the proposal", bench.now_s)
    assert bench.phase == "awaiting label"
    assert "NaN" in bench.session.snapshot().detail


def test_when_no_step_closes_the_episode_is_discarded(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan())
    bench.feed(graph.whole_step("episode0", 0))
    bench.wait(9.0)
    assert bench.phase == "running"
    bench.wait(1.5)
    assert bench.store.labels["episode0"] == "discard"
    assert "no step was closed for 10 s: step 1 has no robot/state" in bench.session.last_end.detail


def test_an_episode_without_a_step_leaves_nothing(bench: Any, graph: SimpleNamespace) -> None:
    bench.start(graph.plan())
    bench.feed(graph.observation("episode0", 0))
    bench.wait(10.5)
    assert (bench.phase, bench.store.writers) == ("idle", {})
    assert bench.session.last_end.label == ""


@pytest.mark.parametrize(("answered", "words"), [(True, "the reset failed: no such task"), (False, "no answer")])
def test_a_reset_that_fails_ends_in_idle(bench: Any, graph: SimpleNamespace, answered: bool, words: str) -> None:
    episode_id = bench.session.start(graph.plan(), bench.now_s)
    if answered:
        bench.session.reset_finished(episode_id, False, "no such task", bench.now_s)
    else:
        bench.wait(20.5)
        bench.session.reset_finished(episode_id, True, "", bench.now_s)  # too late: dropped
    assert bench.phase == "idle"
    assert words in bench.session.last_end.detail


def test_an_episode_does_not_run_before_every_camera_has_shown_its_beginning(
    bench: Any, graph: SimpleNamespace
) -> None:
    bench.start(graph.plan(record_images=False, kind="eval"))
    state, sim, front, *_ = graph.observation("episode0", 0)
    bench.feed([front, state, sim])
    assert bench.phase == "ready"
    bench.wait(10.5)
    assert (bench.phase, "no picture of camera wrist" in bench.session.last_end.detail) == ("idle", True)
    bench.start(graph.plan(record_images=False, kind="eval"))
    bench.feed(graph.observation("episode1", 0))
    assert bench.phase == "running"


def test_nothing_runs_while_the_arm_is_held(bench: Any, graph: SimpleNamespace) -> None:
    episode_id = bench.session.start(graph.plan(), bench.now_s)
    bench.session.set_hold("silence", bench.now_s)
    bench.session.reset_finished(episode_id, True, "", bench.now_s)
    bench.feed(graph.observation(episode_id, 0))
    assert bench.phase == "ready"
    bench.session.set_hold("", bench.now_s)
    assert bench.phase == "running"


def test_a_full_disk_refuses_the_start(bench: Any, graph: SimpleNamespace) -> None:
    bench.store.free = 12.0
    with pytest.raises(StoreError, match=r"12 MB free.*200"):
        bench.session.start(graph.plan(), bench.now_s)
    assert bench.phase == "idle"


def test_a_disk_that_fills_up_loses_no_closed_step(bench: Any, graph: SimpleNamespace) -> None:
    bench.store.fails_at = 1
    bench.start(graph.plan())
    bench.feed([*graph.whole_step("episode0", 0), *graph.whole_step("episode0", 1)])
    writer = bench.store.writers["episode0"]
    assert (bench.phase, writer.state, len(writer.steps)) == ("idle", "aborted", 1)
    assert "disk is full" in bench.session.last_end.detail
    bench.store.fails_at = 10**9
    bench.start(graph.plan())


def test_a_label_that_could_not_be_written_is_tried_again(bench: Any, graph: SimpleNamespace) -> None:
    bench.store.label_fails = True
    bench.start(graph.plan(max_steps=1))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1)])
    assert bench.phase == "awaiting label"
    bench.store.label_fails = False
    bench.wait(1.1)
    assert (bench.phase, bench.store.labels["episode0"]) == ("saved", "failure")


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"mode": "dance"}, UnknownNameError, "expert"),
        ({"kind": "demos"}, UnknownNameError, "did you mean 'demo'"),
        ({"instruction": "\N{ROBOT FACE}" * 101}, UserError, "101 characters"),
        ({"max_steps": 0}, UserError, "1 to 10000"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    graph: SimpleNamespace, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        graph.plan(**changes)


def test_an_emoji_instruction_is_kept_as_it_is(graph: SimpleNamespace) -> None:
    assert graph.plan(instruction="\N{ROBOT FACE}!").instruction == "\N{ROBOT FACE}!"

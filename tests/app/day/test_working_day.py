"""The whole working day at the real window, each step checked in the store and on the arm."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from irevla.app.graph.facts import Source

TRAIN_TIMEOUT_S = 120.0


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_a_working_day(day: Any) -> None:
    records_two_demonstrations(day)
    first = trains_a_round(day, seed=0)
    cancels_a_round(day)
    promotes_the_first_model(day, first)
    runs_two_policy_episodes(day, first)
    relabels_an_older_episode(day)
    second = trains_a_round(day, seed=1)
    promotes_past_the_gate(day, second)
    rolls_back(day, to=first, seen_as=second)
    holds_a_moving_arm(day)


def records_two_demonstrations(day: Any) -> None:
    window, store = day.window, day.store
    window.open("F2", "demonstrations")
    for keys in ("wf", "ad"):
        starts(day)
        for key in keys:
            before = steps_so_far(day)
            with window.held(key):
                day.until(lambda seen=before: steps_so_far(day) >= seen + 8)
        window.key("BackSpace")
        window.says("phase", "label it")
        window.key("1")
        window.says("phase", "saved")
    window.until("task_table/0", lambda seen: "2 of " in seen["text"])

    first, second = store.records()
    for record in (first, second):
        assert (record.meta.kind, record.meta.mode, record.label) == ("demo", "teleop", "success")
        (change,) = store.labels(record.episode_id)
        assert (change.old, change.new, change.who) == ("", "success", "tester")
        assert change.delay_s is not None and 0.0 < change.delay_s < 60.0
        assert set(store.read(record.episode_id, images=False).sources.tolist()) == {Source.TELEOP}
    assert moved_m(day, first.episode_id, axis=0) > 0.02  # w: forward
    assert moved_m(day, first.episode_id, axis=2) < -0.02  # f: down
    assert abs(moved_m(day, second.episode_id, axis=0)) < 0.02


def trains_a_round(day: Any, seed: int) -> str:
    """Train a small stage-0 round, and return the hash of what it made."""
    window, store = day.window, day.store
    before = {model.model_hash for model in store.models()}
    name = begin_round(day, steps=6, seed=seed)
    window.until("round_progress", lambda seen: seen["is_visible"], TRAIN_TIMEOUT_S)
    window.says("round_words", f"{name} is done", TRAIN_TIMEOUT_S)
    (made,) = (model for model in store.models() if model.model_hash not in before)
    (entry,) = (entry for entry in store.rounds() if entry.round_id == name)
    assert (made.stage, made.data_hash, made.parent_hash) == (0, entry.data_hash, "")
    assert len(entry.expert) == len(store.records(kind="demo", label="success"))
    assert name in made.path
    return str(made.model_hash)


def cancels_a_round(day: Any) -> None:
    window, store = day.window, day.store
    before = len(store.models())
    name = begin_round(day, steps=100_000, seed=7)
    window.until("round_words", lambda seen: "step " in seen["text"], TRAIN_TIMEOUT_S)
    window.key("alt+c")
    window.says("round_words", f"{name}: cancelled at step", TRAIN_TIMEOUT_S)
    assert len(store.models()) == before
    assert name in [entry.round_id for entry in store.rounds()]


def promotes_the_first_model(day: Any, model_hash: str) -> None:
    window, store = day.window, day.store
    choose_model(day, model_hash)
    window.click("promote_button")
    window.until("question", lambda seen: seen["is_visible"])
    window.key("Escape")  # is the hold key here too, and no way out
    window.says("hold_reason", "held")
    assert window.look("question")["is_visible"]
    window.key("alt+p")
    day.until(lambda: store.promotions.records())
    (entry,) = store.promotions.records()
    assert (entry.model_hash, entry.who, entry.is_rollback) == (model_hash, "tester", False)
    window.says("model_badge", "promoted")
    day.until(lambda: day.witness.served == model_hash)
    resumes(day)


def runs_two_policy_episodes(day: Any, model_hash: str) -> None:
    window, store = day.window, day.store
    before = {record.episode_id for record in store.records()}
    window.open("F1", "live")
    # Alone, then with a hand: the person takes over in the second.
    starts(day)
    window.says("phase", "label it", 60.0)
    window.key("2")
    window.says("phase", "saved")
    window.key("0")
    window.says("phase", "label it")
    window.key("2")
    window.says("phase", "saved")
    starts(day)
    with window.held("w"):
        window.says("acting", "you act")
    window.says("phase", "label it", 60.0)
    window.key("1")
    window.says("phase", "saved")

    failure, success = (record for record in store.records() if record.episode_id not in before)
    for record in (failure, success):
        assert (record.meta.kind, record.meta.mode, record.meta.model_hash) == ("eval", "policy", model_hash)
    assert [change.new for change in store.labels(failure.episode_id)] == ["failure", "", "failure"]
    assert [change.new for change in store.labels(success.episode_id)] == ["success"]
    alone, helped = (store.read(record.episode_id, images=False) for record in (failure, success))
    assert not alone.interventions.any()
    assert set(alone.sources.tolist()) == {Source.POLICY}
    assert helped.interventions.any() and not helped.interventions.all()
    assert np.array_equal(helped.interventions, helped.sources == Source.TELEOP)


def relabels_an_older_episode(day: Any) -> None:
    window, store = day.window, day.store
    (success,) = store.records(kind="eval", label="success")
    window.open("F3", "episodes")
    window.until("episode_table/3", lambda seen: seen["text"])
    window.click("episode_table/0")  # the newest
    window.says("episode_label", "success")
    window.key("alt+2")
    window.says("episode_label", "failure")
    changes = store.labels(success.episode_id)
    assert [(change.old, change.new, change.who) for change in changes] == [
        ("", "success", "tester"),
        ("success", "failure", "tester"),
    ]
    assert changes[1].delay_s is None


def promotes_past_the_gate(day: Any, model_hash: str) -> None:
    window, store = day.window, day.store
    choose_model(day, model_hash)
    window.click("promote_button")
    window.until("question", lambda seen: seen["is_visible"])
    window.key("alt+p")
    window.until("reason", lambda seen: seen["is_visible"] and seen["has_focus"])  # refused: the gate wants a reason
    assert len(store.promotions.records()) == 1
    window.type("a fresh start")
    window.key("alt+p")
    day.until(lambda: len(store.promotions.records()) == 2)
    newest = store.promotions.records()[-1]
    assert newest.model_hash == model_hash
    assert "a fresh start" in newest.why
    window.says("model_badge", "promoted")
    day.until(lambda: day.witness.served == model_hash)


def rolls_back(day: Any, to: str, seen_as: str) -> None:
    window, store = day.window, day.store
    window.click("roll_back_button")
    window.until("question", lambda seen: seen["is_visible"])
    window.key("alt+r")
    day.until(lambda: len(store.promotions.records()) == 3)
    newest = store.promotions.records()[-1]
    assert (newest.model_hash, newest.previous_hash, newest.is_rollback) == (to, seen_as, True)
    window.until("model_badge", lambda seen: not seen["is_visible"])
    day.until(lambda: day.witness.served == to)


def holds_a_moving_arm(day: Any) -> None:
    """It stops within two steps; a key that stays down moves it no more, not in the next episode either."""
    window, witness = day.window, day.witness
    window.open("F2", "demonstrations")
    starts(day)
    with window.held("d"):
        begun = len(witness.places)
        day.until(lambda: came_m(day, begun) > 0.05)
        window.key("Escape")
        window.says("hold_reason", "held: ")
        window.says("phase", "label it")  # the hold has ended the episode
        held = witness.holds[-1]
        assert came_m(day, held - 3) > 0.01  # it was under way
        day.until(lambda: len(witness.places) > held + 4)
        assert came_m(day, held + 2) < 0.001
        window.key("3")
        window.says("phase", "saved")
        resumes(day)
        starts(day)
        again = steps_so_far(day)
        day.until(lambda: steps_so_far(day) >= again + 5)
    with window.held("d"):
        moving = steps_so_far(day)
        day.until(lambda: steps_so_far(day) >= moving + 5)
    window.key("BackSpace")
    window.says("phase", "label it")
    window.key("2")
    window.says("phase", "saved")

    stopped, after = day.store.records()[-2:]
    assert (stopped.label, stopped.truncated, after.label) == ("discard", True, "failure")
    pushed = day.store.read(after.episode_id, images=False).actions[:, 1] < 0.0
    assert not pushed[:5].any() and pushed[5:].any()


def starts(day: Any) -> None:
    """Start an episode; where the pre-flight is not green yet, press again, as a person would."""
    window = day.window

    def is_running(phase: dict[str, Any]) -> bool:
        if window.look("words")["text"].startswith("no episode is started"):
            window.key("Return")
        return bool(phase["text"] == "running")

    window.key("Return")
    window.until("phase", is_running)


def begin_round(day: Any, steps: int, seed: int) -> str:
    """Fill in the form of a stage-0 round and begin it; returns its name."""
    window = day.window
    window.open("F5", "rounds")
    window.key("alt+t")
    for name, number in (("round_steps", steps), ("round_seed", seed)):
        window.click(name)
        window.key("ctrl+a")
        window.type(f"{number}\n")
        window.until(name, lambda seen, number=number: seen["text"] == str(number))
    name = str(window.look("round_name")["text"])
    window.click("begin_round_button")
    return name


def choose_model(day: Any, model_hash: str) -> None:
    """Look at a model on the Rounds page."""
    window = day.window
    window.open("F5", "rounds")
    window.key("alt+o")
    place = [model.model_hash for model in day.store.models()].index(model_hash)
    window.click(f"model_card/{place}")
    window.until("model_title", lambda seen: f"#{place + 1}" in seen["text"])


def resumes(day: Any) -> None:
    """Let a held arm go, with two presses."""
    window = day.window
    window.click("resume_button")
    window.says("resume_button", "press again")
    window.says("hold_reason", "held")
    window.click("resume_button")
    window.until("hold_reason", lambda seen: not seen["is_visible"])


def steps_so_far(day: Any) -> int:
    """Return the running episode's steps, as the head of the window tells."""
    found = re.match(r"step (\d+) of", day.window.look("progress")["text"])
    return int(found[1]) if found else 0


def came_m(day: Any, since: int) -> float:
    """Return how far the tool came since so many states had been heard."""
    places = np.array([place for _, place in day.witness.places[since:]])
    return float(np.linalg.norm(places[-1] - places[0])) if len(places) else 0.0


def moved_m(day: Any, episode_id: str, axis: int) -> float:
    """Return how far the tool came along an axis of the base in an episode."""
    places = [place for episode, place in day.witness.places if episode == episode_id]
    return float(places[-1][axis] - places[0][axis])

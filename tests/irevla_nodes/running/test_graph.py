"""The whole graph at work: rows of episodes, rounds, refusals; then kill -9 of any node at any moment of a run.

One graph for all of it, in this order: its start is the expensive part.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from typing import Any

import numpy as np
import pytest

from irevla.config import topics
from irevla.config.errors import StoreError

VICTIMS = ("session", "camera_front", "session", "policy", "learner", "session")
RUNNING = 3  # EpisodeState.RUNNING


def row(graph: Any, mode: str, kind: str, seed: int, **fields: Any) -> Any:
    return graph.client.run_row(mode=mode, kind=kind, first_seed=seed, **fields)


def test_expert_episodes_are_stored_with_both_pictures_and_labels(graph: Any) -> None:
    result = row(graph, "expert", "demo", 1, episodes=3)
    assert (result.episodes, result.message) == (3, "")
    for episode_id, label in zip(result.episode_ids, result.labels, strict=True):
        episode = graph.store.read(episode_id)
        assert episode.label == ("success" if label else "failure")
        assert episode.numbers.tolist() == list(range(episode.steps))
        assert sorted(episode.images) == ["front", "wrist"]
        assert all(len(set(map(bytes, images))) > 1 for images in episode.images.values()), "the pictures stand still"
        assert episode.latents is None
    heard = {closed.episode_id: closed.label for closed in graph.client.closed}
    assert all(heard[name] == graph.store.record(name).label for name in result.episode_ids)


def test_a_policy_episode_repeats_for_its_seed_and_has_its_latents(graph: Any) -> None:
    first, again, other = (
        graph.store.read(row(graph, "policy", "zero_shot", seed, episodes=1, explore=True).episode_ids[0])
        for seed in (7, 7, 8)
    )
    assert first.meta.model_hash == graph.model_hash
    assert first.latents is not None and len(first.latents) == first.steps
    assert first.final is not None and first.final.latent is not None, "a time-out needs the observation after it"
    assert np.array_equal(first.actions, again.actions), "the same seed must repeat"
    assert np.array_equal(first.states, again.states)
    assert not np.array_equal(first.actions[:3], other.actions[:3])


def test_without_pictures_an_evaluation_keeps_states_and_actions(graph: Any) -> None:
    result = row(graph, "policy", "eval", 20, episodes=1, record_images=False)
    episode = graph.store.read(result.episode_ids[0])
    assert (episode.images, episode.latents) == ({}, None)
    assert episode.steps == 12


def test_a_cancelled_row_discards_its_episode(graph: Any) -> None:
    handle = graph.client.begin_row(mode="policy", kind="eval", first_seed=30, episodes=50)
    graph.until(lambda: graph.client.episodes[-1].state == 3, what="an episode runs")
    assert handle.cancel_goal_async() is not None
    graph.until(lambda: graph.client.episodes[-1].state in (0, 5), what="the session is free again")
    assert row(graph, "expert", "demo", 31, episodes=1).episodes == 1


def test_requests_at_the_wrong_moment_are_refused_in_words(graph: Any) -> None:
    client = graph.client
    stop = client.ask(topics.STOP_EPISODE)
    assert not stop.success and "stop while" in stop.message and "session/start" in stop.message
    start = {"task": "press_buton", "mode": "expert", "kind": "demo"}
    assert "did you mean 'press_button'" in client.ask(topics.START_EPISODE, **start).message
    long = client.ask(topics.START_EPISODE, task=graph.task, mode="policy", kind="eval", instruction="x" * 10_000)
    assert "10000 characters" in long.message
    label = client.ask(topics.LABEL_EPISODE, episode_id="nobody", label="success", who="ada")
    assert not label.success and "nobody" in label.message


def test_a_bad_model_is_refused_and_the_running_one_stays(graph: Any) -> None:
    torn = graph.folder / "models" / "torn"
    torn.mkdir()
    (torn / "manifest.json").write_text("{")
    refused = graph.client.ask(topics.LOAD_MODEL, path=str(torn), sha256="")
    assert not refused.success and "the running model stays" in refused.message
    wrong = graph.client.ask(topics.LOAD_MODEL, path=str(graph.model), sha256="0" * 64)
    assert not wrong.success and "expected model 0000" in wrong.message
    episode = graph.store.read(row(graph, "policy", "eval", 40, episodes=1).episode_ids[0])
    assert episode.meta.model_hash == graph.model_hash


def test_an_rl_row_acts_with_the_head_of_two_episodes_ago(graph: Any) -> None:
    client = graph.client
    demos = list(row(graph, "policy", "zero_shot", 50, episodes=1, explore=True).episode_ids)
    for name in demos:
        assert client.ask(topics.LABEL_EPISODE, episode_id=name, label="success", who="ada").success
    begun = client.ask(topics.START_TASK, task=graph.task, model=str(graph.model), demo_episodes=demos, seed=1)
    assert begun.success, begun.message
    result = row(graph, "policy", "rl", 60, episodes=4, explore=True, wait_for_learner=True)
    assert (result.episodes, result.message) == (4, "")
    versions = [graph.store.read(name, images=False).weights_versions.tolist() for name in result.episode_ids]
    assert [set(one) for one in versions] == [{0}, {0}, {1}, {2}], "one head an episode, none swapped inside it"
    graph.until(lambda: client.learner[-1].online_episodes == 4, what="all four are learnt from")


def test_a_round_makes_a_model_that_the_policy_serves_and_the_store_knows(graph: Any) -> None:
    demos = [record.episode_id for record in graph.store.records(kind="demo", label="success")]
    feedback: list[Any] = []
    fields = {"round_id": "round0", "stage": 0, "expert_episodes": demos, "steps": 3, "seed": 1}
    handle = graph.client.begin_round(feedback.append, **fields)
    result = graph.result_of(handle.get_result_async(), 90.0).result
    assert result.success, result.message
    assert feedback[-1].feedback.step == 3
    served = graph.client.ask(topics.LOAD_MODEL, path=result.path, sha256=result.model_hash)
    assert served.success, served.message
    (model,) = [item for item in graph.store.models() if item.model_hash == result.model_hash]
    assert (model.stage, model.data_hash) == (0, graph.store.data_hash(demos))


def test_a_round_is_cancelled_and_says_where_it_goes_on(graph: Any) -> None:
    demos = [record.episode_id for record in graph.store.records(kind="demo", label="success")]
    feedback: list[Any] = []
    handle = graph.client.begin_round(
        feedback.append, round_id="round1", stage=0, expert_episodes=demos, steps=100_000, seed=1
    )
    graph.until(lambda: feedback, timeout_s=60.0, what="progress")
    graph.result_of(handle.cancel_goal_async())
    result = graph.result_of(handle.get_result_async(), 30.0).result
    assert not result.success
    assert "cancelled at step" in result.message and "the same round_id goes on" in result.message


def test_a_round_on_episodes_that_do_not_exist_is_refused(graph: Any) -> None:
    handle = graph.client.begin_round(lambda _: None, round_id="round2", stage=0, expert_episodes=["nobody"], steps=3)
    result = graph.result_of(handle.get_result_async(), 30.0).result
    assert not result.success and "nobody" in result.message


def test_a_remote_round_without_a_cluster_is_refused(graph: Any) -> None:
    fields = {"round_id": "round3", "stage": 0, "expert_episodes": ["any"], "where": "remote"}
    handle = graph.client.begin_round(lambda _: None, **fields)
    result = graph.result_of(handle.get_result_async(), 30.0).result
    assert not result.success and "rounds.remote.address is empty" in result.message


class Rows(threading.Thread):
    """Keeps the graph busy: asks for the next row when one has ended, or when its session was killed."""

    def __init__(self, graph: Any) -> None:
        super().__init__(name="rows", daemon=True)
        self._graph = graph
        self.is_wanted = True
        self.lost = threading.Event()

    def run(self) -> None:
        seed, handle = 0, None
        while self.is_wanted:
            seed += 1000
            self.lost.clear()
            try:
                goal = {"mode": "policy", "kind": "rl", "explore": True, "first_seed": seed, "episodes": 500}
                handle = self._graph.client.begin_row(**goal)
                if not handle.accepted:
                    time.sleep(0.2)
                    continue
                future = handle.get_result_async()
            except AssertionError:
                continue  # nobody answered: the session was killed again
            while not future.done() and not self.lost.is_set() and self.is_wanted:
                time.sleep(0.05)
        if handle is not None:
            handle.cancel_goal_async()


def on_disk(graph: Any) -> dict[str, tuple[list[bytes], str]]:
    """Return every episode's closed steps (their actions) and label, as they are on the disk now."""
    found = {}
    for record in graph.store.records():
        try:
            steps = graph.store.read_steps(record.episode_id, images=False)
        except StoreError:
            continue  # being sealed at this moment; the next look has it
        found[record.episode_id] = ([step.action.tobytes() + bytes([step.step]) for step in steps], record.label)
    return found


def kill(graph: Any, victim: str) -> int:
    pid = graph.supervisor.poll()[victim].pid
    os.kill(pid, signal.SIGKILL)
    return int(pid)


def assert_nothing_lost(before: dict[str, tuple[list[bytes], str]], after: dict[str, tuple[list[bytes], str]]) -> None:
    for name, (steps, label) in before.items():
        assert name in after, f"episode {name} is gone"
        assert after[name][0][: len(steps)] == steps, f"{name} lost closed steps"
        assert not label or after[name][1] == label, f"{name} lost its label"


@pytest.fixture
def rows(graph: Any) -> Any:
    model = graph.client.ask(topics.LOAD_MODEL, path=str(graph.model), sha256=graph.model_hash)
    assert model.success, model.message
    demos = [
        graph.client.run_row(mode="policy", kind="zero_shot", first_seed=70, episodes=3, explore=True).episode_ids[0]
    ]
    assert graph.client.ask(topics.LABEL_EPISODE, episode_id=demos[0], label="success", who="ada").success
    fields = {"task": graph.task, "model": str(graph.model), "demo_episodes": demos, "seed": 1}
    begun = graph.client.ask(topics.START_TASK, **fields)
    assert begun.success, begun.message
    rows = Rows(graph)
    rows.start()
    yield rows
    rows.is_wanted = False
    rows.join(40.0)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_kill_of_any_node_at_any_moment_loses_nothing(graph: Any, rows: Rows) -> None:
    moments = random.Random(4)
    client, until = graph.client, graph.until
    for victim in VICTIMS:
        until(lambda: client.episodes[-1].state == RUNNING, what=f"an episode runs before {victim} is killed")
        time.sleep(moments.uniform(0.0, 0.3))
        statuses = len(client.statuses)
        dead = kill(graph, victim)
        before = on_disk(graph)
        if victim == "session":
            until(lambda: any(status.hold for status in client.statuses[statuses:]), what="the arm is held")  # noqa: B023
            assert_arm_stands(client)
        until(
            lambda: (status := graph.supervisor.poll()[victim]).condition == "running" and status.pid != dead,  # noqa: B023
            timeout_s=60.0,
            what=f"{victim} comes back",
        )
        if victim == "session":
            rows.lost.set()
        closed = len(client.closed)
        until(lambda: len(client.closed) > closed + 1, timeout_s=60.0, what=f"episodes go on after {victim}")  # noqa: B023
        assert_nothing_lost(before, on_disk(graph))
    rows.is_wanted = False
    rows.join(40.0)
    assert_all_told(graph)


def assert_arm_stands(client: Any) -> None:
    """The command that was on its way when the hold came may still be carried out; after it nothing moves."""
    held_at = client.arms[-1].step
    time.sleep(0.3)
    step, joints = client.arms[-1].step, np.array(client.arms[-1].joint_position_rad)
    assert step <= held_at + 1
    time.sleep(0.3)
    assert client.arms[-1].step == step
    assert np.array_equal(np.array(client.arms[-1].joint_position_rad), joints)


def assert_all_told(graph: Any) -> None:
    """Every label that was announced is in the store, every episode is whole, and the learner knows each."""
    for closed in list(graph.client.closed):
        record = graph.store.record(closed.episode_id)
        assert (record.state, record.steps) == ("closed", closed.steps)
    graph.until(lambda: not [record for record in graph.store.records() if record.state == "open"], what="all closed")
    assert graph.store.verify() == []
    unlabelled = graph.store.records(label="")
    assert len(unlabelled) <= VICTIMS.count("session"), "only an episode that was cut off has no label"
    learnt = [item for item in graph.store.records(kind="rl") if item.label in ("success", "failure")]
    graph.until(
        lambda: graph.client.learner[-1].online_episodes == len(learnt),
        timeout_s=60.0,
        what=f"the learner learns from all {len(learnt)} episodes",
    )

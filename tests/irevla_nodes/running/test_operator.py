"""A person at the simulated rig: puts objects back, labels, thinks better of it, and looks into the store meanwhile."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from irevla.config import topics

OVERRIDES = ("session.operator=manual", "session.reset=guided", "limits.heartbeat_timeout_s=10")
IDLE, READY, RUNNING, AWAITING_LABEL, SAVED = 0, 2, 3, 4, 5  # EpisodeState


def ask(graph: Any, name: str, **fields: Any) -> Any:
    answer = graph.client.ask(name, **fields)
    assert answer.success, answer.message
    return answer


def confirm(graph: Any) -> None:
    graph.until(lambda: graph.client.episodes[-1].state == READY, what="the reset waits for a person")
    ask(graph, topics.CONFIRM_RESET)


def label(graph: Any, label: str) -> None:
    graph.until(lambda: graph.client.episodes[-1].state == AWAITING_LABEL, what="the end of the episode")
    ask(graph, topics.LABEL_EPISODE, label=label, who="ada")


def image_of(picture: Any) -> Any:
    return cv2.imdecode(np.frombuffer(bytes(picture.data), np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def recorded(graph: Any) -> Iterator[Any]:
    """The ids of a row of two demonstrations: a failure that was first called a success, and a success."""
    refused = graph.client.ask(topics.GET_START_SCENE, task=graph.task, camera="front", seed=1)
    assert not refused.success and "record a demonstration first" in refused.message
    handle = graph.client.begin_row(mode="expert", kind="demo", first_seed=1, episodes=2)
    confirm(graph)
    label(graph, "success")
    ask(graph, topics.LABEL_EPISODE, label="undo", who="ada")
    first = graph.until(lambda: [closed.episode_id for closed in graph.client.closed], what="a label is announced")[0]
    ask(graph, topics.LABEL_EPISODE, episode_id=first, label="failure", who="bob")
    confirm(graph)
    label(graph, "success")
    result = graph.result_of(handle.get_result_async(), 60.0).result
    assert (result.episodes, result.message) == (2, "")
    assert result.episode_ids[0] == first
    yield list(result.episode_ids)


def test_a_relabel_and_an_undo_are_announced(graph: Any, recorded: list[str]) -> None:
    told = [(one.label, one.relabel) for one in graph.client.closed if one.episode_id == recorded[0]]
    assert told == [("success", False), ("", True), ("failure", True)]
    assert graph.store.record(recorded[0]).label == "failure"


def test_a_list_says_what_the_store_knows(graph: Any, recorded: list[str]) -> None:
    answer = ask(graph, topics.LIST_EPISODES, thumbnails=True)
    assert (answer.total, [one.episode_id for one in answer.episodes]) == (2, recorded[::-1])
    newest = answer.episodes[0]
    assert (newest.label, newest.label_by, newest.state, newest.mode) == ("success", "ada", "closed", "expert")
    assert newest.steps > 0 and newest.has_images and newest.created.sec > 0
    assert newest.reset_s > 0 and newest.run_s > 0 and newest.label_delay_s >= 0
    assert math.isnan(newest.q_last) and math.isnan(newest.disagreement)
    assert image_of(newest.thumbnail).shape[1] == 96
    failures = ask(graph, topics.LIST_EPISODES, label="failure", search=recorded[0][-6:].upper())
    assert (failures.total, failures.episodes[0].label_by) == (1, "bob")
    assert len(failures.episodes[0].thumbnail.data) == 0
    page = ask(graph, topics.LIST_EPISODES, offset=1, limit=1)
    assert (page.total, [one.episode_id for one in page.episodes]) == (2, recorded[:1])
    refused = graph.client.ask(topics.LIST_EPISODES, label="sucess")
    assert not refused.success and "did you mean 'success'" in refused.message


def test_an_episode_comes_with_its_arrays_and_its_label_log(graph: Any, recorded: list[str]) -> None:
    answer = ask(graph, topics.GET_EPISODE, episode_id=recorded[0])
    stored = graph.store.read(recorded[0])
    assert [(one.old, one.label, one.who) for one in answer.labels] == [
        ("", "success", "ada"),
        ("success", "", "ada"),
        ("", "failure", "bob"),
    ]
    assert answer.labels[0].delay_s >= 0 and math.isnan(answer.labels[2].delay_s)
    assert list(answer.cameras) == ["front", "wrist"]
    assert list(answer.stamps_ns) == stored.stamps_ns.tolist()
    assert np.array_equal(np.array(answer.states).reshape(-1, 7), stored.states)
    assert np.array_equal(np.array(answer.actions).reshape(-1, 7), stored.actions)
    assert list(answer.sources) == stored.sources.tolist()
    assert list(answer.interventions) == [False] * stored.steps
    assert np.isnan(np.array(answer.q_values)).all()
    refused = graph.client.ask(topics.GET_EPISODE, episode_id="nobody")
    assert not refused.success and recorded[0] in refused.message


def test_pictures_are_the_stored_ones(graph: Any, recorded: list[str]) -> None:
    stored = graph.store.read(recorded[0])
    answer = ask(graph, topics.GET_PICTURES, episode_id=recorded[0], camera="wrist", first=1, count=2)
    assert [one.header.stamp.nanosec for one in answer.pictures] == (stored.stamps_ns[1:3] % 10**9).tolist()
    for picture, pixels in zip(answer.pictures, stored.images["wrist"][1:3], strict=True):
        assert picture.format == "jpeg"
        rgb = image_of(picture)[:, :, ::-1].astype(float)
        assert rgb.shape == pixels.shape and abs(rgb - pixels).mean() < 8, "but for what JPEG loses"
    refused = graph.client.ask(topics.GET_PICTURES, episode_id=recorded[0], camera="rist", count=1)
    assert not refused.success and "did you mean 'wrist'" in refused.message


def test_the_start_scene_is_a_success_of_the_task(graph: Any, recorded: list[str]) -> None:
    scenes = [ask(graph, topics.GET_START_SCENE, task=graph.task, camera="front", seed=seed) for seed in (0, 9)]
    assert {scene.episode_id for scene in scenes} == {recorded[1]}
    assert image_of(scenes[0].picture).shape[2] == 3


def test_a_word_at_the_wrong_moment_is_refused(graph: Any, recorded: list[str]) -> None:
    refused = graph.client.ask(topics.CONFIRM_RESET)
    assert not refused.success and "confirm while saved" in refused.message


def test_a_row_that_is_cancelled_while_it_waits_for_a_label_leaves_the_episode_to_the_person(
    graph: Any, recorded: list[str]
) -> None:
    handle = graph.client.begin_row(mode="expert", kind="demo", first_seed=5, episodes=3)
    confirm(graph)
    graph.until(lambda: graph.client.episodes[-1].state == AWAITING_LABEL, what="the end of the episode")
    graph.result_of(handle.cancel_goal_async())
    assert graph.result_of(handle.get_result_async()).result.message == "cancelled"
    assert ask(graph, topics.LIST_EPISODES, label="unlabelled").total == 1
    label(graph, "discard")
    graph.until(lambda: graph.client.episodes[-1].state == SAVED, what="the label")

"""The success rate counts what it should: the newest judged episodes of one task, as they are labelled now."""

from dataclasses import replace

import numpy as np
import pytest

from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.recent_labels import KEPT, RecentLabels

CLOSED = EpisodeClosed(
    received_s=0.0,
    episode_id="e0",
    task="press",
    kind="rl",
    label="success",
    steps=10,
    terminated=True,
    weights_version=1,
    relabel=False,
)
INFO = EpisodeInfo(
    *("e", "press", "press it", "rl", "policy", "closed", "success", "kim", "", "", ""),
    *(1, 1, 0.0, 10, 0),
    *(False, True, False, True),
    *(0.0, 0.0, 0.0, 0.0, 0.0, b""),
)


def counts(labels: RecentLabels, task: str = "press") -> tuple[int, int]:
    band = labels.state(task).band
    return band.successes, band.episodes


@pytest.fixture(name="labels")
def fixture_labels() -> RecentLabels:
    labels = RecentLabels(window=3)
    for number, label in enumerate(["success", "failure", "success", "failure"]):
        labels.take(replace(CLOSED, episode_id=f"e{number}", label=label))
    return labels


def test_only_the_newest_of_the_window_count(labels: RecentLabels) -> None:
    assert counts(labels) == (1, 3)


def test_each_task_counts_for_itself(labels: RecentLabels) -> None:
    labels.take(replace(CLOSED, task="pick"))
    assert counts(labels) == (1, 3)
    assert counts(labels, "pick") == (1, 1)
    assert counts(labels, "never done") == (0, 0)


def test_a_relabel_counts_where_the_episode_stood(labels: RecentLabels) -> None:
    labels.take(replace(CLOSED, episode_id="e3", label="success", relabel=True))
    assert counts(labels) == (2, 3)
    labels.take(replace(CLOSED, episode_id="e0", label="failure", relabel=True))
    assert counts(labels) == (2, 3)


def test_a_discarded_or_unlabelled_episode_makes_room_for_an_older_one(labels: RecentLabels) -> None:
    labels.take(replace(CLOSED, episode_id="e3", label="discard", relabel=True))
    assert counts(labels) == (2, 3)
    labels.take(replace(CLOSED, episode_id="e3", label="", relabel=True))
    assert counts(labels) == (2, 3)


def test_a_demonstration_says_nothing_of_the_policy(labels: RecentLabels) -> None:
    labels.take(replace(CLOSED, episode_id="d", kind="demo"))
    assert counts(labels) == (1, 3)


def test_a_relabel_of_an_episode_from_long_ago_is_not_taken_for_a_new_one(labels: RecentLabels) -> None:
    labels.take(replace(CLOSED, episode_id="old", relabel=True))
    assert counts(labels) == (1, 3)


def test_what_the_store_had_comes_before_what_was_heard() -> None:
    labels = RecentLabels(window=3)
    labels.take(replace(CLOSED, episode_id="new", label="failure"))
    newest_first = [
        replace(INFO, episode_id="new", label=""),  # the answer is older than the label that was heard
        replace(INFO, episode_id="b", label="success"),
        replace(INFO, episode_id="demo", kind="demo"),
        replace(INFO, episode_id="a", label="failure"),
        replace(INFO, episode_id="oldest", label="success"),
    ]
    labels.add_older("press", newest_first)
    assert counts(labels) == (1, 3)


def test_memory_is_bounded() -> None:
    labels = RecentLabels(window=3)
    for number in np.arange(500):
        labels.take(replace(CLOSED, episode_id=f"e{number}"))
    assert len(labels._tasks["press"]) == KEPT * 3

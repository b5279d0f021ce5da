"""The session's own thread: requests in order, answers with time-outs, changes told once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from irevla.config.errors import DeadlineError, WrongStateError
from irevla_nodes.session.session_worker import SessionWorker
from irevla_nodes.session.snapshot import ClosedEpisode, Snapshot


@pytest.fixture
def heard() -> SimpleNamespace:
    return SimpleNamespace(changes=[], closed=[])


@pytest.fixture
def worker(bench: Any, heard: SimpleNamespace) -> Iterator[SessionWorker]:
    def on_change(snapshot: Snapshot) -> None:
        heard.changes.append(snapshot.phase.words)

    def on_closed(closed: ClosedEpisode) -> None:
        heard.closed.append(closed.label)

    worker = SessionWorker(bench.session, on_change, on_closed)
    worker.start()
    yield worker
    worker.stop()
    assert not worker.is_alive()


def run_episode(worker: SessionWorker, graph: SimpleNamespace) -> str:
    episode_id = worker.ask(lambda session, now: session.start(graph.plan(max_steps=1), now), 2.0)
    worker.post(lambda session, now: session.reset_finished(episode_id, True, "", now))
    for part in [*graph.whole_step(episode_id, 0), *graph.observation(episode_id, 1)]:
        worker.post(lambda session, now, part=part: session.feed(part, now))
    return str(episode_id)


def test_an_episode_through_the_queue(worker: SessionWorker, graph: SimpleNamespace, heard: SimpleNamespace) -> None:
    end = worker.wait_end(run_episode(worker, graph), 5.0)
    assert end is not None and end.label == "failure"
    assert heard.changes == ["resetting", "ready", "running", "saved"]
    assert heard.closed == ["failure"]
    assert worker.snapshot.phase.words == "saved"


def test_a_refusal_reaches_who_asked_and_the_thread_lives_on(worker: SessionWorker, graph: SimpleNamespace) -> None:
    with pytest.raises(WrongStateError, match="label while idle"):
        worker.ask(lambda session, now: session.label("", "success", "ada", now), 2.0)
    assert worker.wait_end(run_episode(worker, graph), 5.0) is not None


def test_who_asks_waits_only_so_long_and_the_request_is_dropped(worker: SessionWorker) -> None:
    release, ran = threading.Event(), []
    worker.post(lambda session, now: release.wait(5.0))
    with pytest.raises(DeadlineError, match=r"did not answer within 0 s, nothing was done"):
        worker.ask(lambda session, now: ran.append(1), 0.05)
    release.set()
    worker.ask(lambda session, now: None, 2.0)
    assert ran == []


def test_who_asks_for_something_slow_is_told_that_it_may_still_be_done(worker: SessionWorker) -> None:
    release, ran = threading.Event(), []

    def slow(session: object, now_s: float) -> None:
        release.wait(5.0)
        ran.append(1)

    with pytest.raises(DeadlineError, match="what was asked may still be done"):
        worker.ask(slow, 0.5)
    release.set()
    worker.ask(lambda session, now: None, 2.0)
    assert ran == [1]


def test_waiting_for_an_end_that_does_not_come_is_bounded(worker: SessionWorker) -> None:
    began = time.monotonic()
    assert worker.wait_end("episode9", 0.05) is None
    assert time.monotonic() - began < 1.0


def test_an_orderly_stop_keeps_the_open_episode(bench: Any, graph: SimpleNamespace) -> None:
    worker = SessionWorker(bench.session, lambda _: None, lambda _: None)
    worker.start()
    episode_id = worker.ask(lambda session, now: session.start(graph.plan(), now), 2.0)
    worker.post(lambda session, now: session.reset_finished(episode_id, True, "", now))
    for part in graph.whole_step(episode_id, 0):
        worker.post(lambda session, now, part=part: session.feed(part, now))
    worker.stop()
    writer = bench.store.writers[episode_id]
    assert (writer.state, writer.truncated, len(writer.steps), bench.store.labels) == ("closed", True, 1, {})

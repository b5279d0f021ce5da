"""Waiting for a service's answer: bounded, and no longer than whoever was asked lives."""

import threading
from typing import Any

import pytest

from irevla.config.errors import DeadlineError, GraphError
from irevla_nodes.answer import ask


class Future:
    def __init__(self, answer: str) -> None:
        self._answer = answer

    def add_done_callback(self, callback: Any) -> None:
        if self._answer:
            threading.Timer(0.05, callback, [self]).start()

    def result(self) -> str:
        return self._answer


class Client:
    """Answers a moment later, or never."""

    srv_name = "policy/load_model"

    def __init__(self, answer: str = "", *, is_there: bool = True) -> None:
        self._answer, self._is_there = answer, is_there
        self.pending = 0

    def wait_for_service(self, timeout_sec: float) -> bool:
        return self._is_there

    def call_async(self, request: str) -> Future:
        self.pending += 1
        return Future(self._answer)

    def remove_pending_request(self, future: Future) -> None:
        self.pending -= 1


def test_the_answer_is_returned() -> None:
    assert ask(Client("yes"), "?", 5.0) == "yes"


def test_a_service_that_is_not_there_is_named() -> None:
    with pytest.raises(GraphError, match="policy/load_model is not there after 5 s"):
        ask(Client(is_there=False), "?", 5.0)


def test_a_wait_ends_with_its_time_out_and_leaves_nothing_pending() -> None:
    client = Client()
    with pytest.raises(DeadlineError, match="did not answer"):
        ask(client, "?", 0.1)
    assert client.pending == 0


def test_who_asked_a_node_that_has_ended_hears_so_at_once() -> None:
    client = Client()
    with pytest.raises(GraphError, match="ended before it answered"):
        ask(client, "?", 100.0, has_ended=lambda: True)
    assert client.pending == 0

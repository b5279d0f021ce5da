"""Waiting for the answer of a service from a thread that does not spin."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from irevla.config.errors import DeadlineError, GraphError

LOOK_S = 0.2


def never() -> bool:
    """Return that nothing is known of the server's end."""
    return False


def ask(client: Any, request: Any, timeout_s: float, has_ended: Callable[[], bool] = never) -> Any:
    """Call the service and return its response.

    Blocks, so another thread must spin the client's node. Raises GraphError when nobody serves it, or when
    ``has_ended`` says that who was asked is no more; DeadlineError when no answer comes within ``timeout_s``.
    """
    if not client.wait_for_service(timeout_sec=timeout_s):
        raise GraphError(f"service {client.srv_name} is not there after {timeout_s:.0f} s; is its node running?")
    future = client.call_async(request)
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    deadline = time.monotonic() + timeout_s
    while not done.wait(min(LOOK_S, timeout_s)):
        if has_ended():
            client.remove_pending_request(future)
            raise GraphError(f"service {client.srv_name} ended before it answered; try again when its node is back")
        if time.monotonic() > deadline:
            client.remove_pending_request(future)
            raise DeadlineError(f"service {client.srv_name} did not answer within {timeout_s:.0f} s")
    return future.result()

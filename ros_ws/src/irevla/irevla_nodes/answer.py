"""Waiting for the answer of a service from a thread that does not spin."""

from __future__ import annotations

import threading
from typing import Any

from irevla.config.errors import DeadlineError, GraphError


def ask(client: Any, request: Any, timeout_s: float) -> Any:
    """Call the service and return its response.

    Blocks, so another thread must spin the client's node. Raises GraphError when nobody serves it, DeadlineError when
    no answer comes within ``timeout_s``.
    """
    if not client.wait_for_service(timeout_sec=timeout_s):
        raise GraphError(f"service {client.srv_name} is not there after {timeout_s:.0f} s; is its node running?")
    future = client.call_async(request)
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    if not done.wait(timeout_s):
        client.remove_pending_request(future)
        raise DeadlineError(f"service {client.srv_name} did not answer within {timeout_s:.0f} s")
    return future.result()

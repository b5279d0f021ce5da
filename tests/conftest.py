"""For every test: patient hypothesis, and a franka_server as SERL's, which robot, preflight and launch tests share."""

from __future__ import annotations

import os

# As every node has it, and before NumPy is imported: NumPy 1's OpenBLAS rounds otherwise with two threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

# rclpy checks its messages' fields only when told to, before their first import.
os.environ.setdefault("ROS_PYTHON_CHECK_FIELDS", "1")

# A slow example is no failure, for the machine is shared and pytest's own time limit holds anyway.
settings.register_profile("irevla", deadline=None)
settings.load_profile("irevla")

TIME_CONSTANT_S = 0.05


class FrankaServer:
    """HTTP, POST only; its threads are real.

    The arm goes to its set point with a first-order lag; every measurement differs a little, as a real one does.
    """

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.Condition()
        self.position = np.array([0.5, 0.1, 0.1])
        self.target = self.position.copy()
        self.quaternion = [1.0, 0.0, 0.0, 0.0]
        self.opening = 1.0
        self.requests: list[tuple[str, Any]] = []
        self.delay_s = 0.0
        self.status = 200
        self.changes: dict[str, Any] = {}  # what /getstate answers instead
        self.is_frozen = False  # the ROS side died, the server goes on
        self.is_in_reflex = False
        self._measured = 0
        self._seen_s = time.monotonic()
        self._server = self._serve(port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def poses(self) -> list[list[float]]:
        with self.lock:
            return [body["arr"] for path, body in self.requests if path == "/pose"]

    def paths(self) -> list[str]:
        with self.lock:
            return [path for path, _ in self.requests if path != "/getstate"]

    def die(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        self._server = self._serve(self.port)

    def wait(self, claim: Callable[[], Any], timeout_s: float = 10.0) -> None:
        """Wait until ``claim`` holds; looked at after each request."""
        with self.lock:
            assert self.lock.wait_for(claim, timeout_s), f"did not come true within {timeout_s} s"

    def answer(self, path: str, body: Any) -> Any:
        with self.lock:
            self._move()
            self.requests.append((path, body))
            if path == "/pose" and not self.is_in_reflex:
                self.target = np.array(body["arr"][:3])
                self.quaternion = body["arr"][3:]
            elif path == "/clearerr":
                self.is_in_reflex = False
            elif path in ("/open_gripper", "/close_gripper"):
                self.opening = 1.0 if path == "/open_gripper" else 0.2
            self.lock.notify_all()
            return self._state() if path == "/getstate" else path[1:]

    def _move(self) -> None:
        now_s = time.monotonic()
        part = 1.0 - float(np.exp(-(now_s - self._seen_s) / TIME_CONSTANT_S))
        self._seen_s = now_s
        self.position = self.position + part * (self.target - self.position)

    def _state(self) -> dict[str, Any]:
        self._measured += 0 if self.is_frozen else 1
        noise = 1e-7 * self._measured
        state = {
            "pose": [*self.position.tolist(), *self.quaternion],
            "vel": [0.0] * 6,
            "force": [0.0] * 3,
            "torque": [0.0] * 3,
            "q": [0.1 * joint + noise for joint in range(7)],
            "dq": [0.0] * 7,
            "jacobian": [[0.0] * 7] * 6,
            "gripper_pos": self.opening,
        }
        return {**state, **self.changes}

    def _serve(self, port: int) -> ThreadingHTTPServer:
        franka = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                time.sleep(franka.delay_s)
                answer = franka.answer(self.path, json.loads(text) if text else None)
                content = json.dumps(answer).encode()
                try:
                    self.send_response(franka.status)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    pass  # a client that waited no longer

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


@pytest.fixture
def franka_server() -> Iterator[FrankaServer]:
    server = FrankaServer()
    yield server
    server.delay_s = 0.0
    server.die()

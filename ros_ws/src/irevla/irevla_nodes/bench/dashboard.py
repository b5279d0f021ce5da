"""The operator's window under load: how late its event loop is, how long a label takes, whether its memory grows.

The window is a process of its own (`irevla.app.bench`), without a screen; two cameras of 640 by 480 pixels at 30 Hz and
a real graph with the simulated arm are others.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor

from irevla.config import topics
from irevla.config.errors import DeadlineError, GraphError
from irevla.config.settings import load_settings
from irevla.training.benchmark.figure import Figure
from irevla_msgs.msg import EpisodeState
from irevla_msgs.srv import LabelEpisode, StartEpisode
from irevla_nodes import qos
from irevla_nodes.bench.pictures_node import CAMERAS
from irevla_nodes.graph.runtime import runtime_argv
from irevla_nodes.graph.supervisor import Supervisor

NODES = ("robot", "camera_front", "camera_wrist", "teleop", "arbiter", "session")
TASK = "press_button"
LABELS = 40
LOAD_S, EMPTY_S = 30.0, 10.0
START_TIMEOUT_S, CALL_TIMEOUT_S, EPISODE_TIMEOUT_S, WINDOW_TIMEOUT_S, MEMORY_TIMEOUT_S = 60.0, 15.0, 60.0, 300.0, 900.0


def run() -> list[Figure]:
    """Measure everything; raises GraphError or DeadlineError when a process fails."""
    domain_id = 100 + os.getpid() % 50
    with tempfile.TemporaryDirectory(prefix="irevla-bench-") as folder:
        overrides = [f"graph.domain_id={domain_id}", f"session.store={folder}/store", "session.operator=manual"]
        with Supervisor(load_settings("sim", overrides), Path(folder), only=NODES) as graph:
            graph.wait_ready(START_TIMEOUT_S)
            person = Person(domain_id)
            try:
                loaded = _with_pictures(person, domain_id)
                bare_ms = person.relabel(LABELS)
            finally:
                person.close()
        empty = json.loads(_finish(_window(domain_id, EMPTY_S, 0), WINDOW_TIMEOUT_S))
    memory_mb = json.loads(_finish(_start(["irevla.app.bench.measured_memory"]), MEMORY_TIMEOUT_S))
    return _figures(loaded, empty, bare_ms, memory_mb)


class Person:
    """Asks for episodes and, for comparison, labels without a window."""

    def __init__(self, domain_id: int) -> None:
        rclpy.init(args=[], domain_id=domain_id)
        self._node = rclpy.create_node("bench_person")
        self._spinner = SingleThreadedExecutor()
        self._spinner.add_node(self._node)
        self._state: Any = None
        self._node.create_subscription(EpisodeState, topics.EPISODE_STATE, self._on_state, qos.latched())
        self._start = self._node.create_client(StartEpisode, topics.START_EPISODE)
        self._label = self._node.create_client(LabelEpisode, topics.LABEL_EPISODE)

    def close(self) -> None:
        """Leave the graph."""
        self._node.destroy_node()
        rclpy.try_shutdown()

    def play(self, seed: int) -> None:
        """Have the expert do an episode, and wait until somebody has labelled it."""
        request = StartEpisode.Request(task=TASK, mode="expert", kind="demo", seed=seed)
        episode_id = self._call(self._start, request).episode_id
        end_s = time.monotonic() + EPISODE_TIMEOUT_S
        while self._state is None or (self._state.episode_id, self._state.state) != (episode_id, EpisodeState.SAVED):
            self._spinner.spin_once(timeout_sec=0.5)
            if time.monotonic() > end_s:
                raise DeadlineError(f"episode {episode_id} was not labelled within {EPISODE_TIMEOUT_S:.0f} s")
            time.sleep(0)

    def relabel(self, count: int) -> list[float]:
        """Return how long the bare service takes [ms], label by label."""
        times_ms = []
        for number in range(count):
            request = LabelEpisode.Request(
                episode_id=self._state.episode_id, label=("failure", "success")[number % 2], who="bench"
            )
            began_s = time.perf_counter()
            self._call(self._label, request)
            times_ms.append(1e3 * (time.perf_counter() - began_s))
        return times_ms

    def _call(self, client: Any, request: Any) -> Any:
        if not client.wait_for_service(timeout_sec=START_TIMEOUT_S):
            raise DeadlineError(f"no {client.srv_name} within {START_TIMEOUT_S:.0f} s")
        future = client.call_async(request)
        self._spinner.spin_until_future_complete(future, timeout_sec=CALL_TIMEOUT_S)
        answer = future.result() if future.done() else None
        if answer is None or not answer.success:
            raise GraphError(f"{client.srv_name}: {answer.message if answer is not None else 'no answer'}")
        return answer

    def _on_state(self, state: Any) -> None:
        self._state = state


def _with_pictures(person: Person, domain_id: int) -> Any:
    pictures = _start(["irevla_nodes.bench.pictures_node"], domain_id)
    window = _window(domain_id, LOAD_S, LABELS)
    try:
        for seed in range(LABELS):
            person.play(seed)
        return json.loads(_finish(window, WINDOW_TIMEOUT_S))
    finally:
        for process in (pictures, window):
            process.kill()
            process.communicate()


def _window(domain_id: int, duration_s: float, labels: int) -> subprocess.Popen[str]:
    arguments = [str(domain_id), str(duration_s), str(labels), *CAMERAS]
    return _start(["irevla.app.bench.measured_window", *arguments], domain_id)


def _start(module_and_arguments: list[str], domain_id: int = 0) -> subprocess.Popen[str]:
    module, *arguments = module_and_arguments
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ROS_DOMAIN_ID": str(domain_id)}
    argv = [*runtime_argv(module), *arguments]
    return subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _finish(process: subprocess.Popen[str], timeout_s: float) -> str:
    out, _ = process.communicate(timeout=timeout_s)
    if process.returncode != 0 or not out.strip():
        raise GraphError(f"{' '.join(process.args)} ended with status {process.returncode}")  # type: ignore[arg-type]
    return out.strip().splitlines()[-1]


def _figures(loaded: Any, empty: Any, bare_ms: list[float], memory_mb: list[float]) -> list[Figure]:
    if loaded["refusals"] or len(loaded["labels_ms"]) < LABELS:
        raise GraphError(f"only {len(loaded['labels_ms'])} of {LABELS} labels were stored: {loaded['refusals'][:3]}")
    labels, without = np.percentile(loaded["labels_ms"], (50, 99)), np.percentile(bare_ms, (50, 99))
    window, service = "the window without pictures", "the bare service call"
    return [
        Figure("event loop is late, two cameras of 640x480 at 30 Hz, p50", loaded["late_ms"][0], "ms"),
        Figure("event loop is late, p99", loaded["late_ms"][1], "ms", window, empty["late_ms"][1]),
        Figure("event loop is late, longest", loaded["late_ms"][2], "ms", window, empty["late_ms"][2]),
        Figure("pictures shown", loaded["pictures"] / (LOAD_S * len(CAMERAS)), "1/s a camera, at least"),
        Figure("key press to label stored and confirmed, p50", labels[0], "ms", service, without[0]),
        Figure("key press to label stored and confirmed, p99", labels[1], "ms", service, without[1]),
        Figure("memory after one hour of messages", memory_mb[1], "MB", "after ten minutes", memory_mb[0]),
        Figure("memory after two hours", memory_mb[2], "MB", "after one hour", memory_mb[1]),
    ]

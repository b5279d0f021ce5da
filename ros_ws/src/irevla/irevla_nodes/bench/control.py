"""From a complete observation to the received command, through the real graph: what the middleware and the nodes cost.

The benchmark plays the session. A step's observation is complete when its state and every picture have arrived here;
the command is received when it arrives here; the time in between, less what the policy says it computed, is the figure.
Arrivals are stamped as they are taken from the middleware, so each includes this process's own share.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import Image

from irevla.config import topics
from irevla.config.errors import DeadlineError, GraphError
from irevla.config.settings import Settings, load_settings
from irevla.config.tasks import task as task_called
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.training.benchmark.figure import Figure
from irevla_msgs.msg import Action, ArbiterStatus, EpisodeState, MotionCommand, RobotState
from irevla_msgs.srv import LoadModel, ResetRobot
from irevla_nodes import arm_messages, qos
from irevla_nodes.graph.runtime import has_ros, without_ros
from irevla_nodes.graph.supervisor import Supervisor
from irevla_nodes.heartbeat import Heartbeat

NODES = ("robot", "camera_front", "camera_wrist", "policy", "arbiter")
TASK = "pick_red_block"
STEPS, EPISODE_STEPS, WARM_UP = 400, 50, 20
START_TIMEOUT_S, CALL_TIMEOUT_S, EPISODE_TIMEOUT_S, EMBEDDED_TIMEOUT_S = 60.0, 30.0, 60.0, 300.0
Moment = tuple[str, int]


def run(steps: int = STEPS) -> list[Figure]:
    """Measure ``steps`` policy steps in lockstep; where ROS 2 is sourced, against the embedded runtime.

    Raises GraphError or DeadlineError when a node fails.
    """
    figures = _measure(steps)
    return _against(figures, _embedded()) if has_ros() else figures


def _embedded() -> dict[str, float]:
    """Return the same figures of the same machine on the embedded runtime, by name."""
    command = [sys.executable, "-c", "from irevla_nodes.commands.bench import app; app()", "control", "--json"]
    done = subprocess.run(
        command, env=without_ros(os.environ), capture_output=True, text=True, timeout=EMBEDDED_TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        raise GraphError(f"the same benchmark on the embedded runtime failed: {done.stderr.strip()}")
    return {figure["name"]: figure["value"] for figure in json.loads(done.stdout)}


def _against(figures: list[Figure], embedded: dict[str, float]) -> list[Figure]:
    return [
        figure
        if figure.baseline
        else replace(figure, baseline="the embedded runtime", baseline_value=embedded[figure.name])
        for figure in figures
    ]


def _measure(steps: int) -> list[Figure]:
    domain_id = 100 + os.getpid() % 50
    settings = load_settings("sim", [f"graph.domain_id={domain_id}"])
    with tempfile.TemporaryDirectory(prefix="irevla-bench-") as folder:
        checkpoint = Path(folder) / "model"
        save_checkpoint(checkpoint, create_vla(settings.policy, tuple(settings.cameras)))
        with Supervisor(settings, Path(folder), only=NODES) as graph:
            graph.wait_ready(START_TIMEOUT_S)
            rclpy.init(args=[], domain_id=domain_id)
            try:
                probe = Probe(settings)
                probe.load(checkpoint)
                began_s = time.perf_counter()
                for index in range(-(-steps // EPISODE_STEPS)):
                    probe.play(f"bench{index}", EPISODE_STEPS)
                wall_s = time.perf_counter() - began_s
                probe.destroy_node()
            finally:
                rclpy.try_shutdown()
    return _figures(probe, wall_s, settings)


class Probe(Node):
    """Plays the session and writes down when each message of each step arrived."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("session")
        self._cameras = tuple(settings.cameras)
        self._spinner = SingleThreadedExecutor()
        self._spinner.add_node(self)
        self.step = -1
        self._reason = ""
        self.states_s: dict[Moment, float] = {}
        self._moments: dict[int, Moment] = {}
        self.pictures_s: dict[str, dict[int, float]] = {name: {} for name in self._cameras}
        self.commands_s: dict[Moment, float] = {}
        self.infer_s: dict[Moment, float] = {}
        self.create_subscription(RobotState, topics.ROBOT_STATE, self._on_state, qos.stream())
        self.create_subscription(MotionCommand, topics.COMMAND, self._on_command, qos.stream())
        self.create_subscription(Action, topics.POLICY_ACTION, self._on_action, qos.stream())
        self.create_subscription(ArbiterStatus, topics.ARBITER_STATUS, self._on_status, qos.latched())
        for name in self._cameras:
            self.create_subscription(Image, topics.camera_image(name), partial(self._on_picture, name), qos.stream())
        self._episode = self.create_publisher(EpisodeState, topics.EPISODE_STATE, qos.latched())
        self._reset = self.create_client(ResetRobot, topics.RESET_ROBOT)
        self._load = self.create_client(LoadModel, topics.LOAD_MODEL)
        self._heartbeat = Heartbeat(self)

    def load(self, checkpoint: Path) -> None:
        """Have the policy serve ``checkpoint``; raises DeadlineError or GraphError."""
        self._call(self._load, LoadModel.Request(path=str(checkpoint)))

    def play(self, episode_id: str, steps: int) -> None:
        """Let the policy act for ``steps`` steps."""
        self._call(self._reset, ResetRobot.Request(episode_id=episode_id, task=TASK, seed=len(self.commands_s)))
        self.step = -1
        running = EpisodeState(
            state=EpisodeState.RUNNING,
            episode_id=episode_id,
            task=TASK,
            instruction=task_called(TASK).instruction,
            mode="policy",
            max_steps=steps,
        )
        self._episode.publish(running)
        end_s = time.monotonic() + EPISODE_TIMEOUT_S
        while self.step < steps:
            self._spinner.spin_once(timeout_sec=0.5)
            if self._reason:
                raise GraphError(f"the arbiter holds the arm: {self._reason}")
            if time.monotonic() > end_s:
                raise DeadlineError(f"only {self.step} of {steps} steps in {EPISODE_TIMEOUT_S} s; is the machine busy?")
        self._episode.publish(EpisodeState(state=EpisodeState.IDLE))

    def overheads_ms(self) -> list[float]:
        """Return, for each measured step in order, command received less observation complete less the model's time."""
        overheads = []
        for stamp_ns, moment in self._moments.items():
            parts = [self.states_s.get(moment), *(self.pictures_s[name].get(stamp_ns) for name in self._cameras)]
            complete = [part for part in parts if part is not None]
            if len(complete) == len(parts) and moment in self.commands_s and moment in self.infer_s:
                overheads.append((self.commands_s[moment] - max(complete) - self.infer_s[moment]) * 1e3)
        return overheads[WARM_UP:]

    def _call(self, client: Any, request: Any) -> None:
        if not client.wait_for_service(timeout_sec=START_TIMEOUT_S):
            raise DeadlineError(f"no {client.srv_name} within {START_TIMEOUT_S} s")
        future = client.call_async(request)
        self._spinner.spin_until_future_complete(future, timeout_sec=CALL_TIMEOUT_S)
        answer = future.result() if future.done() else None
        if answer is None:
            raise DeadlineError(f"{client.srv_name} gave no answer within {CALL_TIMEOUT_S} s")
        if not answer.success:
            raise GraphError(f"{client.srv_name}: {answer.message}")

    def _on_state(self, message: Any) -> None:
        moment = (message.episode_id, message.step)
        self.states_s.setdefault(moment, time.perf_counter())
        self._moments.setdefault(arm_messages.from_stamp(message.header.stamp), moment)
        self.step = message.step

    def _on_picture(self, camera: str, message: Any) -> None:
        self.pictures_s[camera].setdefault(arm_messages.from_stamp(message.header.stamp), time.perf_counter())

    def _on_action(self, message: Any) -> None:
        self.infer_s.setdefault((message.episode_id, message.step), float(message.infer_s))

    def _on_command(self, message: Any) -> None:
        self.commands_s.setdefault((message.episode_id, message.step), time.perf_counter())

    def _on_status(self, message: Any) -> None:
        self._reason = message.reason


def _figures(probe: Probe, wall_s: float, settings: Settings) -> list[Figure]:
    overheads = probe.overheads_ms()
    if len(overheads) < WARM_UP:
        raise GraphError(f"only {len(overheads)} whole steps were seen; the benchmark lost messages")
    rate = len(probe.commands_s) / wall_s
    return [
        Figure(
            "observation complete to command received, less the model, p50", float(np.percentile(overheads, 50)), "ms"
        ),
        Figure(
            "observation complete to command received, less the model, p99", float(np.percentile(overheads, 99)), "ms"
        ),
        Figure("model, p50", float(np.percentile(list(probe.infer_s.values()), 50)) * 1e3, "ms"),
        Figure(
            "policy steps through the whole graph",
            rate,
            "1/s",
            baseline="real time",
            baseline_value=settings.robot.policy_hz,
            higher_is_better=True,
        ),
    ]

"""Real node processes on a domain of their own, and a probe in the test that plays everybody else."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import irevla_dds
from irevla.config import topics
from irevla.config.settings import load_settings
from irevla_nodes.graph.node_command import node_command

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from sensor_msgs.msg import Image  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla_msgs.msg import (  # noqa: E402
    Action,
    ArbiterStatus,
    EpisodeState,
    Heartbeat,
    MotionCommand,
    RobotState,
    SimState,
)
from irevla_msgs.srv import ResetRobot  # noqa: E402
from irevla_nodes import qos  # noqa: E402

CAMERAS = ("front", "wrist")
START_TIMEOUT_S = 40.0


class Probe(Node):
    """Hears all topics of the arm's side, and speaks as the session and as anybody who proposes."""

    def __init__(self) -> None:
        super().__init__("session")
        self.spinner = SingleThreadedExecutor()
        self.spinner.add_node(self)
        self.heard: dict[str, list[Any]] = {}
        self.running: Any = None
        latched, stream = qos.latched(), qos.stream()
        stream.depth = 1000  # a slow test still hears every step of an episode
        self.actions = self.create_publisher(Action, topics.POLICY_ACTION, stream)
        self.episodes = self.create_publisher(EpisodeState, topics.EPISODE_STATE, latched)
        self.beats = self.create_publisher(Heartbeat, topics.HEARTBEAT, stream)
        self.alive: tuple[str, ...] = ("session",)
        for kind, topic, profile in (
            (RobotState, topics.ROBOT_STATE, stream),
            (SimState, topics.SIM_STATE, stream),
            (MotionCommand, topics.COMMAND, stream),
            (ArbiterStatus, topics.ARBITER_STATUS, latched),
            (Heartbeat, topics.HEARTBEAT, stream),
            *((Image, topics.camera_image(name), qos.sensor()) for name in CAMERAS),
        ):
            self.heard[topic] = []
            self.create_subscription(kind, topic, partial(self._hear, topic), profile)
        self.create_timer(0.2, self._beat)
        self.reset_client = self.create_client(ResetRobot, topics.RESET_ROBOT)
        self.hold_client = self.create_client(Trigger, topics.HOLD)
        self.resume_client = self.create_client(Trigger, topics.RESUME)

    def _hear(self, topic: str, message: Any) -> None:
        self.heard[topic].append(message)

    def _beat(self) -> None:
        for name in self.alive:
            self.beats.publish(Heartbeat(node=name, state="ok"))
        if self.running is not None:
            self.episodes.publish(self.running)

    def last(self, topic: str) -> Any:
        return self.heard[topic][-1] if self.heard[topic] else None

    def wait(self, claim: Callable[[], Any], timeout_s: float = 15.0, what: str = "") -> Any:
        """Spin until ``claim`` holds and return it; fails after ``timeout_s``."""
        end_s = time.monotonic() + timeout_s
        while not (found := claim()):
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"did not come true within {timeout_s} s: {what}"
            self.spinner.spin_once(timeout_sec=min(0.1, left_s))
        return found

    def spin(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while (left_s := end_s - time.monotonic()) > 0:
            self.spinner.spin_once(timeout_sec=min(0.1, left_s))

    def call(self, client: Any, request: Any) -> Any:
        assert client.wait_for_service(timeout_sec=START_TIMEOUT_S), f"no {client.srv_name}"
        future = client.call_async(request)
        self.spinner.spin_until_future_complete(future, timeout_sec=20.0)
        assert future.done(), f"no answer of {client.srv_name}"
        return future.result()

    def reset(self, episode_id: str, task: str = "pick_red_block", seed: int = 0) -> Any:
        return self.call(self.reset_client, ResetRobot.Request(episode_id=episode_id, task=task, seed=seed))

    def run(self, episode_id: str, mode: str, task: str = "pick_red_block", seed: int = 0) -> None:
        """Say that the episode runs, now and with each heartbeat."""
        state = EpisodeState.RUNNING
        self.running = EpisodeState(state=state, episode_id=episode_id, task=task, mode=mode, seed=seed)
        self.episodes.publish(self.running)

    def end(self) -> None:
        self.running = EpisodeState(state=EpisodeState.IDLE)
        self.episodes.publish(self.running)


class Rig:
    """Processes of one graph, by node name."""

    def __init__(self, domain_id: int, folder: Path, overrides: tuple[str, ...]) -> None:
        self.domain_id, self.folder = domain_id, folder
        self.settings = load_settings("sim", [f"graph.domain_id={domain_id}", *overrides])
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, node: str, key: str = "", arguments: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a node; ``key`` tells two of the same name apart, ``arguments`` are more ROS arguments."""
        command = node_command(self.settings, node, self.folder)
        with self.log(key or node).open("wb") as log:
            process = subprocess.Popen(
                [*command.argv, *arguments],
                env={**os.environ, **command.environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.processes[key or node] = process
        return process

    def log(self, key: str) -> Path:
        return self.folder / f"{key}.log"

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGINT)
        for process in self.processes.values():
            try:
                process.wait(5.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5.0)


@pytest.fixture(scope="module")
def make_rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Rig]]:
    """Make a rig on this module's own domain; everything it started ends with the module."""
    made: list[Rig] = []

    def make(*overrides: str) -> Rig:
        # One domain a module and test process: suites run side by side.
        domain_id = 160 + (os.getpid() * 7 + hash(request.module.__name__)) % 70
        made.append(Rig(domain_id, tmp_path_factory.mktemp("rig"), overrides))
        return made[-1]

    yield make
    for rig in made:
        rig.stop()


@pytest.fixture(scope="module")
def make_probe(make_rig: Callable[..., Rig]) -> Iterator[Callable[[Rig], Probe]]:
    """Join a rig's domain as the session."""
    made: list[Probe] = []

    def make(rig: Rig) -> Probe:
        rclpy.init(args=[], domain_id=rig.domain_id)
        made.append(Probe())
        return made[-1]

    yield make
    for probe in made:
        probe.destroy_node()
    if rclpy.ok():
        rclpy.shutdown()

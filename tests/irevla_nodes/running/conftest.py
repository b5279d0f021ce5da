"""A whole simulated graph as real processes, and a client in the test that asks it for episodes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import irevla_dds
from irevla.config import topics
from irevla.config.policy import PolicySettings
from irevla.config.settings import Settings, load_settings
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.graph.supervisor import Supervisor

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.action import ActionClient  # noqa: E402
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla_msgs.action import RunEpisodes, TrainRound  # noqa: E402
from irevla_msgs.msg import ArbiterStatus, EpisodeClosed, EpisodeState, LearnerStatus, RobotState  # noqa: E402
from irevla_msgs.srv import (  # noqa: E402
    GetEpisode,
    GetPictures,
    GetStartScene,
    LabelEpisode,
    ListEpisodes,
    LoadModel,
    StartEpisode,
    StartTask,
)
from irevla_nodes import qos  # noqa: E402

START_TIMEOUT_S = 90.0
ANSWER_TIMEOUT_S = 30.0
TASK = "press_button"
SMALL = (
    "policy.head_hidden=[16]",
    "policy.image_px=32",
    "session.max_steps=12",
    "learner.batch_size=8",
    "learner.critic_warmup_updates=4",
    "learner.updates_per_step=0.5",
    "rounds.batch_size=4",
    "graph.respawn_delay_s=0.1",
)


class Client:
    """Everybody who asks the graph for something; its node spins in a thread."""

    def __init__(self, domain_id: int) -> None:
        rclpy.init(args=[], domain_id=domain_id)
        self.node = rclpy.create_node("test_client")
        self.closed: list[EpisodeClosed] = []
        self.episodes: list[EpisodeState] = []
        self.arms: list[RobotState] = []
        self.statuses: list[ArbiterStatus] = []
        self.learner: list[LearnerStatus] = []
        for kind, name, heard, profile in (
            (EpisodeClosed, topics.EPISODE_CLOSED, self.closed, qos.stream()),
            (EpisodeState, topics.EPISODE_STATE, self.episodes, qos.latched()),
            (RobotState, topics.ROBOT_STATE, self.arms, qos.stream()),
            (ArbiterStatus, topics.ARBITER_STATUS, self.statuses, qos.latched()),
            (LearnerStatus, topics.LEARNER_STATUS, self.learner, qos.stream()),
        ):
            self.node.create_subscription(kind, name, heard.append, profile)
        self._rows = ActionClient(self.node, RunEpisodes, topics.RUN_EPISODES)
        self._rounds = ActionClient(self.node, TrainRound, topics.TRAIN_ROUND)
        kinds = {
            topics.LOAD_MODEL: LoadModel,
            topics.START_TASK: StartTask,
            topics.START_EPISODE: StartEpisode,
            topics.LABEL_EPISODE: LabelEpisode,
            topics.STOP_EPISODE: Trigger,
            topics.CONFIRM_RESET: Trigger,
            topics.LIST_EPISODES: ListEpisodes,
            topics.GET_EPISODE: GetEpisode,
            topics.GET_PICTURES: GetPictures,
            topics.GET_START_SCENE: GetStartScene,
            topics.RESUME: Trigger,
        }
        self._services = {name: (kind, self.node.create_client(kind, name)) for name, kind in kinds.items()}
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.node)
        self._thread = threading.Thread(target=self._spin, name="client", daemon=True)
        self._thread.start()

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            pass

    def close(self) -> None:
        self._executor.shutdown()
        self._thread.join(5.0)
        self.node.destroy_node()
        rclpy.shutdown()

    def ask(self, name: str, **fields: Any) -> Any:
        kind, client = self._services[name]
        assert client.wait_for_service(timeout_sec=ANSWER_TIMEOUT_S), f"{name} is not there"
        return result_of(client.call_async(kind.Request(**fields)))

    def begin_row(self, **fields: Any) -> Any:
        """Start a row and return its goal handle."""
        assert self._rows.wait_for_server(timeout_sec=ANSWER_TIMEOUT_S)
        goal = RunEpisodes.Goal(**{"task": TASK, "record_images": True, **fields})
        return result_of(self._rows.send_goal_async(goal))

    def begin_round(self, on_feedback: Callable[[Any], None], **fields: Any) -> Any:
        """Start a supervised round and return its goal handle."""
        assert self._rounds.wait_for_server(timeout_sec=ANSWER_TIMEOUT_S)
        goal = TrainRound.Goal(**fields)
        return result_of(self._rounds.send_goal_async(goal, feedback_callback=on_feedback))

    def run_row(self, timeout_s: float = 60.0, **fields: Any) -> Any:
        """Run a row to its end and return its result."""
        return result_of(self.begin_row(**fields).get_result_async(), timeout_s).result


def result_of(future: Any, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
    """Return a future's result; the client's thread completes it."""
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    assert done.wait(timeout_s), f"no answer within {timeout_s} s"
    return future.result()


def until(claim: Callable[[], Any], timeout_s: float = ANSWER_TIMEOUT_S, what: str = "") -> Any:
    """Wait for ``claim`` to hold and return it."""
    deadline = time.monotonic() + timeout_s
    while not (found := claim()):
        assert time.monotonic() < deadline, f"did not come true within {timeout_s:.0f} s: {what}"
        time.sleep(0.02)
    return found


class Graph:
    """The running graph, its store, a model it can load, and a client."""

    def __init__(self, settings: Settings, folder: Path, only: tuple[str, ...] = ()) -> None:
        self.settings = settings
        self.folder = folder
        self.model = folder / "models" / "fresh"
        small = settings.policy
        self.model_hash = save_checkpoint(self.model, create_vla(PolicySettings(**small.model_dump()), seed=0))
        self.store = EpisodeStore(Path(settings.session.store))
        self.supervisor = Supervisor(settings, folder / "run", only=only)
        self.client: Client
        self.until = until
        self.result_of = result_of
        self.task = TASK

    def log(self, node: str) -> str:
        return (self.folder / "run" / "logs" / f"{node}.log").read_text()


@contextmanager
def served(graph: Graph) -> Iterator[Graph]:
    """Run the graph, with its model loaded."""
    with graph.supervisor:
        graph.supervisor.wait_ready(START_TIMEOUT_S)
        graph.client = Client(graph.settings.graph.domain_id)
        try:
            answer = graph.client.ask(topics.LOAD_MODEL, path=str(graph.model), sha256=graph.model_hash)
            assert answer.success, answer.message
            yield graph
        finally:
            graph.client.close()


def domain_of(module: str) -> int:
    return 100 + (os.getpid() * 7 + sum(map(ord, module))) % 60


@pytest.fixture(scope="module")
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The whole simulated rig with a model loaded, on a domain of this module and process; OVERRIDES are its own."""
    folder = tmp_path_factory.mktemp("graph")
    own = getattr(request.module, "OVERRIDES", ())
    place = [f"graph.domain_id={domain_of(request.module.__name__)}", f"session.store={folder / 'store'}"]
    with served(Graph(load_settings("sim", [*SMALL, *own, *place]), folder)) as running:
        yield running


HARDWARE_NODES = ("robot", "camera_front", "camera_wrist", "policy", "teleop", "arbiter", "session")


@pytest.fixture
def hardware_graph(request: pytest.FixtureRequest, tmp_path: Path, franka_server: Any) -> Iterator[Graph]:
    """The real-world rig over a fake franka_server and two films for cameras; slow, for a busy machine."""
    films = {name: film(tmp_path / f"{name}.avi", number) for number, name in enumerate(("front", "wrist"))}
    cameras = [
        f"cameras.{name}={{backend: opencv, source: {path}, width_px: 64, height_px: 64, rate_hz: 30}}"
        for name, path in films.items()
    ]
    calm = ["robot.policy_hz=4", "robot.picture_age_s=0.5", "limits.stale_s=5", "limits.heartbeat_timeout_s=8"]
    server = [f"robot.serl.url={franka_server.url}", "robot.serl.timeout_s=1.5", "robot.hardware.stale_s=1.5"]
    place = [f"graph.domain_id={domain_of(request.module.__name__)}", f"session.store={tmp_path / 'store'}"]
    settings = load_settings("real_world", [*SMALL, *cameras, *calm, *server, *place])
    with served(Graph(settings, tmp_path, HARDWARE_NODES)) as running:
        yield running


def film(path: Path, shade: int) -> Path:
    """Write a film of which no two pictures are alike."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (64, 64))
    for number in range(50):
        picture = np.full((64, 64, 3), (5 * number, 100 * shade, 250 - 5 * number), dtype=np.uint8)
        writer.write(cv2.circle(picture, (number + 5, 32), 6, (0, 255, 0), -1))
    writer.release()
    return path

"""Stage 1: learns the head of one task from the store's episodes and sends each new one to the policy."""

from __future__ import annotations

import hashlib
import sys
import time
from array import array
from dataclasses import fields
from pathlib import Path

import torch
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from irevla.config import topics
from irevla.config.errors import GraphError, IrevlaError
from irevla.config.learner import LearnerSettings
from irevla.config.session import SessionSettings
from irevla.training.sacfd import Losses
from irevla.training.stage1 import HeadWeights
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.msg import EpisodeClosed, LearnerStatus, Weights
from irevla_msgs.srv import FinishTask, StartTask
from irevla_nodes import qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.learner.learner_worker import LearnerReport, LearnerTask, LearnerWorker
from irevla_nodes.parameters import STATE_DIR, declare_section, declare_value
from irevla_nodes.spin import run_node

STATUS_PERIOD_S = 1.0
START_TIMEOUT_S = 50.0
FINISH_TIMEOUT_S = 300.0
THREADS = 3  # messages and heartbeat, a request that waits for the learner's thread
COUNTS = ("weights_version", "updates", "demo_steps", "online_steps", "online_episodes", "online_successes")


class LearnerNode(Node):
    """Wiring: requests and news go to the learner's own thread, heads and reports come back as messages."""

    def __init__(self) -> None:
        super().__init__("learner")
        settings = declare_section(self, "learner", LearnerSettings)
        session = declare_section(self, "session", SessionSettings)
        state_dir = str(declare_value(self, "state_dir", "", STATE_DIR))
        torch.set_num_threads(settings.threads)
        store = Path(session.store).absolute()
        self._models_dir = store.parent / "models"
        self._weights = self.create_publisher(Weights, topics.WEIGHTS, qos.latched())
        self._status = self.create_publisher(LearnerStatus, topics.LEARNER_STATUS, qos.stream())
        self._worker = LearnerWorker(
            settings,
            EpisodeStore(store),
            Path(state_dir) if state_dir else store / "learner",
            on_report=self._publish_report,
            on_weights=self._publish_weights,
        )
        requests = MutuallyExclusiveCallbackGroup()
        self.create_service(StartTask, topics.START_TASK, self._on_start, callback_group=requests)
        self.create_service(FinishTask, topics.FINISH_TASK, self._on_finish, callback_group=requests)
        self.create_subscription(EpisodeClosed, topics.EPISODE_CLOSED, lambda _: self._worker.look(), qos.stream())
        self.create_timer(STATUS_PERIOD_S, self._on_timer, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self._worker.start()
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts)

    def close(self) -> None:
        """End the learner's thread; its task goes on after a restart."""
        self._worker.stop()

    def _health(self) -> str:
        report = self._worker.report
        return f"learning failed: {report.detail}" if report.state == "failed" else OK

    def _facts(self) -> Facts:
        report = self._worker.report
        counts = {} if report.status is None else {name: getattr(report.status, name) for name in COUNTS}
        return {"task": report.task, "state": report.state, **counts, "updates_per_s": float(report.updates_per_s)}

    def _on_start(self, request: StartTask.Request, response: StartTask.Response) -> StartTask.Response:
        task = LearnerTask(request.task, request.model, tuple(request.demo_episodes), int(request.seed))
        try:
            self._worker.start_task(task, START_TIMEOUT_S)
            response.success, response.message = True, f"learning {task.task} from {task.model}"
            self.get_logger().info(response.message)
        except IrevlaError as error:
            response.message = str(error)
            self.get_logger().error(f"start_task: {error}")
        return response

    def _on_finish(self, request: FinishTask.Request, response: FinishTask.Response) -> FinishTask.Response:
        name = f"stage1-{self._worker.report.task}-{time.strftime('%Y%m%d-%H%M%S')}"
        try:
            done = self._worker.finish_task(Path(request.out or self._models_dir / name), FINISH_TIMEOUT_S)
            response.success, response.path, response.model_hash = True, done.path, done.model_hash
            self.get_logger().info(f"stage 1 is done: {done.path} (model {done.model_hash[:12]})")
        except IrevlaError as error:
            response.message = str(error)
            self.get_logger().error(f"finish_task: {error}")
        return response

    def _on_timer(self) -> None:
        if self._worker.failure is not None:
            raise GraphError(f"the learner's thread ended: {self._worker.failure!r}")
        self._publish_report(self._worker.report)

    def _publish_report(self, report: LearnerReport) -> None:
        message = LearnerStatus(task=report.task, state=report.state, detail=report.detail)
        message.header.stamp = self.get_clock().now().to_msg()
        message.updates_per_s = report.updates_per_s
        losses = Losses() if report.status is None else report.status.losses
        for item in fields(Losses):
            setattr(message, item.name, getattr(losses, item.name))
        if report.status is not None:
            for name in COUNTS:
                setattr(message, name, getattr(report.status, name))
        self._status.publish(message)

    def _publish_weights(self, weights: HeadWeights | None, latent_key: str) -> None:
        """Publish a head; no bytes mean the checkpoint's own head."""
        data = b"" if weights is None else weights.data
        message = Weights(
            version=0 if weights is None else weights.version,
            latent_key=latent_key,
            sha256=hashlib.sha256(data).hexdigest(),
            data=array("B", data),
        )
        message.header.stamp = self.get_clock().now().to_msg()
        self._weights.publish(message)


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(LearnerNode, threads=THREADS)


if __name__ == "__main__":
    sys.exit(main())

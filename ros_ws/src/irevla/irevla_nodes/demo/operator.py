"""The automatic operator: a ROS node that asks the graph for episodes, rounds and models, every wait bounded."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rclpy
from rclpy.action import ActionClient
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions

from irevla.config import topics
from irevla.config.errors import DeadlineError, GraphError
from irevla_msgs.action import RunEpisodes, TrainRound
from irevla_msgs.msg import LearnerStatus
from irevla_msgs.srv import FinishTask, LoadModel, StartTask

START_TIMEOUT_S = 30.0
CALL_TIMEOUT_S = 60.0
SILENCE_TIMEOUT_S = 120.0  # an action that gives no feedback for this long is given up


@dataclass(frozen=True)
class Rig:
    """One simulated arm's graph, by its namespace."""

    namespace: str

    def name(self, topic: str) -> str:
        """Return the absolute name of one of `irevla.config.topics` in this rig's graph."""
        return f"/{self.namespace}/{topic}"


class Operator:
    """Calls the services and actions of all rigs from one node; use as a context manager."""

    def __init__(self, rigs: list[Rig], on_status: Callable[[LearnerStatus], None]) -> None:
        # Ctrl-C belongs to the main thread, which waits here and must hear it.
        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        self._node = rclpy.create_node("demo_operator")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self._run = {rig: ActionClient(self._node, RunEpisodes, rig.name(topics.RUN_EPISODES)) for rig in rigs}
        self._load = {rig: self._node.create_client(LoadModel, rig.name(topics.LOAD_MODEL)) for rig in rigs}
        learner = rigs[0]
        self._train = ActionClient(self._node, TrainRound, learner.name(topics.TRAIN_ROUND))
        self._start = self._node.create_client(StartTask, learner.name(topics.START_TASK))
        self._finish = self._node.create_client(FinishTask, learner.name(topics.FINISH_TASK))
        self._node.create_subscription(LearnerStatus, learner.name(topics.LEARNER_STATUS), on_status, 50)
        self._thread = threading.Thread(target=self._spin, name="operator", daemon=True)
        self._thread.start()

    def __enter__(self) -> Operator:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown()
        self._thread.join(timeout=5.0)
        self._node.destroy_node()
        rclpy.shutdown()

    def run_episodes(self, rig: Rig, goal: RunEpisodes.Goal, on_feedback: Callable[[Any], None]) -> PendingGoal:
        """Start a row of episodes on ``rig`` and return at once."""
        return self._send(self._run[rig], goal, on_feedback, f"episodes of {goal.task} on {rig.namespace}")

    def train_round(self, goal: TrainRound.Goal, on_feedback: Callable[[Any], None]) -> PendingGoal:
        """Start a supervised round and return at once."""
        return self._send(self._train, goal, on_feedback, f"round {goal.round_id}")

    def load_model(self, rig: Rig, path: str, sha256: str) -> None:
        """Have ``rig`` serve the checkpoint; raises GraphError when its policy node refuses."""
        self._call(self._load[rig], LoadModel.Request(path=path, sha256=sha256), f"load {path} on {rig.namespace}")

    def start_task(self, task: str, model: str, demo_episodes: list[str], seed: int) -> None:
        """Start stage 1 on the learner."""
        request = StartTask.Request(task=task, model=model, demo_episodes=demo_episodes, seed=seed)
        self._call(self._start, request, f"stage 1 of {task}")

    def finish_task(self, out: str) -> FinishTask.Response:
        """End stage 1; returns the stage-1 checkpoint's path and hash."""
        return self._call(self._finish, FinishTask.Request(out=out), "the end of stage 1")

    def _spin(self) -> None:
        with contextlib.suppress(ExternalShutdownException):
            self._executor.spin()

    def _call(self, client: Any, request: Any, what: str) -> Any:
        if not client.wait_for_service(timeout_sec=START_TIMEOUT_S):
            raise GraphError(f"{what}: service {client.srv_name} is not there after {START_TIMEOUT_S:.0f} s")
        response = _wait(client.call_async(request), CALL_TIMEOUT_S, what)
        if not response.success:
            raise GraphError(f"{what} was refused: {response.message}")
        return response

    def _send(self, client: Any, goal: Any, on_feedback: Callable[[Any], None], what: str) -> PendingGoal:
        if not client.wait_for_server(timeout_sec=START_TIMEOUT_S):
            raise GraphError(f"{what}: its action server is not there after {START_TIMEOUT_S:.0f} s")
        pending = PendingGoal(what, on_feedback)
        sent = self._in_spin(lambda: client.send_goal_async(goal, feedback_callback=pending.on_feedback), what)
        handle = _wait(sent, CALL_TIMEOUT_S, what)
        if not handle.accepted:
            raise GraphError(f"{what}: the goal was rejected; is the session busy with other episodes?")
        pending.begin(handle, self._in_spin(handle.get_result_async, what))
        return pending

    def _in_spin(self, call: Callable[[], Any], what: str) -> Any:
        """Call in the executor's thread and return what the call returns.

        rclpy before 2025-10 drops the answer to a goal that comes before the sending call has noted it
        (ros2/rclpy#1123); in the thread that takes the answers it cannot.
        """
        return _wait(self._executor.create_task(call), CALL_TIMEOUT_S, what)


class PendingGoal:
    """An action goal under way: wait for its result, or cancel it."""

    def __init__(self, what: str, on_feedback: Callable[[Any], None]) -> None:
        self._what = what
        self._report = on_feedback
        self._heard = time.monotonic()
        self._handle: Any = None
        self._result: Any = None

    def on_feedback(self, message: Any) -> None:
        """Note the sign of life and pass the feedback on."""
        self._heard = time.monotonic()
        self._report(message.feedback)

    def begin(self, handle: Any, result: Any) -> None:
        """Take the accepted goal's handle, and the future of its result."""
        self._handle, self._result = handle, result

    def is_done(self) -> bool:
        """Whether the result is there; raises DeadlineError after too long a silence, and cancels."""
        if not self._result.done() and time.monotonic() - self._heard > SILENCE_TIMEOUT_S:
            self.cancel()
            raise DeadlineError(f"{self._what}: no feedback for {SILENCE_TIMEOUT_S:.0f} s; see the nodes' logs")
        return bool(self._result.done())

    def wait(self) -> Any:
        """Return the action's result message; raises DeadlineError after too long a silence, and cancels."""
        done = threading.Event()
        self._result.add_done_callback(lambda _: done.set())
        while not done.wait(0.2):
            self.is_done()
        return self._result.result().result

    def cancel(self) -> None:
        """Ask the server to stop; returns at once."""
        self._handle.cancel_goal_async()


def _wait(future: Any, timeout_s: float, what: str) -> Any:
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    if not done.wait(timeout_s):
        raise DeadlineError(f"{what}: no answer within {timeout_s:.0f} s; see the nodes' logs")
    return future.result()

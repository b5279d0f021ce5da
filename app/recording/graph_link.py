"""The graph as `irevla record` needs it: what is heard, what is asked, what is steered. Its node spins in a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import rclpy
from rclpy.clock import Clock, ClockType
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.signals import SignalHandlerOptions
from std_srvs.srv import Trigger

from irevla.app.recording.demonstrations import PHASES, SessionNow
from irevla.app.recording.recorder import Recorder, Request
from irevla.config import topics
from irevla_msgs.msg import EpisodeClosed, EpisodeState, TeleopButton, TeleopInput, TeleopStatus
from irevla_msgs.srv import LabelEpisode, StartEpisode

Event = Callable[[Recorder, float], None]
"""Something that was heard; called with the recorder and the time, in the thread that asks for it."""
TRIGGERS = {
    "confirm": topics.CONFIRM_RESET,
    "stop": topics.STOP_EPISODE,
    "hold": topics.HOLD,
    "resume": topics.RESUME,
}


class GraphLink:
    """One node in the graph's namespace; use as a context manager."""

    def __init__(self, namespace: str, domain_id: int, *, task: str, instruction: str, seed: int, who: str) -> None:
        """Episodes are of ``task``, the first with ``seed``; ``who`` labels them."""
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.status: Any = TeleopStatus()
        self._task, self._instruction, self._seed, self._who = task, instruction, seed, who
        # Ctrl-C belongs to the main thread, which ends the episode first.
        rclpy.init(args=[], domain_id=domain_id, signal_handler_options=SignalHandlerOptions.NO)
        self._node = node = rclpy.create_node("record", namespace=namespace)
        reliable, latched = QoSProfile(depth=100), QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        node.create_subscription(EpisodeState, topics.EPISODE_STATE, self._on_session, latched)
        node.create_subscription(EpisodeClosed, topics.EPISODE_CLOSED, self._on_closed, reliable)
        node.create_subscription(TeleopButton, topics.TELEOP_BUTTON, self._on_button, reliable)
        node.create_subscription(TeleopStatus, topics.TELEOP_STATUS, self._on_status, reliable)
        self._input = node.create_publisher(TeleopInput, topics.TELEOP_INPUT, reliable)
        self._start = node.create_client(StartEpisode, topics.START_EPISODE)
        self._label = node.create_client(LabelEpisode, topics.LABEL_EPISODE)
        self._triggers = {kind: node.create_client(Trigger, name) for kind, name in TRIGGERS.items()}
        self._lacks = [self._start, self._label, self._triggers["stop"], self._triggers["hold"]]
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(node)
        self._thread = threading.Thread(target=self._spin, name="graph", daemon=True)
        self._thread.start()

    def __enter__(self) -> GraphLink:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown()
        self._thread.join(timeout=5.0)
        self._node.destroy_node()
        rclpy.shutdown()

    def ask(self, request: Request) -> None:
        """Send a request; its answer is an event. Never blocks: one that nobody serves is answered so at once."""
        client, message = self._call(request)
        if not client.service_is_ready():
            why = f"nobody serves {client.srv_name}; is that node running?"
            self.events.put(lambda recorder, _: recorder.answered(request, False, why))
            return
        client.call_async(message).add_done_callback(partial(self._on_answer, request))

    def steer(self, axes: tuple[float, ...], takes_over: bool, gripper_presses: int) -> None:
        """Publish what is held down in this terminal; twenty times a second, or it counts as let go."""
        message = TeleopInput(who=f"{self._who} at irevla record", takes_over=takes_over)
        message.header.stamp = Clock(clock_type=ClockType.SYSTEM_TIME).now().to_msg()
        message.axes, message.gripper_presses = list(axes), gripper_presses
        self._input.publish(message)

    def _call(self, request: Request) -> tuple[Any, Any]:
        if request.kind == "start":
            message = StartEpisode.Request(task=self._task, instruction=self._instruction, mode="teleop", kind="demo")
            message.seed = self._seed + request.number
            return self._start, message
        if request.kind == "label":
            fields = {"episode_id": request.episode_id, "label": request.label, "who": self._who}
            return self._label, LabelEpisode.Request(**fields)
        return self._triggers[request.kind], Trigger.Request()

    def _on_answer(self, request: Request, future: Any) -> None:
        answer = future.result()
        message = answer.episode_id if answer.success and request.kind == "start" else answer.message
        self.events.put(lambda recorder, _: recorder.answered(request, bool(answer.success), message))

    def _on_session(self, message: Any) -> None:
        # Who is heard first is not yet who can be asked: discovery goes topic by topic.
        self._lacks = [client for client in self._lacks if not client.service_is_ready()]
        if self._lacks:
            return
        now = SessionNow(
            PHASES[message.state],
            message.episode_id,
            message.task,
            message.mode,
            message.step,
            message.max_steps,
            message.detail,
        )
        self.events.put(lambda recorder, now_s: recorder.hear(now, now_s))

    def _on_closed(self, message: Any) -> None:
        self.events.put(lambda recorder, _: recorder.closed(message.episode_id, message.task, message.label))

    def _on_button(self, message: Any) -> None:
        # Hold is the teleop node's own; it has called the arbiter already.
        if message.command != "hold":
            self.events.put(lambda recorder, now_s: recorder.press(message.command, now_s))

    def _on_status(self, message: Any) -> None:
        self.status = message

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            pass

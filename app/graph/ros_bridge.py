"""The real graph: one node with an executor in a thread of its own, under ROS 2 and under the embedded runtime alike.

Import it after the runtime is chosen (`irevla_dds.activate`).
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import rclpy
from rclpy.action import ActionClient
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions

from irevla.app.graph.bridge import Answer, Bridge, Cancel, JobEnd, Progress, no_answer, no_wake
from irevla.app.graph.facts import Fact
from irevla.app.graph.inbox import Inbox
from irevla.app.graph.pending import Pending
from irevla.app.graph.requests import Hold, Job, Request, TeleopInput
from irevla.app.graph.running_job import RunningJob
from irevla.app.graph.services import ACTIONS, SERVICES, Service
from irevla.app.graph.subscriptions import subscribe
from irevla.config import topics
from irevla.config.settings import Settings
from irevla_msgs import msg

CLOSE_TIMEOUT_S = 3.0


class RosBridge:
    """A Bridge. Nothing here waits for the graph: requests are sent by the executor's thread.

    The hold alone is sent by the caller's own thread, so it goes out whatever the executor does.
    """

    def __init__(self, cameras: tuple[str, ...], namespace: str = "", name: str = "dashboard") -> None:
        """``name`` is the node's."""
        self.cameras = cameras
        self._name = name
        self._namespace = f"/{namespace.strip('/')}" if namespace.strip("/") else ""
        self._context = Context()
        self._inbox = Inbox()
        self._pending: list[Pending[Any]] = []
        self._jobs: list[RunningJob] = []
        self._node: Any = None
        self._executor: Any = None
        self._thread: threading.Thread | None = None
        self._clients: dict[type[Any], Any] = {}
        self._actions: dict[type[Any], Any] = {}
        self._hands: Any = None

    def start(self, wake: Callable[[], None] = no_wake) -> None:
        """Make the node and begin to listen; see Bridge."""
        self._inbox.wake = wake
        # Ctrl-C belongs to the window, or the terminal.
        rclpy.init(args=[], context=self._context, signal_handler_options=SignalHandlerOptions.NO)
        self._node = rclpy.create_node(self._name, context=self._context, namespace=self._namespace or None)
        subscribe(self._node, self.cameras, self._inbox)
        self._hands = self._node.create_publisher(msg.TeleopInput, topics.TELEOP_INPUT, 10)
        self._clients = {
            request: self._node.create_client(service.kind, service.topic) for request, service in SERVICES.items()
        }
        self._actions = {job: ActionClient(self._node, one.kind, one.topic) for job, one in ACTIONS.items()}
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._thread = threading.Thread(target=self._spin, name="graph", daemon=True)
        self._thread.start()

    def take(self) -> Sequence[Fact]:
        """See Bridge."""
        facts, calls = self._inbox.take()
        for call in calls:
            call()
        now_s = time.monotonic()
        self._pending = [pending for pending in self._pending if not pending.look(now_s)]
        self._jobs = [job for job in self._jobs if not job.look(now_s)]
        return facts

    def ask(self, request: Request, on_answer: Callable[[Answer], None] = no_answer) -> None:
        """See Bridge."""
        service = SERVICES[type(request)]
        why = f"service {service.topic} did not answer within {service.timeout_s:g} s; is the {service.node} node well?"
        pending = Pending(on_answer, Answer(False, why), time.monotonic() + service.timeout_s)
        self._pending.append(pending)
        send = partial(self._send, service, self._clients[type(request)], service.request(request), pending)
        if isinstance(request, Hold):
            send()
        else:
            self._executor.create_task(send)

    def run(self, job: Job, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> Cancel:
        """See Bridge."""
        running = RunningJob(ACTIONS[type(job)], self._actions[type(job)], self._inbox, on_progress, on_end)
        self._jobs.append(running)
        # In the thread that takes the answers: rclpy before 2025-10 may lose them otherwise (ros2/rclpy#1123).
        self._executor.create_task(partial(running.begin, job))
        return lambda: self._executor.create_task(running.cancel)

    def send(self, hands: TeleopInput) -> None:
        """See Bridge."""
        message = msg.TeleopInput(
            who=hands.who,
            axes=list(hands.axes),
            takes_over=hands.takes_over,
            gripper_presses=hands.gripper_presses,
        )
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._hands.publish(message)

    def close(self) -> None:
        """See Bridge; a job that was started goes on in the graph."""
        if self._thread is None:
            return
        self._executor.shutdown(timeout_sec=CLOSE_TIMEOUT_S)
        self._thread.join(CLOSE_TIMEOUT_S)
        self._node.destroy_node()
        rclpy.shutdown(context=self._context)
        self._thread = None

    def _spin(self) -> None:
        with contextlib.suppress(ExternalShutdownException):
            self._executor.spin()

    def _send(self, service: Service, client: Any, request: Any, pending: Pending[Answer]) -> None:
        if not client.service_is_ready():
            why = f"service {service.topic} is not there; is the {service.node} node running?"
            self._inbox.put_call(partial(pending.finish, Answer(False, why, is_there=False)))
            return
        client.call_async(request).add_done_callback(partial(self._on_response, service, pending))

    def _on_response(self, service: Service, pending: Pending[Answer], future: Any) -> None:
        response = future.result()
        if response is not None:  # None: this process is ending
            answer = service.answer(response)
            self._inbox.put_call(partial(pending.finish, answer))


def make_ros_bridge(
    settings: Settings,
    *,
    namespace: str,
    domain: int | None,
    cameras: tuple[str, ...] | None = None,
    name: str = "dashboard",
) -> Bridge:
    """Return the bridge to a rig's graph, whose place on the network is the settings'; its pictures, all by default."""
    os.environ["ROS_DOMAIN_ID"] = str(settings.graph.domain_id if domain is None else domain)
    # What the terminal has set goes before the settings, as with graph.launch.py.
    is_open = settings.graph.network == "lan"
    os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET" if is_open else "LOCALHOST")
    os.environ.setdefault("IREVLA_NETWORK", settings.graph.network)
    return RosBridge(tuple(settings.cameras) if cameras is None else cameras, namespace, name)

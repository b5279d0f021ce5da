"""A graph of plain nodes for the real bridge, on whichever rclpy is importable."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import irevla_dds

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.callback_groups import ReentrantCallbackGroup  # noqa: E402
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor  # noqa: E402
from rclpy.signals import SignalHandlerOptions  # noqa: E402

from irevla.app.graph.bridge import Answer, JobEnd, Progress  # noqa: E402
from irevla.app.graph.ros_bridge import RosBridge  # noqa: E402

TIMEOUT_S = 20.0
_domains = itertools.count(os.getpid() * 7)


class Rig:
    """The other side: a node that the test fills with publishers and servers."""

    def __init__(self) -> None:
        self.node = rclpy.create_node("rig")
        self.executor = MultiThreadedExecutor(num_threads=4)
        self.executor.add_node(self.node)
        self.group = ReentrantCallbackGroup()
        self._is_closing = False
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()

    def serve(self, kind: Any, name: str, callback: Callable[[Any, Any], Any]) -> None:
        self.node.create_service(kind, name, callback, callback_group=self.group)

    def close(self) -> None:
        self._is_closing = True
        self.executor.shutdown()
        self._thread.join(5.0)
        self.node.destroy_node()

    def _spin(self) -> None:
        try:
            self.executor.spin()
        except ExternalShutdownException:
            return
        except Exception:
            # rclpy's executor may trip over handles that are closed under it; that matters before the end only.
            if not self._is_closing:
                raise


class Desk:
    """A bridge and what it has told."""

    def __init__(self, bridge: RosBridge) -> None:
        self.bridge = bridge
        self.facts: list[Any] = []

    def until(self, is_true: Callable[[], Any], timeout_s: float = TIMEOUT_S) -> None:
        end = time.monotonic() + timeout_s
        while not is_true():
            assert time.monotonic() < end, f"did not come true within {timeout_s} s; heard {self.facts[-5:]}"
            self.facts += self.bridge.take()
            time.sleep(0.005)

    def heard(self, kind: type) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def ask(self, request: Any) -> Answer:
        """Ask again until the service is there: discovery takes a moment."""
        answers: list[Answer] = []

        def on_answer(answer: Answer) -> None:
            if "is not there" in answer.message:
                self.bridge.ask(request, on_answer)
            else:
                answers.append(answer)

        self.bridge.ask(request, on_answer)
        self.until(lambda: answers)
        return answers[0]

    def run(self, job: Any) -> tuple[list[Progress], list[JobEnd], Callable[[], None]]:
        """Start the job again until its server is there; return once something was told."""
        progress: list[Progress] = []
        ends: list[JobEnd] = []
        cancels: list[Callable[[], None]] = []

        def on_end(end: JobEnd) -> None:
            if "is not there" in end.message:
                begin()
            else:
                ends.append(end)

        def begin() -> None:
            cancels.append(self.bridge.run(job, progress.append, on_end))

        begin()
        self.until(lambda: progress or ends)
        return progress, ends, cancels[-1]


@pytest.fixture
def domain() -> Iterator[int]:
    number = 1 + next(_domains) % 100
    before = os.environ.get("ROS_DOMAIN_ID")
    os.environ["ROS_DOMAIN_ID"] = str(number)
    rclpy.init(args=[], domain_id=number, signal_handler_options=SignalHandlerOptions.NO)
    yield number
    rclpy.try_shutdown()
    os.environ.pop("ROS_DOMAIN_ID")
    if before is not None:
        os.environ["ROS_DOMAIN_ID"] = before


@pytest.fixture
def rig(domain: int) -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.close()


@pytest.fixture
def desk(rig: Rig) -> Iterator[Desk]:
    bridge = RosBridge(("front",))
    bridge.start()
    yield Desk(bridge)
    bridge.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "graph"]

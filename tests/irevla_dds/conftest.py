"""The runtime under test: the embedded one, or the real rclpy where ROS 2 is sourced. Each test has its own domain."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import irevla_dds

if not irevla_dds.activate():
    # On the real rclpy the contract alone says something; the rest looks inside the embedded runtime.
    collect_ignore = ["interfaces", "wire", "test_arguments.py", "test_processes.py"]

_numbers = itertools.count(os.getpid() * 13)


class Graph:
    """Nodes of one test, spun by one background thread; only rclpy's documented API is used."""

    def __init__(self, domain_id: int) -> None:
        from rclpy.executors import MultiThreadedExecutor

        self.domain_id = domain_id
        self.nodes: list[Any] = []
        self.executor = MultiThreadedExecutor(num_threads=4)
        self._thread = threading.Thread(target=self._spin)
        self._stop = threading.Event()
        self._thread.start()

    def node(self, name: str, **options: Any) -> Any:
        from rclpy.node import Node

        node = Node(name, **options)
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    @staticmethod
    def until(is_true: Callable[[], Any], timeout_s: float = 20.0) -> bool:
        end = time.monotonic() + timeout_s
        while not is_true():
            if time.monotonic() > end:
                return False
            time.sleep(0.005)
        return True

    def result(self, future: Any, timeout_s: float = 20.0) -> Any:
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        assert done.wait(timeout_s), f"no result within {timeout_s} s"
        return future.result()

    def close(self) -> None:
        self._stop.set()
        self.executor.shutdown()
        self._thread.join(5.0)
        assert not self._thread.is_alive(), "the executor did not stop"
        for node in self.nodes:
            node.destroy_node()

    def _spin(self) -> None:
        from rclpy.executors import ExternalShutdownException

        try:
            while not self._stop.is_set():
                self.executor.spin_once(timeout_sec=0.5)
        except ExternalShutdownException:
            return
        except Exception:
            # rclpy's executor may trip over handles that are closed under it; that matters before the end only.
            if not self._stop.is_set():
                raise


@pytest.fixture
def domain_id() -> int:
    """A DDS domain of this test's own."""
    return 1 + next(_numbers) % 100


@pytest.fixture
def ros(domain_id: int) -> Iterator[int]:
    """An initialised rclpy; gives the domain id."""
    import rclpy
    from rclpy.signals import SignalHandlerOptions

    rclpy.init(args=[], domain_id=domain_id, signal_handler_options=SignalHandlerOptions.NO)
    yield domain_id
    rclpy.try_shutdown()


@pytest.fixture
def graph(ros: int) -> Iterator[Graph]:
    """Nodes spun in the background."""
    graph = Graph(ros)
    yield graph
    graph.close()

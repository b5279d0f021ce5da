"""Real processes: discovery, latched topics, signals, and peers that die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SERVER = """
import os, sys, time
import rclpy
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String
from std_srvs.srv import SetBool, Trigger

class Server(Node):
    def __init__(self):
        super().__init__("server")
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.create_publisher(String, "state", latched).publish(String(data=f"pid {os.getpid()}"))
        self.create_service(Trigger, "answer", self.answer)
        self.create_service(Trigger, "die", self.die)

    def answer(self, request, response):
        response.success = True
        return response

    def die(self, request, response):
        os._exit(9)

def main():
    rclpy.init()
    node = Server()
    print("up", flush=True)
    rclpy.spin(node)
"""
SLEEPER = """
import threading, time
import rclpy
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor
from rclpy.node import Node
from std_srvs.srv import Trigger

def main():
    rclpy.init()
    node = Node("sleeper")
    client = node.create_client(Trigger, "nobody")
    executor = MultiThreadedExecutor(num_threads=2)
    executor.add_node(node)
    node.create_timer(0.05, lambda: client.wait_for_service(timeout_sec=60.0))
    print("up", flush=True)
    try:
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        print("ended", flush=True)
"""
Start = Callable[[str], "subprocess.Popen[str]"]


def search_path(first: Path) -> str:
    """Return PYTHONPATH with ``first`` in front."""
    return os.pathsep.join([str(first), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.fixture
def start(tmp_path: Path, domain_id: int) -> Iterator[Start]:
    """Start a script as a node process of its own and wait until it says "up"."""
    processes = []

    def run(script: str) -> "subprocess.Popen[str]":
        name = f"node{len(processes)}"
        (tmp_path / f"{name}.py").write_text(script)
        process = subprocess.Popen(
            [sys.executable, "-m", "irevla_dds.run", name],
            env={**os.environ, "ROS_DOMAIN_ID": str(domain_id), "PYTHONPATH": search_path(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield run
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def ended(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, float, str]:
    """Signal a process; return its exit status, how long it took [s], and what it printed."""
    began = time.monotonic()
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    return process.returncode, time.monotonic() - began, output


def test_a_late_joiner_in_another_process_gets_the_latched_message(start: Start, graph: Any) -> None:
    from rclpy.qos import DurabilityPolicy, QoSProfile
    from std_msgs.msg import String

    server, got = start(SERVER), []
    time.sleep(0.3)
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    graph.node("late").create_subscription(String, "state", lambda message: got.append(message.data), latched)
    assert graph.until(lambda: got == [f"pid {server.pid}"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("script", [SERVER, SLEEPER], ids=["spinning", "waiting in a callback"])
def test_a_signal_ends_a_node_cleanly_and_soon(start: Start, script: str, number: signal.Signals) -> None:
    process = start(script)
    time.sleep(0.3)
    status, seconds, output = ended(process, number)
    assert status == 0
    assert seconds < 2.0
    assert "Traceback" not in output


def test_a_node_that_ends_is_gone_from_the_graph_at_once(start: Start, graph: Any) -> None:
    server, watcher = start(SERVER), graph.node("watcher")
    assert graph.until(lambda: watcher.count_publishers("state") == 1)
    assert graph.until(lambda: "server" in watcher.get_node_names())
    ended(server, signal.SIGTERM)
    assert graph.until(lambda: watcher.count_publishers("state") == 0, 1.0)
    assert graph.until(lambda: "server" not in watcher.get_node_names(), 1.0)


def test_a_killed_node_is_gone_when_its_lease_is_over(start: Start, graph: Any) -> None:
    from irevla_dds.network import LEASE_S

    server, watcher = start(SERVER), graph.node("watcher")
    assert graph.until(lambda: watcher.count_publishers("state") == 1)
    server.kill()
    assert graph.until(lambda: watcher.count_publishers("state") == 0, LEASE_S + 3.0)


def test_a_server_killed_in_the_middle_of_a_call_is_a_time_out(start: Start, graph: Any) -> None:
    from std_srvs.srv import Trigger

    start(SERVER)
    client = graph.node("client").create_client(Trigger, "die")
    assert client.wait_for_service(timeout_sec=20.0)
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"/die: no reply within 1\.0 s"):
        client.call(Trigger.Request(), timeout_sec=1.0)
    assert time.monotonic() - began < 2.0


def test_a_restarted_server_answers_the_same_client(start: Start, graph: Any) -> None:
    from std_srvs.srv import Trigger

    first = start(SERVER)
    client = graph.node("client").create_client(Trigger, "answer")
    assert client.wait_for_service(timeout_sec=20.0)
    assert client.call(Trigger.Request(), timeout_sec=15.0).success
    first.kill()
    first.wait()
    start(SERVER)
    assert graph.until(lambda: len(client.writer.reader_handles()) >= 1)
    end = time.monotonic() + 10
    answered = False
    while not answered and time.monotonic() < end:
        try:
            answered = client.call(Trigger.Request(), timeout_sec=0.5).success
        except TimeoutError:
            continue
    assert answered


def test_two_domains_do_not_meet(start: Start, domain_id: int) -> None:
    import rclpy
    from rclpy.node import Node
    from rclpy.signals import SignalHandlerOptions

    start(SERVER)
    rclpy.init(args=[], domain_id=domain_id + 100, signal_handler_options=SignalHandlerOptions.NO)
    node = Node("elsewhere")
    time.sleep(0.5)
    assert node.count_publishers("state") == 0
    node.destroy_node()
    rclpy.shutdown()


def run_module(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "irevla_dds.run", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_run_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "mainless.py").write_text("")
    (tmp_path / "wrong.py").write_text("import rclpy\ndef main():\n    rclpy.init()\n")
    assert "usage" in run_module().stderr
    assert "has no main()" in run_module("mainless", PYTHONPATH=search_path(tmp_path)).stderr
    answer = run_module("wrong", "--ros-args", "-p", "x", PYTHONPATH=search_path(tmp_path))
    assert answer.returncode == 2
    assert "expected name:=value" in answer.stderr
    assert "Traceback" not in answer.stderr
    answer = run_module("wrong", PYTHONPATH=search_path(tmp_path), IREVLA_NETWORK="world")
    assert answer.returncode == 2
    assert "loopback or lan" in answer.stderr


def test_the_real_rclpy_wins_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "rclpy.py").write_text("")
    answer = subprocess.run(
        [sys.executable, "-c", "import irevla_dds, sys; print(irevla_dds.activate(), 'cyclonedds' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": search_path(tmp_path)},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert answer.stdout.split() == ["False", "False"]

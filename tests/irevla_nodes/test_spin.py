"""The one main of every node: what ends it, what it says, and with which exit status."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

NODE = '''
import sys
import threading
import time

from rclpy.node import Node

from irevla.config.errors import ConfigError, DeviceError
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.spin import run_node


class Tried(Node):
    """A node that ends in the way its argument says."""

    def __init__(self):
        super().__init__("tried")
        if sys.argv[1] == "config":
            raise ConfigError("limits.step_m: expected at most 0.2, got 3")
        self.heartbeat = Heartbeat(self)
        self.create_timer(0.1, self.once)

    def once(self):
        sys.stderr.write("spinning\\n")
        if sys.argv[1] == "device":
            raise DeviceError("no camera at /dev/video0")

    def close(self):
        sys.stderr.write("closing\\n")
        time.sleep(0.5)  # a device takes its time
        sys.stderr.write("closed\\n")


def main():
    return run_node(Tried, threads=int(sys.argv[2]))
'''


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    (tmp_path / "tried_node.py").write_text(NODE)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "ROS_DOMAIN_ID": "92", "PYTHONUNBUFFERED": "1"}

    def run(ending: str, threads: int = 1) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "irevla_dds.run", "tried_node", ending, str(threads)]
        return subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_signal_ends_a_node_cleanly_and_soon(
    start: Callable[..., subprocess.Popen[str]], number: signal.Signals, threads: int
) -> None:
    process = start("never", threads)
    assert "spinning" in process.stderr.readline()
    began_s = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert time.monotonic() - began_s < 4.0
    assert "closed" in errors
    assert "Traceback" not in errors


def test_a_second_interrupt_does_not_cut_the_ending_short(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("never")
    assert "spinning" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    while "closing" not in (line := process.stderr.readline()):
        assert line, "the node ended without closing"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, "closed" in errors, "Traceback" in errors) == (0, True, False), errors


def test_interrupts_that_go_on_to_the_last_moment_change_nothing(start: Callable[..., subprocess.Popen[str]]) -> None:
    # The interpreter takes down what modules hold after it has given up its signal handlers.
    process = start("never")
    assert "spinning" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    while "closing" not in (line := process.stderr.readline()):
        assert line, "the node ended without closing"
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.0005)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, "closed" in errors, "Traceback" in errors) == (0, True, False), errors


@pytest.mark.parametrize(
    ("ending", "status", "words"),
    [("config", 2, "limits.step_m: expected at most 0.2, got 3"), ("device", 1, "no camera at /dev/video0")],
)
def test_an_irevla_error_is_a_message_and_an_exit_status(
    start: Callable[..., subprocess.Popen[str]], ending: str, status: int, words: str
) -> None:
    process = start(ending)
    out, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert words in out + errors
    assert "Traceback" not in errors
    assert ("closed" in errors) == (ending == "device")

"""`irevla up` as a process: ready when it says so, gone soon after it is told to, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

START_TIMEOUT_S = 60.0
COMMAND = (sys.executable, "-c", "from irevla_nodes.commands.up import app; app()", "sim", "--only", "arbiter,teleop")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str], list[psutil.Process]]]:
    """A small graph that is ready: the process, its output so far, and its children."""
    domain = str(40 + os.getpid() % 50)
    log = tmp_path / "up.log"
    with log.open("wb") as output:
        # As a script's `irevla up &` starts it: with SIGINT ignored.
        process = subprocess.Popen(
            [*COMMAND, "--domain", domain, "--run-dir", str(tmp_path / "run")],
            stdout=output,
            stderr=output,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while "2 nodes are ready" not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield process, log.read_text, psutil.Process(process.pid).children(recursive=True)
    finally:
        process.kill()
        process.wait(10.0)


def assert_gone(children: list[psutil.Process], timeout_s: float) -> None:
    _, alive = psutil.wait_procs(children, timeout=timeout_s)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_within_five_seconds(
    up: tuple[subprocess.Popen[bytes], Callable[[], str], list[psutil.Process]], number: signal.Signals
) -> None:
    process, output, children = up
    assert len(children) == 3, "arbiter, teleop and the supervisor's own node"
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(10.0) == 0
    assert time.monotonic() - began < 5.0
    assert_gone(children, 0.5)
    assert "[up] ending" in " ".join(output().split())


def test_the_end_of_the_arbiter_ends_the_graph_with_a_status_and_a_reason(
    up: tuple[subprocess.Popen[bytes], Callable[[], str], list[psutil.Process]],
) -> None:
    process, output, children = up
    (arbiter,) = [child for child in children if "irevla_nodes.arbiter_node" in child.cmdline()]
    arbiter.kill()
    assert process.wait(10.0) != 0
    assert "node arbiter was killed by SIGKILL, and without it the graph cannot go on" in " ".join(output().split())
    assert_gone(children, 0.5)


def test_a_killed_supervisor_leaves_nobody_behind(
    up: tuple[subprocess.Popen[bytes], Callable[[], str], list[psutil.Process]],
) -> None:
    process, _, children = up
    process.kill()
    assert_gone(children, 5.0)

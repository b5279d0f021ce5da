"""The supervisor against real processes: starts, restarts, holds, shutdowns, and what is left when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from irevla.config.errors import DeadlineError, GraphError, UnknownNameError
from irevla_nodes.graph.back_off import BackOff
from irevla_nodes.graph.supervisor import Supervisor

MakeSupervisor = Callable[..., Supervisor]
TIMEOUT_S = 15.0


def until(claim: Callable[[], object], timeout_s: float = TIMEOUT_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def pid_of(folder: Path, name: str) -> int:
    return int((folder / f"{name}.pid").read_text())


def test_the_back_off_doubles_and_forgets_after_a_healthy_run() -> None:
    back_off = BackOff(0.5, 3.0)
    assert [back_off.next_delay_s(0.1) for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert back_off.next_delay_s(6.1) == 0.5


def test_ready_means_that_every_heartbeat_was_heard(supervise: MakeSupervisor, folder: Path) -> None:
    lines: list[str] = []
    supervisor = supervise({"robot": ("steady", "shutdown"), "policy": ("steady", "respawn")}, echo=lines.append)
    supervisor.start()
    supervisor.wait_ready(TIMEOUT_S)
    statuses = supervisor.poll()
    assert {name: status.pid for name, status in statuses.items()} == {
        name: pid_of(folder, name) for name in ("robot", "policy")
    }
    assert (folder / "run" / "logs" / "policy.log").read_text() == "I am policy\n"
    assert sorted(lines) == ["[policy] I am policy", "[robot] I am robot"]
    supervisor.stop()
    assert not any(psutil.pid_exists(status.pid) for status in statuses.values())


def test_a_killed_node_comes_back(supervise: MakeSupervisor, folder: Path) -> None:
    supervisor = supervise({"policy": ("steady", "respawn")})
    supervisor.start()
    supervisor.wait_ready(TIMEOUT_S)
    old = supervisor.poll()["policy"].pid
    os.kill(old, signal.SIGKILL)
    until(lambda: supervisor.poll()["policy"].restarts == 1)
    supervisor_says = "was killed by SIGKILL"
    until(lambda: supervisor.poll()["policy"].condition == "running")
    assert pid_of(folder, "policy") != old
    log = (folder / "run" / "logs" / "policy.log").read_text()
    assert supervisor_says in log and "starting again in 0.2 s" in log
    assert not (folder / "told.txt").exists(), "a policy that dies holds nobody"


def test_a_node_of_the_kind_hold_holds_the_arm_while_it_is_away(supervise: MakeSupervisor, folder: Path) -> None:
    supervisor = supervise({"session": ("steady", "hold")})
    supervisor.start()
    supervisor.wait_ready(TIMEOUT_S)
    os.kill(pid_of(folder, "session"), signal.SIGKILL)
    until(lambda: (folder / "told.txt").exists())
    assert (folder / "told.txt").read_text() == "@hold node session was killed by SIGKILL\n"
    until(lambda: supervisor.poll()["session"].condition == "running")


def test_the_end_of_the_robot_ends_the_graph_and_says_why(supervise: MakeSupervisor, folder: Path) -> None:
    supervisor = supervise({"robot": ("short", "shutdown"), "policy": ("steady", "respawn")})
    supervisor.start()
    assert supervisor.wait(TIMEOUT_S)
    assert "node robot ended with status 3" in supervisor.failure
    assert "[robot] out of fuel" in supervisor.failure
    with pytest.raises(GraphError, match="out of fuel"):
        supervisor.poll()
    assert not psutil.pid_exists(pid_of(folder, "policy"))


def test_a_node_that_dies_at_its_start_is_named_with_its_last_words(supervise: MakeSupervisor) -> None:
    supervisor = supervise({"policy": ("steady", "respawn"), "camera": ("at_once", "respawn")})
    supervisor.start()
    with pytest.raises(GraphError, match=r"node camera ended with status 4(.|\n)*no such camera"):
        supervisor.wait_ready(TIMEOUT_S)


def test_a_silent_node_is_named(supervise: MakeSupervisor) -> None:
    supervisor = supervise({"mute": ("mute", "respawn"), "policy": ("steady", "respawn")})
    supervisor.start()
    with pytest.raises(DeadlineError, match=r"no heartbeat within 1 s of: mute(.|\n)*thinking"):
        supervisor.wait_ready(1.2)


def test_who_ignores_an_interrupt_is_killed_and_the_stop_is_quick(supervise: MakeSupervisor, folder: Path) -> None:
    supervisor = supervise({"stubborn": ("stubborn", "respawn"), "parent": ("parent", "respawn")})
    supervisor.start()
    supervisor.wait_ready(TIMEOUT_S)
    until(lambda: psutil.Process(pid_of(folder, "parent")).children())
    (grandchild,) = psutil.Process(pid_of(folder, "parent")).children()
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 3.0
    assert not psutil.pid_exists(pid_of(folder, "stubborn"))
    until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_children_die_with_a_supervisor_that_is_killed(folder: Path) -> None:
    script = folder / "run_graph.py"
    script.write_text(
        f"""
import sys, time
from pathlib import Path
from irevla_nodes.graph.node_command import NodeCommand
from irevla_nodes.graph.node_process import NodeProcess
argv = (sys.executable, "-m", "fake_stubborn", "-r", "__node:=orphan")
process = NodeProcess("orphan", NodeCommand(argv, {{"PYTHONPATH": "{folder}"}}), Path("{folder}/orphan.log"), None)
process.start()
time.sleep(60)
"""
    )
    parent = subprocess.Popen([sys.executable, str(script)])
    try:
        until((folder / "orphan.pid").exists)
        until(lambda: (folder / "orphan.pid").read_text())
        child = pid_of(folder, "orphan")
        assert psutil.pid_exists(child)
    finally:
        parent.kill()
        parent.wait(TIMEOUT_S)
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_only_known_nodes_can_be_chosen(supervise: MakeSupervisor) -> None:
    nodes = {"robot": ("steady", "shutdown"), "policy": ("steady", "respawn")}
    with pytest.raises(UnknownNameError, match="did you mean 'policy'"):
        supervise(nodes, only=["polcy"])
    assert supervise(nodes, only=["policy"]).nodes == ("policy",)

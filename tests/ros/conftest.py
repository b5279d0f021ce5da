"""The ROS package as its users meet it: `ros2 launch` and the ros2 commands, on the ROS 2 that is sourced."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from irevla.config.settings import load_settings
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla_nodes.graph.runtime import has_ros

NODES = ("arbiter", "camera_front", "camera_wrist", "learner", "lineage", "policy", "robot", "session", "sft", "teleop")
SMALL: dict[str, Any] = {
    "policy": {"head_hidden": [16], "image_px": 32},
    "learner": {"batch_size": 8, "critic_warmup_updates": 4, "updates_per_step": 0.5},
    "rounds": {"batch_size": 4},
    "graph": {"respawn_delay_s": 0.2},
}
START_TIMEOUT_S, COMMAND_TIMEOUT_S = 90.0, 60.0
_domains = itertools.count(60 + os.getpid() % 30)


def why_not() -> str:
    """Return why these tests cannot run here, or nothing."""
    if not has_ros():
        return "rclpy is not importable: no ROS 2 is sourced"
    if shutil.which("ros2") is None:
        return "the command ros2 is not on PATH"
    if subprocess.run(["ros2", "pkg", "prefix", "irevla"], capture_output=True, check=False).returncode != 0:
        return "the package irevla is not built: cd ros_ws && colcon build, and source install/setup.bash"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    reason = why_not() if here else ""
    for item in here:
        item.add_marker(pytest.mark.ros)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


class Terminal:
    """A shell beside the graph: same domain, same discovery range."""

    def __init__(self, domain_id: int) -> None:
        self.environment = {
            **os.environ,
            "ROS_DOMAIN_ID": str(domain_id),
            "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, *command: str, timeout_s: float = COMMAND_TIMEOUT_S) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=timeout_s, check=False
        )

    def ros2(self, *words: str, timeout_s: float = COMMAND_TIMEOUT_S) -> str:
        """Run a ros2 command that must succeed and return what it printed."""
        done = self.run("ros2", *words, timeout_s=timeout_s)
        assert done.returncode == 0, f"ros2 {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def begin(self, *command: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a command whose output goes into ``log``."""
        with log.open("wb") as output:
            return subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ctrl-C, and kill -9 for the whole group if that does not help."""
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20.0)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10.0)

    def until(self, claim: Callable[[], Any], timeout_s: float = START_TIMEOUT_S, what: str = "") -> Any:
        """Wait for ``claim`` to hold and return it."""
        end = time.monotonic() + timeout_s
        while not (found := claim()):
            assert time.monotonic() < end, f"did not come true within {timeout_s:.0f} s: {what}"
            time.sleep(0.2)
        return found


class Launched:
    """A graph that `ros2 launch` started, with its terminal, log and store."""

    def __init__(self, terminal: Terminal, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.terminal = terminal
        self.process = process
        self.folder = folder
        self.model = folder / "model"

    @property
    def output(self) -> str:
        return (self.folder / "launch.log").read_text(errors="replace")

    def episodes(self) -> list[dict[str, Any]]:
        """What the store holds, as `irevla episodes list --json` tells it."""
        done = self.terminal.run("irevla", "episodes", "list", "--store", str(self.folder / "store"), "--json")
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


def write_rig(folder: Path) -> Path:
    """Write a small rig, whose store is in ``folder``, and a model for it; return the rig file."""
    rig = folder / "small.yaml"
    session = {"store": str(folder / "store"), "max_steps": 30, "operator": "auto"}
    rig.write_text(yaml.safe_dump({**SMALL, "session": session}))
    settings = load_settings(str(rig))
    save_checkpoint(folder / "model", create_vla(settings.policy, tuple(settings.cameras)))
    return rig


@pytest.fixture
def small_rig(tmp_path: Path) -> Path:
    """A rig file with its store and model beside it."""
    return write_rig(tmp_path)


@pytest.fixture
def terminal() -> Terminal:
    """A shell in a domain of the test's own."""
    return Terminal(next(_domains))


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """`ros2 launch irevla sim.launch.py headless:=true` on a small rig, with every node alive."""
    folder = tmp_path_factory.mktemp("launched")
    rig = write_rig(folder)
    terminal = Terminal(next(_domains))
    words = ("headless:=true", f"rig:={rig}", f"run_dir:={folder / 'run'}")
    process = terminal.begin("ros2", "launch", "irevla", "sim.launch.py", *words, log=folder / "launch.log")
    graph = Launched(terminal, process, folder)
    try:

        def is_up() -> bool:
            assert process.poll() is None, graph.output
            names = terminal.ros2("node", "list", "--no-daemon", "--spin-time", "1").split()
            return {f"/{name}" for name in NODES} <= set(names)

        terminal.until(is_up, what="every node in `ros2 node list`")
        yield graph
    finally:
        terminal.end(process)

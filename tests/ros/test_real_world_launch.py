"""`ros2 launch irevla real_world.launch.py`: nothing is half-started; with an arm that answers, all of it is."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
import yaml

FAKES = Path(__file__).parents[1] / "conftest.py"
DRIVER = """
from launch import LaunchDescription
from launch.actions import ExecuteProcess
SERVE = "import runpy, threading; runpy.run_path({fakes!r})['FrankaServer']({port}); threading.Event().wait()"
def generate_launch_description():
    return LaunchDescription([ExecuteProcess(cmd=[{python!r}, "-c", SERVE], name="fake_driver")])
"""
NODES = {"robot", "camera_front", "camera_wrist", "policy", "arbiter", "session"}


def launch(terminal: Any, *words: str) -> Any:
    return terminal.run("ros2", "launch", "irevla", "real_world.launch.py", *words)


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def rig(small_rig: Path, port: int) -> Path:
    """The real-world rig with films for cameras and its arm behind ``port``."""
    path = small_rig.with_name("film.avi")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (64, 64))
    for shade in range(30):
        writer.write(np.full((64, 64, 3), shade, dtype=np.uint8))
    writer.release()
    settings = yaml.safe_load((Path(__file__).parents[2] / "config" / "real_world.yaml").read_text())
    settings["cameras"] = {name: {"backend": "opencv", "source": str(path)} for name in ("front", "wrist")}
    settings["robot"]["serl"]["url"] = f"http://127.0.0.1:{port}"
    settings["session"]["store"] = str(small_rig.parent / "store")
    file = small_rig.with_name("real.yaml")
    file.write_text(yaml.safe_dump(settings))
    return file


def test_without_hardware_it_says_what_is_missing_and_starts_nothing(terminal: Any) -> None:
    done = launch(terminal)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "nothing was started" in said
    assert "MISSING camera front" in said and "MISSING arm" in said
    assert "process started" not in said


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("driver:=franka_bringup/franka.launch.py", "package 'franka_bringup' is not there"),
        ("driver:=launch_ros/franka.launch.py", "no launch file"),
        ("robot:=serrl", "Input should be 'mujoco', 'serl' or 'crisp'"),
    ],
)
def test_a_wrong_argument_is_refused(terminal: Any, word: str, answer: str) -> None:
    done = launch(terminal, word)
    assert done.returncode != 0
    assert answer in done.stdout + done.stderr
    assert "process started" not in done.stdout + done.stderr


@pytest.mark.timeout(300)
def test_the_nodes_follow_the_driver_and_end_with_it(terminal: Any, rig: Path, port: int) -> None:
    driver = rig.with_name("driver.launch.py")
    driver.write_text(DRIVER.format(fakes=str(FAKES), port=port, python=sys.executable))
    log = rig.with_name("launch.log")
    words = (f"rig:={rig}", f"driver:={driver}", "headless:=true", f"run_dir:={rig.with_name('run')}")
    process = terminal.begin("ros2", "launch", "irevla", "real_world.launch.py", *words, log=log)
    try:

        def is_up() -> bool:
            assert process.poll() is None, log.read_text()
            names = terminal.ros2("node", "list", "--no-daemon", "--spin-time", "1").split()
            return {f"/{name}" for name in NODES} <= set(names)

        terminal.until(is_up, what="every node in `ros2 node list`")
        said = terminal.ros2("topic", "echo", "--once", "--no-daemon", "/robot/state")
        assert re.search(r"error: ''", said)
        children = psutil.Process(process.pid).children(recursive=True)
        server = next(child for child in children if "FrankaServer" in " ".join(child.cmdline()))
        os.kill(server.pid, signal.SIGKILL)
        assert process.wait(30.0) != 0
        assert "fake_driver" in log.read_text() and "the session ends" in log.read_text()
        _, alive = psutil.wait_procs(children, timeout=10.0)
        assert not alive, "somebody was left behind"
    finally:
        terminal.end(process)


@pytest.mark.timeout(300)
def test_a_driver_that_never_shows_an_arm_ends_it_before_any_node(terminal: Any, rig: Path, port: int) -> None:
    driver = rig.with_name("driver.launch.py")
    driver.write_text(DRIVER.format(fakes=str(FAKES), port=0, python=sys.executable))  # another port than the rig's
    done = terminal.run(
        "ros2", "launch", "irevla", "real_world.launch.py", f"rig:={rig}", f"driver:={driver}", timeout_s=120.0
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "MISSING arm" in said
    assert "[robot-" not in said

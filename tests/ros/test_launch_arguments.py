"""What `ros2 launch` says of its arguments, and of wrong ones; nothing is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_every_argument_is_described(terminal: Any) -> None:
    said = terminal.ros2("launch", "irevla", "sim.launch.py", "--show-args")
    for name in ("rig", "robot", "headless", "namespace", "log_level", "run_dir"):
        assert f"'{name}':" in said
    assert "no description given" not in said


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("headless:=maybe", "maybe"),
        ("log_level:=loud", "loud"),
        ("robot:=mujoko", "Input should be 'mujoco'"),
        ("rig:=simm", "did you mean 'sim'"),
        ("rig:=no/such.yaml", "no settings file"),
    ],
)
def test_a_wrong_argument_is_refused_in_words_and_starts_nothing(
    terminal: Any, tmp_path: Path, word: str, answer: str
) -> None:
    words = [word, f"run_dir:={tmp_path}", *([] if word.startswith("headless") else ["headless:=true"])]
    done = terminal.run("ros2", "launch", "irevla", "sim.launch.py", *words)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert answer in said
    assert "process started" not in said

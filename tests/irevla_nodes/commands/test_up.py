"""`irevla up` without starting anything: what it prints, and how it names mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from irevla.config.errors import UserError
from irevla_nodes.commands.up import app


def invoke(*arguments: str) -> str:
    cli = typer.Typer()
    cli.add_typer(app, name="up")
    result = CliRunner().invoke(cli, ["up", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_list_names_every_node_and_what_its_end_means() -> None:
    output = invoke("sim", "--list")
    assert "rigs: default, real_world, sim" in output
    assert "robot          irevla_nodes.robot_node        when it ends: shutdown" in output


def test_a_dry_run_prints_the_command_of_each_process(tmp_path: Path) -> None:
    output = invoke("sim", "--dry-run", "--only", "robot,policy", "--domain", "9", "--run-dir", str(tmp_path))
    assert output.count("ROS_DOMAIN_ID=9") == 2
    assert "irevla_nodes.policy_node --ros-args" in output
    assert "session_node" not in output


def test_settings_are_printed_with_units_and_overrides() -> None:
    assert "robot.policy_hz = 5.0  # policy steps per second [Hz]" in invoke(
        "sim", "--settings", "--set", "robot.policy_hz=5"
    )
    found = json.loads(invoke("--settings", "--json"))
    assert found["cameras.front.width_px"]["value"] == 96


def test_the_real_world_can_be_looked_at_without_an_arm(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    output = invoke("real_world", "--dry-run", "--run-dir", str(run_dir))
    assert "irevla_nodes.robot_node --ros-args" in output
    written = yaml.safe_load((run_dir / "params" / "robot.yaml").read_text())["/**"]["ros__parameters"]
    assert written["robot"]["serl"]["url"] == "http://127.0.0.1:5000"
    assert written["limits"]["speed_m_s"] == 0.2
    found = json.loads(invoke("real_world", "--settings", "--json"))
    assert found["robot.lockstep"]["value"] is False
    assert found["cameras.front.backend"]["value"] == "realsense"
    assert found["session.operator"]["value"] == "manual"
    assert "[Hz]" in found["robot.hardware.stream_hz"]["description"]


@pytest.mark.parametrize("backend", ["serl", "crisp"])
def test_a_real_arm_in_lockstep_is_refused(backend: str) -> None:
    with pytest.raises(UserError, match="lockstep must be false"):
        invoke("sim", "--set", f"robot.backend={backend}", "--list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["simm"], "did you mean 'sim'"),
        (["sim", "--only", "robt"], "did you mean 'robot'"),
        (["sim", "--set", "sesion.max_steps=3"], "did you mean 'session'"),
        (["sim", "--set", "session.max_step=3"], "did you mean 'max_steps'"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(arguments: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        invoke(*arguments, "--list")

"""A node's parameter file holds exactly the sections it is named with."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from irevla.config.errors import ConfigError
from irevla.config.settings import load_settings
from irevla_nodes.graph.node_command import node_command
from irevla_nodes.graph.parameter_file import node_parameters, write_parameter_file


def test_a_camera_gets_its_own_section_and_name() -> None:
    settings = load_settings("sim", ["cameras.wrist.width_px=128"])
    parameters = node_parameters(settings, "camera_wrist")
    assert parameters["camera"]["name"] == "wrist"
    assert parameters["camera"]["width_px"] == 128
    assert parameters["camera_names"] == ["front", "wrist"]
    assert set(parameters) == {"seed", "camera_names", "robot", "camera"}


def test_the_file_reads_back_equal(tmp_path: Path) -> None:
    settings = load_settings("sim", ["learner.learning_rate=1e-5", "policy.head_hidden=[64, 64]"])
    path = write_parameter_file(settings, "learner", tmp_path)
    read = yaml.safe_load(path.read_text())["/**"]["ros__parameters"]
    assert read == {**node_parameters(settings, "learner"), "state_dir": str(tmp_path / "state" / "learner")}
    assert isinstance(read["learner"]["learning_rate"], float)
    assert read["policy"]["head_hidden"] == [64, 64]


def test_every_text_is_quoted_for_ros_takes_a_bare_y_for_true(tmp_path: Path) -> None:
    settings = load_settings("sim", ["teleop.gamepad.buttons.done=y"])
    text = write_parameter_file(settings, "teleop", tmp_path).read_text(encoding="utf-8")
    assert '"done": "y"' in text


def test_an_unknown_section_is_named_with_what_there_is() -> None:
    settings = load_settings("sim", ["graph.nodes.policy.sections=[robot, polcy]"])
    with pytest.raises(
        ConfigError, match=r"graph\.nodes\.policy\.sections: no section 'polcy'; available: .*cameras\.front"
    ):
        node_parameters(settings, "policy")


def test_the_command_names_the_node_its_namespace_and_its_file(tmp_path: Path) -> None:
    settings = load_settings("sim", ["graph.namespace=rig1", "graph.domain_id=7"])
    command = node_command(settings, "policy", tmp_path)
    line = " ".join(command.argv)
    assert "irevla_nodes.policy_node --ros-args --params-file" in line
    assert "-r __node:=policy -r __ns:=/rig1 -r /tf:=tf -r /tf_static:=tf_static --log-level info" in line
    assert command.environment["ROS_DOMAIN_ID"] == "7"
    assert command.environment["IREVLA_NETWORK"] == "loopback"

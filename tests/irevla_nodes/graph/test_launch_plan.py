"""What a launch file is told: the rig's nodes, their parameter files, no domain; and who is no ROS executable."""

from __future__ import annotations

from pathlib import Path

import pytest

from irevla.config.errors import ConfigError
from irevla.config.settings import load_settings
from irevla_nodes.graph.launch_plan import launch_plan


def test_the_plan_is_of_the_rig(tmp_path: Path) -> None:
    plan = launch_plan(load_settings("sim", ["graph.namespace=left"]), tmp_path, headless=True)
    assert plan["namespace"] == "left"
    assert "ROS_DOMAIN_ID" not in plan["environment"]
    arbiter = next(node for node in plan["nodes"] if node["name"] == "arbiter")
    assert (arbiter["executable"], arbiter["on_exit"]) == ("arbiter_node", "shutdown")
    assert arbiter["parameters"] == str(tmp_path / "params" / "arbiter.yaml")
    assert Path(arbiter["parameters"]).is_file()


def test_a_module_of_somebody_else_is_no_executable_of_ours(tmp_path: Path) -> None:
    settings = load_settings("sim", ["graph.nodes.teleop.module=my_lab.foot_pedal"])
    with pytest.raises(ConfigError, match=r"graph\.nodes\.teleop\.module.*my_lab\.foot_pedal"):
        launch_plan(settings, tmp_path, headless=True)

"""The launch file against stand-ins for ROS's launch: the same commands as `irevla up`, one process a node."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "launch" / "sim.launch.py"


class Recorded(SimpleNamespace):
    """A launch action that remembers its arguments."""

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        super().__init__(arguments=arguments, **fields)


class FakeConfiguration:
    """A substitution that performs to the argument's value."""

    def __init__(self, name: str) -> None:
        self._name = name

    def perform(self, context: dict[str, str]) -> str:
        return context[self._name]


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Return the launch file's processes by name."""
    package, actions, substitutions = (
        ModuleType(name) for name in ("launch", "launch.actions", "launch.substitutions")
    )
    package.LaunchDescription = lambda entities: entities  # type: ignore[attr-defined]
    for name in ("DeclareLaunchArgument", "ExecuteProcess", "OpaqueFunction", "Shutdown"):
        setattr(actions, name, Recorded)
    substitutions.LaunchConfiguration = FakeConfiguration  # type: ignore[attr-defined]
    for module in (package, actions, substitutions):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delenv("ROS_DOMAIN_ID", raising=False)
    entities = runpy.run_path(str(FILE))["generate_launch_description"]()
    assert [entity.arguments[0] for entity in entities[:-1]] == ["rig", "run_dir", "log_level"]
    context = {"rig": "sim", "run_dir": str(tmp_path), "log_level": "warn"}
    return {process.name: process for process in entities[-1].function(context)}


def test_every_node_of_the_rig_is_a_process(processes: dict[str, Any]) -> None:
    assert {"robot", "arbiter", "policy", "session", "learner", "sft", "camera_front", "camera_wrist"} <= set(processes)
    policy = processes["policy"]
    assert policy.cmd[-2:] == ["--log-level", "warn"]
    assert "irevla_nodes.policy_node" in policy.cmd
    assert policy.additional_env["ROS_DOMAIN_ID"] == "42"


def test_the_end_of_the_arm_or_its_arbiter_ends_the_graph(processes: dict[str, Any]) -> None:
    for name, process in processes.items():
        ends_all = name in ("robot", "arbiter")
        assert process.respawn is not ends_all
        assert (process.on_exit is not None) is ends_all

"""The launch files against stand-ins for ROS's launch (tests/ros has the real one): the same plan as `irevla up`."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "launch"
LAUNCH = {
    "launch.actions": (
        "DeclareLaunchArgument",
        "IncludeLaunchDescription",
        "OpaqueFunction",
        "SetEnvironmentVariable",
        "Shutdown",
    ),
    "launch.launch_description_sources": ("PythonLaunchDescriptionSource",),
    "launch_ros.actions": ("Node",),
}


class Recorded(SimpleNamespace):
    """A launch action that remembers its arguments."""

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        super().__init__(arguments=arguments, **fields)


class FakeConfiguration:
    """A substitution that performs to the argument's value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def perform(self, context: dict[str, str]) -> str:
        return context[self.name]


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put stand-ins where the launch files import from."""
    package, substitutions = ModuleType("launch"), ModuleType("launch.substitutions")
    package.LaunchDescription = lambda entities: entities  # type: ignore[attr-defined]
    substitutions.LaunchConfiguration = FakeConfiguration  # type: ignore[attr-defined]
    modules = [package, substitutions, ModuleType("launch_ros")]
    for name, classes in LAUNCH.items():
        module = ModuleType(name)
        for recorded in classes:
            setattr(module, recorded, Recorded)
        modules.append(module)
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def actions(folder: Path, **arguments: str) -> list[Any]:
    """Return what graph.launch.py makes of the arguments."""
    entities = runpy.run_path(str(FOLDER / "graph.launch.py"))["generate_launch_description"]()
    context = {entity.arguments[0]: getattr(entity, "default_value", "") for entity in entities[:-1]}
    context |= {"rig": "sim", "run_dir": str(folder), "headless": "true", **arguments}
    made: list[Any] = entities[-1].function(context)
    return made


def nodes(folder: Path, **arguments: str) -> dict[str, Any]:
    return {action.name: action for action in actions(folder, **arguments) if hasattr(action, "executable")}


def test_every_node_of_the_rig_is_one_of_the_package(tmp_path: Path) -> None:
    found = nodes(tmp_path, log_level="warn", namespace="rig0")
    assert {"robot", "arbiter", "policy", "session", "learner", "sft", "camera_front", "camera_wrist"} <= set(found)
    camera = found["camera_front"]
    assert (camera.package, camera.executable, camera.namespace) == ("irevla", "camera_node", "rig0")
    assert camera.ros_arguments == ["--log-level", "warn"]
    assert ("/tf", "tf") in camera.remappings
    assert "ros__parameters" in yaml.safe_load(Path(camera.parameters[0]).read_text())["/**"]


def test_the_end_of_the_arm_or_its_arbiter_ends_the_graph(tmp_path: Path) -> None:
    for name, node in nodes(tmp_path, headless="false").items():
        ends_all = name in ("robot", "arbiter")
        assert node.respawn is (not ends_all and name != "viewer")
        assert (node.on_exit is not None) is ends_all


def test_only_a_graph_with_windows_has_the_viewer(tmp_path: Path) -> None:
    assert "viewer" not in nodes(tmp_path)
    assert "viewer" in nodes(tmp_path, headless="false")


def test_the_terminals_own_variables_go_before_the_rigs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def variables() -> dict[str, str]:
        return {action.arguments[0]: action.arguments[1] for action in actions(tmp_path) if not hasattr(action, "name")}

    monkeypatch.delenv("ROS_AUTOMATIC_DISCOVERY_RANGE", raising=False)
    assert variables()["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "LOCALHOST", "loopback unless opened"
    assert "ROS_DOMAIN_ID" not in variables(), "ROS's own: the terminal's"
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
    assert "ROS_AUTOMATIC_DISCOVERY_RANGE" not in variables()


def test_a_refusal_of_irevla_up_is_the_launchs(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Input should be 'mujoco'"):
        actions(tmp_path, robot="mujoko")


def test_without_the_command_it_says_what_to_activate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="activate the environment"):
        actions(tmp_path)


def test_sim_is_the_graph_of_the_rig_sim() -> None:
    rig, graph = runpy.run_path(str(FOLDER / "sim.launch.py"))["generate_launch_description"]()
    assert rig.default_value == "sim"
    assert graph.arguments[0].arguments[0] == str(FOLDER / "graph.launch.py")

"""Parameters: declaring, overriding, checking, and the services around them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def node_with(domain_id: int) -> Iterator[Callable[..., Any]]:
    """Make a node as if with these ROS arguments on its command line."""
    import rclpy
    from rclpy.node import Node
    from rclpy.signals import SignalHandlerOptions

    nodes = []

    def make(*arguments: str, **options: Any) -> Any:
        rclpy.init(
            args=["node", "--ros-args", *arguments],
            domain_id=domain_id,
            signal_handler_options=SignalHandlerOptions.NO,
        )
        nodes.append(Node("limits", **options))
        return nodes[-1]

    yield make
    for node in nodes:
        node.destroy_node()
    rclpy.try_shutdown()


def test_a_default_holds_until_the_command_line_says_otherwise(node_with: Any) -> None:
    node = node_with("-p", "speed:=0.5", "-p", "names:=[a, b]")
    assert node.declare_parameter("speed", 0.1).value == 0.5
    assert node.declare_parameter("step", 3).value == 3
    assert list(node.declare_parameter("names", ["x"]).value) == ["a", "b"]
    assert node.get_parameter("speed").value == 0.5


def test_a_parameter_file_reaches_the_nodes_it_names(node_with: Any, tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text(
        "/**:\n  ros__parameters:\n    speed: 0.2\n    box: {low: [0.1, 0.2], high: [1.0, 2.0]}\n"
        "/rig0/limits:\n  ros__parameters:\n    speed: 0.3\n"
        "other:\n  ros__parameters:\n    speed: 9.0\n"
    )
    node = node_with("--params-file", str(file), "-r", "__ns:=/rig0")
    assert node.declare_parameter("speed", 0.1).value == 0.3
    assert list(node.declare_parameter("box.low", [0.0]).value) == [0.1, 0.2]


def test_the_wrong_type_from_outside_is_an_error(node_with: Any) -> None:
    from rclpy.exceptions import InvalidParameterTypeException

    node = node_with("-p", "speed:=fast")
    with pytest.raises(InvalidParameterTypeException, match="speed"):
        node.declare_parameter("speed", 0.1)


def test_a_range_is_kept_at_declaration_and_later(node_with: Any) -> None:
    from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
    from rclpy.exceptions import InvalidParameterValueException
    from rclpy.parameter import Parameter

    node = node_with()
    speed = ParameterDescriptor(floating_point_range=[FloatingPointRange(from_value=0.0, to_value=1.7)])
    steps = ParameterDescriptor(integer_range=[IntegerRange(from_value=0, to_value=10, step=5)])
    node.declare_parameter("speed", 0.5, speed)
    node.declare_parameter("steps", 5, steps)
    with pytest.raises(InvalidParameterValueException):
        node.declare_parameter("speed2", 2.0, speed)
    assert not node.set_parameters([Parameter("speed", value=1.8)])[0].successful
    assert not node.set_parameters([Parameter("speed", value=float("nan"))])[0].successful
    assert not node.set_parameters([Parameter("steps", value=3)])[0].successful
    assert node.set_parameters([Parameter("speed", value=1.7)])[0].successful
    assert node.get_parameter("speed").value == 1.7


def test_a_read_only_parameter_cannot_be_set(node_with: Any) -> None:
    from rcl_interfaces.msg import ParameterDescriptor
    from rclpy.parameter import Parameter

    node = node_with()
    node.declare_parameter("backend", "mujoco", ParameterDescriptor(read_only=True))
    assert not node.set_parameters([Parameter("backend", value="gazebo")])[0].successful
    assert node.get_parameter("backend").value == "mujoco"


def test_another_type_cannot_be_set(node_with: Any) -> None:
    from rclpy.parameter import Parameter

    node = node_with()
    node.declare_parameter("steps", 5)
    result = node.set_parameters([Parameter("steps", value="five")])[0]
    assert not result.successful
    assert result.reason


def test_a_callback_may_refuse_and_all_or_nothing_is_set(node_with: Any) -> None:
    from rcl_interfaces.msg import SetParametersResult
    from rclpy.parameter import Parameter

    node, asked = node_with(), []
    node.declare_parameters("", [("low", 0.0), ("high", 1.0)])

    def check(parameters: list[Any]) -> Any:
        asked.append([parameter.name for parameter in parameters])
        values = {parameter.name: parameter.value for parameter in parameters}
        return SetParametersResult(successful=values.get("low", 0.0) < values.get("high", 1.0), reason="low >= high")

    node.add_on_set_parameters_callback(check)
    refused = node.set_parameters_atomically([Parameter("low", value=3.0), Parameter("high", value=2.0)])
    assert (refused.successful, refused.reason) == (False, "low >= high")
    assert node.get_parameter("low").value == 0.0
    assert node.set_parameters_atomically([Parameter("low", value=1.0), Parameter("high", value=2.0)]).successful
    assert node.get_parameter("high").value == 2.0
    assert asked[-1] == ["low", "high"]


def test_undeclared_and_twice_declared_parameters_are_errors(node_with: Any) -> None:
    from rclpy.exceptions import ParameterAlreadyDeclaredException, ParameterNotDeclaredException
    from rclpy.parameter import Parameter

    node = node_with()
    node.declare_parameter("speed", 0.5)
    with pytest.raises(ParameterAlreadyDeclaredException):
        node.declare_parameter("speed", 0.5)
    with pytest.raises(ParameterNotDeclaredException):
        node.get_parameter("sped")
    with pytest.raises(ParameterNotDeclaredException):
        node.set_parameters([Parameter("sped", value=1.0)])


def test_a_parameter_without_default_must_be_given(node_with: Any) -> None:
    from rclpy.exceptions import ParameterUninitializedException
    from rclpy.parameter import Parameter

    node = node_with("-p", "given:=7")
    assert node.declare_parameter("given", Parameter.Type.INTEGER).value == 7
    node.declare_parameter("missing", Parameter.Type.STRING)
    with pytest.raises(ParameterUninitializedException):
        node.get_parameter("missing")


def test_overrides_can_declare_themselves(node_with: Any) -> None:
    node = node_with("-p", "limits.speed_m_s:=0.5", automatically_declare_parameters_from_overrides=True)
    assert {name: parameter.value for name, parameter in node.get_parameters_by_prefix("limits").items()} == {
        "speed_m_s": 0.5
    }


def test_others_can_list_get_set_and_describe(graph: Any) -> None:
    from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
    from rcl_interfaces.srv import DescribeParameters, GetParameters, ListParameters, SetParameters
    from rclpy.parameter import Parameter

    node = graph.node("limits")
    node.declare_parameter(
        "speed",
        0.5,
        ParameterDescriptor(description="m/s", floating_point_range=[FloatingPointRange(from_value=0.0, to_value=1.0)]),
    )
    other = graph.node("other")

    def ask(kind: Any, name: str, **fields: Any) -> Any:
        client = other.create_client(kind, f"/limits/{name}")
        assert client.wait_for_service(timeout_sec=20.0)
        return graph.result(client.call_async(kind.Request(**fields)))

    assert "speed" in ask(ListParameters, "list_parameters").result.names
    assert ask(GetParameters, "get_parameters", names=["speed"]).values[0].double_value == 0.5
    described = ask(DescribeParameters, "describe_parameters", names=["speed"]).descriptors[0]
    assert (described.description, described.floating_point_range[0].to_value) == ("m/s", 1.0)
    parameters = [Parameter("speed", value=value).to_parameter_msg() for value in (0.7, 7.0)]
    results = ask(SetParameters, "set_parameters", parameters=parameters).results
    assert [result.successful for result in results] == [True, False]
    assert node.get_parameter("speed").value == 0.7


def test_changes_are_published(graph: Any) -> None:
    from rcl_interfaces.msg import ParameterEvent
    from rclpy.parameter import Parameter

    node, events = graph.node("limits"), []
    watcher = graph.node("watcher")
    watcher.create_subscription(ParameterEvent, "/parameter_events", events.append, 100)
    assert graph.until(lambda: watcher.count_publishers("/parameter_events") >= 2)
    node.declare_parameter("speed", 0.5)

    def is_changed() -> bool:
        node.set_parameters([Parameter("speed", value=0.7)])
        return any(event.node == "/limits" and event.changed_parameters for event in events)

    assert graph.until(is_changed)

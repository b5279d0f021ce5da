"""Settings as ROS parameters: every field, its range and its words; a wrong value is a ConfigError that names it."""

from array import array
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

import irevla_dds
from irevla.config.errors import ConfigError
from irevla.config.limits import LimitsSettings
from irevla.config.robot import RobotSettings
from irevla.config.section import Section
from irevla.config.session import SessionSettings
from irevla.config.settings import load_settings
from irevla_nodes.graph.parameter_file import node_parameters

irevla_dds.activate()

from irevla_nodes.parameters import declare_section  # noqa: E402


class Answer:
    """What declare_parameter returns."""

    def __init__(self, value: Any) -> None:
        self.value = value


class FakeNode:
    """Remembers what was declared; parameters of a file win over defaults."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.declared: dict[str, Any] = {}

    def declare_parameter(self, name: str, value: Any, descriptor: Any) -> Answer:
        self.declared[name] = descriptor
        given_value = self.values.get(name, value)
        # As rclpy gives them back.
        if isinstance(given_value, list) and given_value and isinstance(given_value[0], float):
            return Answer(array("d", given_value))
        return Answer(given_value)

    def get_name(self) -> str:
        return "arbiter"


class Inner(Section):
    depth: int = Field(3, ge=0, description="how deep")


class Everything(Section):
    """One field of each kind that a section may have."""

    flag: bool = True
    count: int = Field(2, ge=1, le=8, description="how many")
    size_m: float = Field(0.5, gt=0, le=1.5, description="how large [m]")
    name: str = ""
    choice: Literal["a", "b"] = "a"
    corner: tuple[float, float, float] = (0.0, 1.0, 2.0)
    words: tuple[str, ...] = ("x",)
    widths: tuple[int, ...] = (1, 2)
    maybe: float | None = None
    table: dict[str, int] = Field({"one": 1}, description="numbers by name")
    inner: Inner = Inner()
    needed: int


def test_defaults_fill_what_the_file_leaves_out() -> None:
    node = FakeNode({"e.needed": 5})
    section = declare_section(node, "e", Everything)  # type: ignore[arg-type]
    assert section == Everything(needed=5)
    assert set(node.declared) == {
        *(f"e.{name}" for name in Everything.model_fields if name != "inner"),
        "e.inner.depth",
    }


def test_each_kind_of_field_is_read_back() -> None:
    values = {
        "e.flag": False,
        "e.count": 8,
        "e.size_m": 1,
        "e.name": "7",
        "e.choice": "b",
        "e.corner": [1.0, 2.0, 3.0],
        "e.words": ["p", "q"],
        "e.widths": [],
        "e.maybe": 2.5,
        "e.table": '{"two": 2}',
        "e.inner.depth": 0,
        "e.needed": 1,
    }
    assert declare_section(FakeNode(values), "e", Everything) == Everything(  # type: ignore[arg-type]
        flag=False,
        count=8,
        size_m=1.0,
        name="7",
        choice="b",
        corner=(1.0, 2.0, 3.0),
        words=("p", "q"),
        widths=(),
        maybe=2.5,
        table={"two": 2},
        inner=Inner(depth=0),
        needed=1,
    )


def test_a_parameter_carries_its_words_and_its_range_and_is_read_only() -> None:
    node = FakeNode({})
    declare_section(node, "limits", LimitsSettings)  # type: ignore[arg-type]
    descriptor = node.declared["limits.step_m"]
    assert "[m]" in descriptor.description
    assert descriptor.read_only
    assert (descriptor.floating_point_range[0].from_value, descriptor.floating_point_range[0].to_value) == (0.0, 0.2)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("size_m", 9.0, r"e\.size_m: .*less than or equal to 1.5, got '9.0'"),
        ("size_m", "wide", r"e\.size_m: .*valid number.*got 'wide'"),
        ("count", 0, r"e\.count: .*greater than or equal to 1"),
        ("choice", "c", r"e\.choice: .*'a' or 'b'"),
        ("corner", [1.0], r"e\.corner"),
        ("table", "{", r"e\.table: expected JSON in a string, got '{'"),
        ("needed", None, r"e\.needed: Field required"),
    ],
)
def test_a_wrong_value_names_the_parameter_and_what_was_expected(name: str, value: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        declare_section(FakeNode({"e.needed": 1, f"e.{name}": value}), "e", Everything)  # type: ignore[arg-type]


@given(
    st.floats(0.001, 0.2), st.floats(0.01, 1.5), st.tuples(*[st.floats(-1, 0)] * 3), st.tuples(*[st.floats(0.1, 1)] * 3)
)
def test_what_irevla_up_writes_is_what_the_node_reads(
    step_m: float, cone_rad: float, low: tuple[float, ...], high: tuple[float, ...]
) -> None:
    limits = LimitsSettings(step_m=step_m, cone_rad=cone_rad, workspace_min_m=low, workspace_max_m=high)  # type: ignore[arg-type]
    settings = load_settings("sim").model_copy(update={"limits": limits})
    values = {
        f"{section}.{name}": value
        for section, fields in node_parameters(settings, "arbiter").items()
        if isinstance(fields, dict)
        for name, value in fields.items()
    }
    assert declare_section(FakeNode(values), "limits", LimitsSettings) == limits  # type: ignore[arg-type]
    assert declare_section(FakeNode(values), "robot", RobotSettings) == settings.robot  # type: ignore[arg-type]


@pytest.fixture
def node_with() -> Iterator[Any]:
    """A real node of the runtime, with parameters from the command line."""
    import rclpy
    from rclpy.node import Node

    made: list[Node] = []

    def make(**parameters: str) -> Node:
        given_ones = [part for name, value in parameters.items() for part in ("-p", f"limits.{name}:={value}")]
        rclpy.init(args=["test", "--ros-args", *given_ones], domain_id=91)
        made.append(Node("arbiter"))
        return made[-1]

    yield make
    for node in made:
        node.destroy_node()
    if rclpy.ok():
        rclpy.shutdown()


def test_a_real_node_reads_the_same(node_with: Any) -> None:
    node = node_with(step_m="0.05", stale_s="1", workspace_min_m="[0.3, -0.2, 0.02]")
    limits = declare_section(node, "limits", LimitsSettings)
    assert limits == LimitsSettings(step_m=0.05, stale_s=1.0, workspace_min_m=(0.3, -0.2, 0.02))


def test_a_live_field_reaches_the_node_as_a_whole_new_section(node_with: Any) -> None:
    from rclpy.parameter import Parameter

    node, seen = node_with(), []
    section = declare_section(node, "session", SessionSettings, seen.append)
    steps, wait = Parameter("session.max_steps", value=7), Parameter("session.step_timeout_s", value=3)
    assert node.set_parameters_atomically([steps, wait]).successful
    assert seen == [section.model_copy(update={"max_steps": 7, "step_timeout_s": 3.0})]
    assert not node.set_parameters([Parameter("session.max_steps", value=0)])[0].successful
    assert not node.set_parameters([Parameter("session.max_steps", Parameter.Type.NOT_SET)])[0].successful
    assert node.set_parameters([Parameter("use_sim_time", value=False)])[0].successful
    assert len(seen) == 1


def test_a_live_field_is_read_only_in_a_node_that_does_not_listen(node_with: Any) -> None:
    from rclpy.parameter import Parameter

    node = node_with()
    declare_section(node, "session", SessionSettings)
    result = node.set_parameters([Parameter("session.max_steps", value=7)])[0]
    assert not result.successful
    assert "read-only" in result.reason
    assert "rig file" in node.describe_parameter("session.max_steps").additional_constraints


def test_the_words_of_a_choice_name_what_there_is(node_with: Any) -> None:
    node = node_with()
    declare_section(node, "session", SessionSettings)
    assert node.describe_parameter("session.operator").additional_constraints.startswith("one of: manual, auto; ")


def test_every_field_of_every_section_has_words_and_only_the_safe_ones_are_live() -> None:
    settings = load_settings("sim")
    live = set()
    for name, section in {**dict(settings), **{f"cameras.{key}": one for key, one in settings.cameras.items()}}.items():
        if isinstance(section, Section) and name not in ("graph", "demo"):
            for field, info in type(section).model_fields.items():
                assert info.description, f"{name}.{field} has no description"
                if info.json_schema_extra:
                    live.add(f"{name}.{field}")
    assert not {name for name in live if name.startswith(("limits", "robot", "policy", "learner", "rounds"))}
    assert "session.max_steps" in live


@pytest.mark.parametrize(
    ("name", "value"), [("step_m", "3.0"), ("step_m", "far"), ("workspace_min_m", "[0.9, 0.0, 0.0]")]
)
def test_a_real_node_refuses_a_wrong_value_with_the_same_error(node_with: Any, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=r"parameters of node arbiter: .*limits"):
        declare_section(node_with(**{name: value}), "limits", LimitsSettings)

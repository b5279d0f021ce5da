"""Command lines, parameter files, names, and the network's configuration."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import ConfigError, UserError
from irevla_dds.network import cyclone_configuration, domain_id


def parse(*words: str) -> Any:
    from rclpy.impl.arguments import parse_arguments

    return parse_arguments(["node", *words])


def test_a_whole_command_line_is_understood() -> None:
    arguments = parse(
        "own", "--ros-args", "-r", "__ns:=/rig0", "-r", "__node:=arm", "-r", "a:=b", "-p", "x:=1",
        "-p", "arm:y:=[1, 2]", "--log-level", "debug", "--log-level", "rig0.arm:=warn",
        "--disable-rosout-logs", "--", "more",
    )  # fmt: skip
    assert arguments.rest == ("node", "own", "more")
    assert arguments.node_name("robot") == "arm"
    assert arguments.namespace("robot", "") == "/rig0"
    assert arguments.values("arm", "/rig0/arm") == {"x": 1, "y": [1, 2]}
    assert arguments.values("other", "/rig0/other") == {"x": 1}
    assert (arguments.log_level, arguments.logger_levels) == ("debug", {"rig0.arm": "warn"})
    assert not arguments.rosout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("-r", "ab"), "from:=to"),
        (("-p", "x"), "name:=value"),
        (("-p", "x:=[1"), "no YAML value"),
        (("-r",), "needs a value"),
        (("--what",), "unknown ROS argument '--what'"),
        (("--params-file", "/nowhere.yaml"), "/nowhere.yaml"),
    ],
)
def test_a_wrong_argument_is_named(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        parse("--ros-args", *words)


@pytest.mark.parametrize("text", ["just text", "[1, 2]", "node: 3", "a: [", "\t"])
def test_a_file_that_is_no_parameter_file_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"x\.yaml"):
        parse("--ros-args", "--params-file", str(file))


@given(st.lists(st.text(max_size=12), max_size=6))
def test_no_command_line_raises_anything_but_a_config_error(words: list[str]) -> None:
    try:
        parse("--ros-args", *words)
    except ConfigError:
        pass


@given(st.text(max_size=40))
def test_any_text_is_a_valid_qualified_name_or_refused(text: str) -> None:
    import re

    from rclpy.exceptions import InvalidNameException
    from rclpy.impl.names import qualify

    try:
        name = qualify(text, "node", "/ns")
    except InvalidNameException:
        return
    assert re.fullmatch(r"(/[A-Za-z_][A-Za-z0-9_]*)+", name)


def test_the_graph_is_bound_to_loopback_unless_opened() -> None:
    xml = cyclone_configuration({})
    interfaces = ElementTree.fromstring(xml).findall(".//NetworkInterface")
    assert [interface.get("address") for interface in interfaces] == ["127.0.0.1"]
    assert ElementTree.fromstring(xml).findtext(".//AllowMulticast") == "false"
    assert "127.0.0.1" not in cyclone_configuration({"IREVLA_NETWORK": "lan"})
    assert cyclone_configuration({"CYCLONEDDS_URI": "file:///mine.xml"}) == ""


@pytest.mark.parametrize("environment", [{"IREVLA_NETWORK": "world"}])
def test_an_unknown_network_is_an_error(environment: dict[str, str]) -> None:
    with pytest.raises(UserError, match="loopback or lan"):
        cyclone_configuration(environment)


@pytest.mark.parametrize("text", ["-1", "233", "x", "1.5"])
def test_a_wrong_domain_is_an_error(text: str) -> None:
    with pytest.raises(UserError, match="ROS_DOMAIN_ID"):
        domain_id({"ROS_DOMAIN_ID": text})


def test_the_domain_comes_from_the_environment() -> None:
    assert domain_id({}) == 0
    assert domain_id({"ROS_DOMAIN_ID": "42"}) == 42

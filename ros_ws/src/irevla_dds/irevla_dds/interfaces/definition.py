"""What .msg, .srv and .action texts define, as rosbags' field descriptions, with the types rosidl derives from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosbags.interfaces import Nodetype
from rosbags.typesys.base import create_field_desc
from rosbags.typesys.msg import MSGParser

# (nodetype, detail), as rosbags describes a field's type.
FieldType = tuple[Any, Any]

UUID: FieldType = (Nodetype.NAME, "unique_identifier_msgs/msg/UUID")
TIME: FieldType = (Nodetype.NAME, "builtin_interfaces/msg/Time")
EVENT_INFO: FieldType = (Nodetype.NAME, "service_msgs/msg/ServiceEventInfo")
BOOL: FieldType = (Nodetype.BASE, ("bool", 0))
INT8: FieldType = (Nodetype.BASE, ("int8", 0))
# IDL has no empty structure: rosidl puts one byte into it, on the wire and in the hash.
PLACEHOLDER = ("structure_needs_at_least_one_member", (Nodetype.BASE, ("uint8", 0)))


@dataclass(frozen=True)
class Definition:
    """One structure: ``package/kind/Name``, its constants, its fields and their non-zero defaults."""

    name: str
    constants: tuple[tuple[str, str, Any], ...]
    fields: tuple[tuple[str, FieldType], ...]
    defaults: tuple[tuple[str, Any], ...] = ()


def read_folder(folder: Path) -> list[Definition]:
    """Read every interface of the ROS package ``folder`` (its msg/, srv/ and action/ folders)."""
    package = folder.name
    found: list[Definition] = []
    for path in sorted((folder / "msg").glob("*.msg")):
        found.append(parse_structure(f"{package}/msg/{path.stem}", path.read_text(encoding="utf-8")))
    for path in sorted((folder / "srv").glob("*.srv")):
        found += parse_service(f"{package}/srv/{path.stem}", path.read_text(encoding="utf-8"))
    for path in sorted((folder / "action").glob("*.action")):
        found += parse_action(f"{package}/action/{path.stem}", path.read_text(encoding="utf-8"))
    return found


def parse_structure(name: str, text: str) -> Definition:
    """Parse one structure; ``rosbags.typesys.base.TypesysError`` tells where the text is wrong."""
    package = name.partition("/")[0]
    # rosbags knows only messages by this grammar; the real name comes back below.
    message = MSGParser(f"MSG: {package}/msg/Parsed\n{text}").specification()[0]
    fields = tuple((field.name, create_field_desc(field.typ)) for field in message.fields)
    return Definition(
        name,
        tuple((constant.name, constant.typ.value, constant.value) for constant in message.constants),
        fields or (PLACEHOLDER,),
        tuple((field.name, field.value) for field in message.fields if field.value is not None),
    )


def parse_service(name: str, text: str) -> list[Definition]:
    """Parse ``request --- response``; also gives the types that a service's hash covers."""
    request, response = _split(name, text, parts=2)
    return [
        parse_structure(f"{name}_Request", request),
        parse_structure(f"{name}_Response", response),
        *_service_types(name),
    ]


def parse_action(name: str, text: str) -> list[Definition]:
    """Parse ``goal --- result --- feedback``; also gives the two hidden services and the feedback message."""
    goal, result, feedback = _split(name, text, parts=3)
    return [
        parse_structure(f"{name}_Goal", goal),
        parse_structure(f"{name}_Result", result),
        parse_structure(f"{name}_Feedback", feedback),
        Definition(f"{name}_SendGoal_Request", (), (("goal_id", UUID), ("goal", (Nodetype.NAME, f"{name}_Goal")))),
        Definition(f"{name}_SendGoal_Response", (), (("accepted", BOOL), ("stamp", TIME))),
        *_service_types(f"{name}_SendGoal"),
        Definition(f"{name}_GetResult_Request", (), (("goal_id", UUID),)),
        Definition(f"{name}_GetResult_Response", (), (("status", INT8), ("result", (Nodetype.NAME, f"{name}_Result")))),
        *_service_types(f"{name}_GetResult"),
        Definition(
            f"{name}_FeedbackMessage", (), (("goal_id", UUID), ("feedback", (Nodetype.NAME, f"{name}_Feedback")))
        ),
    ]


def _service_types(name: str) -> list[Definition]:
    request, response = (Nodetype.NAME, f"{name}_Request"), (Nodetype.NAME, f"{name}_Response")
    event = (Nodetype.NAME, f"{name}_Event")
    return [
        Definition(
            f"{name}_Event",
            (),
            (
                ("info", EVENT_INFO),
                ("request", (Nodetype.SEQUENCE, (request, 1))),
                ("response", (Nodetype.SEQUENCE, (response, 1))),
            ),
        ),
        Definition(name, (), (("request_message", request), ("response_message", response), ("event_message", event))),
    ]


def _split(name: str, text: str, *, parts: int) -> list[str]:
    sections: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        if line.strip() == "---":
            sections.append([])
        else:
            sections[-1].append(line)
    if len(sections) != parts:
        raise ValueError(f"{name}: expected {parts} sections divided by '---', got {len(sections)}")
    return ["".join(section) for section in sections]

"""All message, service and action classes that exist: ROS 2 Jazzy's common ones and our own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from rosbags.interfaces import Nodetype
from rosbags.typesys import Stores, get_typestore
from rosbags.typesys.base import normalize_fieldname

from irevla.config.errors import UnknownNameError
from irevla.config.interface_files import interface_folder
from irevla_dds.interfaces.array_field import ArrayField
from irevla_dds.interfaces.codec import Codec
from irevla_dds.interfaces.definition import Definition, read_folder
from irevla_dds.interfaces.message import Field, Message, make_message_class

SHARE = Path(__file__).with_name("share")
# rosbags' store keeps no defaults; these are the non-zero ones among the packages it holds.
DEFAULTS = {
    "geometry_msgs/msg/Quaternion": (("w", 1.0),),
    "sensor_msgs/msg/NavSatStatus": (("status", -2),),
}
NUMPY_NAMES = {"bool": "bool", "byte": "uint8"}


class InterfaceStore:
    """Makes the classes on demand; thread-safe."""

    def __init__(self) -> None:
        self._types = get_typestore(Stores.ROS2_JAZZY)
        self._defaults: dict[str, tuple[tuple[str, Any], ...]] = dict(DEFAULTS)
        self._services: set[str] = set()
        self._actions: set[str] = set()
        self._messages: dict[str, type[Message]] = {}
        self._compound: dict[str, type] = {}
        self._lock = threading.RLock()
        for name, (constants, fields) in self._types.fielddefs.items():
            self._types.fielddefs[name] = (constants, [(field, _char_as_uint8(kind)) for field, kind in fields])
        for folder in (*sorted(SHARE.iterdir()), interface_folder()):
            for definition in read_folder(folder):
                self.add(definition)

    def packages(self) -> set[str]:
        """Return the names of all ROS packages with interfaces."""
        return {name.partition("/")[0] for name in self._types.fielddefs}

    def names(self, package: str, kind: str) -> list[str]:
        """Return what can be imported from ``package.kind`` (kind: msg, srv or action)."""
        pool = {"msg": self._types.fielddefs, "srv": self._services, "action": self._actions}.get(kind, ())
        prefix = f"{package}/{kind}/"
        return sorted(name.removeprefix(prefix) for name in pool if name.startswith(prefix))

    def load(self, package: str, kind: str, name: str) -> type:
        """Return the class that ``from package.kind import name`` gives; UnknownNameError."""
        if name not in self.names(package, kind) and f"{package}/{kind}/{name}" not in self._types.fielddefs:
            raise UnknownNameError(f"{package}.{kind} interface", name, self.names(package, kind))
        full = f"{package}/{kind}/{name}"
        if full in self._actions:
            return self.action(full)
        return self.service(full) if full in self._services else self.message(full)

    def message(self, name: str) -> type[Message]:
        """Return the class of ``package/kind/Name``."""
        with self._lock:
            if name not in self._messages:
                constants, fields = self._types.fielddefs[name][:2]
                codec = Codec(self._types, name)
                made = make_message_class(
                    name,
                    tuple(self._field(name, field, kind) for field, kind in fields),
                    {constant: value for constant, _, value in constants},
                    codec,
                )
                self._messages[name] = made
                self._types.types[name] = made  # type: ignore[assignment]
            return self._messages[name]

    def service(self, name: str) -> type:
        """Return the class of a service, with its ``Request`` and ``Response``."""
        with self._lock:
            if name not in self._compound:
                self._compound[name] = self._compose(
                    name,
                    codec=Codec(self._types, name),
                    Request=self.message(f"{name}_Request"),
                    Response=self.message(f"{name}_Response"),
                )
            return self._compound[name]

    def action(self, name: str) -> type:
        """Return the class of an action: ``Goal``, ``Result``, ``Feedback``, and in ``Impl`` its wire types."""
        with self._lock:
            if name not in self._compound:
                implementation = self._compose(
                    f"{name}_Impl",
                    SendGoalService=self.service(f"{name}_SendGoal"),
                    GetResultService=self.service(f"{name}_GetResult"),
                    FeedbackMessage=self.message(f"{name}_FeedbackMessage"),
                    CancelGoalService=self.service("action_msgs/srv/CancelGoal"),
                    GoalStatusMessage=self.message("action_msgs/msg/GoalStatusArray"),
                )
                self._compound[name] = self._compose(
                    name,
                    Goal=self.message(f"{name}_Goal"),
                    Result=self.message(f"{name}_Result"),
                    Feedback=self.message(f"{name}_Feedback"),
                    Impl=implementation,
                )
            return self._compound[name]

    def add(self, definition: Definition) -> None:
        """Add a structure, before its class is asked for."""
        constants: Any = list(definition.constants)
        fields = [(field, _char_as_uint8(kind)) for field, kind in definition.fields]
        self._types.fielddefs[definition.name] = (constants, fields)
        if definition.defaults:
            self._defaults[definition.name] = definition.defaults
        if any(field == "event_message" for field, _ in definition.fields):
            self._services.add(definition.name)
        if definition.name.endswith("_FeedbackMessage") and "/action/" in definition.name:
            self._actions.add(definition.name.removesuffix("_FeedbackMessage"))

    def _compose(self, name: str, **members: Any) -> type:
        package, kind, short = name.split("/")
        return type(short, (), {"__module__": f"{package}.{kind}", "__doc__": f"{name}.", **members})

    def _field(self, owner: str, name: str, described: Any) -> Field:
        kind, detail = described
        attribute = normalize_fieldname(name)
        given = dict(self._defaults.get(owner, ())).get(name)
        if kind == Nodetype.NAME:
            nested = self.message(detail)
            return Field(attribute, detail.replace("/msg/", "/"), nested, None)
        if kind == Nodetype.BASE:
            value = given if given is not None else _zero(detail[0])
            return Field(attribute, detail[0], lambda: value, None)
        (item_kind, item), count = detail
        fixed = count if kind == Nodetype.ARRAY else None
        text = item[0] if item_kind == Nodetype.BASE else item.replace("/msg/", "/")
        text = f"{text}[{count}]" if fixed else f"sequence<{text}{f', {count}' if count else ''}>"
        if item_kind == Nodetype.BASE and item[0] != "string":
            dtype = NUMPY_NAMES.get(item[0], item[0])
            array = ArrayField(f"{owner}.{name}", dtype, fixed, 0 if fixed else count)
            made = array.default if given is None else (lambda: array.convert(list(given)))
            return Field(attribute, text, made, array)
        maker = str if item_kind == Nodetype.BASE else self.message(item)
        return Field(attribute, text, lambda: [maker() for _ in range(fixed or 0)], None)


def _char_as_uint8(described: Any) -> Any:
    """Return the type with ``char`` as rosidl sees it; rosbags 0.11 hashes it as a type of its own."""
    kind, detail = described
    if kind == Nodetype.BASE:
        return (kind, ("uint8", 0)) if detail[0] == "char" else described
    if kind in (Nodetype.ARRAY, Nodetype.SEQUENCE):
        return (kind, (_char_as_uint8(detail[0]), detail[1]))
    return described


def _zero(base: str) -> Any:
    if base == "string":
        return ""
    return False if base == "bool" else 0.0 if base.startswith("float") else 0

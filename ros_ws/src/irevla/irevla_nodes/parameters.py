"""A section of the settings as ROS parameters: one parameter a field, with its description and range."""

from __future__ import annotations

import json
import math
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node

from irevla.config.errors import ConfigError
from irevla.config.section import Section

_Section = TypeVar("_Section", bound=Section)
_SCALARS = (bool, int, float, str)
_INT64 = (-(2**63), 2**63 - 1)
_READ_ONLY = "read-only while the node runs; set it in the rig file or with --set and start the graph again"


CAMERA_NAMES = "the VLA's views, in the order of the settings' cameras"
STATE_DIR = "folder for what the node must know again after a restart; empty: nothing is kept"


def declare_value(node: Node, name: str, default: Any, description: str) -> Any:
    """Declare one read-only parameter that is in no section and return its value."""
    descriptor = ParameterDescriptor(description=description, read_only=True, additional_constraints=_READ_ONLY)
    return node.declare_parameter(name, default, descriptor).value


def declare_section(
    node: Node, prefix: str, section: type[_Section], on_change: Callable[[_Section], None] | None = None
) -> _Section:
    """Declare ``prefix.<field>`` for every field of ``section`` and return it filled from the parameter file.

    Tuples are ROS arrays, nested sections are ``prefix.<field>.<field>``, dictionaries are JSON in a string, and a
    value that is None is left out. Parameters are read-only, except the section's LIVE ones in a node that gives
    ``on_change``: it gets the whole new section, already checked, in the thread that serves the parameter.
    Raises ConfigError naming the parameter, what was expected and what came.
    """
    values = _declare(node, prefix, section, has_live=on_change is not None)
    try:
        filled = section.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"parameters of node {node.get_name()}: {_problems(prefix, error)}") from None
    if on_change is not None:
        live = _LiveSection(prefix, filled, on_change)
        node.add_on_set_parameters_callback(live.check)
        node.add_post_set_parameters_callback(live.apply)
    return filled


class _LiveSection(Generic[_Section]):
    """The section as it is now; a change is checked as a whole before it is taken."""

    def __init__(self, prefix: str, section: _Section, on_change: Callable[[_Section], None]) -> None:
        self._prefix = prefix
        self._section = section
        self._on_change = on_change

    def check(self, parameters: Sequence[Any]) -> Any:
        """Return whether the section would still be one with these parameters, and why not."""
        try:
            self._with(parameters)
        except ValidationError as error:
            return SetParametersResult(successful=False, reason=_problems(self._prefix, error))
        except ConfigError as error:
            return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)

    def apply(self, parameters: Sequence[Any]) -> None:
        """Take the parameters, which were checked, and tell the node."""
        changed = self._with(parameters)
        if changed != self._section:
            self._section = changed
            self._on_change(changed)

    def _with(self, parameters: Sequence[Any]) -> _Section:
        kind, start = type(self._section), f"{self._prefix}."
        values = self._section.model_dump()
        for parameter in parameters:
            name = parameter.name.removeprefix(start)
            if parameter.name.startswith(start) and name in kind.model_fields:
                annotation = kind.model_fields[name].annotation
                values[name] = _from_ros(parameter.name, parameter.value, annotation)
        return kind.model_validate(values)


def _problems(prefix: str, error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join((prefix, *map(str, problem['loc'])))}: {problem['msg']}, got {str(problem['input'])[:80]!r}"
        for problem in error.errors()
    )


def _declare(node: Node, prefix: str, section: type[Section], *, has_live: bool) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in section.model_fields.items():
        full = f"{prefix}.{name}"
        nested = _without_none(field.annotation)
        if isinstance(nested, type) and issubclass(nested, Section):
            values[name] = _declare(node, full, nested, has_live=False)
            continue
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        value = _value(
            node, full, _to_ros(default, field.annotation), _descriptor(field, is_live=has_live and _is_live(field))
        )
        if value is not None:
            values[name] = _from_ros(full, value, field.annotation)
    return values


def _is_live(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get("live") is True


def _value(node: Node, name: str, default: Any, descriptor: ParameterDescriptor) -> Any:
    try:
        return node.declare_parameter(name, default, descriptor).value
    except InvalidParameterValueException as error:
        raise ConfigError(f"parameters of node {node.get_name()}: {error}; {descriptor.description}") from None


def _descriptor(field: FieldInfo, *, is_live: bool) -> ParameterDescriptor:
    # Dynamic typing lets pydantic judge every value, so that a wrong type and a wrong range read the same.
    descriptor = ParameterDescriptor(description=field.description or "", read_only=not is_live, dynamic_typing=True)
    kind = _without_none(field.annotation)
    constraints = (
        [f"one of: {', '.join(map(str, typing.get_args(kind)))}"] if typing.get_origin(kind) is Literal else []
    )
    descriptor.additional_constraints = "; ".join([*constraints, *([] if is_live else [_READ_ONLY])])
    low, high = _bounds(field)
    if kind is float and (math.isfinite(low) or math.isfinite(high)):
        largest = sys.float_info.max
        low, high = max(low, -largest), min(high, largest)
        descriptor.floating_point_range = [FloatingPointRange(from_value=low, to_value=high, step=0.0)]
    if kind is int and (math.isfinite(low) or math.isfinite(high)):
        first = int(low) if math.isfinite(low) else _INT64[0]
        last = int(high) if math.isfinite(high) else _INT64[1]
        descriptor.integer_range = [IntegerRange(from_value=first, to_value=last, step=1)]
    return descriptor


def _bounds(field: FieldInfo) -> tuple[float, float]:
    low, high = -math.inf, math.inf
    for limit in field.metadata:
        low = max(low, *(float(getattr(limit, name)) for name in ("gt", "ge") if hasattr(limit, name)), -math.inf)
        high = min(high, *(float(getattr(limit, name)) for name in ("lt", "le") if hasattr(limit, name)), math.inf)
    return low, high


def _to_ros(value: Any, annotation: Any) -> Any:
    if value is None:
        return None
    if _is_json(annotation):
        return json.dumps(_plain(value), sort_keys=True)
    return list(value) if isinstance(value, tuple | list) else value


def _from_ros(name: str, value: Any, annotation: Any) -> Any:
    if _is_json(annotation):
        try:
            return json.loads(value)
        except (TypeError, ValueError):
            raise ConfigError(f"{name}: expected JSON in a string, got {str(value)[:80]!r}") from None
    # rclpy's arrays are array.array; None is a parameter that was deleted.
    return value if isinstance(value, str | bool | int | float | None) else tuple(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value


def _is_json(annotation: Any) -> bool:
    """Say whether a value of this type is no ROS parameter: a mapping, or a sequence of anything but scalars."""
    annotation = _without_none(annotation)
    origin = typing.get_origin(annotation)
    if origin in (tuple, list):
        return any(part is not Ellipsis and part not in _SCALARS for part in typing.get_args(annotation))
    return origin is dict


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return parts[0] if len(parts) == 1 else annotation
    return annotation

"""A section of the settings as ROS parameters: one parameter a field, with its description and range."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node

from irevla.config.errors import ConfigError
from irevla.config.section import Section

_Section = TypeVar("_Section", bound=Section)
_SCALARS = (bool, int, float, str)
_INT64 = (-(2**63), 2**63 - 1)


def declare_section(node: Node, prefix: str, section: type[_Section]) -> _Section:
    """Declare ``prefix.<field>`` for every field of ``section`` and return it filled from the parameter file.

    Tuples are ROS arrays, nested sections are ``prefix.<field>.<field>``, dictionaries are JSON in a string, and a
    value that is None is left out. The parameters are read-only: settings do not change in a running node.
    Raises ConfigError naming the parameter, what was expected and what came.
    """
    values = _declare(node, prefix, section)
    try:
        return section.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join((prefix, *map(str, problem['loc'])))}: {problem['msg']}, got {str(problem['input'])[:80]!r}"
            for problem in error.errors()
        )
        raise ConfigError(f"parameters of node {node.get_name()}: {problems}") from None


def _declare(node: Node, prefix: str, section: type[Section]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in section.model_fields.items():
        full = f"{prefix}.{name}"
        nested = _without_none(field.annotation)
        if isinstance(nested, type) and issubclass(nested, Section):
            values[name] = _declare(node, full, nested)
            continue
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        value = _value(node, full, _to_ros(default, field.annotation), _descriptor(field))
        if value is not None:
            values[name] = _from_ros(full, value, field.annotation)
    return values


def _value(node: Node, name: str, default: Any, descriptor: ParameterDescriptor) -> Any:
    try:
        return node.declare_parameter(name, default, descriptor).value
    except InvalidParameterValueException as error:
        raise ConfigError(f"parameters of node {node.get_name()}: {error}; {descriptor.description}") from None


def _descriptor(field: FieldInfo) -> ParameterDescriptor:
    # Dynamic typing lets pydantic judge every value, so that a wrong type and a wrong range read the same.
    descriptor = ParameterDescriptor(description=field.description or "", read_only=True, dynamic_typing=True)
    kind = _without_none(field.annotation)
    low, high = _bounds(field)
    if kind is float and math.isfinite(low) and math.isfinite(high):
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
    return value if isinstance(value, str | bool | int | float) else tuple(value)  # rclpy's arrays are array.array


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

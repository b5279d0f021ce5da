"""Whether a value suits a parameter's descriptor."""

from __future__ import annotations

from typing import Any

from rclpy.parameter import Parameter

ROUNDING = 1e-9


def problem(parameter: Parameter, descriptor: Any, *, declaring: bool = False) -> str:
    """Return what is wrong with ``parameter`` under its ParameterDescriptor, "" if nothing."""
    if descriptor.read_only and not declaring:
        how = descriptor.additional_constraints
        return f"parameter {parameter.name} is read-only" + (f": {how}" if how else "")
    if not descriptor.dynamic_typing and descriptor.type and parameter.type_ != descriptor.type:
        expected = Parameter.Type(descriptor.type).name
        return f"parameter {parameter.name}: expected {expected}, got {parameter.type_.name} {parameter.value!r:.80}"
    if parameter.type_ == Parameter.Type.INTEGER and descriptor.integer_range:
        return _outside(parameter, descriptor.integer_range[0])
    if parameter.type_ == Parameter.Type.DOUBLE and descriptor.floating_point_range:
        return _outside(parameter, descriptor.floating_point_range[0])
    return ""


def _outside(parameter: Parameter, allowed: Any) -> str:
    low, high, step = allowed.from_value, allowed.to_value, allowed.step
    value = parameter.value
    within = f"expected {low} to {high}" + (f" in steps of {step}" if step else "")
    if not (low <= value <= high):  # written so that NaN is outside too
        return f"parameter {parameter.name}: {within}, got {value}"
    on_edge = value in (low, high)
    if step and not on_edge and abs((value - low) / step - round((value - low) / step)) > ROUNDING:
        return f"parameter {parameter.name}: {within}, got {value}"
    return ""

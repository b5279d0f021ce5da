"""A parameter: its name, its type and its value."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

# rcl_interfaces/ParameterValue keeps each type in a field of its own.
_FIELDS = {
    1: "bool_value",
    2: "integer_value",
    3: "double_value",
    4: "string_value",
    5: "byte_array_value",
    6: "bool_array_value",
    7: "integer_array_value",
    8: "double_array_value",
    9: "string_array_value",
}


class Parameter:
    """``Parameter("rate", value=10.0)``; the type follows from the value unless it is given."""

    class Type(IntEnum):
        """As rcl_interfaces/ParameterType."""

        NOT_SET = 0
        BOOL = 1
        INTEGER = 2
        DOUBLE = 3
        STRING = 4
        BYTE_ARRAY = 5
        BOOL_ARRAY = 6
        INTEGER_ARRAY = 7
        DOUBLE_ARRAY = 8
        STRING_ARRAY = 9

        @classmethod
        def from_parameter_value(cls, value: Any) -> Parameter.Type:
            """Return the type of a Python value; TypeError when ROS has none for it."""
            if value is None:
                return cls.NOT_SET
            scalar = _scalar_type(value)
            if scalar is not None:
                return cls[scalar]
            if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
                kinds = {_scalar_type(item) for item in value}
                if kinds == {"INTEGER", "DOUBLE"}:
                    kinds = {"DOUBLE"}
                if len(kinds) == 1 and (kind := kinds.pop()) in ("BOOL", "INTEGER", "DOUBLE", "STRING"):
                    return cls[f"{kind}_ARRAY"]
                if not len(value):
                    return cls.STRING_ARRAY
            raise TypeError(
                "a parameter is a bool, int, float, str, bytes or a list of one of these, "
                f"got {type(value).__name__} {value!r:.80}"
            )

    def __init__(self, name: str, type_: Parameter.Type | None = None, value: Any = None) -> None:
        self.name = name
        self.type_ = Parameter.Type.from_parameter_value(value) if type_ is None else Parameter.Type(type_)
        self.value = _coerce(name, self.type_, value)

    def get_parameter_value(self) -> Any:
        """Return an rcl_interfaces/ParameterValue."""
        from rcl_interfaces.msg import ParameterValue

        message = ParameterValue(type=int(self.type_))
        if self.type_ != Parameter.Type.NOT_SET:
            value = self.value
            if self.type_ == Parameter.Type.BYTE_ARRAY:
                value = list(b"".join(value)) if isinstance(value, list) else value
            setattr(message, _FIELDS[self.type_], value)
        return message

    def to_parameter_msg(self) -> Any:
        """Return an rcl_interfaces/Parameter."""
        from rcl_interfaces.msg import Parameter as Message

        return Message(name=self.name, value=self.get_parameter_value())

    @classmethod
    def from_parameter_msg(cls, message: Any) -> Parameter:
        """Return the parameter in an rcl_interfaces/Parameter."""
        kind = Parameter.Type(message.value.type)
        return cls(message.name, kind, parameter_value_to_python(message.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameter) and (self.name, self.type_, self.value) == (
            other.name,
            other.type_,
            other.value,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Parameter({self.name!r}, {self.type_.name}, {self.value!r})"


def parameter_value_to_python(message: Any) -> Any:
    """Return the Python value in an rcl_interfaces/ParameterValue."""
    if message.type == 0:
        return None
    value = getattr(message, _FIELDS[int(message.type)])
    if message.type == Parameter.Type.BYTE_ARRAY:
        return bytes(value)
    return value.tolist() if hasattr(value, "tolist") else value


def _scalar_type(value: Any) -> str | None:
    # numpy's scalars answer item(); bool before int, which it is a kind of.
    value = value.item() if hasattr(value, "item") and not getattr(value, "shape", ()) else value
    names = ((bool, "BOOL"), (int, "INTEGER"), (float, "DOUBLE"), (str, "STRING"), (bytes, "BYTE_ARRAY"))
    return next((name for kind, name in names if isinstance(value, kind)), None)


def _coerce(name: str, kind: Parameter.Type, value: Any) -> Any:
    if kind == Parameter.Type.NOT_SET or value is None:
        return None
    given = Parameter.Type.from_parameter_value(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if given == Parameter.Type.INTEGER_ARRAY and kind == Parameter.Type.DOUBLE_ARRAY:
        return [float(item) for item in value]
    is_list = kind.name.endswith("_ARRAY") and kind != Parameter.Type.BYTE_ARRAY
    if given != kind and not (is_list and not len(value)):
        raise ValueError(f"parameter {name}: expected {kind.name}, got {given.name} {value!r:.80}")
    if kind == Parameter.Type.DOUBLE_ARRAY:
        return [float(item) for item in value]
    return list(value) if is_list else value

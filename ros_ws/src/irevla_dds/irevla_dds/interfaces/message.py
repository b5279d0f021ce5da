"""Message classes as rosidl's Python ones are used: keyword constructor, defaults, mutable attributes, constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from irevla_dds.interfaces.array_field import ArrayField

if TYPE_CHECKING:
    from irevla_dds.interfaces.codec import Codec


@dataclass(frozen=True)
class Field:
    """One field: its name, its type as ROS writes it, a maker of its default, and an array descriptor if it is one."""

    name: str
    type_text: str
    default: Callable[[], Any]
    array: ArrayField | None


class Message:
    """Base of all message classes; ``codec`` turns one into bytes and back.

    Positional arguments are the decoder's: they go into the slots unchecked.
    """

    __slots__ = ()
    codec: ClassVar[Codec]
    _fields: ClassVar[tuple[Field, ...]]
    _slots: ClassVar[tuple[Callable[[Any, Any], None], ...]]
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, *values: Any, **fields: Any) -> None:
        if values:
            for store, value in zip(self._slots, values, strict=True):
                store(self, value)
            return
        for field, store in zip(self._fields, self._slots, strict=True):
            if field.name in fields:
                setattr(self, field.name, fields.pop(field.name))
            else:
                store(self, field.default())
        if fields:
            unknown = next(iter(fields))
            known = [field.name for field in self._fields]
            close = get_close_matches(unknown, known, n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            raise TypeError(f"{self.codec.name} has no field {unknown!r}{hint}; fields: {', '.join(known)}")

    @classmethod
    def get_fields_and_field_types(cls) -> dict[str, str]:
        """Return the fields and their types, as rosidl writes them."""
        return {field.name: field.type_text for field in cls._fields}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(_equal(getattr(self, field.name), getattr(other, field.name)) for field in self._fields)

    def __repr__(self) -> str:
        package, kind, name = self.codec.name.split("/")
        values = ", ".join(f"{field.name}={_short(getattr(self, field.name))}" for field in self._fields)
        return f"{package}.{kind}.{name}({values})"


def make_message_class(
    name: str, fields: tuple[Field, ...], constants: Mapping[str, Any], codec: Codec
) -> type[Message]:
    """Make the class of ``package/kind/Name``."""
    package, kind, short = name.split("/")
    # An array's slot is hidden behind its descriptor; every other field is the slot itself.
    slots = {field.name: f"_{field.name}" if field.array else field.name for field in fields}
    namespace: dict[str, Any] = {
        "__slots__": tuple(slots.values()),
        "__module__": f"{package}.{kind}",
        "__doc__": f"{name}: {', '.join(f'{field.type_text} {field.name}' for field in fields)}.",
        "codec": codec,
        "_fields": fields,
        **constants,
    }
    for field in fields:
        if field.array is not None:
            namespace[field.name] = field.array
    made: type[Message] = type(short, (Message,), namespace)
    stores = []
    for field in fields:
        slot = made.__dict__[slots[field.name]]
        if field.array is not None:
            field.array.slot = slot
        stores.append(slot.__set__)
    made._slots = tuple(stores)
    return made


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return np.array_equal(left, right)
    return bool(left == right)


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array({value.size} x {value.dtype})" if value.size > 16 else repr(value.tolist())
    return repr(value)

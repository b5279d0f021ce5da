"""CDR bytes of one type: rosbags does the work, this adds the encapsulation, padding and plain errors."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from rosbags.interfaces import Msgdef, Nodetype
from rosbags.serde import SerdeError

from irevla.config.errors import WorldError

if TYPE_CHECKING:
    from rosbags.typesys.store import Typestore

ENCAPSULATION = b"\x00\x01\x00\x00"  # plain CDR, little-endian
HEADER_BYTES = 4


class CodecError(WorldError):
    """Bytes that are no message of the expected type."""


class Codec:
    """Encodes and decodes messages of one type; its tables are made at first use."""

    def __init__(self, store: Typestore, name: str) -> None:
        self.name = name  # package/kind/Name
        self.dds_name = dds_type_name(name)
        self._store = store
        self._definition: Msgdef[Any] | None = None
        self._hash = ""

    @property
    def type_hash(self) -> str:
        """The type's RIHS01 hash, as ROS 2 (Iron and later) tells it to its peers."""
        if not self._hash:
            self._hash = self._store.hash_rihs01(self.name)
        return self._hash

    def encode(self, message: Any, prefix: bytes = b"") -> bytearray:
        """Return encapsulated little-endian CDR, padded to four bytes.

        ``prefix`` (a multiple of eight bytes, e.g. a service header) goes between encapsulation and message.
        Raises TypeError that names the field whose value does not fit.
        """
        definition = self._definition or self._load()
        start = HEADER_BYTES + len(prefix)
        try:
            size = start + definition.getsize_cdr(0, message, self._store)
            data = bytearray((size + 3) & ~3)
            data[:start] = ENCAPSULATION + prefix
            definition.serialize_cdr_le(memoryview(data)[start:], 0, message, self._store)
        except (struct.error, AttributeError, TypeError, ValueError, SerdeError) as error:
            raise TypeError(self._explain(message, self.name) or f"{self.name}: {error}") from error
        return data

    def decode(self, data: bytes, skip: int = 0) -> Any:
        """Return the message in ``data``, which starts with its encapsulation; ``skip`` bytes follow that first.

        Arrays are views into one private, writable copy of ``data``. Raises CodecError.
        """
        definition = self._definition or self._load()
        if len(data) < HEADER_BYTES + skip or data[0] != 0 or data[1] > 1:
            raise CodecError(f"expected {self.name} in plain CDR, got {len(data)} bytes that start {data[:4].hex()!r}")
        # Four bytes in front, so that eight-byte numbers are aligned in memory as they are in CDR.
        body = memoryview(bytearray(HEADER_BYTES) + data)[2 * HEADER_BYTES + skip :]
        read = definition.deserialize_cdr_le if data[1] else definition.deserialize_cdr_be
        try:
            message, end = read(body, 0, definition.cls, self._store)
        except (struct.error, ValueError, SerdeError) as error:
            raise CodecError(f"expected {self.name}, got {len(data)} bytes that are none: {error}") from error
        if end + 3 < len(body):
            raise CodecError(f"expected {self.name} of {end} bytes, got {len(body)}: another definition of the type?")
        return message

    def _load(self) -> Msgdef[Any]:
        self._definition = self._store.get_msgdef(self.name)
        return self._definition

    def _explain(self, message: Any, name: str) -> str:
        """Find the field that cannot be encoded; empty when every one can on its own."""
        described: Any = self._store.fielddefs[name][1]
        for field, (kind, detail) in described:
            value = getattr(message, field, None)
            label = f"{name}.{field}"
            if kind == Nodetype.NAME:
                if type(value).__name__ != detail.rsplit("/", 1)[1]:
                    return f"{label} holds a {detail}, got {value!r:.80}"
                if found := self._explain(value, detail):
                    return found
            elif kind == Nodetype.BASE and (found := _misfit(value, detail[0])):
                return f"{label} {found}"
            elif kind in (Nodetype.ARRAY, Nodetype.SEQUENCE) and detail[0][0] == Nodetype.BASE:
                for item in (value or ()) if detail[0][1][0] == "string" else ():
                    if found := _misfit(item, "string"):
                        return f"{label} {found}"
        return ""


def dds_type_name(name: str) -> str:
    """Return rosidl's DDS name of ``package/kind/Name``: ``package::kind::dds_::Name_``."""
    package, kind, short = name.split("/")
    return f"{package}::{kind}::dds_::{short}_"


def _misfit(value: Any, base: str) -> str:
    if base == "string":
        return "" if isinstance(value, str) else f"holds a string, got {value!r:.80}"
    formats = {"bool": "?", "byte": "B", "char": "B", "int8": "b", "uint8": "B", "int16": "h", "uint16": "H"}
    formats |= {"int32": "i", "uint32": "I", "int64": "q", "uint64": "Q", "float32": "f", "float64": "d"}
    try:
        struct.pack(f"<{formats[base]}", value)
    except (struct.error, TypeError, OverflowError) as error:
        return f"holds {base}, got {value!r:.80} ({error})"
    return ""

"""Messages as the bytes that go over the wire and into a bag: encapsulated CDR."""

from __future__ import annotations

from typing import Any

from rclpy.impl.type_support import message_codec


def serialize_message(message: Any) -> bytes:
    """Return the CDR of ``message``; TypeError names a field whose value does not fit."""
    return bytes(message_codec(type(message)).encode(message))


def deserialize_message(serialized_message: bytes, message_type: Any) -> Any:
    """Return the message of ``message_type`` in the bytes; CodecError when there is none."""
    return message_codec(message_type).decode(serialized_message)

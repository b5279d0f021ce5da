"""The sixteen bytes before each request and reply, as rmw_cyclonedds writes them: who asked, and which question."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER_BYTES = 16
_LAYOUT = struct.Struct("<Qq")
_ENCAPSULATION_BYTES = 4


@dataclass(frozen=True)
class ServiceHeader:
    """``client``: the local handle of the client's request writer; ``sequence``: its counter. Echoed by the server."""

    client: int
    sequence: int

    def pack(self) -> bytes:
        """Return the header's bytes, little-endian."""
        return _LAYOUT.pack(self.client, self.sequence)

    @classmethod
    def unpack(cls, data: bytes) -> ServiceHeader:
        """Read the header that follows the encapsulation in ``data``; ValueError when it is too short."""
        if len(data) < _ENCAPSULATION_BYTES + HEADER_BYTES:
            raise ValueError(f"expected a service header of {HEADER_BYTES} bytes, got {len(data)} bytes in all")
        return cls(*_LAYOUT.unpack_from(data, _ENCAPSULATION_BYTES))


def endpoint_id(participant_guid: bytes, counter: int) -> str:
    """Return what pairs the reader and writer of one client or service: twelve bytes of GUID and a counter."""
    values = [*participant_guid[:12], *counter.to_bytes(4, "big")]
    # C++'s setw(2) pads the first number only, with a blank.
    return f"{values[0]:2x}" + "".join(f".{value:x}" for value in values[1:])

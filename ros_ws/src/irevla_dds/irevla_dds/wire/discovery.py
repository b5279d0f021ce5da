"""What exists on the network: endpoints, as DDS discovered them, and the ROS nodes they belong to."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cyclonedds.builtin import (
    BuiltinDataReader,
    BuiltinTopicDcpsPublication,
    BuiltinTopicDcpsSubscription,
)
from cyclonedds.core import InstanceState
from cyclonedds.qos import Qos

if TYPE_CHECKING:
    from irevla_dds.wire.participant import Participant

BATCH = 256


@dataclass(frozen=True)
class Endpoint:
    """One reader or writer somewhere in the domain."""

    guid: bytes
    topic: str  # DDS name
    dds_type: str
    qos: Qos
    is_writer: bool


class Discovery:
    """Keeps the endpoints of the domain; reads what is new only when asked. Thread-safe."""

    def __init__(self, participant: Participant) -> None:
        self._lock = threading.Lock()
        self._readers: tuple[tuple[bool, Any], ...] = (
            (True, BuiltinDataReader(participant.entity, BuiltinTopicDcpsPublication)),
            (False, BuiltinDataReader(participant.entity, BuiltinTopicDcpsSubscription)),
        )
        self._endpoints: dict[bytes, Endpoint] = {}

    def endpoints(self, *, topic: str | None = None, writers: bool | None = None) -> list[Endpoint]:
        """Return the endpoints that live now, of one DDS topic and one direction if given."""
        with self._lock:
            self._update()
            return [
                endpoint
                for endpoint in self._endpoints.values()
                if (topic is None or endpoint.topic == topic) and (writers is None or endpoint.is_writer == writers)
            ]

    def _update(self) -> None:
        for is_writer, reader in self._readers:
            while taken := reader.take(BATCH):
                for item in taken:
                    guid = item.key.bytes
                    if item.sample_info.instance_state != InstanceState.Alive:
                        self._endpoints.pop(guid, None)
                    else:
                        self._endpoints[guid] = Endpoint(guid, item.topic_name, item.type_name, item.qos, is_writer)

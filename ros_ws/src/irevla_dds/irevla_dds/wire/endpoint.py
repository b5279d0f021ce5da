"""Writers and readers of plain bytes: the CDR is made and read elsewhere, DDS only carries it."""

from __future__ import annotations

from dataclasses import dataclass

from cyclonedds._clayer import ddspy_take, ddspy_write
from cyclonedds.core import DDSException, InstanceState, ReadCondition, SampleState, ViewState
from cyclonedds.pub import DataWriter
from cyclonedds.qos import Qos
from cyclonedds.sub import DataReader

from irevla.config.errors import DeadlineError, GraphError
from irevla_dds.wire.participant import Participant

ANY_STATE = SampleState.Any | ViewState.Any | InstanceState.Any


@dataclass(frozen=True)
class Sample:
    """Bytes as they came, with the writer's local handle and its source time [ns]."""

    data: bytes
    publication_handle: int
    source_timestamp_ns: int


class Writer:
    """Writes encapsulated CDR to one topic; closing it tells the readers at once."""

    def __init__(self, participant: Participant, topic: str, dds_type: str, qos: Qos) -> None:
        self.topic = topic
        self.entity = DataWriter(participant.entity, participant.topic(topic, dds_type), qos=qos)
        self.handle: int = self.entity.get_instance_handle() & 2**64 - 1  # ctypes gives it signed
        self.guid: bytes = self.entity.get_guid().bytes
        self._reference = self.entity._ref

    def write(self, data: bytearray | bytes) -> None:
        """Send ``data``; DeadlineError when a reliable reader has stopped reading, GraphError once closed."""
        status = ddspy_write(self._reference, data)
        if status >= 0:
            return
        if status == DDSException.DDS_RETCODE_TIMEOUT:
            raise DeadlineError(f"{self.topic}: a reliable reader has stopped reading and the writer's cache is full")
        raise GraphError(f"{self.topic}: cannot write {len(data)} bytes: {DDSException(status).msg}")

    def has_readers(self) -> bool:
        """Say whether any reader is matched now."""
        return bool(self.entity._get_matched_subscriptions(self._reference, None, 0))

    def reader_handles(self) -> list[int]:
        """Return the handles of the readers that are matched now."""
        return list(self.entity.get_matched_subscriptions())

    def reader_guids(self) -> list[bytes]:
        """Return the GUIDs of the readers that are matched now."""
        found = (self.entity.get_matched_subscription_data(handle) for handle in self.reader_handles())
        return [endpoint.key.bytes for endpoint in found if endpoint is not None]

    def close(self) -> None:
        """Take the writer off the network."""
        self.entity._delete(self._reference)


class Reader:
    """Takes encapsulated CDR of one topic; ``condition`` triggers while samples wait."""

    def __init__(self, participant: Participant, topic: str, dds_type: str, qos: Qos) -> None:
        self.topic = topic
        self.entity = DataReader(participant.entity, participant.topic(topic, dds_type), qos=qos)
        self.guid: bytes = self.entity.get_guid().bytes
        self.condition = ReadCondition(self.entity, ANY_STATE)
        self._reference = self.entity._ref

    def take(self) -> Sample | None:
        """Return the oldest sample that waits, None if there is none; never blocks."""
        while True:
            taken = ddspy_take(self._reference, ANY_STATE, 1)
            if isinstance(taken, int) or not taken:
                return None
            data, info = taken[0]
            if info.valid_data:
                return Sample(data, info.publication_handle, info.source_timestamp)

    def writer_handles(self) -> list[int]:
        """Return the handles of the writers that are matched now."""
        return list(self.entity.get_matched_publications())

    def writer_guids(self) -> list[bytes]:
        """Return the GUIDs of the writers that are matched now."""
        found = (self.entity.get_matched_publication_data(handle) for handle in self.writer_handles())
        return [endpoint.key.bytes for endpoint in found if endpoint is not None]

    def close(self) -> None:
        """Take the reader off the network."""
        self.entity._delete(self._reference)

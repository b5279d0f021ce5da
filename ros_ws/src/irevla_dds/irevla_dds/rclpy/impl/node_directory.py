"""Which nodes have which readers and writers, told and learnt on ``ros_discovery_info`` as every rmw does."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile

from irevla_dds.wire import policy
from irevla_dds.wire.endpoint import Reader, Writer
from irevla_dds.wire.participant import Participant

TOPIC = "ros_discovery_info"


@dataclass
class NodeEntry:
    """One node of this process and the GUIDs of what it has open."""

    name: str
    namespace: str
    readers: set[bytes] = field(default_factory=set)
    writers: set[bytes] = field(default_factory=set)


class NodeDirectory:
    """Announces our nodes when asked to, and knows whose the others' endpoints are. Thread-safe."""

    def __init__(self, participant: Participant) -> None:
        from rmw_dds_common.msg import ParticipantEntitiesInfo

        self._message: Any = ParticipantEntitiesInfo
        self._participant = participant
        codec = self._message.codec
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        everything = QoSProfile(history=HistoryPolicy.KEEP_ALL, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        data = f"typehash={codec.type_hash};"
        self._writer = Writer(participant, TOPIC, codec.dds_name, policy.to_dds(latched, data))
        self._reader = Reader(participant, TOPIC, codec.dds_name, policy.to_dds(everything, data, ignore_own=True))
        self._own: list[NodeEntry] = []
        self._others: dict[bytes, list[tuple[str, str, set[bytes]]]] = {}
        self._changed = False
        self._lock = threading.RLock()

    def add(self, entry: NodeEntry) -> None:
        """Add a node of this process."""
        with self._lock:
            self._own.append(entry)
            self._changed = True

    def remove(self, entry: NodeEntry) -> None:
        """Remove a node of this process."""
        with self._lock:
            if entry in self._own:
                self._own.remove(entry)
                self._changed = True

    def touch(self) -> None:
        """Say that an entry has changed; the next `announce` tells it."""
        self._changed = True

    def announce(self) -> None:
        """Tell the network what changed since the last call, if anything did."""
        if not self._changed:
            return
        from rmw_dds_common.msg import Gid, NodeEntitiesInfo

        with self._lock:
            self._changed = False
            nodes = [
                NodeEntitiesInfo(
                    node_namespace=entry.namespace,
                    node_name=entry.name,
                    reader_gid_seq=[Gid(data=guid) for guid in entry.readers],
                    writer_gid_seq=[Gid(data=guid) for guid in entry.writers],
                )
                for entry in self._own
            ]
            message = self._message(gid=Gid(data=self._participant.guid), node_entities_info_seq=nodes)
            self._writer.write(self._message.codec.encode(message))

    def nodes(self, alive: set[bytes] | None = None) -> list[tuple[str, str]]:
        """Return (name, namespace) of all known nodes; ``alive``: GUID prefixes of the participants that live."""
        with self._lock:
            self._learn()
            found = [(entry.name, entry.namespace) for entry in self._own]
            for participant, entries in self._others.items():
                if alive is None or participant[:12] in alive:
                    found += [(name, namespace) for name, namespace, _ in entries]
            return found

    def owner(self, guid: bytes) -> tuple[str, str]:
        """Return (name, namespace) of the node that has this reader or writer; placeholders when unknown."""
        with self._lock:
            self._learn()
            for entry in self._own:
                if guid in entry.readers or guid in entry.writers:
                    return entry.name, entry.namespace
            for entries in self._others.values():
                for name, namespace, guids in entries:
                    if guid in guids:
                        return name, namespace
        return "_NODE_NAME_UNKNOWN_", "_NODE_NAMESPACE_UNKNOWN_"

    def _learn(self) -> None:
        while (sample := self._reader.take()) is not None:
            message = self._message.codec.decode(sample.data)
            self._others[message.gid.data.tobytes()] = [
                (
                    node.node_name,
                    node.node_namespace,
                    {gid.data.tobytes() for gid in (*node.reader_gid_seq, *node.writer_gid_seq)},
                )
                for node in message.node_entities_info_seq
            ]

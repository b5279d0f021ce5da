"""This process's place in a DDS domain: one participant, its topics and its wake-up conditions."""

from __future__ import annotations

import os
import threading
from typing import Any, ClassVar

from cyclonedds.core import DDSException, GuardCondition
from cyclonedds.domain import Domain, DomainParticipant
from cyclonedds.qos import Policy, Qos
from cyclonedds.topic import Topic

from irevla.config.errors import GraphError
from irevla_dds.network import MAX_PARTICIPANTS, cyclone_configuration
from irevla_dds.wire.opaque_type import opaque_type


class Participant:
    """Joins domain ``domain_id``; raises GraphError when it cannot."""

    # Cyclone has one domain of a number a process, with one configuration; the last participant closes it.
    _domains: ClassVar[dict[int, Domain]] = {}
    _domains_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, domain_id: int) -> None:
        self.domain_id = domain_id
        self._topics: dict[str, tuple[str, Topic[Any]]] = {}
        self._lock = threading.Lock()
        try:
            self.entity = self._join()
        except DDSException as error:
            raise GraphError(
                f"cannot join DDS domain {domain_id}: {error}. Is the interface of IREVLA_NETWORK up, are fewer than "
                f"{MAX_PARTICIPANTS} processes in the domain, and is CYCLONEDDS_URI, if set, right?"
            ) from error
        self.guid: bytes = self.entity.get_guid().bytes

    def topic(self, name: str, dds_type: str) -> Topic[Any]:
        """Return the topic; GraphError when this process already knows it with another type."""
        with self._lock:
            if name not in self._topics:
                self._topics[name] = (dds_type, Topic(self.entity, name, opaque_type(dds_type)))
            known, topic = self._topics[name]
        if known != dds_type:
            raise GraphError(f"topic {name}: expected type {known}, as already used in this process, got {dds_type}")
        return topic

    def guard(self) -> GuardCondition:
        """Return a new condition that any thread may set to wake a waiting one."""
        return GuardCondition(self.entity)

    def close(self) -> None:
        """Leave the domain and tell the peers; every reader and writer goes with it."""
        with self._domains_lock:
            self.entity._delete(self.entity._ref)
            domain = self._domains.get(self.domain_id)
            if domain is not None and not domain.get_participants():
                del self._domains[self.domain_id]
                domain._delete(domain._ref)

    def _join(self) -> DomainParticipant:
        with self._domains_lock:
            configuration = cyclone_configuration(os.environ)
            if configuration and self.domain_id not in self._domains:
                self._domains[self.domain_id] = Domain(self.domain_id, configuration)
            return DomainParticipant(self.domain_id, qos=Qos(Policy.Userdata(b"enclave=/;")))

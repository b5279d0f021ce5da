"""The graph's half of `Node`: who publishes, subscribes and serves what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from cyclonedds.qos import Policy, Qos
from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

from irevla_dds.wire import dds_name, policy
from irevla_dds.wire.discovery import Endpoint

if TYPE_CHECKING:
    from rclpy.context import Context


class TopicEndpointTypeEnum(IntEnum):
    """Which end of a topic."""

    INVALID = 0
    PUBLISHER = 1
    SUBSCRIPTION = 2


@dataclass(frozen=True)
class TopicEndpointInfo:
    """One publisher or subscription somewhere in the graph."""

    node_name: str
    node_namespace: str
    topic_type: str
    topic_type_hash: str  # RIHS01_...; "" when the peer tells none
    endpoint_type: TopicEndpointTypeEnum
    endpoint_gid: list[int]
    qos_profile: QoSProfile


class GraphView:
    """Answers from what discovery has heard so far; never blocks."""

    context: Context

    def resolve_topic_name(self, topic: str, *, only_expand: bool = False) -> str:
        """Return the fully qualified, remapped name of a topic."""
        raise NotImplementedError

    def resolve_service_name(self, service: str, *, only_expand: bool = False) -> str:
        """Return the fully qualified, remapped name of a service."""
        raise NotImplementedError

    def count_publishers(self, topic_name: str) -> int:
        """Return how many publishers the topic has, ours included."""
        return len(self._ends(topic_name, writers=True))

    def count_subscribers(self, topic_name: str) -> int:
        """Return how many subscriptions the topic has, ours included."""
        return len(self._ends(topic_name, writers=False))

    def count_services(self, service_name: str) -> int:
        """Return how many servers the service has."""
        name = dds_name.request(self.resolve_service_name(service_name))
        return len(self.context.discovery.endpoints(topic=name, writers=False))

    def get_publishers_info_by_topic(self, topic_name: str, no_mangle: bool = False) -> list[TopicEndpointInfo]:
        """Return who publishes the topic."""
        return [self._info(end) for end in self._ends(topic_name, writers=True)]

    def get_subscriptions_info_by_topic(self, topic_name: str, no_mangle: bool = False) -> list[TopicEndpointInfo]:
        """Return who subscribes to the topic."""
        return [self._info(end) for end in self._ends(topic_name, writers=False)]

    def get_topic_names_and_types(self, no_demangle: bool = False) -> list[tuple[str, list[str]]]:
        """Return all topics with their types."""
        found: dict[str, set[str]] = {}
        for end in self.context.discovery.endpoints():
            name = dds_name.ros_topic(end.topic)
            if name is not None:
                found.setdefault(name, set()).add(dds_name.ros_type(end.dds_type))
        return [(name, sorted(types)) for name, types in sorted(found.items())]

    def get_service_names_and_types(self) -> list[tuple[str, list[str]]]:
        """Return all services that have a server, with their types."""
        found: dict[str, set[str]] = {}
        for end in self.context.discovery.endpoints(writers=False):
            name = dds_name.ros_service(end.topic)
            if name is not None:
                found.setdefault(name, set()).add(dds_name.ros_type(end.dds_type).removesuffix("_Request"))
        return [(name, sorted(types)) for name, types in sorted(found.items())]

    def get_node_names_and_namespaces(self) -> list[tuple[str, str]]:
        """Return (name, namespace) of all nodes."""
        alive = {end.guid[:12] for end in self.context.discovery.endpoints()}
        return self.context.directory.nodes(alive)

    def get_node_names(self) -> list[str]:
        """Return the names of all nodes."""
        return [name for name, _ in self.get_node_names_and_namespaces()]

    def _ends(self, topic: str, *, writers: bool) -> list[Endpoint]:
        name = dds_name.topic(self.resolve_topic_name(topic))
        return self.context.discovery.endpoints(topic=name, writers=writers)

    def _info(self, end: Endpoint) -> TopicEndpointInfo:
        name, namespace = self.context.directory.owner(end.guid)
        kind = TopicEndpointTypeEnum.PUBLISHER if end.is_writer else TopicEndpointTypeEnum.SUBSCRIPTION
        return TopicEndpointInfo(
            node_name=name,
            node_namespace=namespace,
            topic_type=dds_name.ros_type(end.dds_type),
            topic_type_hash=policy.user_data(end.qos).get("typehash", ""),
            endpoint_type=kind,
            endpoint_gid=list(end.guid),
            qos_profile=_profile(end.qos),
        )


def _profile(qos: Qos) -> QoSProfile:
    # History is no part of what DDS tells its peers; a depth of one stands for it.
    best_effort = qos[Policy.Reliability] == Policy.Reliability.BestEffort
    latched = qos[Policy.Durability] == Policy.Durability.TransientLocal
    lifespan = qos[Policy.Lifespan]
    return QoSProfile(
        depth=1,
        history=HistoryPolicy.UNKNOWN,
        reliability=ReliabilityPolicy.BEST_EFFORT if best_effort else ReliabilityPolicy.RELIABLE,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        lifespan=Duration(nanoseconds=lifespan.lifespan if lifespan is not None else 0),
    )

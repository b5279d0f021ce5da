"""Two graphs in one place: the later one must not start."""

from __future__ import annotations

import time
from typing import Protocol

from irevla.config.errors import GraphError

DISCOVERY_S = 0.6
"""How long another graph in the same namespace has to show itself before this node speaks."""


class Seer(Protocol):
    """What is needed of a node."""

    def resolve_topic_name(self, topic: str) -> str:
        """As every node's."""

    def count_publishers(self, topic: str) -> int:
        """As every node's."""


def refuse_second_graph(node: Seer, topic: str, started_s: float) -> None:
    """Raise GraphError when somebody else already publishes ``topic`` in this domain and namespace.

    Call it before the node's own publisher is made. ``started_s``: when the node joined the graph, on
    `time.monotonic`; what was done since then counts as waiting for discovery.
    """
    time.sleep(max(0.0, started_s + DISCOVERY_S - time.monotonic()))
    full = node.resolve_topic_name(topic)
    others = node.count_publishers(full)
    if others:
        raise GraphError(
            f"{full} has {others} publisher already: another graph runs in this domain and namespace; end it, or "
            "start this one with another graph.domain_id or graph.namespace"
        )

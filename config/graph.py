"""Which processes make a graph, and what happens when one ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import Section


class NodeSettings(Section):
    """One process of the graph."""

    module: str = Field(description="Python module with a main(), e.g. irevla_nodes.policy_node")
    sections: tuple[str, ...] = Field((), description="settings sections handed to it as parameters")
    on_exit: Literal["respawn", "hold", "shutdown", "leave"] = Field(
        description="respawn: start again; hold: again, the arm held; shutdown: end the whole graph; leave: nothing"
    )
    window: bool = Field(False, description="needs a display; left out of a headless graph")


class GraphSettings(Section):
    """The whole graph: its place on the network and its nodes by name."""

    domain_id: int = Field(42, ge=0, le=232, description="DDS domain; keeps two graphs on one machine apart")
    namespace: str = Field("", description="ROS namespace of every node")
    network: Literal["loopback", "lan"] = Field("loopback", description="loopback, unless opened on purpose")
    log_level: Literal["debug", "info", "warn", "error"] = Field("info", description="of every node")
    respawn_delay_s: float = Field(0.5, gt=0, description="first delay; doubles up to respawn_max_delay_s [s]")
    respawn_max_delay_s: float = Field(8.0, gt=0, description="longest delay between two starts [s]")
    shutdown_timeout_s: float = Field(4.0, gt=0, le=30, description="SIGINT to SIGKILL [s]")
    nodes: dict[str, NodeSettings] = Field(description="processes by node name")

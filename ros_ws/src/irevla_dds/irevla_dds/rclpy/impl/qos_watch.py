"""Says so when a peer's quality of service does not fit ours: such a pair exchanges nothing, silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cyclonedds.core import DDSStatus
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.impl.executable import Executable
from rclpy.logging import RcutilsLogger

from irevla_dds.wire.endpoint import Reader, Writer

# DDS's policy numbers.
POLICIES = {2: "DURABILITY", 4: "DEADLINE", 8: "LIVELINESS", 11: "RELIABILITY", 21: "LIFESPAN", 23: "CDR encoding"}


class QosWatch(Executable):
    """Logs a warning for each incompatible peer of one reader or writer."""

    def __init__(self, topic: str, end: Reader | Writer, logger: RcutilsLogger) -> None:
        super().__init__(ReentrantCallbackGroup())
        self._topic = topic
        self._end = end
        self._logger = logger
        self.condition = end.entity
        is_reader = isinstance(end, Reader)
        end.entity.set_status_mask(
            DDSStatus.RequestedIncompatibleQos if is_reader else DDSStatus.OfferedIncompatibleQos
        )

    def take(self) -> Callable[[], Any] | None:
        """Return the warning if there is a new incompatible peer."""
        if isinstance(self._end, Reader):
            status = self._end.entity.get_requested_incompatible_qos_status()
        else:
            status = self._end.entity.get_offered_incompatible_qos_status()
        if not status.total_count_change:
            return None
        return lambda: self._warn(status.last_policy_id)

    def destroy(self) -> None:
        """Do nothing: the reader or writer is closed by its owner."""

    def _warn(self, policy: int) -> None:
        name = POLICIES.get(policy, f"policy {policy}")
        if isinstance(self._end, Reader):
            text = "a publisher offers less than this subscription requests; nothing will be received from it"
        else:
            text = "a subscription requests more than this publisher offers; it will receive nothing"
        self._logger.warning(f"topic {self._topic}: incompatible QoS, {name}: {text}. Use the same profile on both")

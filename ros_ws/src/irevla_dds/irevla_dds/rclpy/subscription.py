"""Receives messages of one topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.context import Context
from rclpy.impl.executable import Executable
from rclpy.impl.type_support import message_codec
from rclpy.logging import get_logger
from rclpy.qos import QoSProfile

from irevla_dds.interfaces.codec import CodecError
from irevla_dds.wire import dds_name, policy
from irevla_dds.wire.endpoint import Reader


class Subscription(Executable):
    """Made by `Node.create_subscription`. Samples wait undecoded in DDS until an executor takes them."""

    def __init__(
        self,
        context: Context,
        message_type: Any,
        topic: str,
        callback: Callable[[Any], Any],
        callback_group: CallbackGroup,
        qos: QoSProfile,
        *,
        raw: bool,
    ) -> None:
        super().__init__(callback_group)
        self.msg_type = message_type
        self.topic = topic
        self.callback = callback
        self.qos_profile = qos
        self.raw = raw
        self._codec = message_codec(message_type)
        self.reader = Reader(
            context.participant,
            dds_name.topic(topic),
            self._codec.dds_name,
            policy.to_dds(qos, f"typehash={self._codec.type_hash};"),
        )
        self.condition = self.reader.condition

    @property
    def topic_name(self) -> str:
        """The fully qualified topic."""
        return self.topic

    def take(self) -> Callable[[], Any] | None:
        """Return the callback with the oldest message that waits."""
        sample = self.reader.take()
        return None if sample is None else lambda: self._deliver(sample.data)

    def get_publisher_count(self) -> int:
        """Return how many publishers are matched now."""
        return len(self.reader.writer_handles())

    def destroy(self) -> None:
        """Leave the topic."""
        self.reader.close()

    def _deliver(self, data: bytes) -> Any:
        if self.raw:
            return self.callback(data)
        try:
            message = self._codec.decode(data)
        except CodecError as error:
            get_logger("rclpy").error(f"{self.topic}: a sample was dropped: {error}")
            return None
        return self.callback(message)

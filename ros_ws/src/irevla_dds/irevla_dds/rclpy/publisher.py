"""Sends messages of one topic."""

from __future__ import annotations

from typing import Any

from rclpy.context import Context
from rclpy.impl.type_support import message_codec
from rclpy.qos import DurabilityPolicy, QoSProfile

from irevla_dds.wire import dds_name, policy
from irevla_dds.wire.endpoint import Writer


class Publisher:
    """Made by `Node.create_publisher`; safe to use from any thread."""

    def __init__(self, context: Context, message_type: Any, topic: str, qos: QoSProfile) -> None:
        self.msg_type = message_type
        self.topic = topic
        self.qos_profile = qos
        self._codec = message_codec(message_type)
        self.writer = Writer(
            context.participant,
            dds_name.topic(topic),
            self._codec.dds_name,
            policy.to_dds(qos, f"typehash={self._codec.type_hash};"),
        )
        # With nobody to read it now or later, a message need not even be encoded.
        self._is_latched = qos.durability == DurabilityPolicy.TRANSIENT_LOCAL

    @property
    def topic_name(self) -> str:
        """The fully qualified topic."""
        return self.topic

    def publish(self, message: Any) -> None:
        """Send ``message``, or its CDR if it is bytes; TypeError names a field that does not fit the type."""
        is_encoded = isinstance(message, (bytes, bytearray))
        if not is_encoded and not isinstance(message, self.msg_type):
            raise TypeError(f"{self.topic}: expected {self._codec.name}, got {type(message).__name__}")
        if self._is_latched or self.writer.has_readers():
            self.writer.write(message if is_encoded else self._codec.encode(message))

    def get_subscription_count(self) -> int:
        """Return how many subscriptions are matched now."""
        return len(self.writer.reader_handles())

    def destroy(self) -> None:
        """Leave the topic."""
        self.writer.close()

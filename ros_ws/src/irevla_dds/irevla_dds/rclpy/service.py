"""Answers a service's requests."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.context import Context
from rclpy.impl.executable import Executable
from rclpy.impl.type_support import service_codecs
from rclpy.logging import get_logger
from rclpy.qos import QoSProfile

from irevla.config.errors import WorldError
from irevla_dds.interfaces.codec import CodecError
from irevla_dds.wire import dds_name, policy
from irevla_dds.wire.endpoint import Reader, Sample, Writer
from irevla_dds.wire.service_header import HEADER_BYTES, ServiceHeader, endpoint_id

# A client whose reader is not matched yet (its request overtook discovery) gets this long.
CLIENT_WAIT_S = 0.5
LOOK_AGAIN_S = 0.005


Reply = Callable[[Any], None]


class Service(Executable):
    """Made by `Node.create_service`; ``callback(request, response)`` returns the response, or is a coroutine.

    ``deferred`` (not in rclpy): ``callback(request, reply)`` instead calls ``reply(response)``, now or later.
    """

    def __init__(
        self,
        context: Context,
        service_type: Any,
        name: str,
        callback: Callable[[Any, Any], Any],
        callback_group: CallbackGroup,
        qos: QoSProfile,
        *,
        deferred: bool = False,
    ) -> None:
        super().__init__(callback_group)
        self.srv_type = service_type
        self.srv_name = name
        self.callback = callback
        self._deferred = deferred
        self._request, self._response = service_codecs(service_type)
        participant = context.participant
        identity = f"serviceid={endpoint_id(participant.guid, self.number)};"
        self.writer = Writer(
            participant,
            dds_name.reply(name),
            self._response.dds_name,
            policy.to_dds(qos, f"{identity}typehash={self._response.type_hash};"),
        )
        self.reader = Reader(
            participant,
            dds_name.request(name),
            self._request.dds_name,
            policy.to_dds(qos, f"{identity}typehash={self._request.type_hash};"),
        )
        self.condition = self.reader.condition
        self._known_clients: set[int] = set()

    @property
    def service_name(self) -> str:
        """The fully qualified service."""
        return self.srv_name

    def take(self) -> Callable[[], Any] | None:
        """Return the callback with the oldest request that waits."""
        sample = self.reader.take()
        return None if sample is None else lambda: self._answer(sample)

    def send_response(self, response: Any, header: ServiceHeader) -> None:
        """Send ``response`` to the request that ``header`` came with."""
        if not isinstance(response, self.srv_type.Response):
            raise TypeError(f"{self.srv_name}: expected {self._response.name}, got {type(response).__name__}")
        self.writer.write(self._response.encode(response, header.pack()))

    def destroy(self) -> None:
        """Leave the service."""
        self.reader.close()
        self.writer.close()

    def _answer(self, sample: Sample) -> Any:
        try:
            header = ServiceHeader.unpack(sample.data)
            request = self._request.decode(sample.data, HEADER_BYTES)
        except (CodecError, ValueError) as error:
            get_logger("rclpy").error(f"{self.srv_name}: a request was dropped: {error}")
            return None
        if self._deferred:
            return self.callback(request, lambda response: self._reply(response, sample, header))
        outcome = self.callback(request, self.srv_type.Response())
        if inspect.iscoroutine(outcome):
            return self._answer_later(outcome, sample, header)
        self._reply(outcome, sample, header)
        return None

    async def _answer_later(self, outcome: Any, sample: Sample, header: ServiceHeader) -> None:
        self._reply(await outcome, sample, header)

    def _reply(self, response: Any, sample: Sample, header: ServiceHeader) -> None:
        self._wait_for_client(sample.publication_handle)
        try:
            self.send_response(response, header)
        except WorldError as error:
            get_logger("rclpy").warning(f"{self.srv_name}: a reply was not sent: {error}")

    def _wait_for_client(self, request_writer: int) -> None:
        """Let the client's reply reader be discovered before the reply is written, or nobody would get it."""
        if request_writer in self._known_clients:
            return
        end = time.monotonic() + CLIENT_WAIT_S
        while time.monotonic() < end:
            asker = self.reader.entity.get_matched_publication_data(request_writer)
            client = policy.user_data(asker.qos).get("clientid") if asker is not None else None
            if client is None:  # gone already, or of a kind that tells no id
                return
            for handle in self.writer.reader_handles():
                matched = self.writer.entity.get_matched_subscription_data(handle)
                if matched is not None and policy.user_data(matched.qos).get("clientid") == client:
                    self._known_clients.add(request_writer)
                    return
            time.sleep(LOOK_AGAIN_S)

"""Calls a service."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.context import Context
from rclpy.impl.executable import Executable
from rclpy.impl.type_support import service_codecs
from rclpy.logging import get_logger
from rclpy.qos import QoSProfile
from rclpy.task import Future

from irevla_dds.interfaces.codec import CodecError
from irevla_dds.wire import dds_name, policy
from irevla_dds.wire.endpoint import Reader, Writer
from irevla_dds.wire.service_header import HEADER_BYTES, ServiceHeader, endpoint_id

LOOK_AGAIN_S = 0.01


class Client(Executable):
    """Made by `Node.create_client`; its futures complete while an executor spins the node."""

    def __init__(
        self, context: Context, service_type: Any, name: str, qos: QoSProfile, callback_group: CallbackGroup
    ) -> None:
        super().__init__(callback_group)
        self.srv_type = service_type
        self.srv_name = name
        self.context = context
        self._request, self._response = service_codecs(service_type)
        participant = context.participant
        identity = f"clientid={endpoint_id(participant.guid, self.number)};"
        # The reader first: who sees the request's writer should find the reply's reader.
        self.reader = Reader(
            participant,
            dds_name.reply(name),
            self._response.dds_name,
            policy.to_dds(qos, f"{identity}typehash={self._response.type_hash};"),
        )
        self.writer = Writer(
            participant,
            dds_name.request(name),
            self._request.dds_name,
            policy.to_dds(qos, f"{identity}typehash={self._request.type_hash};"),
        )
        self.condition = self.reader.condition
        self._pending: dict[int, Future[Any]] = {}
        self._sequence = 0
        self._lock = threading.Lock()

    @property
    def service_name(self) -> str:
        """The fully qualified service."""
        return self.srv_name

    def call_async(self, request: Any) -> Future[Any]:
        """Send ``request``; the future gets the response. It never completes when no server answers: time it out."""
        if not isinstance(request, self.srv_type.Request):
            raise TypeError(f"{self.srv_name}: expected {self._request.name}, got {type(request).__name__}")
        future: Future[Any] = Future()
        with self._lock:
            self._sequence += 1
            header = ServiceHeader(self.writer.handle, self._sequence)
            data = self._request.encode(request, header.pack())
            self._pending[header.sequence] = future
        self.writer.write(data)
        return future

    def call(self, request: Any, timeout_sec: float | None = None) -> Any:
        """Send ``request`` and wait for the response; TimeoutError. Another thread must spin the node meanwhile."""
        end = None if timeout_sec is None else time.monotonic() + timeout_sec
        had_server = self.service_is_ready()
        future = self.call_async(request)
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not done.is_set() and self.context.ok():
            left = 0.1 if end is None else end - time.monotonic()
            if left <= 0:
                break
            done.wait(min(left, 0.1))
        if future.done():
            return future.result()
        self.remove_pending_request(future)
        if not self.context.ok():
            raise TimeoutError(f"{self.srv_name}: no reply before the end of this process")
        raise TimeoutError(f"{self.srv_name}: no reply within {timeout_sec} s; {self._server_state(had_server)}")

    def remove_pending_request(self, future: Future[Any]) -> None:
        """Forget a request; its response, if it still comes, is dropped."""
        with self._lock:
            self._pending = {number: kept for number, kept in self._pending.items() if kept is not future}

    def service_is_ready(self) -> bool:
        """Say whether a server is there, matched in both directions."""
        servers = {guid[:12] for guid in self.writer.reader_guids()}
        return bool(servers and not servers.isdisjoint(guid[:12] for guid in self.reader.writer_guids()))

    def wait_for_service(self, timeout_sec: float | None = None) -> bool:
        """Wait until a server is there; False at the time-out or the end of the context."""
        end = None if timeout_sec is None else time.monotonic() + timeout_sec
        while not self.service_is_ready():
            if (end is not None and time.monotonic() >= end) or self.context.ended.wait(LOOK_AGAIN_S):
                return False
        return True

    def take(self) -> Callable[[], Any] | None:
        """Return the completion of the future whose response waits; other clients' responses are dropped."""
        while (sample := self.reader.take()) is not None:
            try:
                header = ServiceHeader.unpack(sample.data)
            except ValueError as error:
                get_logger("rclpy").error(f"{self.srv_name}: a reply was dropped: {error}")
                continue
            if header.client != self.writer.handle:
                continue
            with self._lock:
                future = self._pending.pop(header.sequence, None)
            if future is not None:
                return _Completion(self, future, sample.data)
        return None

    def decode(self, data: bytes) -> Any:
        """Return the response in ``data``; CodecError."""
        return self._response.decode(data, HEADER_BYTES)

    def destroy(self) -> None:
        """Leave the service; pending futures are cancelled."""
        with self._lock:
            pending, self._pending = self._pending, {}
        for future in pending.values():
            future.cancel()
        self.writer.close()
        self.reader.close()

    def _server_state(self, had_server: bool) -> str:
        if self.service_is_ready():
            return "the server is there and has not answered"
        return "the server has gone away" if had_server else "no server is there: is its node running?"


class _Completion:
    """Sets a future from a reply's bytes."""

    def __init__(self, client: Client, future: Future[Any], data: bytes) -> None:
        self._client, self._future, self._data = client, future, data

    def __call__(self) -> None:
        try:
            self._future.set_result(self._client.decode(self._data))
        except CodecError as error:
            self._future.set_exception(error)

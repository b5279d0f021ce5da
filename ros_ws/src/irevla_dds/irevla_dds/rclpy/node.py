"""A node: the owner of publishers, subscriptions, clients, services, timers and parameters."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.client import Client
from rclpy.clock import Clock, ROSClock
from rclpy.context import Context
from rclpy.duration import NANOSECONDS
from rclpy.guard_condition import GuardCondition
from rclpy.impl.default_context import get_default_context
from rclpy.impl.executable import Executable
from rclpy.impl.graph_view import GraphView
from rclpy.impl.log_setup import RosoutSink
from rclpy.impl.names import qualify, resolve, validate_namespace, validate_node_name
from rclpy.impl.node_directory import NodeEntry
from rclpy.impl.parameter_holder import ParameterHolder
from rclpy.impl.parameter_services import ParameterServices
from rclpy.impl.qos_watch import QosWatch
from rclpy.impl.time_source import TimeSource
from rclpy.logging import RcutilsLogger, add_sink, get_logger, remove_sink
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher
from rclpy.qos import (
    QoSProfile,
    qos_profile_parameter_events,
    qos_profile_rosout_default,
    qos_profile_services_default,
)
from rclpy.service import Service
from rclpy.subscription import Subscription
from rclpy.timer import Timer

if TYPE_CHECKING:
    from rclpy.executors import Executor


class Node(ParameterHolder, GraphView):
    """See rclpy's documentation; docs/runtime.md lists the differences."""

    def __init__(
        self,
        node_name: str,
        *,
        context: Context | None = None,
        namespace: str | None = None,
        enable_rosout: bool = True,
        start_parameter_services: bool = True,
        parameter_overrides: Sequence[Parameter] | None = None,
        allow_undeclared_parameters: bool = False,
        automatically_declare_parameters_from_overrides: bool = False,
    ) -> None:
        self.context = context or get_default_context()
        arguments = self.context.arguments
        self._arguments = arguments
        self._name = validate_node_name(arguments.node_name(validate_node_name(node_name)))
        self._namespace = validate_namespace(arguments.namespace(node_name, namespace or ""))
        given = arguments.values(self._name, self.get_fully_qualified_name())
        overrides = {name: Parameter(name, value=value) for name, value in given.items()}
        overrides |= {p.name: p for p in parameter_overrides or () if p.name not in overrides}
        ParameterHolder.__init__(self, overrides, allow_undeclared=allow_undeclared_parameters)
        self._executor: weakref.ReferenceType[Executor] | None = None
        self.default_callback_group: CallbackGroup = MutuallyExclusiveCallbackGroup()
        self._publishers: list[Publisher] = []
        self._executables: list[Executable] = []
        self._watches: dict[Any, QosWatch] = {}
        self._entry = NodeEntry(self._name, self._namespace)
        self.context.directory.add(self._entry)
        self._logger = get_logger(".".join(part for part in (*self._namespace.split("/"), self._name) if part))
        self._clock = ROSClock()
        self._events: Publisher | None = None
        if enable_rosout and arguments.rosout:
            from rcl_interfaces.msg import Log

            add_sink(self._logger.name, RosoutSink(self.create_publisher(Log, "/rosout", qos_profile_rosout_default)))
        self._start_parameter_events()
        if automatically_declare_parameters_from_overrides:
            for name in overrides:
                self.declare_parameter(name, overrides[name].value)
        self._time_source = TimeSource(self, self._clock)
        if start_parameter_services:
            ParameterServices(self)
        self.context.directory.announce()

    def get_name(self) -> str:
        """Return the node's name."""
        return self._name

    def get_namespace(self) -> str:
        """Return the node's namespace, "/" if none."""
        return self._namespace

    def get_fully_qualified_name(self) -> str:
        """Return ``/namespace/name``."""
        return f"{self._namespace.rstrip('/')}/{self._name}"

    def get_logger(self) -> RcutilsLogger:
        """Return the node's logger; it also goes to /rosout."""
        return self._logger

    def get_clock(self) -> ROSClock:
        """Return the node's clock: system time, or /clock's with ``use_sim_time``."""
        return self._clock

    @property
    def executor(self) -> Executor | None:
        """The executor that spins this node."""
        return self._executor() if self._executor is not None else None

    @executor.setter
    def executor(self, executor: Executor | None) -> None:
        self._executor = None if executor is None else weakref.ref(executor)

    @property
    def publishers(self) -> Iterable[Publisher]:
        """The node's publishers."""
        return tuple(self._publishers)

    @property
    def subscriptions(self) -> Iterable[Subscription]:
        """The node's subscriptions."""
        return tuple(item for item in self._executables if isinstance(item, Subscription))

    @property
    def clients(self) -> Iterable[Client]:
        """The node's clients."""
        return tuple(item for item in self._executables if isinstance(item, Client))

    @property
    def services(self) -> Iterable[Service]:
        """The node's services."""
        return tuple(item for item in self._executables if isinstance(item, Service))

    @property
    def timers(self) -> Iterable[Timer]:
        """The node's timers."""
        return tuple(item for item in self._executables if isinstance(item, Timer))

    def executables(self) -> list[Executable]:
        """Return what an executor waits for. Not in rclpy."""
        return [*self._executables, *self._watches.values()]

    def resolve_topic_name(self, topic: str, *, only_expand: bool = False) -> str:
        """Return the fully qualified name of a topic, remapped unless ``only_expand``."""
        if only_expand:
            return qualify(topic, self._name, self._namespace)
        return resolve(topic, self._name, self._namespace, self._arguments)

    def resolve_service_name(self, service: str, *, only_expand: bool = False) -> str:
        """Return the fully qualified name of a service, remapped unless ``only_expand``."""
        return self.resolve_topic_name(service, only_expand=only_expand)

    def create_publisher(
        self,
        msg_type: Any,
        topic: str,
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
    ) -> Publisher:
        """Return a new publisher; a number for the QoS is its depth."""
        qos = QoSProfile.of(qos_profile)
        publisher = Publisher(self.context, msg_type, self.resolve_topic_name(topic), qos)
        self._publishers.append(publisher)
        self._watches[publisher] = QosWatch(publisher.topic, publisher.writer, self._logger)
        self._entry.writers.add(publisher.writer.guid)
        self._announce_later()
        return publisher

    def create_subscription(
        self,
        msg_type: Any,
        topic: str,
        callback: Callable[[Any], Any],
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
        raw: bool = False,
    ) -> Subscription:
        """Return a new subscription; ``raw`` gives the callback CDR bytes instead of messages."""
        subscription = Subscription(
            self.context,
            msg_type,
            self.resolve_topic_name(topic),
            callback,
            callback_group or self.default_callback_group,
            QoSProfile.of(qos_profile),
            raw=raw,
        )
        self._watches[subscription] = QosWatch(subscription.topic, subscription.reader, self._logger)
        self.adopt(subscription)
        return subscription

    def create_client(
        self,
        srv_type: Any,
        srv_name: str,
        *,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> Client:
        """Return a new client of a service."""
        name = self.resolve_service_name(srv_name)
        client = Client(self.context, srv_type, name, qos_profile, callback_group or self.default_callback_group)
        self.adopt(client)
        return client

    def create_service(
        self,
        srv_type: Any,
        srv_name: str,
        callback: Callable[[Any, Any], Any],
        *,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> Service:
        """Return a new server of a service; ``callback(request, response)`` returns the response."""
        name = self.resolve_service_name(srv_name)
        group = callback_group or self.default_callback_group
        service = Service(self.context, srv_type, name, callback, group, qos_profile)
        self.adopt(service)
        return service

    def create_timer(
        self,
        timer_period_sec: float,
        callback: Callable[[], Any],
        callback_group: CallbackGroup | None = None,
        clock: Clock | None = None,
        autostart: bool = True,
    ) -> Timer:
        """Return a new timer on ``clock``, by default the node's (which may be simulated)."""
        group = callback_group or self.default_callback_group
        period_ns = int(float(timer_period_sec) * NANOSECONDS)
        timer = Timer(callback, group, period_ns, clock or self._clock, autostart=autostart)
        self.adopt(timer)
        return timer

    def create_guard_condition(
        self, callback: Callable[[], Any], callback_group: CallbackGroup | None = None
    ) -> GuardCondition:
        """Return a condition that any thread may trigger."""
        guard = GuardCondition(callback, callback_group or self.default_callback_group, self.context)
        self.adopt(guard)
        return guard

    def adopt(self, executable: Executable) -> None:
        """Let the executor run ``executable``, made elsewhere (an action's parts), until it is destroyed.

        Not in rclpy.
        """
        for end, guids in (("reader", self._entry.readers), ("writer", self._entry.writers)):
            if hasattr(executable, end):
                guids.add(getattr(executable, end).guid)
        self._executables.append(executable)
        self._announce_later()

    def destroy_publisher(self, publisher: Publisher) -> bool:
        """Close a publisher; False when it is not this node's."""
        if publisher not in self._publishers:
            return False
        self._publishers.remove(publisher)
        self._watches.pop(publisher, None)
        self._entry.writers.discard(publisher.writer.guid)
        publisher.destroy()
        self._announce_later()
        return True

    def destroy_subscription(self, subscription: Subscription) -> bool:
        """Close a subscription; False when it is not this node's."""
        return self._remove(subscription)

    def destroy_client(self, client: Client) -> bool:
        """Close a client; False when it is not this node's."""
        return self._remove(client)

    def destroy_service(self, service: Service) -> bool:
        """Close a service; False when it is not this node's."""
        return self._remove(service)

    def destroy_timer(self, timer: Timer) -> bool:
        """Close a timer; False when it is not this node's."""
        return self._remove(timer)

    def destroy_guard_condition(self, guard: GuardCondition) -> bool:
        """Close a guard condition; False when it is not this node's."""
        return self._remove(guard)

    def destroy_node(self) -> None:
        """Close everything and leave the graph; the node is of no use afterwards."""
        executor = self.executor
        if executor is not None:
            executor.remove_node(self)
        remove_sink(self._logger.name)
        for executable in list(self._executables):
            self._remove(executable)
        for publisher in list(self._publishers):
            self.destroy_publisher(publisher)
        if self.context.ok():
            self.context.directory.remove(self._entry)
            self.context.directory.announce()

    def _remove(self, executable: Any) -> bool:
        if executable not in self._executables:
            return False
        self._executables.remove(executable)
        self._watches.pop(executable, None)
        for end in ("reader", "writer"):
            if hasattr(executable, end):
                guid = getattr(executable, end).guid
                self._entry.readers.discard(guid)
                self._entry.writers.discard(guid)
        executable.destroy()
        self._announce_later()
        return True

    def _announce_later(self) -> None:
        if self.context.ok():
            self.context.directory.touch()
        executor = self.executor
        if executor is not None:
            executor.refresh()

    def _start_parameter_events(self) -> None:
        from rcl_interfaces.msg import ParameterEvent

        self._events = self.create_publisher(ParameterEvent, "/parameter_events", qos_profile_parameter_events)

    def _tell(self, parameters: list[Parameter], *, new: bool) -> None:
        if self._events is not None and self.context.ok():
            messages = [parameter.to_parameter_msg() for parameter in parameters]
            event = self._events.msg_type(stamp=self._clock.now().to_msg(), node=self.get_fully_qualified_name())
            event.new_parameters = messages if new else []
            event.changed_parameters = [] if new else messages
            self._events.publish(event)
        super()._tell(parameters, new=new)

"""The part of rclpy that irevla's nodes use, on Eclipse Cyclone DDS; docs/runtime.md says what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rclpy.context import Context
from rclpy.exceptions import NotInitializedException
from rclpy.impl.default_context import get_default_context
from rclpy.impl.log_setup import configure_logging
from rclpy.signals import SignalHandlerOptions
from rclpy.task import Future

if TYPE_CHECKING:
    from rclpy.executors import Executor
    from rclpy.node import Node


def init(
    *,
    args: Sequence[str] | None = None,
    context: Context | None = None,
    domain_id: int | None = None,
    signal_handler_options: SignalHandlerOptions | None = None,
) -> None:
    """Start: join the DDS domain and handle SIGINT and SIGTERM (default context only).

    ``args``: the command line, by default sys.argv. Raises GraphError, ConfigError.
    """
    target = context or get_default_context()
    if signal_handler_options is None:
        signal_handler_options = SignalHandlerOptions.ALL if context is None else SignalHandlerOptions.NO
    target.init(args, domain_id=domain_id, signals=signal_handler_options)
    configure_logging(target.arguments)


def ok(*, context: Context | None = None) -> bool:
    """Say whether `init` was called and no end has come since."""
    return (context or get_default_context()).ok()


def shutdown(*, context: Context | None = None, uninstall_handlers: bool | None = None) -> None:
    """End all spinning and leave the DDS domain."""
    (context or get_default_context()).shutdown()


def try_shutdown(*, context: Context | None = None, uninstall_handlers: bool | None = None) -> None:
    """As `shutdown`; does nothing when already ended."""
    (context or get_default_context()).try_shutdown()


def create_node(node_name: str, **options: Any) -> Node:
    """Return a plain `Node`."""
    from rclpy.node import Node

    return Node(node_name, **options)


def get_global_executor() -> Executor:
    """Return the executor that `spin` uses when it is given none."""
    from rclpy.executors import SingleThreadedExecutor

    context = get_default_context()
    if not context.ok():
        raise NotInitializedException("call rclpy.init() before spinning")
    if context.global_executor is None:
        context.global_executor = SingleThreadedExecutor()
    return context.global_executor


def spin(node: Node, executor: Executor | None = None) -> None:
    """Run the node's callbacks until the end; raises ExternalShutdownException when a signal brings it."""
    executor = executor or get_global_executor()
    try:
        executor.add_node(node)
        executor.spin()
    finally:
        executor.remove_node(node)


def spin_once(node: Node, *, executor: Executor | None = None, timeout_sec: float | None = None) -> None:
    """Run at most one callback of the node."""
    executor = executor or get_global_executor()
    try:
        executor.add_node(node)
        executor.spin_once(timeout_sec)
    finally:
        executor.remove_node(node)


def spin_until_future_complete(
    node: Node, future: Future[Any], executor: Executor | None = None, timeout_sec: float | None = None
) -> None:
    """Run the node's callbacks until ``future`` is done or the time-out."""
    executor = executor or get_global_executor()
    try:
        executor.add_node(node)
        executor.spin_until_future_complete(future, timeout_sec)
    finally:
        executor.remove_node(node)

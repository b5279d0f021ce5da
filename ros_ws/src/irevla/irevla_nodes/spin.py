"""The one main of every node: start, spin, say what went wrong, end with an exit status."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Sequence

import rclpy
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor, SingleThreadedExecutor
from rclpy.logging import get_logger
from rclpy.node import Node

from irevla.config.errors import IrevlaError


def run_node(create: Callable[[], Node], args: Sequence[str] | None = None, threads: int = 1) -> int:
    """Run the node that ``create`` makes until SIGINT, SIGTERM or an IrevlaError; return the exit status.

    A node that has a ``close()`` (a device, a worker process) gets it called before it is destroyed.
    """
    rclpy.init(args=args)
    node: Node | None = None
    name = getattr(create, "__name__", "node")
    try:
        node = create()
        executor = SingleThreadedExecutor() if threads == 1 else MultiThreadedExecutor(num_threads=threads)
        executor.add_node(node)
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        return 0
    except IrevlaError as error:
        (node.get_logger() if node is not None else get_logger(name)).fatal(str(error))
        return error.exit_status
    finally:
        # `ros2 launch` sends on the Ctrl-C that the terminal has sent to all already: it must not cut the ending short.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if node is not None:
            close: Callable[[], None] | None = getattr(node, "close", None)
            if close is not None:
                close()
            node.destroy_node()
        if rclpy.ok():
            rclpy.shutdown()
        # rclpy has put back what was there before it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Python would search all that torch or MuJoCo loaded for garbage once more: seconds on a busy machine.
        gc.freeze()
    return 0

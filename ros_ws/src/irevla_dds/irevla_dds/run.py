"""Runs a node: ``python -m irevla_dds.run irevla_nodes.policy_node --ros-args -r __ns:=/rig0``."""

from __future__ import annotations

import sys
from importlib import import_module

from irevla.config.errors import IrevlaError
from irevla_dds.activation import activate


def main(arguments: list[str]) -> int:
    """Import the module named first, give it the other arguments and call its ``main()``; returns the exit status.

    Under ROS 2 the real rclpy is used, else the embedded one.
    """
    if not arguments:
        sys.stderr.write("usage: python -m irevla_dds.run <module> [arguments] [--ros-args ...]\n")
        return 2
    activate()
    from rclpy.executors import ExternalShutdownException

    module_name, *rest = arguments
    sys.argv = [module_name, *rest]
    module = import_module(module_name)
    run = getattr(module, "main", None)
    if not callable(run):
        sys.stderr.write(f"{module_name} has no main() to run\n")
        return 2
    try:
        status = run()
    except (KeyboardInterrupt, ExternalShutdownException):
        return 0
    except IrevlaError as error:
        sys.stderr.write(f"{module_name}: {error}\n")
        return error.exit_status
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The drivers by backend; each is imported when it is asked for, with what it needs."""

from __future__ import annotations

from typing import Any

from irevla.config.errors import UnknownNameError
from irevla.config.robot import RobotSettings
from irevla_nodes.robot.drivers.driver import ArmDriver


def open_driver(settings: RobotSettings, node: Any) -> ArmDriver:
    """Return the driver of ``settings.backend``; ``node`` is the rclpy node that talks to other nodes for it."""
    if settings.backend == "serl":
        from irevla_nodes.robot.drivers.serl_driver import SerlDriver

        return SerlDriver(settings.serl)
    if settings.backend == "crisp":
        from irevla_nodes.robot.drivers.crisp_driver import CrispDriver

        return CrispDriver(settings.crisp, node)
    raise UnknownNameError("backend of a real arm", settings.backend, ("serl", "crisp"))

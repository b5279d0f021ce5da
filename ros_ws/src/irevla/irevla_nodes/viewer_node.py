"""MuJoCo's own window on the simulator of a running graph."""

from __future__ import annotations

import os
import sys
from typing import Any

import mujoco
import mujoco.viewer
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from irevla.config import topics
from irevla.config.errors import DeviceError
from irevla.config.tasks import task as task_called
from irevla_msgs.msg import SimState
from irevla_nodes import qos
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.sim.world import build_model
from irevla_nodes.spin import run_node

WATCH_S = 0.2


class ViewerNode(Node):
    """Shows every `sim/state` as it comes; ends when its window is closed. Looking moves nothing."""

    def __init__(self) -> None:
        super().__init__("viewer")
        if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise DeviceError(
                "the simulator's window needs a display, and DISPLAY is not set; start the graph headless"
            )
        self._task = ""
        self._data: Any = None
        self._window: Any = None
        # Best effort: a slow window never makes the simulator wait.
        self.create_subscription(SimState, topics.SIM_STATE, self._on_state, qos.sensor())
        self.create_timer(WATCH_S, self._watch, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self._heartbeat = Heartbeat(self)

    def close(self) -> None:
        """Close the window."""
        if self._window is not None:
            self._window.close()

    def _on_state(self, message: Any) -> None:
        if message.task != self._task:
            self.close()
            self._task = message.task
            self._data = mujoco.MjData(build_model(task_called(message.task), "fine"))
            self._window = mujoco.viewer.launch_passive(
                self._data.model, self._data, show_left_ui=False, show_right_ui=False
            )
        with self._window.lock():
            self._data.qpos[:] = message.qpos
            mujoco.mj_forward(self._data.model, self._data)
        self._window.sync()

    def _watch(self) -> None:
        if self._window is not None and not self._window.is_running():
            raise KeyboardInterrupt  # closed by hand: the node ends as after Ctrl-C


def main() -> int:
    """Run the node."""
    return run_node(ViewerNode)


if __name__ == "__main__":
    sys.exit(main())

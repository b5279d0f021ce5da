"""One camera: the simulator's, rendered from `sim/state`, or a real one."""

from __future__ import annotations

import array
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from irevla.config import topics
from irevla.config.cameras import CameraSettings
from irevla.config.robot import RobotSettings
from irevla.config.tasks import task as task_called
from irevla_msgs.msg import SimState
from irevla_nodes import arm_messages, qos
from irevla_nodes.cameras.capture import Capture
from irevla_nodes.cameras.catalogue import open_camera
from irevla_nodes.cameras.pace import Pace
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import declare_section, declare_value
from irevla_nodes.spin import run_node

LOOK_S = 1.0
SLOW = 0.5  # share of rate_hz below which a person should look


class CameraNode(Node):
    """Publishes `camera/<name>/image` with the stamp of the state it was taken at, or of the capture."""

    def __init__(self) -> None:
        super().__init__("camera")
        name = "this camera's name: one of the VLA's views, and its topic camera/<name>/image"
        self._camera = str(declare_value(self, "camera.name", "front", name))
        self._settings = declare_section(self, "camera", CameraSettings)
        robot = declare_section(self, "robot", RobotSettings)
        self._pace = Pace(time.monotonic())
        is_simulated = self._settings.backend == "mujoco"
        profile = qos.stream() if is_simulated else qos.sensor()
        self._publisher = self.create_publisher(Image, topics.camera_image(self._camera), profile)
        self._capture: Capture | None = None
        self._last: Any = None
        self._mount = self.create_publisher(TFMessage, topics.TF_STATIC, qos.latched())
        if is_simulated:
            self._render = self._renderer(robot)
            self.create_subscription(SimState, topics.SIM_STATE, self._on_sim_state, qos.stream())
        else:
            self._tell_configured_mount()
            self._capture = Capture(partial(open_camera, self._settings), self._deliver, period_s=self._period_s())
            self.create_timer(LOOK_S, self._look, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self._heartbeat = Heartbeat(self, self._state)
        device = f"{self._settings.backend} {self._settings.source}".strip()
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, warning=self._warning, hardware_id=device)

    def close(self) -> None:
        """Free the device."""
        if self._capture is not None:
            self._capture.close()

    def _renderer(self, robot: RobotSettings) -> Callable[[Any], NDArray[np.uint8]]:
        # OpenGL is loaded where it is needed only: a rig with real cameras has none to offer.
        from irevla_nodes.sim.camera import SimCamera

        camera = SimCamera(self._camera, self._settings.width_px, self._settings.height_px)
        mount = camera.mount()
        parent = robot.tool_frame if mount.is_on_tool else robot.base_frame
        self._tell_mount(parent, mount.position_m, mount.quaternion_xyzw)
        return lambda message: camera.render(task_called(message.task), np.asarray(message.qpos, dtype=np.float64))

    def _tell_configured_mount(self) -> None:
        settings = self._settings
        if not settings.parent_frame:
            self.get_logger().info("camera.parent_frame is empty: nothing on /tf_static says where this camera sits")
            return
        position_m, quaternion_xyzw = settings.mount_position_m, settings.mount_quaternion_xyzw
        self._tell_mount(settings.parent_frame, np.array(position_m), np.array(quaternion_xyzw))

    def _tell_mount(self, parent: str, position_m: NDArray[np.float64], quaternion_xyzw: NDArray[np.float64]) -> None:
        now_ns, frame = self.get_clock().now().nanoseconds, self._settings.optical_frame
        transform = arm_messages.to_transform(now_ns, parent, frame, position_m, quaternion_xyzw)
        self._mount.publish(TFMessage(transforms=[transform]))

    def _period_s(self) -> float:
        # A RealSense keeps its own rate; OpenCV plays a file as fast as it decodes, and a webcam at any rate it likes.
        return 1.0 / self._settings.rate_hz if self._settings.backend == "opencv" else 0.0

    def _on_sim_state(self, message: Any) -> None:
        stamp_ns = arm_messages.from_stamp(message.header.stamp)
        if self._last is None or arm_messages.from_stamp(self._last.header.stamp) != stamp_ns:
            self._last = self._image(self._render(message), stamp_ns)
            self._pace.note(time.monotonic())
        # A state that comes again has a reader that missed its picture.
        self._publisher.publish(self._last)

    def _deliver(self, picture: NDArray[np.uint8], stamp_ns: int) -> None:
        self._pace.note(time.monotonic())
        self._publisher.publish(self._image(picture, stamp_ns))

    def _image(self, picture: NDArray[np.uint8], stamp_ns: int) -> Any:
        height, width, _ = picture.shape
        header = Header(stamp=arm_messages.to_stamp(stamp_ns), frame_id=self._settings.optical_frame)
        message = Image(header=header, height=height, width=width, encoding="rgb8", is_bigendian=0, step=3 * width)
        message.data = array.array("B", picture.tobytes())  # the one type that rclpy takes without looking at each byte
        return message

    def _look(self) -> None:
        if self._capture is not None:
            if self._capture.trouble:
                self.get_logger().error(self._capture.trouble)
            self._capture.check()

    def _facts(self) -> Facts:
        now_s = time.monotonic()
        settings = self._settings
        return {
            "rate_hz": self._pace.rate_hz(now_s),
            "age_s": self._pace.age_s(now_s),
            "size_px": f"{settings.width_px}x{settings.height_px}",
            "frame": settings.optical_frame,
        }

    def _warning(self) -> str:
        # A simulated camera has as many pictures as there are steps.
        rate_hz, wanted_hz = self._pace.rate_hz(time.monotonic()), self._settings.rate_hz
        if self._capture is None or rate_hz >= SLOW * wanted_hz:
            return ""
        return f"{rate_hz:.1f} pictures per second, expected {wanted_hz:g} (camera.rate_hz); is the cable or bus busy?"

    def _state(self) -> str:
        return (self._capture.trouble if self._capture is not None else "") or OK


def main() -> int:
    """Run the node."""
    return run_node(CameraNode)


if __name__ == "__main__":
    sys.exit(main())

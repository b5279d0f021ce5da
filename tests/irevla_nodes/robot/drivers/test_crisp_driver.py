"""The CRISP driver against a node that plays CRISP's controllers: broadcasters, a set point, a gripper."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import irevla_dds

irevla_dds.activate()

import rclpy  # noqa: E402
from geometry_msgs.msg import PoseStamped, TwistStamped  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from sensor_msgs.msg import JointState  # noqa: E402
from std_msgs.msg import Float64MultiArray  # noqa: E402

from irevla.config.errors import DeviceError  # noqa: E402
from irevla.config.hardware import CrispSettings  # noqa: E402
from irevla_nodes import qos  # noqa: E402
from irevla_nodes.arbiter.target import Target  # noqa: E402
from irevla_nodes.robot.drivers.crisp_driver import CrispDriver  # noqa: E402

SETTINGS = CrispSettings(namespace="arm")
GRIPPER = "arm/gripper/gripper_position_controller/commands"
# joint_state_broadcaster gives no order, and the fingers too.
JOINTS = ["fr3_finger_joint1", *(f"fr3_joint{number}" for number in (3, 1, 2, 4, 5, 7, 6))]


class Crisp(Node):
    """CRISP's side: state at 50 Hz; the arm stands where the set point says, unless the set point has two masters."""

    def __init__(self) -> None:
        super().__init__("crisp")
        self.position = [0.5, 0.0, 0.3]
        self.frame, self.joints = "base", list(JOINTS)
        self.is_alive = True
        self.targets: list[Any] = []
        self.grips: list[float] = []
        sensor = qos.sensor()
        self.poses = self.create_publisher(PoseStamped, "arm/current_pose", sensor)
        self.twists = self.create_publisher(TwistStamped, "arm/current_twist", sensor)
        self.joint_states = self.create_publisher(JointState, "arm/joint_states", 10)
        self.gripper_states = self.create_publisher(JointState, "arm/gripper/joint_states", 10)
        self.create_subscription(PoseStamped, "arm/target_pose", self._on_target, 1)
        self.create_subscription(Float64MultiArray, GRIPPER, lambda m: self.grips.append(m.data[0]), 10)
        self.create_timer(0.02, self._show)

    def _on_target(self, message: Any) -> None:
        if self.count_publishers("/arm/target_pose") > 1:
            return
        self.targets.append(message)
        point = message.pose.position
        self.position = [point.x, point.y, point.z]

    def _show(self) -> None:
        if not self.is_alive:
            return
        pose = PoseStamped()
        pose.header.frame_id = self.frame
        pose.pose.position.x, pose.pose.position.y, pose.pose.position.z = self.position
        pose.pose.orientation.x, pose.pose.orientation.w = 1.0, 0.0
        self.poses.publish(pose)
        twist = TwistStamped()
        twist.twist.angular.z = 0.25
        self.twists.publish(twist)
        numbers = [float(name[-1]) for name in self.joints]
        self.joint_states.publish(JointState(name=self.joints, position=numbers, velocity=[0.1] * len(numbers)))
        self.gripper_states.publish(JointState(name=["gripper"], position=[0.5]))


class Bench:
    """Both nodes on one executor; the driver's clock is the test's."""

    def __init__(self) -> None:
        self.crisp, self.robot = Crisp(), Node("robot")
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.crisp)
        self.executor.add_node(self.robot)
        self.driver = CrispDriver(SETTINGS, self.robot)

    def wait(self, claim: Callable[[], Any]) -> Any:
        end_s = time.monotonic() + 15.0
        while not (found := claim()):
            assert time.monotonic() < end_s, f"did not come true in time; {self.trouble()}"
            self.executor.spin_once(timeout_sec=0.05)
        return found

    def trouble(self) -> str:
        try:
            self.driver.read()
        except DeviceError as error:
            return str(error)
        return ""


@pytest.fixture
def bench() -> Iterator[Bench]:
    rclpy.init(args=[], domain_id=100 + os.getpid() % 50)
    bench = Bench()
    bench.wait(lambda: not bench.trouble())
    yield bench
    bench.crisp.destroy_node()
    bench.robot.destroy_node()
    rclpy.shutdown()


def test_the_state_is_read_whatever_the_order_of_the_joints(bench: Bench) -> None:
    arm = bench.driver.read().arm
    assert arm.joint_position_rad.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert arm.tcp_position_m.tolist() == [0.5, 0.0, 0.3]
    assert arm.tcp_quaternion_xyzw.tolist() == [1, 0, 0, 0]
    assert arm.tcp_twist.tolist() == [0, 0, 0, 0, 0, 0.25]
    assert arm.gripper_width_m == pytest.approx(0.04)
    assert np.isnan(arm.joint_effort_nm).all()


def test_a_set_point_and_the_gripper_are_published_in_crisps_frame(bench: Bench) -> None:
    bench.driver.move_to(Target(np.array([0.6, 0.1, 0.2]), np.array([1.0, 0, 0, 0]), 0.08))
    bench.wait(lambda: bench.driver.read().arm.tcp_position_m[0] == 0.6)
    assert bench.crisp.targets[-1].header.frame_id == "base"
    assert bench.crisp.targets[-1].pose.orientation.x == 1.0
    bench.driver.grip(is_open=False)
    bench.driver.grip(is_open=True)
    bench.wait(lambda: bench.crisp.grips == [0.0, 1.0])


def test_a_second_publisher_of_the_set_point_is_said_because_crisp_then_hears_nobody(bench: Bench) -> None:
    intruder = bench.crisp.create_publisher(PoseStamped, "arm/target_pose", 1)
    words = bench.wait(bench.trouble)
    assert words.startswith("/arm/target_pose has 2 publishers, and CRISP's controller ignores it")
    bench.crisp.destroy_publisher(intruder)
    bench.wait(lambda: not bench.trouble())


def test_a_set_point_that_nobody_listens_to_is_said(bench: Bench) -> None:
    bench.executor.remove_node(bench.crisp)
    bench.crisp.destroy_node()
    assert "nobody listens on /arm/target_pose" in bench.wait(bench.trouble)


def test_controllers_that_fall_silent_grow_old(bench: Bench) -> None:
    bench.crisp.is_alive = False
    bench.wait(lambda: bench.driver.read().age_s > 0.4)
    bench.crisp.is_alive = True
    bench.wait(lambda: bench.driver.read().age_s < 0.4)


def test_one_silent_part_makes_the_whole_state_old(bench: Bench) -> None:
    bench.crisp.destroy_publisher(bench.crisp.twists)
    bench.crisp.twists = bench.crisp.create_publisher(TwistStamped, "arm/elsewhere", 10)
    bench.wait(lambda: bench.driver.read().age_s > 0.4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"position": [0.5, math.nan, 0.3]}, "current_pose's position: expected finite numbers"),
        ({"frame": "panda_link0"}, r"in frame 'panda_link0', expected 'base'"),
        ({"joints": [f"panda_joint{number}" for number in range(1, 8)]}, "see robot.crisp.joint_prefix"),
    ],
)
def test_a_state_that_is_none_is_said(bench: Bench, changes: dict[str, Any], words: str) -> None:
    for name, value in changes.items():
        setattr(bench.crisp, name, value)
    assert words in bench.wait(bench.trouble)


def test_before_anything_comes_the_missing_topics_are_named(bench: Bench) -> None:
    elsewhere = CrispDriver(CrispSettings(namespace="arm", current_twist="twist", gripper="none"), bench.robot)
    bench.robot.destroy_publisher(bench.driver._target)

    def words() -> str:
        try:
            elsewhere.read()
        except DeviceError as error:
            return str(error) if "nothing came yet" in str(error) else ""
        return ""

    assert "arm/twist" in bench.wait(words)
    bench.wait(lambda: words().startswith("nothing came yet on arm/twist;"))
    elsewhere.grip(is_open=True)
    elsewhere.recover()
    elsewhere.close()

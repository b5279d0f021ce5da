"""SERL's driver against a server that answers, dies, dawdles, repeats itself and talks nonsense."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from irevla.config.errors import ConfigError, DeviceError
from irevla.config.hardware import SerlSettings
from irevla_nodes.arbiter.target import Target
from irevla_nodes.robot.drivers.driver import Measurement
from irevla_nodes.robot.drivers.serl_driver import SerlDriver

DOWN = np.array([1.0, 0, 0, 0])
TIMEOUT_S = 10.0


def target(x: float) -> Target:
    return Target(np.array([x, 0.0, 0.2]), DOWN, 0.08)


def until(claim: Callable[[], Any]) -> Any:
    """Ask again and again, as the robot node's timer does; fails after ten seconds."""
    end_s = time.monotonic() + TIMEOUT_S
    while not (found := claim()):
        assert time.monotonic() < end_s, "did not come true in time"
        threading.Event().wait(0.01)
    return found


def measurement(driver: SerlDriver) -> Measurement | None:
    try:
        return driver.read()
    except DeviceError:
        return None


def trouble(driver: SerlDriver) -> str:
    try:
        driver.read()
    except DeviceError as error:
        return str(error)
    return ""


@pytest.fixture
def driver(franka_server: Any) -> Iterator[SerlDriver]:
    driver = SerlDriver(SerlSettings(url=franka_server.url, timeout_s=0.5))
    until(lambda: measurement(driver))
    yield driver
    driver.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("serl")]


def test_the_state_is_read_in_our_units(driver: SerlDriver, franka_server: Any) -> None:
    arm = driver.read().arm
    np.testing.assert_allclose(arm.tcp_position_m, franka_server.position, atol=1e-6)
    assert arm.tcp_quaternion_xyzw.tolist() == [1, 0, 0, 0]
    assert arm.joint_position_rad == pytest.approx([0.1 * joint for joint in range(7)], abs=1e-3)
    assert arm.gripper_width_m == pytest.approx(0.08)
    assert np.isnan(arm.joint_effort_nm).all()


def test_a_set_point_arrives_and_the_arm_follows(driver: SerlDriver, franka_server: Any) -> None:
    driver.move_to(target(0.6))
    until(lambda: driver.read().arm.tcp_position_m[0] > 0.59)
    assert franka_server.poses[-1] == [0.6, 0.0, 0.2, 1.0, 0.0, 0.0, 0.0]


def test_of_the_set_points_that_wait_only_the_newest_is_sent(driver: SerlDriver, franka_server: Any) -> None:
    franka_server.delay_s = 0.1
    for number in range(100):
        driver.move_to(target(0.5 + 0.001 * number))
    until(lambda: franka_server.poses and franka_server.poses[-1][0] == pytest.approx(0.599))
    assert len(franka_server.poses) < 10


def test_the_gripper_and_the_recovery_wait_for_the_set_point_before_them(
    driver: SerlDriver, franka_server: Any
) -> None:
    franka_server.delay_s = 0.1
    driver.grip(is_open=True)
    franka_server.wait(lambda: "/open_gripper" in franka_server.paths())
    driver.move_to(target(0.5))
    driver.recover()
    driver.grip(is_open=False)
    for _ in range(10):
        driver.move_to(target(0.51))
    franka_server.wait(lambda: "/close_gripper" in franka_server.paths())
    assert [path for path in franka_server.paths() if path != "/open_gripper"][:3] == [
        "/pose",
        "/clearerr",
        "/close_gripper",
    ]


def test_no_server_is_said_with_its_address() -> None:
    driver = SerlDriver(SerlSettings(url="http://127.0.0.1:9"))
    assert "127.0.0.1:9" in until(lambda: trouble(driver))
    until(lambda: "refused" in trouble(driver))
    driver.close()


def test_a_server_that_dies_in_mid_motion_is_said_and_one_that_comes_back_is_heard(
    driver: SerlDriver, franka_server: Any
) -> None:
    driver.move_to(target(0.6))
    until(lambda: franka_server.poses)
    franka_server.die()
    driver.move_to(target(0.61))
    assert "is franka_server running there?" in until(lambda: trouble(driver))
    until(lambda: "/pose" in driver._send_trouble)  # the state was missed; now the set point has been tried too
    franka_server.come_back()
    until(lambda: measurement(driver))
    # What could not be delivered is not sent later: the arm may stand elsewhere by then.
    assert franka_server.poses[-1][0] == 0.6


def test_a_slow_server_is_a_device_error_and_nobody_waits_for_it(driver: SerlDriver, franka_server: Any) -> None:
    franka_server.delay_s = 1.0
    assert "no answer within 0.5 s" in until(lambda: trouble(driver))
    began_s = time.process_time()
    driver.move_to(target(0.5))
    driver.grip(is_open=True)
    assert time.process_time() - began_s < 0.5  # processor time: a busy machine changes nothing


def test_http_500_is_said(driver: SerlDriver, franka_server: Any) -> None:
    franka_server.status = 500
    assert "expected HTTP 200, got 500" in until(lambda: trouble(driver))
    franka_server.status = 200
    until(lambda: measurement(driver))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pose": [float("nan")] * 7}, "7 finite numbers as pose"),
        ({"q": [0.0] * 6}, "7 finite numbers as q"),
        ({"pose": [0.5, 0, 0.2, 0, 0, 0, 0]}, "unit quaternion"),
        ({"gripper_pos": float("nan")}, "gripper_pos"),
        ({"dq": None}, "7 finite numbers as dq"),
        ({"vel": "fast"}, "expected pose, vel, q, dq"),
    ],
)
def test_a_state_that_is_none_is_said(driver: SerlDriver, franka_server: Any, changes: Any, words: str) -> None:
    franka_server.changes = changes
    assert words in until(lambda: trouble(driver))
    franka_server.changes = {}
    until(lambda: measurement(driver))


def test_a_server_that_repeats_its_last_state_grows_old(driver: SerlDriver, franka_server: Any) -> None:
    franka_server.is_frozen = True
    until(lambda: driver.read().age_s > 0.5)
    franka_server.is_frozen = False
    until(lambda: driver.read().age_s < 0.5)


def test_closing_delivers_what_was_sent_last(franka_server: Any) -> None:
    driver = SerlDriver(SerlSettings(url=franka_server.url))
    driver.move_to(target(0.55))
    driver.close()
    assert franka_server.poses[-1][0] == 0.55


@pytest.mark.parametrize("url", ["", "127.0.0.1:5000", "https://127.0.0.1:5000", "http://127.0.0.1:5000/pose"])
def test_an_address_that_is_none_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError, match=r"robot\.serl\.url: expected http://host:port"):
        SerlDriver(SerlSettings(url=url))

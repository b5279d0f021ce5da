"""Clocks, timers, and simulated time."""

import time
from typing import Any

import pytest


def test_times_and_durations_add_up() -> None:
    from rclpy.clock import ClockType
    from rclpy.duration import Duration
    from rclpy.time import Time

    begin = Time(seconds=2, nanoseconds=500, clock_type=ClockType.ROS_TIME)
    later = begin + Duration(seconds=1.5)
    assert later.nanoseconds == 3_500_000_500
    assert (later - begin).nanoseconds == 1_500_000_000
    assert (later - Duration(seconds=1)).seconds_nanoseconds() == (2, 500_000_500)
    assert Time.from_msg(later.to_msg()) == later
    assert Duration.from_msg(Duration(seconds=-1.5).to_msg()).nanoseconds == -1_500_000_000
    assert begin < later


def test_times_of_two_clocks_cannot_be_compared() -> None:
    from rclpy.clock import ClockType
    from rclpy.time import Time

    with pytest.raises(TypeError):
        _ = Time(clock_type=ClockType.ROS_TIME) < Time(clock_type=ClockType.STEADY_TIME)


def test_a_timer_keeps_its_rate_on_average(graph: Any) -> None:
    calls: list[float] = []
    graph.node("ticker").create_timer(0.02, lambda: calls.append(time.monotonic()))
    assert graph.until(lambda: len(calls) >= 25, 10.0)
    mean = (calls[-1] - calls[0]) / (len(calls) - 1)
    assert 0.018 < mean < 0.04


def test_a_cancelled_timer_stands_still_until_reset(graph: Any) -> None:
    calls: list[int] = []
    timer = graph.node("ticker").create_timer(0.02, lambda: calls.append(1))
    assert graph.until(lambda: len(calls) >= 2)
    timer.cancel()
    assert timer.is_canceled()
    time.sleep(0.1)
    stopped = len(calls)
    time.sleep(0.1)
    assert len(calls) == stopped
    timer.reset()
    assert graph.until(lambda: len(calls) > stopped)


def test_a_late_timer_does_not_catch_up(graph: Any) -> None:
    calls: list[float] = []

    def slow() -> None:
        calls.append(time.monotonic())
        time.sleep(0.1 if len(calls) == 1 else 0.0)

    graph.node("ticker").create_timer(0.02, slow)
    assert graph.until(lambda: len(calls) >= 4)
    assert calls[1] - calls[0] >= 0.1
    assert calls[3] - calls[1] > 0.015, "missed calls must not be made up for in a burst"


def test_a_simulated_clock_moves_timers_and_stamps(graph: Any) -> None:
    from builtin_interfaces.msg import Time as Stamp
    from rclpy.parameter import Parameter
    from rosgraph_msgs.msg import Clock

    source = graph.node("simulator").create_publisher(Clock, "/clock", 10)
    node, calls = graph.node("robot", parameter_overrides=[Parameter("use_sim_time", value=True)]), []
    assert graph.until(lambda: source.get_subscription_count() == 1)
    assert node.get_clock().now().nanoseconds == 0
    timer = node.create_timer(1.0, lambda: calls.append(node.get_clock().now().nanoseconds))

    def show(seconds: int) -> None:
        source.publish(Clock(clock=Stamp(sec=seconds)))
        assert graph.until(lambda: node.get_clock().now().nanoseconds == seconds * 10**9)

    show(100)
    assert graph.until(lambda: len(calls) == 1)
    time.sleep(0.1)
    assert len(calls) == 1, "wall time must not move a simulated timer"
    show(101)
    assert graph.until(lambda: len(calls) == 2)
    assert calls == [100 * 10**9, 101 * 10**9]
    show(3)  # the simulation starts again
    show(5)
    assert graph.until(lambda: len(calls) == 3)
    timer.cancel()


def test_use_sim_time_can_be_switched_off(graph: Any) -> None:
    from rclpy.parameter import Parameter

    node = graph.node("robot", parameter_overrides=[Parameter("use_sim_time", value=True)])
    assert node.get_clock().now().nanoseconds == 0
    node.set_parameters([Parameter("use_sim_time", value=False)])
    assert abs(node.get_clock().now().nanoseconds - time.time_ns()) < 10**9

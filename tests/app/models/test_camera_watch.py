"""A camera is shown as fast and as old as it is, by the window's clock."""

import numpy as np
import pytest

from irevla.app.graph.facts import Picture
from irevla.app.models.camera_watch import CameraWatch


def picture(received_s: float, stamp_s: float = 0.0) -> Picture:
    return Picture(received_s=received_s, camera="front", stamp_s=stamp_s, image=np.zeros((4, 6, 3), np.uint8))


def test_a_camera_never_heard_says_what_to_look_for() -> None:
    state = CameraWatch("front", 0.5).state(100.0)
    assert state.picture is None
    assert state.stale == "no picture yet:\nis camera_front running?"


def test_a_simulated_camera_without_a_picture_waits_for_the_first_reset() -> None:
    state = CameraWatch("front", 0.5, is_simulated=True).state(100.0)
    assert state.stale == "no picture yet:\nit comes with the first reset"


def test_a_picture_is_stale_once_it_is_older_than_allowed() -> None:
    watch = CameraWatch("front", 0.5)
    watch.take(picture(10.0))
    assert watch.state(10.5).stale == ""
    assert watch.state(10.8).stale == "stale: 0.8 s"
    assert watch.state(72.0).stale == "stale: 62 s"
    watch.take(picture(73.0))
    assert watch.state(73.01).stale == ""


def test_the_age_is_by_arrival_and_not_by_the_simulators_clock() -> None:
    watch = CameraWatch("front", 0.5)
    watch.take(picture(1000.0, stamp_s=3.0))
    assert watch.state(1000.04).caption == "0 Hz · 40 ms"


def test_the_rate_is_what_came_in_the_last_seconds() -> None:
    watch = CameraWatch("front", 0.5)
    for number in range(61):
        watch.take(picture(10.0 + number / 20))
    assert watch.rate_hz(13.0) == pytest.approx(20.0)
    assert watch.rate_hz(20.0) == 0.0


def test_the_caption_changes_no_faster_than_it_can_be_read() -> None:
    watch = CameraWatch("front", 0.5)
    watch.take(picture(10.0))
    first = watch.state(10.01).caption
    watch.take(picture(10.1))
    assert watch.state(10.12).caption == first
    assert watch.state(10.30).caption != first


def test_marks_are_handed_on() -> None:
    assert CameraWatch("front", 0.5).state(0.0, "a person steers").marks == "a person steers"

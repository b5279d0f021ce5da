"""Real cameras: a missing one is tried again and says so, a dead one is opened again, none hangs."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from irevla.config.cameras import CameraSettings
from irevla.config.errors import DeviceError
from irevla_nodes.cameras.capture import ATTEMPTS, Capture
from irevla_nodes.cameras.opencv_driver import OpenCvDriver
from irevla_nodes.cameras.realsense_driver import RealSenseDriver, load_library

PICTURE = np.zeros((4, 6, 3), dtype=np.uint8)


class FakeDriver:
    """Gives ``pictures`` pictures, then fails."""

    def __init__(self, pictures: int) -> None:
        self.left = pictures
        self.closed = False

    def read(self, timeout_s: float) -> np.ndarray:
        if self.left <= 0:
            raise DeviceError("the cable is out")
        self.left -= 1
        return PICTURE

    def close(self) -> None:
        self.closed = True


class Shelf:
    """Opens fake drivers one after the other; None: the device is not there."""

    def __init__(self, *pictures: int | None) -> None:
        self.pictures = list(pictures)
        self.opened: list[FakeDriver] = []
        self.attempts = 0

    def open(self) -> FakeDriver:
        self.attempts += 1
        pictures = self.pictures.pop(0) if self.pictures else None
        if pictures is None:
            raise DeviceError("no such camera")
        self.opened.append(FakeDriver(pictures))
        return self.opened[-1]


def wait_for(claim: Callable[[], bool], timeout_s: float = 20.0) -> None:
    end_s = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < end_s, "did not come true in time"
        time.sleep(0.005)


@pytest.fixture
def captures() -> Iterator[list[Capture]]:
    made: list[Capture] = []
    yield made
    for capture in made:
        capture.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "capture"]


def start(captures: list[Capture], shelf: Shelf, stamps: list[int]) -> Capture:
    captures.append(Capture(shelf.open, lambda picture, stamp_ns: stamps.append(stamp_ns), retry_s=0.01))
    return captures[-1]


def test_pictures_are_stamped_at_capture(captures: list[Capture]) -> None:
    stamps: list[int] = []
    before_ns = time.time_ns()
    start(captures, Shelf(5), stamps)
    wait_for(lambda: len(stamps) == 5)
    assert before_ns <= stamps[0] <= stamps[-1] <= time.time_ns()


def test_a_camera_that_fails_is_closed_and_opened_again(captures: list[Capture]) -> None:
    stamps: list[int] = []
    shelf = Shelf(2, None, 3)
    start(captures, shelf, stamps)
    wait_for(lambda: len(stamps) == 5)
    wait_for(lambda: all(driver.closed for driver in shelf.opened))


def test_a_missing_camera_says_so_and_is_given_up_after_ten_attempts(captures: list[Capture]) -> None:
    shelf = Shelf()
    capture = start(captures, shelf, [])
    wait_for(lambda: shelf.attempts == ATTEMPTS)
    wait_for(lambda: capture.trouble == "no such camera")
    with pytest.raises(DeviceError, match="no such camera"):
        wait_for(lambda: bool(capture.check()))
    time.sleep(0.1)
    assert shelf.attempts == ATTEMPTS


def test_pictures_end_the_trouble(captures: list[Capture]) -> None:
    stamps: list[int] = []
    capture = start(captures, Shelf(None, 10_000_000), stamps)
    wait_for(lambda: len(stamps) > 3)
    assert capture.trouble == ""
    capture.check()


def test_a_missing_v4l2_device_names_those_that_are_there() -> None:
    with pytest.raises(DeviceError, match=r"'/dev/video97'.*available devices: "):
        OpenCvDriver(CameraSettings(backend="opencv", source="/dev/video97"))


@pytest.mark.parametrize("source", ["", "97", "no/such/file.mp4"])
def test_a_source_that_is_none_is_a_device_error(source: str) -> None:
    with pytest.raises(DeviceError, match="expected a V4L2 index, a device or a video file"):
        OpenCvDriver(CameraSettings(backend="opencv", source=source))


def test_a_file_that_is_no_video_is_a_device_error(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("not a video")
    with pytest.raises(DeviceError, match="cannot be opened"):
        OpenCvDriver(CameraSettings(backend="opencv", source=str(path)))


def test_a_video_file_plays_in_a_loop_as_rgb_in_the_size_asked_for(tmp_path: Path) -> None:
    path = f"{tmp_path}/red.avi"
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(3):
        writer.write(np.full((48, 64, 3), (0, 0, 250), dtype=np.uint8))  # BGR
    writer.release()
    driver = OpenCvDriver(CameraSettings(backend="opencv", source=path, width_px=32, height_px=24))
    pictures = [driver.read(1.0) for _ in range(8)]
    driver.close()
    assert {picture.shape for picture in pictures} == {(24, 32, 3)}
    red, green, blue = pictures[-1].reshape(-1, 3).mean(axis=0)
    assert red > 200
    assert green < 60
    assert blue < 60


class FakeRealSense:
    """The part of pyrealsense2 that the driver uses."""

    camera_info = SimpleNamespace(serial_number="serial")
    stream = SimpleNamespace(color="color")
    format = SimpleNamespace(rgb8="rgb8")

    def __init__(self, serials: list[str], modes: set[tuple[int, int]]) -> None:
        self.serials, self.modes = serials, modes
        self.is_running = False
        self.is_plugged = True
        self.asked: tuple[object, ...] = ()

    def context(self) -> SimpleNamespace:
        devices = [SimpleNamespace(get_info=lambda _, serial=serial: serial) for serial in self.serials]
        return SimpleNamespace(query_devices=lambda: devices)

    def config(self) -> SimpleNamespace:
        def enable_stream(*asked: object) -> None:
            self.asked = asked

        return SimpleNamespace(enable_device=lambda serial: None, enable_stream=enable_stream)

    def pipeline(self) -> SimpleNamespace:
        def start(config: object) -> None:
            if self.asked[1:3] not in self.modes:
                raise RuntimeError("Couldn't resolve requests")
            self.is_running = True

        def wait_for_frames(timeout_ms: int) -> SimpleNamespace:
            if not self.is_plugged:
                raise RuntimeError(f"Frame didn't arrive within {timeout_ms}")
            color = SimpleNamespace(get_data=lambda: np.full((480, 640, 3), 7, dtype=np.uint8))
            return SimpleNamespace(get_color_frame=lambda: color)

        def stop() -> None:
            self.is_running = False

        return SimpleNamespace(start=start, wait_for_frames=wait_for_frames, stop=stop)


SETTINGS = CameraSettings(backend="realsense", source="123", width_px=640, height_px=480)


def test_a_realsense_streams_rgb_until_it_is_closed() -> None:
    library = FakeRealSense(["123"], {(640, 480)})
    driver = RealSenseDriver(SETTINGS, library)
    assert library.asked == ("color", 640, 480, "rgb8", 30)
    assert driver.read(1.0).shape == (480, 640, 3)
    driver.close()
    driver.close()
    assert not library.is_running


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrealsense2", None)  # as if it were not there
    with pytest.raises(DeviceError, match="pip install pyrealsense2"):
        load_library()


def test_a_missing_realsense_names_those_that_are_there() -> None:
    with pytest.raises(DeviceError, match="serial number '123'; available: 777"):
        RealSenseDriver(SETTINGS, FakeRealSense(["777"], {(640, 480)}))
    with pytest.raises(DeviceError, match="available: none"):
        RealSenseDriver(SETTINGS.model_copy(update={"source": ""}), FakeRealSense([], set()))


def test_a_mode_the_realsense_has_not_says_which() -> None:
    with pytest.raises(DeviceError, match=r"refuses 96x96 at 30\.0 Hz"):
        RealSenseDriver(SETTINGS.model_copy(update={"width_px": 96, "height_px": 96}), FakeRealSense(["123"], set()))


def test_an_unplugged_realsense_is_a_device_error() -> None:
    library = FakeRealSense(["123"], {(640, 480)})
    driver = RealSenseDriver(SETTINGS, library)
    library.is_plugged = False
    with pytest.raises(DeviceError, match="unplugged"):
        driver.read(0.5)

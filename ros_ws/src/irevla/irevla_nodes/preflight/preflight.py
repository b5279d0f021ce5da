"""Looks for a rig's arm, cameras and disk before any node is started."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from irevla.config.cameras import CameraSettings
from irevla.config.errors import DeviceError, IrevlaError
from irevla.config.robot import RobotSettings
from irevla.config.settings import Settings
from irevla_nodes.cameras.catalogue import open_camera
from irevla_nodes.preflight.finding import Finding
from irevla_nodes.robot.drivers.catalogue import open_driver

TO_FILL_IN = "SET-"
PICTURE_TIMEOUT_S, POLL_S = 2.0, 0.05
ALIVE = 2.0  # times robot.hardware.stale_s of fresh measurements are a living arm


def preflight(settings: Settings, node: Any, *, arm_wait_s: float, with_arm: bool = True) -> Iterator[Finding]:
    """Yield a finding for each thing the rig needs, in the order in which a person would mend them.

    ``node``: a spinning rclpy node in the rig's namespace, which a backend may listen with. A simulated rig needs no
    more than its disk. ``arm_wait_s``: how long the arm has to show itself [s].
    """
    cameras = {name: camera for name, camera in settings.cameras.items() if camera.backend != "mujoco"}
    for name, camera in cameras.items():
        yield Finding(f"camera {name}", _trouble_of(partial(_look_through, camera)))
    yield Finding("disk of the episode store", _disk_trouble(settings))
    if with_arm and not settings.robot.is_simulated:
        yield Finding("arm", _trouble_of(partial(_find_arm, settings.robot, node, arm_wait_s)))


def _trouble_of(look: Callable[[], None]) -> str:
    try:
        look()
    except IrevlaError as error:
        return str(error)
    return ""


def _look_through(settings: CameraSettings) -> None:
    """Raise DeviceError unless the camera gives a picture."""
    if settings.source.startswith(TO_FILL_IN):
        raise DeviceError(f"its source is still {settings.source!r}: write its serial number into the rig file")
    with closing(open_camera(settings)) as camera:
        camera.read(PICTURE_TIMEOUT_S)


def _find_arm(settings: RobotSettings, node: Any, wait_s: float) -> None:
    """Raise DeviceError unless the arm is measured again and again within ``wait_s``; nothing is sent to it."""
    end_s = time.monotonic() + wait_s
    # A server whose arm has died repeats its last state, which looks new the first time.
    steady_s = ALIVE * settings.hardware.stale_s
    well_since_s: float | None = None
    with closing(open_driver(settings, node)) as driver:
        while True:
            try:
                if driver.read().age_s <= settings.hardware.stale_s:
                    well_since_s = well_since_s or time.monotonic()
                    if time.monotonic() - well_since_s >= steady_s:
                        return
                else:
                    well_since_s = None
                trouble = f"its newest measurement is too old; {driver.reflex_hint}"
            except DeviceError as error:
                well_since_s, trouble = None, str(error)
            if well_since_s is None and time.monotonic() > end_s:
                raise DeviceError(f"backend {settings.backend}, waited {wait_s:g} s: {trouble}")
            time.sleep(POLL_S)


def _disk_trouble(settings: Settings) -> str:
    store = Path(settings.session.store).absolute()
    place = next(folder for folder in (store, *store.parents) if folder.is_dir())
    free_mb = shutil.disk_usage(place).free / 1e6
    if free_mb >= settings.session.min_free_mb:
        return ""
    return f"{free_mb:.0f} MB free on {place}, expected {settings.session.min_free_mb} (session.min_free_mb)"

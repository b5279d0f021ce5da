"""Pictures of a task for people: a contact sheet of start states, a clip of the expert at work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from irevla.config.errors import StoreError, UnknownNameError
from irevla.config.settings import Settings
from irevla.config.tasks import Task
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.camera import SimCamera
from irevla_nodes.sim.expert import Expert
from irevla_nodes.sim.panda import Visual
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import CAMERAS

Picture = NDArray[np.uint8]
STILL, MOVING = (".png", ".jpg", ".webp"), (".gif", ".webp")
_GAP_PX = 2


def contact_sheet(task: Task, seeds: Sequence[int], settings: Settings, side_px: int, visual: Visual) -> Picture:
    """Return one column a seed, front above wrist, of the start states."""
    simulator = Simulator(settings.robot)
    columns = []
    with closing(_Cameras(side_px, visual)) as cameras:
        for seed in seeds:
            simulator.reset(task, seed)
            columns.append(_spaced(cameras.pictures(task, simulator.qpos), axis=0))
    return _spaced(columns, axis=1)


def expert_clip(
    task: Task, seed: int, settings: Settings, side_px: int, visual: Visual, noise: float
) -> tuple[list[Picture], bool]:
    """Return the frames of one expert episode, one a policy step, front beside wrist; and whether it succeeded."""
    frames = []
    with closing(_Cameras(side_px, visual)) as cameras:
        simulator = Simulator(settings.robot)
        for qpos in expert_states(simulator, task, seed, settings, noise):
            frames.append(_spaced(cameras.pictures(task, qpos), axis=1))
    return frames, simulator.success


def expert_states(
    simulator: Simulator, task: Task, seed: int, settings: Settings, noise: float
) -> Iterator[NDArray[np.float64]]:
    """Play the expert until success or the step limit; yields `qpos` at the start and after each step."""
    envelope, expert = Envelope(settings.limits, settings.robot), Expert(task, seed, noise, settings.robot)
    arm = simulator.reset(task, seed)
    target: Target | None = None
    yield simulator.qpos
    for _ in range(settings.session.max_steps):
        action = expert.act(arm, simulator.qpos)
        target = envelope.command(action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, target).target
        arm = simulator.step(target)
        yield simulator.qpos
        if simulator.success:
            return


def save_still(picture: Picture, path: Path) -> None:
    """Write a picture; raises UnknownNameError for a format that is not a picture's, StoreError when it cannot."""
    check_format(path, STILL)
    with _writing(path):
        Image.fromarray(picture).save(path)


def save_clip(frames: Sequence[Picture], path: Path, frame_s: float) -> None:
    """Write frames as a looping animation; the last frame stays for a second. Raises as `save_still` does."""
    check_format(path, MOVING)
    images = [Image.fromarray(frame) for frame in frames]
    durations_ms = [round(1000 * frame_s)] * (len(images) - 1) + [1000]
    with _writing(path):
        images[0].save(path, save_all=True, append_images=images[1:], duration=durations_ms, loop=0)


class _Cameras:
    def __init__(self, side_px: int, visual: Visual) -> None:
        self._cameras = [SimCamera(name, side_px, side_px, visual) for name in CAMERAS]

    def pictures(self, task: Task, qpos: NDArray[np.float64]) -> list[Picture]:
        return [camera.render(task, qpos) for camera in self._cameras]

    def close(self) -> None:
        for camera in self._cameras:
            camera.close()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}; free some space or choose another place"
        ) from None


def check_format(path: Path, formats: tuple[str, ...]) -> None:
    """Raise UnknownNameError when the file's name does not end in one of ``formats``."""
    if path.suffix.lower() not in formats:
        raise UnknownNameError("picture format", path.suffix, formats)


def _spaced(pictures: Sequence[Picture], axis: int) -> Picture:
    gap = [(0, 0)] * 3
    gap[axis] = (0, _GAP_PX)
    padded = [np.pad(picture, gap, constant_values=255) for picture in pictures[:-1]]
    return np.concatenate([*padded, pictures[-1]], axis=axis)

"""The simulated rig as a Gymnasium environment in one process: simulator, cameras and limits as in the node graph."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from irevla.config.settings import Settings
from irevla.config.tasks import task as task_called
from irevla.policies.base import ACTION_DIM, STATE_DIM, state_vector
from irevla_nodes.arbiter.envelope import Envelope
from irevla_nodes.arbiter.target import Target
from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.sim.camera import SimCamera
from irevla_nodes.sim.simulator import Simulator
from irevla_nodes.sim.world import CAMERAS

Observed = dict[str, NDArray[Any]]
# Generous on purpose: the tool's box is the arbiter's; the rest is bounded by what it is.
_STATE_LOW = np.array([-2, -2, -2, -np.pi, -np.pi, -np.pi, -0.01], dtype=np.float32)
_STATE_HIGH = np.array([2, 2, 2, np.pi, np.pi, np.pi, 0.1], dtype=np.float32)


class PandaEnv(gymnasium.Env[Observed, NDArray[np.float32]]):
    """One task. Action and state as in `irevla.policies.base`; reward 1 on success, which terminates the episode.

    Every action passes the arbiter's envelope; the info holds ``action``, what was really executed, ``limited``, the
    bits of the limits that changed it, and ``is_success``. Without ``images`` an observation is ``state`` alone.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012  (Gymnasium's name and form)

    def __init__(self, task: str, settings: Settings, images: bool = True) -> None:
        """Raise UnknownNameError for an unknown task."""
        self._task = task_called(task)
        self._max_steps = settings.session.max_steps
        self._simulator = Simulator(settings.robot)
        self._envelope = Envelope(settings.limits, settings.robot)
        self._cameras = {
            name: SimCamera(name, camera.width_px, camera.height_px)
            for name, camera in settings.cameras.items()
            if images and name in CAMERAS
        }
        self.render_mode = "rgb_array" if self._cameras else None
        self.action_space = spaces.Box(-1.0, 1.0, (ACTION_DIM,), np.float32)
        seen: dict[str, spaces.Space[Any]] = {"state": spaces.Box(_STATE_LOW, _STATE_HIGH, (STATE_DIM,), np.float32)}
        for name in self._cameras:
            camera = settings.cameras[name]
            seen[name] = spaces.Box(0, 255, (camera.height_px, camera.width_px, 3), np.uint8)
        self.observation_space: spaces.Space[Any] = spaces.Dict(seen)
        self._arm: ArmState | None = None
        self._target: Target | None = None
        self._steps = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observed, dict[str, Any]]:
        """Start an episode; ``seed`` alone fixes its start state, without one it is drawn."""
        super().reset(seed=seed)
        start = seed if seed is not None else int(self.np_random.integers(2**32))
        self._arm = self._simulator.reset(self._task, start)
        self._target, self._steps = None, 0
        return self._observation(self._arm), self._info(np.zeros(ACTION_DIM, np.float32), 0)

    def step(self, action: NDArray[np.float32]) -> tuple[Observed, float, bool, bool, dict[str, Any]]:
        """Do one policy step; raises ResetNeeded before the first reset."""
        arm = self.arm
        command = self._envelope.command(action, arm.tcp_position_m, arm.tcp_quaternion_xyzw, self._target)
        self._target = command.target
        self._arm = self._simulator.step(command.target)
        self._steps += 1
        success = self._simulator.success
        truncated = not success and self._steps >= self._max_steps
        info = self._info(command.action, command.limited)
        return self._observation(self._arm), float(success), success, truncated, info

    @property
    def arm(self) -> ArmState:
        """The arm's whole state, as an `Expert` reads it; raises ResetNeeded before the first reset."""
        if self._arm is None:
            raise gymnasium.error.ResetNeeded("call reset() first")
        return self._arm

    @property
    def qpos(self) -> NDArray[np.float64]:
        """A copy of the simulator's generalised positions."""
        return self._simulator.qpos

    def render(self) -> NDArray[np.uint8] | None:
        """Return the cameras' pictures side by side, or None without images."""
        if not self._cameras:
            return None
        qpos = self._simulator.qpos
        return np.hstack([camera.render(self._task, qpos) for camera in self._cameras.values()])

    def close(self) -> None:
        """Free the OpenGL contexts."""
        for camera in self._cameras.values():
            camera.close()

    def _observation(self, arm: ArmState) -> Observed:
        state = state_vector(arm.tcp_position_m, arm.tcp_quaternion_xyzw, arm.gripper_width_m)
        qpos = self._simulator.qpos
        return {"state": state} | {name: camera.render(self._task, qpos) for name, camera in self._cameras.items()}

    def _info(self, action: NDArray[np.float32], limited: int) -> dict[str, Any]:
        return {
            "is_success": self._simulator.success,
            "action": action,
            "limited": limited,
        }

"""A suite's task as a Gymnasium environment: pictures and state in, one decision out, reward 1 on success."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from irevla.config.errors import ProposalError
from irevla.policies.base import ACTION_DIM, STATE_DIM, Floats
from irevla.training.suites.offscreen import Offscreen
from irevla.training.suites.scene import Expert, Scene
from irevla.training.suites.task import SuiteTask

_FAR = 10.0  # no tool is this far away or turned this much [m, rad]; Gymnasium warns of infinite spaces

Observed = dict[str, NDArray[Any]]


class TaskEnv(gymnasium.Env[Observed, Floats]):
    """Sparse reward: 1 on success, which terminates; a time-out truncates.

    Observation: ``pictures`` uint8 ``(V, P, P, 3)``, one a camera, and ``state`` float32 ``(7,)``; action ``(7,)`` in
    [-1, 1]; both as in ``irevla.policies.base``. The info holds ``success``.

    An episode that is over sleeps: further steps return its last observation, reward 0 and the same end, and cost
    nothing. So the lanes of a vector environment may end at different times.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012  (Gymnasium's name and form)

    def __init__(self, task: SuiteTask, scene: Scene, image_px: int, *, effects: bool = False) -> None:
        """Draw square pictures, with shadows and reflections where ``effects`` are wanted; needs OpenGL."""
        self.task = task
        self.scene = scene
        self.render_mode = "rgb_array"
        self.action_space = spaces.Box(-1.0, 1.0, (ACTION_DIM,), np.float32)
        views = len(scene.cameras)
        self.observation_space: spaces.Space[Any] = spaces.Dict(
            {
                "pictures": spaces.Box(0, 255, (views, image_px, image_px, 3), np.uint8),
                "state": spaces.Box(-_FAR, _FAR, (STATE_DIM,), np.float32),
            }
        )
        self._eyes = [Offscreen(scene.model, camera, image_px, image_px, effects=effects) for camera in scene.cameras]
        self._steps = 0
        self._seen: Observed | None = None
        self._ended = (False, False)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observed, dict[str, Any]]:
        """Start an episode; ``seed`` alone fixes its start state, without one it is drawn."""
        super().reset(seed=seed)
        self.scene.reset(self.np_random)
        self._steps, self._ended = 0, (False, False)
        self._seen = self._look()
        return self._seen, {"success": False}

    def step(self, action: Floats) -> tuple[Observed, float, bool, bool, dict[str, Any]]:
        """Carry out one decision; raises ResetNeeded before the first reset, ProposalError for no action at all."""
        if self._seen is None:
            raise gymnasium.error.ResetNeeded("call reset() first")
        if any(self._ended):
            return self._seen, 0.0, *self._ended, {"success": self._ended[0]}
        if np.shape(action) != (ACTION_DIM,) or not np.isfinite(action).all():
            raise ProposalError(f"{self.task.name}: expected {ACTION_DIM} finite numbers as action, got {action}")
        self.scene.step(np.clip(action, -1.0, 1.0).astype(np.float32))
        self._steps += 1
        success = self.scene.success
        self._ended = (success, not success and self._steps >= self.scene.max_steps)
        self._seen = self._look()
        return self._seen, float(success), *self._ended, {"success": success}

    def render(self) -> NDArray[np.uint8]:
        """Return the cameras' pictures side by side."""
        return np.hstack([eye.draw(self.scene.data) for eye in self._eyes])

    def expert(self, noise: float) -> Expert:
        """Return the scripted expert for the present episode; its noise is drawn from the episode's random numbers."""
        return self.scene.expert(self.np_random, noise)

    def close(self) -> None:
        """Free the OpenGL contexts."""
        for eye in self._eyes:
            eye.close()

    def _look(self) -> Observed:
        pictures = np.stack([eye.draw(self.scene.data) for eye in self._eyes])
        return {"pictures": pictures, "state": self.scene.state()}

"""A point that has to reach a mark: TaskEnv's spaces and manners, drawn with numpy in a few pixels."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from irevla.policies.base import ACTION_DIM, STATE_DIM, Floats

PX = 16
STRIDE = 0.25
REACH = 0.2
MAX_STEPS = 12


class PointEnv(gymnasium.Env[dict[str, NDArray[Any]], Floats]):
    """The unit square around 0; the point is in the state, the mark (red, 3 x 3 pixels) only in the pictures."""

    def __init__(
        self,
        views: int = 2,
        mark: tuple[float, float] | None = None,
        max_steps: int = MAX_STEPS,
        reach: float = REACH,
    ) -> None:
        self.action_space = spaces.Box(-1.0, 1.0, (ACTION_DIM,), np.float32)
        self.observation_space: spaces.Space[Any] = spaces.Dict(
            {
                "pictures": spaces.Box(0, 255, (views, PX, PX, 3), np.uint8),
                "state": spaces.Box(-np.inf, np.inf, (STATE_DIM,), np.float32),
            }
        )
        self.point = np.zeros(2)
        self.mark = np.zeros(2)
        self.resets = 0
        self.steps = 0
        self._views, self._fixed, self._max_steps, self._reach = views, mark, max_steps, reach

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        super().reset(seed=seed)
        self.resets += 1
        self.steps = 0
        self.point = self.np_random.uniform(-1.0, 1.0, 2)
        drawn = self.np_random.uniform(-0.8, 0.8, 2)
        self.mark = drawn if self._fixed is None else np.array(self._fixed)
        return self._look(), {"success": False}

    def step(self, action: Floats) -> tuple[dict[str, NDArray[Any]], float, bool, bool, dict[str, Any]]:
        self.point = np.clip(self.point + STRIDE * np.clip(action[:2], -1.0, 1.0), -1.0, 1.0)
        self.steps += 1
        success = bool(np.abs(self.point - self.mark).max() < self._reach)
        return self._look(), float(success), success, not success and self.steps >= self._max_steps, {}

    def expert(self, noise: float) -> PointExpert:
        return PointExpert(self)

    def _look(self) -> dict[str, NDArray[Any]]:
        pictures = np.zeros((self._views, PX, PX, 3), np.uint8)
        row, column = ((self.mark + 1.0) / 2.0 * (PX - 3)).astype(int)
        pictures[:, row : row + 3, column : column + 3, 0] = 255
        state = np.zeros(STATE_DIM, np.float32)
        state[:2] = self.point
        return {"pictures": pictures, "state": state}


class PointExpert:
    """Goes straight at the mark."""

    def __init__(self, env: PointEnv) -> None:
        self._env = env

    def act(self) -> Floats:
        action = np.zeros(ACTION_DIM, np.float32)
        action[:2] = np.clip((self._env.mark - self._env.point) / STRIDE, -1.0, 1.0)
        return action

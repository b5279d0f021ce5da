"""MetaWorld's own environment of a task, on a given model, with every random number from one generator."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from metaworld.env_dict import ALL_V3_ENVIRONMENTS
from numpy.typing import NDArray

from irevla.config.errors import UnknownNameError
from irevla.training.suites.task import Triple

_WELD = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 5.0)
_PHYSICS = mujoco.mjtState.mjSTATE_INTEGRATION


def model_path(base: str) -> str:
    """Return the MJCF file of an environment, such as ``drawer-open``; raises UnknownNameError."""
    path: str = _environment_class(base).model_name.fget(None)
    return path


def environment(base: str, model: Any, shift_m: Triple) -> Any:
    """Return the environment ``base`` on ``model``; ``begin(env, rng)`` starts its episodes.

    ``shift_m`` moves the range from which MetaWorld draws the object's start; its targets follow the object.
    """
    original = _environment_class(base)

    class Environment(original):  # type: ignore[misc, valid-type]
        rng: np.random.Generator
        _rest: NDArray[np.float64] | None = None

        def _initialize_simulation(self) -> tuple[Any, Any]:
            return model, mujoco.MjData(model)

        def reset_mocap_welds(self) -> None:
            # MetaWorld 3.0 writes all of eq_data, which has had a twelfth column since MuJoCo 4.0.
            for i in range(self.model.neq):
                if self.model.eq_type[i] == mujoco.mjtEq.mjEQ_WELD:
                    self.model.eq_data[i, : len(_WELD)] = _WELD

        def _get_state_rand_vec(self) -> NDArray[np.float64]:
            box = self._random_reset_space
            start: NDArray[np.float64] = self.rng.uniform(box.low, box.high)
            start[:3] += shift_m
            return start

        def _reset_hand(self, steps: int = 50) -> None:
            # The hand's way to its start, 250 steps of physics, is the same every time: it is gone once.
            if self._rest is None:
                super()._reset_hand(steps)
                self._rest = np.empty(mujoco.mj_stateSize(self.model, _PHYSICS))
                mujoco.mj_getState(self.model, self.data, self._rest, _PHYSICS)
            mujoco.mj_setState(self.model, self.data, self._rest, _PHYSICS)
            mujoco.mj_forward(self.model, self.data)
            self.init_tcp = self.tcp_center

    env = Environment()
    env._partially_observable = False  # some experts read the goal
    env._set_task_called = True
    return env


def begin(env: Any, rng: np.random.Generator) -> None:
    """Start an episode, in place of the environment's own ``reset``, which draws from a global generator."""
    env.rng = rng
    mujoco.mj_resetData(env.model, env.data)
    # Twice, as MetaWorld does: some environments measure the scene before they move the object.
    before = rng.bit_generator.state
    env.reset_model()
    rng.bit_generator.state = before
    env.reset_model()
    mujoco.mj_forward(env.model, env.data)
    env._prev_obs = env._get_curr_obs_combined_no_goal()


def _environment_class(base: str) -> Any:
    try:
        return ALL_V3_ENVIRONMENTS[f"{base}-v3"]
    except KeyError:
        names = [name.removesuffix("-v3") for name in ALL_V3_ENVIRONMENTS]
        raise UnknownNameError("MetaWorld environment", base, names) from None

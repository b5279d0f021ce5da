"""Lanes: environments of one task that step together, in this process or each in its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import TimeoutError as ProcessTimeoutError
from typing import Any

import gymnasium
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

from irevla.config.errors import DeadlineError, WorldError
from irevla.training.rollout.lane import Lane

Lanes = VectorEnv[Any, Any, Any]
MakeEnv = Callable[[], gymnasium.Env[Any, Any]]
STEP_TIMEOUT_S = 120.0
_END_TIMEOUT_S = 5.0
_REAP_TIMEOUT_S = 0.1  # a pipe closes a moment before its process can be asked how it ended


def make_lanes(make_env: MakeEnv, count: int, processes: int = 0) -> Lanes:
    """Return ``count`` lanes; with ``processes``, each lane has its own and that many step at a time.

    ``make_env`` is called in the lane's own process. Close the lanes after use.
    """

    def lane() -> gymnasium.Env[Any, Any]:
        return Lane(make_env())

    if processes:
        return ProcessLanes([lane] * count, processes)
    # No copies: what a wave keeps, it copies when it picks the lanes that are awake.
    return SyncVectorEnv([lane] * count, copy=False, autoreset_mode=AutoresetMode.DISABLED)


class ProcessLanes(AsyncVectorEnv[Any, Any]):
    """Lanes in processes of their own; a process that dies or hangs is named instead of waited for."""

    def __init__(self, lanes: Sequence[MakeEnv], processes: int) -> None:
        # Not forked from here: a lane's OpenGL and this process's torch threads do not survive a fork.
        super().__init__(
            lanes, copy=False, context="forkserver", autoreset_mode=AutoresetMode.DISABLED, max_concurrency=processes
        )

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> Any:
        """Reset every lane; raises DeadlineError after two minutes, WorldError when a lane's process ended."""
        with self._losses_named():
            self.reset_async(seed, options)
            return self.reset_wait(STEP_TIMEOUT_S)

    def step(self, actions: Any) -> Any:
        """Step every lane; errors as in ``reset``."""
        with self._losses_named():
            self.step_async(actions)
            return self.step_wait(STEP_TIMEOUT_S)

    def close_extras(self, timeout: float | None = None, terminate: bool = False) -> None:
        """End the processes, whatever they are doing: nothing of theirs is worth waiting for."""
        for process in self.processes:
            process.terminate()
        for process, pipe in zip(self.processes, self.parent_pipes, strict=True):
            process.join(_END_TIMEOUT_S)
            pipe.close()

    @contextmanager
    def _losses_named(self) -> Iterator[None]:
        try:
            yield
        except ProcessTimeoutError:
            raise DeadlineError(f"a lane's process gave no answer within {STEP_TIMEOUT_S:g} s; run it again") from None
        except (EOFError, OSError):
            for process in self.processes:
                process.join(_REAP_TIMEOUT_S)
            dead = [f"{one.name} (exit code {one.exitcode})" for one in self.processes if not one.is_alive()]
            raise WorldError(
                f"a process of the lanes ended: {', '.join(dead) or 'unknown'}; run it again, with fewer "
                "env_processes if memory ran out"
            ) from None

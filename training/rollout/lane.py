"""One lane of a vector environment: it sleeps once its episode is over, until the next wave."""

from __future__ import annotations

from typing import Any

import gymnasium

Observed = dict[str, Any]


class Lane(gymnasium.Wrapper[Observed, Any, Observed, Any]):
    """Says in the info that its episode is ``over`` and whether it was a ``success``.

    Gymnasium's vector environments refuse to step a lane that has terminated, or start it anew, which a wave of whole
    episodes has no use for. So they are never told; a sleeping lane answers with its last observation at no cost.
    """

    def __init__(self, env: gymnasium.Env[Observed, Any]) -> None:
        super().__init__(env)
        self._seen: Observed | None = None
        self._info = {"over": True, "success": False}

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observed, Any]:
        """Start the episode of ``seed``; without a seed the lane sleeps through the wave."""
        self._info = {"over": seed is None, "success": False}
        if seed is not None or self._seen is None:
            self._seen, _ = self.env.reset(seed=seed or 0, options=options)
        return self._seen, self._info

    def step(self, action: Any) -> tuple[Observed, float, bool, bool, dict[str, Any]]:
        """Carry out one decision, unless the episode is over."""
        if self._seen is None:
            raise gymnasium.error.ResetNeeded("call reset() first")
        if self._info["over"]:
            return self._seen, 0.0, False, False, self._info
        self._seen, reward, terminated, truncated, _ = self.env.step(action)
        self._info = {"over": terminated or truncated, "success": terminated}
        return self._seen, float(reward), False, False, self._info

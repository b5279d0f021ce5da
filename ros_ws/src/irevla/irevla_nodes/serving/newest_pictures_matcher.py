"""Puts a state and the pictures of real cameras together: each has its own clock, the state's stamp decides."""

from __future__ import annotations

from irevla.policies.base import Image
from irevla_nodes.cameras.picture_history import PictureHistory
from irevla_nodes.serving.observation_matcher import SeenState, Sight


class NewestPicturesMatcher:
    """Answers a state with the newest pictures that are here; it never waits for a newer one.

    An observation is given out once, and again, with the same pictures, when its state comes again.
    """

    def __init__(self, cameras: tuple[str, ...], age_ns: int) -> None:
        """``age_ns``: oldest picture at the state's stamp."""
        self._cameras = cameras
        self._history = PictureHistory(cameras, age_ns)
        self._newest: SeenState | None = None
        self._sight: Sight | None = None  # of the newest state

    def add_state(self, state: SeenState) -> Sight | None:
        """Take a state; returns the observation if its pictures are all there. Older steps are dropped."""
        newest = self._newest
        if newest is not None and newest.episode_id == state.episode_id:
            if state.step < newest.step:
                return None
            if (state.step, state.stamp_ns) == (newest.step, newest.stamp_ns) and self._sight is not None:
                return self._sight
        self._newest, self._sight = state, None
        return self._match(state)

    def add_image(self, camera: str, stamp_ns: int, image: Image) -> Sight | None:
        """Take a picture; returns the observation if this completes it."""
        if not self._history.add(camera, stamp_ns, image) or self._newest is None or self._sight is not None:
            return None
        return self._match(self._newest)

    def _match(self, state: SeenState) -> Sight | None:
        stamps_ns = self._history.choose(state.stamp_ns)
        if len(stamps_ns) < len(self._cameras):
            return None
        images = self._history.at(stamps_ns)
        self._sight = Sight(state, {name: images[name] for name in self._cameras}, stamps_ns)
        return self._sight

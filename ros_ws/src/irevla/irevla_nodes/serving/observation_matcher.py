"""Puts a state and the pictures of the same stamp together, whatever order they come in."""

from __future__ import annotations

from dataclasses import dataclass, field

from irevla.policies.base import Floats, Image

STAMPS_KEPT = 8


@dataclass(frozen=True, eq=False)
class SeenState:
    """The arm's state of one step."""

    episode_id: str
    step: int
    stamp_ns: int
    state: Floats  # (7,)


@dataclass(frozen=True, eq=False)
class Sight:
    """A state and the pictures that show it."""

    state: SeenState
    images: dict[str, Image]
    image_stamps_ns: dict[str, int] = field(default_factory=dict)  # real cameras: of each picture, by camera


class ObservationMatcher:
    """Keeps the newest few stamps; an observation is given out once, and again when its state comes again."""

    def __init__(self, cameras: tuple[str, ...], *, every: bool = False) -> None:
        """``every``: in lockstep, an observation counts although a newer state has come.

        A person who takes over may answer a step before the policy has all its pictures; the arm goes on, and the
        session still waits for what the policy saw at that step.
        """
        self._cameras = cameras
        self._every = every
        self._states: dict[int, SeenState] = {}
        self._images: dict[int, dict[str, Image]] = {}
        self._newest_ns = -1

    def add_state(self, state: SeenState) -> Sight | None:
        """Take a state; returns the observation if its pictures are all there. Older ones than the newest are dropped.

        A new episode may begin at an earlier stamp.
        """
        newest = self._states.get(self._newest_ns)
        if newest is not None and newest.episode_id == state.episode_id and state.step < newest.step:
            return None
        self._newest_ns = state.stamp_ns
        self._states[state.stamp_ns] = state
        _forget_oldest(self._states)
        return self._match(state.stamp_ns)

    def add_image(self, camera: str, stamp_ns: int, image: Image) -> Sight | None:
        """Take a picture; returns the observation if this completes it."""
        if camera not in self._cameras:
            return None
        pictures = self._images.setdefault(stamp_ns, {})
        if camera in pictures:
            return None
        pictures[camera] = image
        _forget_oldest(self._images)
        return self._match(stamp_ns)

    def _match(self, stamp_ns: int) -> Sight | None:
        images, state = self._images.get(stamp_ns, {}), self._states.get(stamp_ns)
        if state is None or len(images) < len(self._cameras):
            return None
        if stamp_ns != self._newest_ns and not (self._every and state.episode_id == self._newest_episode()):
            return None
        return Sight(state, {camera: images[camera] for camera in self._cameras})

    def _newest_episode(self) -> str:
        return self._states[self._newest_ns].episode_id


def _forget_oldest(kept: dict[int, object] | dict[int, SeenState] | dict[int, dict[str, Image]]) -> None:
    while len(kept) > STAMPS_KEPT:
        del kept[next(iter(kept))]

"""Which pictures of real cameras show a state of the arm: the one rule, for the policy and for the session."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from irevla.policies.base import Image

KEPT = 64
"""Pictures kept a camera: two seconds at 30 Hz, longer than a step stays open."""


class PictureHistory:
    """The newest pictures of each camera, by capture stamp.

    A camera shows the state of stamp ``t`` by its newest picture with a stamp in ``[t - age, t]``. Never a later one:
    the state was not known then, and the arm has moved since.
    """

    def __init__(self, cameras: tuple[str, ...], age_ns: int) -> None:
        """``age_ns``: oldest picture at the state's stamp."""
        self.cameras = cameras
        self._age_ns = age_ns
        self._pictures: dict[str, deque[tuple[int, Image]]] = {name: deque(maxlen=KEPT) for name in cameras}

    def add(self, camera: str, stamp_ns: int, image: Image) -> bool:
        """Keep a picture; False for a camera that is not watched or a picture that is not newer than its last."""
        pictures = self._pictures.get(camera)
        if pictures is None or (pictures and pictures[-1][0] >= stamp_ns):
            return False
        pictures.append((stamp_ns, image))
        return True

    def at(self, stamps_ns: Mapping[str, int]) -> dict[str, Image]:
        """Return the pictures with exactly these stamps by camera; those that are not here are left out."""
        found = {}
        for camera, wanted_ns in stamps_ns.items():
            for stamp_ns, image in self._pictures.get(camera, ()):
                if stamp_ns == wanted_ns:
                    found[camera] = image
        return found

    def choose(self, state_ns: int) -> dict[str, int]:
        """Return the stamp of each camera's picture that shows the state, among those that have come."""
        chosen = {}
        for camera, pictures in self._pictures.items():
            for stamp_ns, _ in reversed(pictures):
                if stamp_ns <= state_ns:
                    if state_ns - stamp_ns <= self._age_ns:
                        chosen[camera] = stamp_ns
                    break
        return chosen

    def choose_finally(self, state_ns: int) -> dict[str, int]:
        """Return what `choose` does for the cameras whose choice no later picture can change."""
        chosen = self.choose(state_ns)
        return {name: stamp_ns for name, stamp_ns in chosen.items() if self._pictures[name][-1][0] >= state_ns}

"""One camera as the operator should see it: its picture, how fast it comes, and whether it is still true."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from irevla.app.graph.facts import Picture

RATE_WINDOW_S = 2.0
CAPTION_PERIOD_S = 0.25  # a number that changes faster cannot be read
MAX_TIMES = 256


@dataclass(frozen=True)
class CameraState:
    """What a CameraView shows."""

    picture: Picture | None
    caption: str  # rate and age
    stale: str  # why the picture must not be trusted; "" while it may be
    marks: str  # words of the frame while a person has taken over; "" for none


class CameraWatch:
    """Counts one camera's pictures. Ages are by arrival: in lockstep the stamps are the simulator's own clock."""

    def __init__(self, name: str, stale_s: float, *, is_simulated: bool = False) -> None:
        """``is_simulated``: it shows nothing before the first reset."""
        self._stale_s = stale_s
        self._why_none = "it comes with the first reset" if is_simulated else f"is camera_{name} running?"
        self._picture: Picture | None = None
        self._times_s: deque[float] = deque(maxlen=MAX_TIMES)
        self._caption, self._caption_s = "", float("-inf")

    def take(self, picture: Picture) -> None:
        """Note the newest picture."""
        self._picture = picture
        self._times_s.append(picture.received_s)

    def state(self, now_s: float, marks: str = "") -> CameraState:
        """Return what to show."""
        if self._picture is None:
            return CameraState(None, "", f"no picture yet:\n{self._why_none}", marks)
        age_s = max(0.0, now_s - self._picture.received_s)
        if now_s - self._caption_s >= CAPTION_PERIOD_S:
            self._caption_s = now_s
            self._caption = f"{self.rate_hz(now_s):.0f} Hz · {_age(age_s)}"
        stale = f"stale: {_age(age_s)}" if age_s > self._stale_s else ""
        return CameraState(self._picture, self._caption, stale, marks)

    def rate_hz(self, now_s: float) -> float:
        """Pictures a second that reached the window lately."""
        while self._times_s and now_s - self._times_s[0] > RATE_WINDOW_S:
            self._times_s.popleft()
        if len(self._times_s) < 2:
            return 0.0
        return (len(self._times_s) - 1) / max(1e-3, self._times_s[-1] - self._times_s[0])


def _age(age_s: float) -> str:
    if age_s < 0.1:
        return f"{1000 * age_s:.0f} ms"
    return f"{age_s:.1f} s" if age_s < 10 else f"{age_s:.0f} s"

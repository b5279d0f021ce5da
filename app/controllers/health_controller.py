"""The health page: pre-flight, nodes, log."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.facts import Fact, LogLine, Picture
from irevla.app.models.health.health import Health
from irevla.app.models.health.health_state import health_state
from irevla.app.models.health.log import Log, LogFilter
from irevla.app.models.health.preflight import Preflight, Sitting, why_not
from irevla.app.models.health.trouble import Trouble

PERIOD_S = 0.1
PICTURES_COMPARED = 30  # stamps that the clocks are compared by


class HealthView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of HealthState."""

    def on_filter(self, call: Callable[[LogFilter], None]) -> None:
        """Have ``call`` called when the person wants to see other lines of the log."""


class HealthController:
    """Notes every heartbeat and log line, whichever page is looked at; `why_not` is asked before the arm moves."""

    def __init__(
        self,
        desk: Desk,
        view: HealthView,
        *,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """``wall_clock`` is this machine's, in seconds since 1970."""
        self._desk, self._shown = desk, Shown(view)
        self._wall_clock = wall_clock
        self._health, self._log = Health(desk.settings), Log()
        self._trouble = Trouble(self._health)
        self._hold_is_confirmed = False
        self._leads_s: deque[float] = deque(maxlen=PICTURES_COMPARED)
        self._shown_s = float("-inf")
        view.on_filter(self.choose)

    def take(self, fact: Fact) -> None:
        """See Page."""
        self._health.take(fact)
        if isinstance(fact, LogLine):
            self._log.take(fact)
        elif isinstance(fact, Picture) and not self._desk.settings.robot.lockstep:  # else its stamp is simulated
            self._leads_s.append(self._wall_clock() - fact.stamp_s)

    def show(self, now_s: float) -> None:
        """See Page; brings the view up to date ten times a second."""
        if now_s - self._shown_s >= PERIOD_S:
            self._shown_s = now_s
            self._shown.show(health_state(self._preflight(now_s), self._health, self._log))

    def opened(self) -> None:
        """See Page."""
        self._shown_s = float("-inf")

    def why_not(self, mode: str = "policy") -> str:
        """Return in words what keeps the arm from moving now, "" when it may; ``mode``: who shall act."""
        return why_not(self._preflight(self._desk.clock(), mode).checks())

    def trouble(self, now_s: float) -> str:
        """Return in one line which nodes are silent or unwell, "" while all are well."""
        return self._trouble.words(self._desk.rig, now_s)

    def hold_confirmed(self) -> None:
        """Note that the person has pressed hold and the arbiter has confirmed it."""
        self._hold_is_confirmed = True

    def choose(self, chosen: LogFilter) -> None:
        """Show other lines of the log."""
        self._log.choose(chosen)
        self.opened()

    def _preflight(self, now_s: float, mode: str = "policy") -> Preflight:
        # A picture takes its time to get here, so the least of them is nearest to the truth.
        sitting = Sitting(self._hold_is_confirmed, min(self._leads_s, default=None))
        return Preflight(self._desk.rig, self._health, self._desk.settings, sitting, now_s, mode)

"""A bridge that notes how long labels take, from the key to the confirmed answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from irevla.app.graph.bridge import Answer, Bridge, Cancel, JobEnd, Progress, no_answer, no_wake
from irevla.app.graph.facts import Fact, Picture
from irevla.app.graph.requests import Job, LabelEpisode, Request, TeleopInput


class TimedBridge:
    """Passes everything on; the session answers a label only once it is on the disk."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self.cameras = bridge.cameras
        self.pressed_s = 0.0
        self.labels_s: list[float] = []
        self.refusals: list[str] = []
        self.pictures = 0

    def start(self, wake: Callable[[], None] = no_wake) -> None:
        """See Bridge."""
        self._bridge.start(wake)

    def take(self) -> Sequence[Fact]:
        """See Bridge."""
        facts = self._bridge.take()
        self.pictures += sum(isinstance(fact, Picture) for fact in facts)
        return facts

    def ask(self, request: Request, on_answer: Callable[[Answer], None] = no_answer) -> None:
        """See Bridge."""

        def timed(answer: Answer) -> None:
            if isinstance(request, LabelEpisode):
                if answer.success:
                    self.labels_s.append(time.perf_counter() - self.pressed_s)
                else:
                    self.refusals.append(answer.message)
            on_answer(answer)

        self._bridge.ask(request, timed)

    def run(self, job: Job, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> Cancel:
        """See Bridge."""
        return self._bridge.run(job, on_progress, on_end)

    def send(self, hands: TeleopInput) -> None:
        """See Bridge."""
        self._bridge.send(hands)

    def close(self) -> None:
        """See Bridge."""
        self._bridge.close()

"""What all pages share: the bridge, what is known of the rig, the person, and how to tell them something."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from irevla.app.graph.bridge import Answer, Bridge
from irevla.app.graph.requests import Request
from irevla.app.models.rig import Rig
from irevla.config.settings import Settings

Tone = Literal["good", "bad", "info"]
Tell = Callable[[Tone, str], None]


@dataclass(frozen=True)
class Desk:
    """One operator in front of one graph."""

    bridge: Bridge
    rig: Rig
    settings: Settings
    tasks: tuple[str, ...]
    operator: str  # name in the label log
    tell: Tell  # a line at the foot of the window, and a sound
    clock: Callable[[], float] = time.monotonic  # of every fact's received_s
    shift_folder: Path | None = None  # has a file for each working day; None: the day is kept in the window only

    def ask(self, request: Request, done: str = "", on_success: Callable[[Answer], None] | None = None) -> None:
        """Send a request; a refusal is told, success too if ``done`` has words for it."""

        def on_answer(answer: Answer) -> None:
            if not answer.success:
                self.tell("bad", answer.message or f"{type(request).__name__} was refused without a reason")
                return
            if done:
                self.tell("good", done)
            if on_success is not None:
                on_success(answer)

        self.bridge.ask(request, on_answer)

"""The head of the window, and the two requests that count most: hold and resume."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.requests import Hold, Resume
from irevla.app.models.header import header_state

NOT_CONFIRMED = "HOLD NOT CONFIRMED, use the emergency stop: "


class HeaderView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of HeaderState."""

    def on_hold(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person wants the arm to stop."""

    def on_resume(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the person has deliberately let the arm go."""


class HeaderController:
    """Shows the header; `hold` may be called at any moment and by anybody."""

    def __init__(
        self,
        desk: Desk,
        view: HeaderView,
        on_held: Callable[[], None] = lambda: None,
        trouble: Callable[[float], str] = lambda now_s: "",
    ) -> None:
        """``on_held`` is called when the arbiter has confirmed a hold that was asked for here.

        ``trouble`` returns which nodes are silent or unwell now.
        """
        self._desk, self._on_held, self._trouble = desk, on_held, trouble
        self._shown = Shown(view)
        view.on_hold(self.hold)
        view.on_resume(self.resume)

    def show(self, now_s: float) -> None:
        """Bring the header up to date."""
        self._shown.show(header_state(self._desk.rig, now_s, self._trouble(now_s)))

    def hold(self) -> None:
        """Stop the arm at once; an arbiter that does not confirm it is said loudly."""

        def on_answer(answer: Answer) -> None:
            if answer.success:
                self._desk.tell("info", "the arm is held")
                self._on_held()
            else:
                self._desk.tell("bad", NOT_CONFIRMED + answer.message)

        self._desk.bridge.ask(Hold(), on_answer)

    def resume(self) -> None:
        """Let the arm move again."""
        self._desk.ask(Resume(), "the arm may move again")

"""A hold that the arbiter has confirmed is told to whoever waits for it; one that it has not, is not."""

from collections.abc import Callable, Sequence

import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.header_controller import NOT_CONFIRMED, HeaderController
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Fact
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.graph.requests import Request
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings


class Arbiter:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def facts(self, now_s: float) -> Sequence[Fact]:
        return []

    def answer(self, request: Request, now_s: float) -> Answer | None:
        return self._answer


class FakeHeader:
    def on_hold(self, call: Callable[[], None]) -> None:
        self.press = call

    def on_resume(self, call: Callable[[], None]) -> None:
        pass


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_only_a_confirmed_hold_counts_as_tried(is_confirmed: bool) -> None:
    told: list[str] = []
    confirmed: list[bool] = []
    bridge = FakeBridge(lambda: 0.0, [Arbiter(Answer(is_confirmed, "no answer"))], [])
    desk = Desk(bridge, Rig(()), load_settings("sim"), (), "Ada", lambda tone, words: told.append(words))
    view = FakeHeader()
    HeaderController(desk, view, lambda: confirmed.append(True))
    view.press()
    assert confirmed == []  # not before the answer
    bridge.take()
    assert confirmed == ([True] if is_confirmed else [])
    assert told == (["the arm is held"] if is_confirmed else [NOT_CONFIRMED + "no answer"])

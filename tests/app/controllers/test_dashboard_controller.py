"""Commands, pages and the hands of the whole window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from irevla.app.controllers.dashboard_controller import SEND_PERIOD_S, DashboardController
from irevla.app.controllers.header_controller import HeaderController
from irevla.app.graph.facts import Button, Fact, Phase
from irevla.app.graph.requests import Hold
from irevla.app.models.hands import Hands


class FakeHeader:
    def on_hold(self, call: Callable[[], None]) -> None: ...

    def on_resume(self, call: Callable[[], None]) -> None: ...

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        return lambda value: None


class FakePage:
    def __init__(self) -> None:
        self.heard: list[Fact] = []
        self.shown_s: list[float] = []
        self.times_opened = 0

    def take(self, fact: Fact) -> None:
        self.heard.append(fact)

    def show(self, now_s: float) -> None:
        self.shown_s.append(now_s)

    def opened(self) -> None:
        self.times_opened += 1


class Whole:
    """The window's controller over two pages, with a command that is counted."""

    def __init__(self, table: Any, make_episode_now: Callable[..., Any]) -> None:
        self.table, self.make_episode_now = table, make_episode_now
        self.pages = (FakePage(), FakePage())
        self.gone: list[str] = []
        self.hands = Hands("kim")
        header = HeaderController(table.desk, FakeHeader())
        commands = {"go": lambda: self.gone.append("go")}
        self.controller = DashboardController(table.desk, header, self.pages, commands, self.hands)
        self.now_s = 0.0

    def tick(self, *facts: Fact) -> None:
        self.now_s += SEND_PERIOD_S
        self.table.bridge.heard += facts
        self.controller.tick(self.now_s)

    def phase(self, phase: Phase, **fields: object) -> None:
        self.tick(self.make_episode_now(phase, self.now_s, **fields))

    @property
    def sent(self) -> list[Any]:
        return self.table.bridge.sent  # type: ignore[no-any-return]


@pytest.fixture(name="whole")
def fixture_whole(table: Any, make_episode_now: Callable[..., Any]) -> Whole:
    return Whole(table, make_episode_now)


@pytest.mark.parametrize("mode", ["policy", "teleop"])
def test_hands_are_sent_while_a_person_may_steer(mode: str, whole: Whole) -> None:
    whole.phase(Phase.RUNNING, mode=mode)
    whole.hands.press("w")
    whole.tick()
    assert [hands.takes_over for hands in whole.sent] == [False, True]
    assert whole.sent[-1].axes == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.RUNNING}))
def test_nothing_is_steered_in_any_other_phase(phase: Phase, whole: Whole) -> None:
    whole.hands.press("w")
    whole.phase(phase, mode="teleop")
    assert not whole.controller.is_steering
    assert whole.sent == []


def test_the_scripted_expert_is_not_steered(whole: Whole) -> None:
    whole.phase(Phase.RUNNING, mode="expert")
    assert whole.sent == []


def test_hands_are_sent_at_twenty_hertz_however_often_the_window_ticks(whole: Whole) -> None:
    whole.phase(Phase.RUNNING)
    for part in range(1, 5):
        whole.controller.tick(whole.now_s + part * SEND_PERIOD_S / 5)
    assert len(whole.sent) == 1


def test_a_key_that_is_down_when_the_episode_ends_does_not_steer_the_next_one(whole: Whole) -> None:
    whole.phase(Phase.RUNNING)
    whole.hands.press("w")
    whole.phase(Phase.AWAITING_LABEL)
    whole.phase(Phase.RUNNING, episode_id="e2")
    assert not whole.sent[-1].takes_over


def test_a_key_that_is_down_when_the_arm_is_held_does_not_steer_after_the_resume(
    whole: Whole, make_arbiter: Callable[..., Fact]
) -> None:
    whole.phase(Phase.RUNNING)
    whole.hands.press("w")
    whole.tick(make_arbiter(whole.now_s, "stop button"))
    whole.tick(make_arbiter(whole.now_s, ""))
    assert not whole.sent[-1].takes_over


@pytest.mark.parametrize("name", ["go", "start"])
def test_a_devices_button_means_what_the_key_means(name: str, whole: Whole) -> None:
    whole.tick(Button(received_s=0.0, device="gamepad", command=name))
    assert whole.gone == ["go"]


@pytest.mark.parametrize("phase", list(Phase))
def test_hold_is_asked_for_in_every_phase(phase: Phase, whole: Whole) -> None:
    whole.phase(phase)
    whole.controller.command("hold")
    assert whole.table.bridge.asked == [Hold()]


def test_a_command_without_a_meaning_is_told(whole: Whole) -> None:
    whole.tick(Button(received_s=0.0, device="gamepad", command="dance"))
    assert whole.table.told == [("bad", "dance: no such command; available: go, hold")]


def test_every_page_hears_every_fact_but_only_the_open_one_is_shown(whole: Whole) -> None:
    whole.controller.open(1)
    whole.phase(Phase.IDLE)
    assert [len(page.heard) for page in whole.pages] == [1, 1]
    assert [len(page.shown_s) for page in whole.pages] == [0, 1]
    assert [page.times_opened for page in whole.pages] == [0, 1]

"""The health page without Qt: what it shows when, and when the arm may move."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.health_controller import PERIOD_S, HealthController
from irevla.app.graph.facts import Arbiter, Arm, Beat, Diagnosis, Fact, LogLine, Picture
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.models.health.health_state import Headline
from irevla.app.models.health.log import LogFilter, LogState
from irevla.app.models.health.preflight import Check
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings


class FakeView:
    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.choose: Callable[[LogFilter], None] = lambda _: None

    def on_filter(self, call: Callable[[LogFilter], None]) -> None:
        self.choose = call

    def set_headline(self, headline: Headline) -> None:
        self.shown["headline"] = headline

    def set_checks(self, checks: tuple[Check, ...]) -> None:
        self.shown["checks"] = {check.name: check for check in checks}

    def set_nodes(self, nodes: Sequence[Any]) -> None:
        self.shown["nodes"] = {row.node: row for row in nodes}

    def set_log(self, state: LogState) -> None:
        self.shown["log"] = [entry.text for entry in state.entries]


class Bench:
    """A real rig's page, on a clock of its own."""

    def __init__(self, rig: str = "real_world") -> None:
        self.now_s, self.wall_s = 100.0, 1e9
        self.settings = load_settings(rig)
        bridge = FakeBridge(lambda: self.now_s, [], [])
        known = Rig(tuple(self.settings.cameras))
        self.desk = Desk(
            bridge, known, self.settings, ("press_button",), "Ada", lambda tone, words: None, lambda: self.now_s
        )
        self.view = FakeView()
        self.controller = HealthController(self.desk, self.view, wall_clock=lambda: self.wall_s)

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self.desk.rig.take(fact)
            self.controller.take(fact)

    def be_well(self, *, is_hold_tried: bool = True) -> None:
        at = self.now_s
        for node in self.settings.graph.nodes:
            self.tell(Beat(received_s=at, node=node, pid=1, state="ok"))
        for camera in self.settings.cameras:
            self.tell(Picture(received_s=at, camera=camera, stamp_s=self.wall_s - 0.1, image=np.zeros((1, 1, 3), "u1")))
            self.tell(_told(at, f"camera_{camera}", rate_hz="30"))
        self.tell(_told(at, "policy", model_hash="12ab"), _told(at, "session", free_mb="9000", backlog="0"))
        self.tell(
            Arm(
                received_s=at,
                episode_id="",
                step=0,
                position_m=(0.4, 0.0, 0.2),
                gripper_width_m=0.0,
                mode=2,
                error="",
            ),
            Arbiter(
                received_s=at,
                source=0,
                hold=False,
                reason="",
                blamed=0,
                episode_id="",
                margin_m=(1.0,) * 6,
                limited=0,
            ),
        )
        if is_hold_tried:
            self.controller.hold_confirmed()

    def show(self, after_s: float = 0.0) -> dict[str, Any]:
        self.now_s += after_s
        self.controller.show(self.now_s)
        return self.view.shown


def _told(at_s: float, name: str, **values: str) -> Diagnosis:
    return Diagnosis(received_s=at_s, name=name, level=0, message="ok", values=tuple(values.items()))


def _line(msg: str, level: int = 20) -> LogLine:
    return LogLine(received_s=0.0, name="robot", level=level, msg=msg, stamp_s=1e9)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_rig_that_is_well_may_move(bench: Bench) -> None:
    bench.be_well()
    assert bench.controller.why_not() == ""
    assert bench.show()["headline"] == Headline("good", "Ready: the arm may move")


def test_before_hold_was_tried_it_may_not(bench: Bench) -> None:
    bench.be_well(is_hold_tried=False)
    assert bench.controller.why_not().startswith("HOLD tried")
    assert bench.show()["headline"] == Headline("bad", "Not ready: 1 to mend")


def test_a_graph_that_fell_silent_may_not_though_nobody_looks_at_the_page(bench: Bench) -> None:
    bench.be_well()
    bench.now_s += 1.5
    assert bench.controller.why_not().startswith("node robot: silent for 1.5 s")


def test_a_node_that_died_shows_within_a_second(bench: Bench) -> None:
    bench.be_well()
    bench.show()
    shown = bench.show(bench.settings.dashboard.silent_node_s + PERIOD_S)
    assert {row.light for row in shown["nodes"].values()} == {"bad"}
    assert shown["checks"]["node robot"].verdict == "bad"


def test_without_a_model_demonstrations_can_be_recorded(bench: Bench) -> None:
    bench.be_well()
    bench.tell(_told(bench.now_s, "policy", model_hash=""))
    assert bench.controller.why_not("teleop") == ""
    assert bench.show()["headline"] == Headline("note", "Ready to record; the policy is not")


def test_nothing_heard_is_waited_for(bench: Bench) -> None:
    bench.controller.hold_confirmed()
    assert bench.show()["headline"].verdict == "unknown"


def test_the_clocks_are_compared_by_the_quickest_picture(bench: Bench) -> None:
    bench.wall_s += 5.0
    bench.be_well()
    bench.wall_s -= 5.0 - 3.0
    picture = np.zeros((1, 1, 3), np.uint8)
    bench.tell(Picture(received_s=bench.now_s, camera="front", stamp_s=bench.wall_s - 3.0, image=picture))
    clocks = bench.show()["checks"]["clocks"]
    assert clocks.value == "agree"
    late = Bench()
    late.tell(Picture(received_s=late.now_s, camera="front", stamp_s=late.wall_s - 3.0, image=picture))
    assert late.show()["checks"]["clocks"].value == "this machine is 3.0 s ahead of the graph's"


def test_pictures_of_a_simulator_say_nothing_about_clocks() -> None:
    bench = Bench("sim")
    bench.be_well()
    assert bench.show()["checks"]["clocks"].value == "not compared yet"


def test_the_log_shows_at_once_what_the_person_chooses(bench: Bench) -> None:
    bench.tell(_line("going home"), _line("hold: arbiter/hold was called", 40))
    assert bench.show()["log"] == ["going home", "hold: arbiter/hold was called"]
    bench.view.choose(LogFilter(level=40))
    assert bench.show()["log"] == ["hold: arbiter/hold was called"]


def test_the_view_is_brought_up_to_date_ten_times_a_second(bench: Bench) -> None:
    bench.show()
    bench.tell(_line("new"))
    assert bench.show(PERIOD_S / 2)["log"] == []
    assert bench.show(PERIOD_S)["log"] == ["new"]

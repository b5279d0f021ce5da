"""Each thing that must be well before the arm may move: break one, and it is the one that is told."""

from dataclasses import replace

import numpy as np
import pytest

from irevla.app.graph.facts import Arbiter, Arm, Beat, Diagnosis, Fact, Picture, Teleop
from irevla.app.models.health.health import Health
from irevla.app.models.health.preflight import Check, Preflight, Sitting, why_not
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

NOW_S = 100.0
ARM = Arm(received_s=NOW_S, episode_id="", step=0, position_m=(0.4, 0.0, 0.2), gripper_width_m=0.0, mode=2, error="")
ARBITER = Arbiter(
    received_s=NOW_S, source=0, hold=False, reason="", blamed=0, episode_id="", margin_m=(1.0,) * 6, limited=0
)


def picture(camera: str, received_s: float = NOW_S) -> Picture:
    return Picture(received_s=received_s, camera=camera, stamp_s=0.0, image=np.zeros((2, 2, 3), np.uint8))


def diagnosis(name: str, **values: str) -> Diagnosis:
    return Diagnosis(received_s=NOW_S, name=name, level=0, message="ok", values=tuple(values.items()))


class Desk:
    """A rig on which all is well; ``tell`` breaks it."""

    def __init__(self, rig: str = "real_world") -> None:
        self.settings = load_settings(rig)
        self.rig, self.health = Rig(tuple(self.settings.cameras)), Health(self.settings)
        self.sitting = Sitting(hold_is_confirmed=True, clock_lead_s=0.1)
        for node in self.health.nodes:
            self.tell(Beat(received_s=NOW_S, node=node, pid=7, state="ok"))
        self.tell(ARM, ARBITER, picture("front"), picture("wrist"))
        self.tell(diagnosis("camera_front", rate_hz="29.8"), diagnosis("camera_wrist", rate_hz="30"))
        self.tell(diagnosis("policy", model_hash="12ab34cd56", model="runs/models/stage2/"))
        self.tell(diagnosis("session", free_mb="40000", backlog="2"))

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self.rig.take(fact)
            self.health.take(fact)

    def checks(self, mode: str = "policy") -> tuple[Check, ...]:
        return Preflight(self.rig, self.health, self.settings, self.sitting, NOW_S, mode).checks()

    def check(self, name: str, mode: str = "policy") -> Check:
        return next(check for check in self.checks(mode) if check.name == name)


def test_a_rig_on_which_all_is_well_may_move() -> None:
    assert why_not(Desk().checks()) == ""


def test_a_rig_of_which_nothing_was_heard_may_not() -> None:
    desk = Desk()
    desk.rig, desk.health = Rig(("front", "wrist")), Health(desk.settings)
    assert why_not(desk.checks()).startswith("node robot: not heard yet. Start the graph")


@pytest.mark.parametrize(
    ("fact", "name", "value"),
    [
        (Beat(received_s=NOW_S - 1.5, node="session", pid=7, state="ok"), "node session", "silent for 1.5 s"),
        (Beat(received_s=NOW_S, node="sft", pid=7, state="no disk"), "node sft", "no disk"),
        (replace(ARM, error="cartesian_reflex"), "arm", "cartesian_reflex"),
        (replace(ARM, mode=5), "arm", "mode: user stopped"),
        (replace(ARM, mode=77), "arm", "mode: 77"),
        (replace(ARM, received_s=NOW_S - 2), "arm", "its state is 2.0 s old"),
        (picture("wrist", NOW_S - 0.8), "camera wrist", "the newest picture is 0.8 s old"),
        (diagnosis("camera_front", rate_hz="14.9"), "camera front", "15 of 30 pictures/s"),
        (diagnosis("camera_front", rate_hz="nan"), "camera front", "its rate is not known yet"),
        (diagnosis("session", free_mb="nan", backlog="0"), "disk", "the session has not told yet"),
        (diagnosis("camera_front"), "camera front", "its rate is not known yet"),
        (replace(ARBITER, hold=True, reason="arbiter/hold was called"), "arbiter", "holds the arm: arbiter/hold"),
        (diagnosis("policy", model_hash=""), "model", "no model loaded"),
        (diagnosis("session", free_mb="150", backlog="0"), "disk", "150 MB free, expected 200 MB"),
        (diagnosis("session", free_mb="40000", backlog="101"), "store", "101 messages wait"),
    ],
)
def test_each_thing_that_is_not_well_is_told_with_a_cure(fact: Fact, name: str, value: str) -> None:
    desk = Desk()
    desk.tell(fact)
    words = why_not(desk.checks())
    assert words.startswith(f"{name}: {value}")
    assert desk.check(name).cure


def test_a_camera_at_half_its_rate_is_good_enough() -> None:
    desk = Desk()
    desk.tell(diagnosis("camera_front", rate_hz="15"))
    assert why_not(desk.checks()) == ""


def test_two_processes_of_one_name_are_a_second_graph() -> None:
    desk = Desk()
    desk.tell(*(Beat(received_s=NOW_S, node="arbiter", pid=pid, state="ok") for pid in (8, 7)))
    assert why_not(desk.checks()).startswith("one graph: two processes each of arbiter")


def test_hold_must_be_tried_on_a_real_arm_and_should_be_in_simulation() -> None:
    real, simulated = Desk(), Desk("sim")
    real.sitting = simulated.sitting = Sitting()
    assert why_not(real.checks()).startswith("HOLD tried: not yet. Press Escape once")
    assert why_not(simulated.checks()) == ""
    assert simulated.check("HOLD tried").verdict == "note"


def test_demonstrations_need_neither_the_policy_nor_its_model() -> None:
    desk = Desk()
    desk.tell(Beat(received_s=NOW_S, node="policy", pid=7, state="no model loaded: call policy/load_model"))
    desk.tell(diagnosis("policy", model_hash=""))
    assert why_not(desk.checks("teleop")) == ""
    assert why_not(desk.checks("policy")).startswith("node policy: no model loaded")


def test_a_simulated_arm_that_was_not_reset_yet_may_move() -> None:
    desk = Desk("sim")
    desk.rig.arm = None
    desk.rig.pictures.clear()
    assert why_not(desk.checks()) == ""
    assert desk.check("arm").verdict == "note"


def test_a_simulated_arm_that_failed_may_be_reset_for_that_clears_it() -> None:
    desk = Desk("sim")
    desk.tell(replace(ARM, error="the simulation diverged", mode=4))
    desk.tell(Beat(received_s=NOW_S, node="robot", pid=7, state="the simulation diverged"))
    assert why_not(desk.checks()) == ""


def test_devices_and_clocks_are_notes() -> None:
    desk = Desk()
    desk.sitting = Sitting(hold_is_confirmed=True, clock_lead_s=-4.0)
    devices = ("gamepad: Xbox",)
    desk.tell(
        Teleop(
            received_s=NOW_S,
            devices=devices,
            active="",
            takes_over=False,
            axes=(0.0,) * 6,
            gripper_open=True,
            detail="",
        )
    )
    assert desk.check("teleop").value == "gamepad: Xbox"
    assert desk.check("clocks").value == "this machine is 4.0 s behind the graph's"
    assert why_not(desk.checks()) == ""

"""Counts of demonstrations, and what steers."""

import pytest

from irevla.app.graph.facts import EpisodeClosed, Teleop
from irevla.app.models.demonstrations import NOT_HEARD, Tally, TaskCount, steering

TASKS = ("pick_red_block", "press_button")


def closed(episode_id: str, label: str, *, task: str = "press_button", kind: str = "demo") -> EpisodeClosed:
    return EpisodeClosed(
        received_s=0.0,
        episode_id=episode_id,
        task=task,
        kind=kind,
        label=label,
        steps=60,
        terminated=False,
        weights_version=0,
        relabel=False,
    )


def teleop(**fields: object) -> Teleop:
    values: dict[str, object] = {
        "devices": ("gamepad: Xbox", "spacemouse: Compact"),
        "active": "gamepad",
        "takes_over": True,
        "axes": (0.1234, 0.0, 0.0, 0.0, 0.0, -1.0),
        "gripper_open": False,
        "detail": "",
    }
    return Teleop(received_s=10.0, **{**values, **fields})  # type: ignore[arg-type]


def test_nothing_is_known_before_the_store_was_counted() -> None:
    assert Tally(TASKS, 20).rows()[0] == TaskCount("pick_red_block", None, None, None, 0, 20)


def test_totals_and_targets_are_those_of_their_task() -> None:
    tally = Tally(TASKS, 20)
    tally.set_total("press_button", "success", 12)
    tally.set_total("press_button", "discard", 1)
    tally.set_target("press_button", 30)
    assert tally.rows()[1] == TaskCount("press_button", 12, None, 1, 0, 30)
    assert (tally.target_of("press_button"), tally.target_of("pick_red_block")) == (30, 20)
    with pytest.raises(ValueError, match="success, failure, discard"):
        tally.set_total("press_button", "sitting", 3)


def test_the_sitting_counts_good_demonstrations_and_a_relabel_moves_one() -> None:
    tally = Tally(TASKS, 20)
    assert tally.close(closed("a", "success"))
    assert tally.close(closed("b", "success"))
    assert tally.close(closed("c", "failure"))
    assert tally.rows()[1].sitting == 2
    tally.close(closed("a", "discard"))
    tally.close(closed("b", ""))  # its label was taken back
    assert tally.rows()[1].sitting == 0


def test_other_kinds_and_unknown_tasks_are_none_of_it() -> None:
    tally = Tally(TASKS, 20)
    assert not tally.close(closed("a", "success", kind="eval"))
    assert not tally.close(closed("b", "success", task="fold_towel"))
    assert [row.sitting for row in tally.rows()] == [0, 0]


def test_the_device_that_steers_is_marked_and_noise_is_rounded_away() -> None:
    now = steering(teleop(), 10.2)
    assert now.devices == "gamepad: Xbox (steers)\nspacemouse: Compact"
    assert now.axes == (0.12, 0.0, 0.0, 0.0, 0.0, -1.0)
    assert not now.is_open
    assert "(steers)" not in steering(teleop(takes_over=False), 10.2).devices


def test_an_unplugged_device_keeps_its_message() -> None:
    now = steering(teleop(devices=(), detail="the gamepad was unplugged: the arm stands still"), 10.2)
    assert now.devices == "no device is plugged in"
    assert now.detail == "the gamepad was unplugged: the arm stands still"


def test_what_was_heard_long_ago_steers_nothing() -> None:
    assert steering(None, 0.0).detail == NOT_HEARD
    assert steering(teleop(), 12.0).axes == (0.0,) * 6

"""An episode that is thrown away and begun again by one press."""

from __future__ import annotations

from typing import Any

import pytest

from irevla.app.graph.facts import Phase
from irevla.app.graph.requests import LabelEpisode, StartEpisode, StopEpisode
from irevla.app.models.redo import REDO_S

AGAIN = StartEpisode(
    task="pick_red_block", instruction="pick up the red block", mode="teleop", kind="demo", seed=7, max_steps=60
)
DEMO = {"mode": "teleop", "kind": "demo"}


def test_redo_of_a_running_episode_stops_discards_and_starts_it_again_once_each(sitting: Any) -> None:
    table = sitting.table
    table.episode(Phase.RUNNING, **DEMO)
    sitting.controller.redo()
    table.bridge.answer()
    for _ in range(3):  # steps go on to come until it has ended
        table.episode(Phase.RUNNING, **DEMO)
    table.episode(Phase.AWAITING_LABEL, **DEMO)
    table.bridge.answer()
    table.bridge.answer("no times")
    table.episode(Phase.SAVED, **DEMO)
    table.bridge.answer()
    table.episode(Phase.SAVED, **DEMO)
    assert sitting.asked == [StopEpisode(), LabelEpisode(label="discard", who="kim"), AGAIN]
    assert sitting.controller.plan.seed == 0  # the next new one is none the later


def test_redo_of_a_labelled_episode_discards_it_by_its_name(sitting: Any) -> None:
    sitting.table.episode(Phase.SAVED, **DEMO)
    sitting.controller.redo()
    sitting.table.bridge.answer()
    assert sitting.asked == [LabelEpisode(label="discard", who="kim", episode_id="e1"), AGAIN]


def test_redo_before_the_first_step_has_nothing_to_discard(sitting: Any) -> None:
    sitting.table.episode(Phase.READY, **DEMO)
    sitting.controller.redo()
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.IDLE, episode_id="", detail="stopped on request")
    assert sitting.asked == [StopEpisode(), AGAIN]


def test_redo_without_an_episode_is_told(sitting: Any) -> None:
    sitting.controller.redo()
    sitting.table.episode(Phase.IDLE, episode_id="")
    sitting.controller.redo()
    assert sitting.asked == []
    assert [tone for tone, _ in sitting.table.told] == ["bad", "bad"]


@pytest.mark.parametrize("command", ["go", "stop", "success", "undo"])
def test_any_other_press_ends_a_redo(command: str, sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING, **DEMO)
    sitting.controller.redo()
    sitting.press(command)
    before = len(sitting.asked)
    sitting.table.episode(Phase.AWAITING_LABEL, **DEMO)
    assert len(sitting.asked) == before


def test_a_redo_that_takes_too_long_moves_no_arm(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING, **DEMO)
    sitting.controller.redo()
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.AWAITING_LABEL, after_s=REDO_S + 0.1, **DEMO)
    assert sitting.asked == [StopEpisode()]
    assert sitting.table.told[-1][0] == "bad"


def test_a_redo_leaves_another_episode_alone(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING, **DEMO)
    sitting.controller.redo()
    sitting.table.bridge.answer()
    sitting.table.episode(Phase.AWAITING_LABEL, episode_id="e2", **DEMO)
    sitting.table.episode(Phase.AWAITING_LABEL, **DEMO)
    assert sitting.asked == [StopEpisode()]


def test_a_refusal_ends_a_redo(sitting: Any) -> None:
    sitting.table.episode(Phase.RUNNING, **DEMO)
    sitting.controller.redo()
    sitting.table.bridge.answer("the store cannot be written")
    sitting.table.episode(Phase.AWAITING_LABEL, **DEMO)
    assert sitting.asked == [StopEpisode()]

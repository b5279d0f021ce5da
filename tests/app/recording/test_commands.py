"""What may be commanded when, and by which key."""

from typing import Any

import pytest

from irevla.app.graph.facts import Phase
from irevla.app.recording.commands import ENTER, KEYS, command_of, key_line, meanings
from irevla.config.teleop.motion_keys import GRIPPER_KEY, MOTION_KEYS


def test_no_command_key_moves_the_arm() -> None:
    assert not set(KEYS) & {*MOTION_KEYS, GRIPPER_KEY}


@pytest.mark.parametrize("phase", Phase)
def test_hold_is_possible_in_every_phase(makers: Any, phase: Phase) -> None:
    assert "hold" in meanings(makers.now(phase))


def test_before_the_session_is_heard_only_the_arbiter_can_be_asked() -> None:
    assert list(meanings(None)) == ["hold", "resume"]


def test_only_a_guided_reset_asks_for_a_word_while_ready(makers: Any) -> None:
    assert "start" not in meanings(makers.now(Phase.READY))
    assert "start" in meanings(makers.now(Phase.READY, detail="put the objects back, then confirm"))


def test_enter_goes_on_and_labels_where_there_is_something_to_label(makers: Any) -> None:
    assert command_of(ENTER, makers.now(Phase.RUNNING)) == "success"
    assert command_of(ENTER, makers.now(Phase.AWAITING_LABEL)) == "success"
    assert command_of(ENTER, makers.now(Phase.READY)) == "start"
    assert command_of("X", makers.now(Phase.RUNNING)) == "failure"
    assert command_of("w", makers.now(Phase.RUNNING)) is None


def test_the_keys_that_mean_something_now_are_told(makers: Any) -> None:
    saved, running = key_line(makers.now(Phase.SAVED)), key_line(makers.now(Phase.RUNNING))
    assert saved.startswith("Enter: start the next episode   b: take the last label back")
    assert "Enter: it succeeded   x: it failed   z: throw it away" in running
    assert "e: end it, label it after" in running
    assert "e: " not in key_line(makers.now(Phase.AWAITING_LABEL))

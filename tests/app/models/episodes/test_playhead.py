"""How a row moves with the time."""

from __future__ import annotations

import pytest

from irevla.app.models.episodes.playhead import Playhead


def ready(row: int) -> bool:
    return True


def playing(rows: int = 100, speed: float = 1.0) -> Playhead:
    head = Playhead()
    head.load(rows)
    head.set_speed(speed, 0.0)
    head.toggle(0.0)
    return head


@pytest.mark.parametrize(("speed", "row"), [(0.5, 5), (1.0, 10), (2.0, 20)])
def test_a_second_is_ten_rows_times_the_speed(speed: float, row: int) -> None:
    head = playing(speed=speed)
    head.advance(1.0, ready)
    assert head.row == row


def test_many_small_ticks_are_as_far_as_one_large_one() -> None:
    head = playing()
    for tick in range(1, 101):
        head.advance(tick * 0.033, ready)
    assert head.row == 33


def test_it_waits_for_a_row_that_is_not_ready_and_then_goes_on_at_its_pace() -> None:
    head = playing()
    head.advance(5.0, lambda row: row <= 20)
    assert (head.row, head.is_playing) == (20, True)
    head.advance(5.1, ready)
    assert head.row == 21  # the wait is not caught up on


def test_it_stops_at_the_last_row_and_begins_again_from_there() -> None:
    head = playing(rows=5)
    head.advance(9.0, ready)
    assert (head.row, head.is_playing) == (4, False)
    head.toggle(10.0)
    assert (head.row, head.is_playing) == (0, True)


def test_a_jump_goes_on_playing_from_there() -> None:
    head = playing()
    head.jump(50, 3.0)
    head.advance(3.2, ready)
    assert head.row == 52


def test_a_step_stops_it_and_stays_inside() -> None:
    head = playing(rows=5)
    head.step(-1, 0.0)
    assert (head.row, head.is_playing) == (0, False)
    head.step(10, 0.0)
    assert head.row == 4


def test_another_speed_does_not_move_it() -> None:
    head = playing()
    head.advance(1.0, ready)
    head.set_speed(2.0, 1.0)
    head.advance(1.1, ready)
    assert head.row == 12


def test_an_episode_without_steps_cannot_play() -> None:
    head = playing(rows=0)
    head.advance(1.0, ready)
    assert (head.row, head.is_playing) == (0, False)

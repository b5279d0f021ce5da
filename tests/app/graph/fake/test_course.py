"""A made-up episode is whole, whatever its seed, task and length."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.fake.course import block_start, make_course

TASKS = st.sampled_from(["pick_red_block", "press_button"])


@given(TASKS, st.integers(0, 2**32), st.integers(1, 300))
def test_every_step_has_its_numbers(task: str, seed: int, max_steps: int) -> None:
    course = make_course(task, seed, max_steps)
    steps = course.steps
    assert 1 <= steps <= max_steps
    assert course.path_m.shape == course.block_m.shape == (steps + 1, 3)
    assert len(course.width_m) == steps + 1
    assert len(course.q) == len(course.log_prob) == len(course.limited) == steps
    assert np.isfinite(course.path_m).all()
    assert ((course.q >= 0) & (course.q <= 1)).all()
    assert 0 <= course.person.start <= course.person.stop <= steps


@given(st.integers(0, 2**32))
def test_only_a_success_lifts_the_block(seed: int) -> None:
    course = make_course("pick_red_block", seed, 60)
    assert np.allclose(course.block_m[0], block_start(seed))
    assert (course.block_m[-1, 2] > 0.15) == course.succeeds


def test_the_critic_grows_sure_of_successes_and_loses_hope_of_failures() -> None:
    courses = [make_course("pick_red_block", seed, 60) for seed in range(40)]
    assert all(course.q[-1] > 0.75 for course in courses if course.succeeds)
    assert all(course.q[-1] < 0.45 for course in courses if not course.succeeds)
    assert 0.5 < np.mean([course.succeeds for course in courses]) < 0.9

"""The expert in the graph: acts once a moment, on parts of the same moment, from the same noise for the same seed."""

import numpy as np
import pytest

from irevla_nodes.sim.arm_state import ArmState
from irevla_nodes.teleop.expert_hand import ExpertHand

ARM = ArmState(0.0, np.zeros(7), np.zeros(7), np.zeros(7), np.zeros(3), np.zeros(4), np.zeros(6), 0.08)
QPOS = np.zeros(9)


class NoisyExpert:
    """Counts its calls; each action is the next random number of its seed."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)
        self.calls = 0

    def restart(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def act(self, arm: ArmState, qpos: np.ndarray) -> np.ndarray:
        self.calls += 1
        return self.rng.standard_normal(7).astype(np.float32)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def hand(made: list[str]) -> ExpertHand:
    def make(task: str) -> NoisyExpert:
        made.append(task)
        return NoisyExpert()

    return ExpertHand(make)


def see(hand: ExpertHand, step: int, episode_id: str = "e1") -> np.ndarray | None:
    hand.see_arm(episode_id, step, ARM)
    hand.see_world(episode_id, step, QPOS)
    return hand.act()


def test_it_waits_for_both_parts_of_a_moment(hand: ExpertHand) -> None:
    hand.start("e1", "a", 0)
    assert hand.act() is None
    hand.see_world("e1", 0, QPOS)
    assert hand.act() is None
    hand.see_arm("e1", 1, ARM)
    assert hand.act() is None
    hand.see_world("e1", 1, QPOS)
    assert hand.act() is not None


def test_it_keeps_out_of_other_episodes(hand: ExpertHand) -> None:
    assert see(hand, 0) is None
    hand.start("e1", "a", 0)
    assert see(hand, 0, "e2") is None


def test_a_repeated_step_gets_the_same_action_and_leaves_the_noise_alone(hand: ExpertHand) -> None:
    hand.start("e1", "a", 7)
    first = see(hand, 0)
    assert see(hand, 0) is first
    second = see(hand, 1)
    expected = np.random.default_rng(7).standard_normal((2, 7)).astype(np.float32)
    np.testing.assert_array_equal(np.stack([first, second]), expected)


def test_a_repeated_start_is_no_new_start(hand: ExpertHand) -> None:
    hand.start("e1", "a", 7)
    see(hand, 0)
    hand.start("e1", "a", 7)
    second = see(hand, 1)
    np.testing.assert_array_equal(second, np.random.default_rng(7).standard_normal((2, 7)).astype(np.float32)[1])


def test_an_expert_is_made_once_a_task(hand: ExpertHand, made: list[str]) -> None:
    for episode, task in (("e1", "a"), ("e2", "b"), ("e3", "a")):
        hand.start(episode, task, 0)
    assert made == ["a", "b"]

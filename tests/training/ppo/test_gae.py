"""Generalized advantage estimation against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from irevla.training.ppo.gae import advantages, normalised

REWARDS = np.array([0, 0, 1], np.float32)
VALUES = np.array([0.2, 0.4, 0.6], np.float32)


def test_lambda_0_is_the_one_step_error() -> None:
    # 0.5*0.4 - 0.2 = 0, 0.5*0.6 - 0.4 = -0.1, 1 - 0.6 = 0.4
    assert advantages(REWARDS, VALUES, 0.0, 0.5, 0.0).tolist() == pytest.approx([0.0, -0.1, 0.4], abs=1e-6)


def test_lambda_1_is_the_return_less_the_value() -> None:
    # returns 0.25, 0.5, 1
    assert advantages(REWARDS, VALUES, 0.0, 0.5, 1.0).tolist() == pytest.approx([0.05, 0.1, 0.4], abs=1e-6)


def test_lambda_between_adds_up_what_lies_ahead() -> None:
    # gamma lambda = 0.5 * 0.8 = 0.4: A2 = 0.4, A1 = -0.1 + 0.4*0.4 = 0.06, A0 = 0 + 0.4*0.06 = 0.024
    assert advantages(REWARDS, VALUES, 0.0, 0.5, 0.8).tolist() == pytest.approx([0.024, 0.06, 0.4], abs=1e-6)


def test_a_time_out_bootstraps_with_the_last_observations_value() -> None:
    rewards = np.zeros(2, np.float32)
    values = np.array([0.2, 0.4], np.float32)
    # delta = 0.5*0.4 - 0.2 = 0, 0.5*0.8 - 0.4 = 0; with nothing beyond: 0, -0.4, and 0.5*(-0.4) carried back
    assert advantages(rewards, values, 0.8, 0.5, 1.0).tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert advantages(rewards, values, 0.0, 0.5, 1.0).tolist() == pytest.approx([-0.2, -0.4], abs=1e-6)


def test_normalised_has_mean_0_and_spread_1() -> None:
    # mean 2, deviations -1, 0, 1 -> spread sqrt(2/3)
    found = normalised(np.array([1, 2, 3], np.float32), 0.05)
    assert found.tolist() == pytest.approx([-(1.5**0.5), 0.0, 1.5**0.5], rel=1e-5)


def test_a_small_spread_is_not_blown_up() -> None:
    found = normalised(np.array([-0.001, 0.001], np.float32), 0.05)
    assert found.tolist() == pytest.approx([-0.02, 0.02], rel=1e-4)

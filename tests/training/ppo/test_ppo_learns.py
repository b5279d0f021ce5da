"""PPO learns: a policy that was shown one place of the mark learns to reach another, the VLM frozen."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from irevla.config.benchmark.ppo import PpoSettings
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.policies.create import create_vla
from irevla.training.frame_batches import FrameBatches
from irevla.training.ppo.ppo import Ppo
from irevla.training.rollout.demonstrations import demonstrate
from irevla.training.rollout.episode_frames import episode_frames
from irevla.training.rollout.evaluate import evaluate
from irevla.training.rollout.lanes import Lanes, make_lanes
from irevla.training.rollout.mean_policy import MeanPolicy
from irevla.training.rollout.seeds import episode_seeds
from irevla.training.rollout.wave import play
from irevla.training.success_rate import SuccessRate
from irevla.training.supervised_round import SupervisedRound
from irevla.training.train_round import normalise_state
from point_env import PointEnv

SAY = "go to the red mark"


@pytest.mark.slow
def test_ppo_improves_a_mediocre_policy(tmp_path: Path) -> None:
    vla = create_vla(PolicySettings(image_px=16, head_hidden=(32, 32), device="cpu"), seed=0)
    shown = demonstrate(PointEnv(mark=(0.15, -0.15)), "reach", seed=0, count=20, noise=0.1).episodes
    frames = episode_frames([(SAY, shown)])
    normalise_state(vla, frames)
    rounds = RoundSettings(batch_size=32, shift_px=0)
    batches = FrameBatches(frames, None, rounds, seed=0)
    SupervisedRound(vla, batches, rounds, steps=60, learning_rate=1e-3, state_dir=tmp_path, identity="stage 0").run(
        lambda _: None, lambda: False
    )

    def rate(lanes: Lanes) -> SuccessRate:
        return evaluate(lanes, MeanPolicy(vla, SAY), seed=0, task="elsewhere", episodes=48)

    with closing(make_lanes(lambda: PointEnv(mark=(0.4, -0.4)), 16)) as lanes:
        before = rate(lanes)
        learner = Ppo(vla, SAY, PpoSettings(waves=1, minibatch=64), trains_vlm=False, seed=0)
        for number in range(25):
            seeds = episode_seeds("training", 0, "elsewhere", 16 * number, 16)
            learner.learn(play(lanes, seeds, learner.explorer(number)))
        after = rate(lanes)
    assert 0.2 < before.rate < 0.7, f"the start was meant to be mediocre: {before}"
    assert after.rate > before.rate + 0.25, f"{before} -> {after}"

"""Where learning from scratch begins: weights that have seen nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import torch

from irevla.policies.base import ACTION_DIM, Floats, Image
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.training.algorithm1.run import Run
from irevla.training.rollout.episode import Decision
from irevla.training.rollout.seeds import derived_seed, episode_seeds
from irevla.training.rollout.wave import play
from irevla.training.suites.task import SuiteTask


def random_start(run: Run, task: SuiteTask, out: Path) -> Path:
    """Write a checkpoint with random weights to ``out``, unless it is there, and return it.

    There is no D_e to take the state's mean and spread from; a wave of ``task`` with random actions gives them.
    """
    if out.is_dir():
        return out
    rng = np.random.default_rng(derived_seed(run.seed, "random actions"))

    def act(pictures: Image, states: Floats) -> Decision:
        return Decision(rng.uniform(-1.0, 1.0, (len(states), ACTION_DIM)).astype(np.float32))

    with closing(run.make_lanes(task)) as lanes:
        episodes = play(lanes, episode_seeds("zero-shot", run.seed, task.name, 0, lanes.num_envs), act)
    views = tuple(f"view{number}" for number in range(episodes[0].pictures.shape[1]))
    vla = create_vla(run.settings.policy, views, seed=run.seed)
    states = torch.from_numpy(np.concatenate([episode.states for episode in episodes])).to(vla.device)
    vla.head.state_features.set_statistics(states.mean(0), states.std(0, correction=0))
    save_checkpoint(out, vla, stage="new", settings={"seed": run.seed})
    return out

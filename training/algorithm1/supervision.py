"""Stage 2 after one task: lines 8 and 9 of Algorithm 1."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from irevla.config.errors import UserError
from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import device
from irevla.training.algorithm1.progress import Progress
from irevla.training.algorithm1.run import Cancelled, Run
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet
from irevla.training.rollout.episode_file import load_episodes
from irevla.training.rollout.episode_frames import episode_frames
from irevla.training.rollout.seeds import derived_seed
from irevla.training.round_spec import RoundProgress
from irevla.training.suites.task import SuiteTask
from irevla.training.supervised_round import SupervisedRound

log = logging.getLogger("irevla.algorithm1")
OnlineData = Sequence[tuple[SuiteTask, Path]]
"""D_RL: the file of successes of each task learnt so far."""


def supervise(run: Run, pi_1: Path, expert: FrameSet | None, online: OnlineData, task: SuiteTask, folder: Path) -> Path:
    """Return pi^2, a checkpoint learnt from a copy of ``pi_1`` on D_e (``expert``) and D_RL (``online``).

    Without stage 2 pi^2 is pi^1. Raises Cancelled, and TrainingError for a loss that is not finite.
    """
    if run.method.replay == "none":
        return pi_1
    pi_2, state, settings = folder / "pi2", folder / "sl", run.settings
    if pi_2.is_dir():
        return pi_2
    if expert is None:
        raise UserError(f"{run.method.name}: stage 2 needs the expert's demonstrations, got none")
    steps = settings.rounds.stage2_steps
    found = _frames(online) if run.method.replay == "expert+online" else None
    run.report(Progress(task.name, "sl", step=0, steps=steps, detail=_contents(run, expert, found, online)))
    start = load_checkpoint(pi_1)
    seed = derived_seed(run.seed, "stage 2", task.name)
    data_hash = f"{expert.hash()} {found.hash() if found is not None else ''}"
    with torch.random.fork_rng(devices=[]):  # dropout, where a backbone has any, draws from the process's numbers
        torch.manual_seed(seed)
        training = SupervisedRound(
            start.vla.to(device(settings.policy)),
            FrameBatches(expert, found, settings.rounds, seed),
            settings.rounds,
            steps=steps,
            learning_rate=settings.rounds.stage2_learning_rate,
            state_dir=state,
            identity=f"{settings.hash()} {start.model_hash} {data_hash}",
            trains_backbone=run.method.trains_vlm_in_sl,
        )
        end = training.run(lambda told: run.report(_progress(task, told)), run.is_cancelled)
    if not end.is_complete:
        raise Cancelled
    record = {"method": run.method.name, "task": task.name, "seed": run.seed}
    save_checkpoint(pi_2, training.vla, stage="stage2", parent=start.model_hash, data_hash=data_hash, settings=record)
    shutil.rmtree(state, ignore_errors=True)
    return pi_2


def _frames(online: OnlineData) -> FrameSet | None:
    """Return D_RL, or None while it is empty."""
    tasks = [(task.instruction, load_episodes(path)) for task, path in online]
    return episode_frames(tasks) if any(episodes for _, episodes in tasks) else None


def _contents(run: Run, expert: FrameSet, found: FrameSet | None, online: OnlineData) -> str:
    detail = f"D_e: {len(expert)} steps"
    if run.method.replay == "expert":
        return detail
    if found is None:
        names = ", ".join(task.name for task, _ in online)
        log.warning("D_RL is empty: no success in %s; stage 2 learns from D_e alone", names)
        return f"{detail}; D_RL IS EMPTY: no success in {names}; stage 2 learns from D_e alone"
    return f"{detail}; D_RL: {len(found)} steps of {len(online)} tasks"


def _progress(task: SuiteTask, told: RoundProgress) -> Progress:
    return Progress(task.name, "sl", step=told.step, steps=told.steps, losses={"loss": told.loss})

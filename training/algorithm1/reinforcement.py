"""Stage 1 of one task: lines 4 to 6 of Algorithm 1."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from irevla.config.errors import TrainingError
from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import device
from irevla.policies.vla import VLA
from irevla.training.algorithm1.online_learner import OnlineLearner
from irevla.training.algorithm1.online_stage import OnlineStage
from irevla.training.algorithm1.progress import Progress
from irevla.training.algorithm1.run import Cancelled, Run
from irevla.training.algorithm1.sacfd_learner import SacfdLearner
from irevla.training.ppo.ppo import Ppo
from irevla.training.rollout.episode import Actor, Episode
from irevla.training.rollout.episode_file import load_episodes, save_episodes
from irevla.training.rollout.lanes import Lanes
from irevla.training.rollout.mean_policy import MeanPolicy
from irevla.training.rollout.seeds import derived_seed, episode_seeds
from irevla.training.rollout.wave import play_all
from irevla.training.suites.task import SuiteTask

DEMOS = 20
_MOST_ZERO_SHOT = 3 * DEMOS


def reinforce(run: Run, pi_2: Path, task: SuiteTask, folder: Path) -> tuple[Path, Path]:
    """Return pi^1, a checkpoint learnt from a copy of ``pi_2``, and the file of its successes x_i.

    Raises Cancelled, and TrainingError for a loss that is not finite or a frozen weight that moved.
    """
    pi_1, found, state = folder / "pi1", folder / "successes.npz", folder / "rl"
    if not pi_1.is_dir():
        start = load_checkpoint(pi_2)
        vla = start.vla.to(device(run.settings.policy))
        with closing(run.make_lanes(task)) as lanes:
            stage = _optimise(run, vla, task, lanes, state)
            save_episodes(found, _successes(run, vla, task, lanes, stage))
        record = {"method": run.method.name, "task": task.name, "seed": run.seed}
        save_checkpoint(pi_1, vla, stage="stage1", parent=start.model_hash, settings=record)
        shutil.rmtree(state, ignore_errors=True)
    return pi_1, found


def _optimise(run: Run, vla: VLA, task: SuiteTask, lanes: Lanes, folder: Path) -> OnlineStage:
    """Optimise phi, or with a method that is not iRe-VLA theta too, with a critic of this task alone."""
    before = vla.backbone_hash()
    learner = _learner(run, vla, task, lanes, folder)
    stage = OnlineStage(learner, lanes, task.name, run.settings, seed=run.seed, folder=folder)
    if not stage.run(run.report, run.is_cancelled):
        raise Cancelled
    if not run.method.trains_vlm_in_rl and vla.backbone_hash() != before:
        raise TrainingError(
            f"stage 1 of {task.name}: a weight of the frozen VLM moved, expected hash {before[:12]}, got "
            f"{vla.backbone_hash()[:12]}; nothing of this stage is used"
        )
    return stage


def _learner(run: Run, vla: VLA, task: SuiteTask, lanes: Lanes, folder: Path) -> OnlineLearner:
    settings, seed = run.settings, derived_seed(run.seed, "stage 1", task.name)
    if run.method.learner == "ppo":
        return Ppo(vla, task.instruction, settings.ppo, trains_vlm=run.method.trains_vlm_in_rl, seed=seed)
    demos = _zero_shot_successes(run, vla, task, lanes, folder / "zero_shot.npz")
    return SacfdLearner(vla, task.instruction, settings.learner, demos, seed=seed, folder=folder)


def _zero_shot_successes(run: Run, vla: VLA, task: SuiteTask, lanes: Lanes, path: Path) -> list[Episode]:
    """Return the first twenty successes of pi^2 in at most sixty tries, for SACfD's demo buffer."""
    if not path.exists():
        demos: list[Episode] = []
        act = MeanPolicy(vla, task.instruction, keeps_latents=True)
        seeds = episode_seeds("zero-shot", run.seed, task.name, 0, _MOST_ZERO_SHOT)
        for episode in _played(run, lanes, seeds, act):
            demos += [episode] if episode.success else []
            if len(demos) == DEMOS:
                break
        if len(demos) < DEMOS:
            detail = f"demo buffer: {len(demos)} zero-shot successes in {_MOST_ZERO_SHOT} episodes, expected {DEMOS}"
            run.report(Progress(task.name, "rl", step=0, steps=0, detail=detail))
        save_episodes(path, demos)
    return load_episodes(path)


def _successes(run: Run, vla: VLA, task: SuiteTask, lanes: Lanes, stage: OnlineStage) -> list[Episode]:
    """Return what D_RL gains: successes of stage 1's last part, and of its result without noise.

    Earlier successes show a hesitation that stage 1 unlearns (docs/results.md).
    """
    if run.method.replay != "expert+online":
        return []
    seeds = episode_seeds("greedy", run.seed, task.name, 0, run.settings.greedy_episodes)
    greedy = _played(run, lanes, seeds, MeanPolicy(vla, task.instruction))
    return [*stage.late_successes(), *(episode for episode in greedy if episode.success)]


def _played(run: Run, lanes: Lanes, seeds: Sequence[int], act: Actor) -> Iterator[Episode]:
    for episode in play_all(lanes, seeds, act):
        if run.is_cancelled():
            raise Cancelled
        yield episode

"""Stage 0 (eq. 2) of one seed: the VLA that every method but the one from scratch starts with; kept by content."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import CheckpointError
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla.policies.manifest import Manifest
from irevla.training.benchmark.jobs.expert_data import expert_frames
from irevla.training.benchmark.jobs.job_context import JobContext, StoppedError
from irevla.training.folder_lock import FolderLock
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet
from irevla.training.round_spec import RoundProgress
from irevla.training.supervised_round import SupervisedRound
from irevla.training.train_round import normalise_state

VERSION = 1
"""Grows when the model or its training change so that the same data and settings give another one."""
LOCK_TIMEOUT_S = 60.0


def train_stage0(context: JobContext) -> dict[str, Any]:
    """Train the VLA on D_e unless it is there; raises TrainingError for a NaN loss, its state kept."""
    spec, settings = context.spec, context.spec.settings
    expert = expert_frames(spec.cache, settings, context.suite)
    key = _content(settings, expert, spec.seed)
    folder = spec.cache / "stage0" / f"{settings.suite}-{key[:16]}-seed{spec.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    with FolderLock(folder, LOCK_TIMEOUT_S):
        model = folder / "model"
        known = _model_hash(model)
        if known:
            return {"made": str(model), "model_hash": known, "note": "was there"}
        views = tuple(f"view{number}" for number in range(expert.pictures.shape[1]))
        vla = create_vla(settings.policy, views, spec.seed)
        normalise_state(vla, expert)
        training = SupervisedRound(
            vla,
            FrameBatches(expert, None, settings.rounds, spec.seed),
            settings.rounds,
            steps=settings.rounds.stage0_steps,
            learning_rate=settings.rounds.stage0_learning_rate,
            state_dir=folder / "state",
            identity=key,
        )

        def report(progress: RoundProgress) -> None:
            facts = {"stage": "sl", "step": progress.step, "loss": progress.loss}
            note = f"step {progress.step} of {progress.steps}, loss {progress.loss:.4f}"
            context.report(progress.step / progress.steps, note, facts)

        end = training.run(report, context.is_stopped)
        if not end.is_complete:
            raise StoppedError
        model_hash = save_checkpoint(model, vla.cpu(), stage="stage0", data_hash=expert.hash())
        shutil.rmtree(folder / "state", ignore_errors=True)
    return {"made": str(model), "model_hash": model_hash, "loss": end.loss, "note": f"loss {end.loss:.4f}"}


def _content(settings: BenchmarkSettings, expert: FrameSet, seed: int) -> str:
    policy = settings.policy.model_dump(exclude={"threads", "device", "always_encode"})
    rounds = settings.rounds.model_dump(exclude={"threads", "save_every", "remote"})
    rounds = {name: value for name, value in rounds.items() if "stage2" not in name and name != "online_fraction"}
    return hashlib.sha256(repr((VERSION, seed, policy, rounds, expert.hash())).encode()).hexdigest()


def _model_hash(model: Path) -> str:
    try:
        return Manifest.read(model)[1]
    except CheckpointError:
        return ""

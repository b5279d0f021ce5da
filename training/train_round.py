"""One supervised round from its spec to its checkpoint: reads the store, makes the VLA, trains, records lineage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch

from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import create_vla, device
from irevla.policies.vla import VLA
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet, gather_frames
from irevla.training.round_data import success_records
from irevla.training.round_result import find_result, keep_result
from irevla.training.round_spec import RoundCancelled, RoundProgress, RoundResult, RoundSpec
from irevla.training.store.episode import Episode
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.supervised_round import RoundEnd, SupervisedRound


def train_round(
    spec: RoundSpec, report: Callable[[RoundProgress], None], is_cancelled: Callable[[], bool]
) -> RoundResult | RoundCancelled:
    """Run a round, or go on with it, or return the result it already has.

    Raises UserError for a request that makes no sense, TrainingError for a loss that is not finite (state kept),
    StoreError and CheckpointError for files that cannot be read.
    """
    spec.check()
    done = find_result(spec)
    if done is not None:
        return done
    begun = time.perf_counter()
    store = EpisodeStore(Path(spec.store), create=False)
    vla, parent_hash = _start(spec)
    store.add_round(
        spec.round_id,
        stage=spec.stage,
        parent_hash=parent_hash,
        expert=spec.expert_episodes,
        online=spec.online_episodes,
    )
    report(RoundProgress.beginning(spec, "reading"))
    data_hash = store.data_hash([*spec.expert_episodes, *spec.online_episodes])
    expert = gather_frames(successes(store, spec.expert_episodes), vla.spec.preprocessing)
    online = gather_frames(successes(store, spec.online_episodes), vla.spec.preprocessing) if spec.stage == 2 else None
    if spec.stage == 0:
        normalise_state(vla, expert)
    batches = FrameBatches(expert, online, spec.rounds, spec.seed)
    training = SupervisedRound(
        vla,
        batches,
        spec.rounds,
        steps=spec.total_steps,
        learning_rate=spec.learning_rate,
        state_dir=spec.state_dir,
        identity=f"{spec.hash()} {parent_hash} {data_hash}",
    )
    end = training.run(report, is_cancelled)
    if not end.is_complete:
        return RoundCancelled(step=end.step)
    return _finish(spec, store, vla, end, parent_hash=parent_hash, data_hash=data_hash, begun=begun)


def successes(store: EpisodeStore, ids: Sequence[str]) -> Iterator[tuple[str, Episode]]:
    """Yield instruction and episode of each id; raises UserError for one that is not a success."""
    for record in success_records(store, ids):
        yield record.meta.instruction, store.read(record.episode_id)


def normalise_state(vla: VLA, expert: FrameSet) -> None:
    """Give the head the mean and spread of D_e's states."""
    states = torch.from_numpy(expert.states).to(vla.device)
    vla.head.state_features.set_statistics(states.mean(0), states.std(0, correction=0))


def _start(spec: RoundSpec) -> tuple[VLA, str]:
    if not spec.parent:
        return create_vla(spec.policy, seed=spec.seed), ""
    checkpoint = load_checkpoint(Path(spec.parent))
    return checkpoint.vla.to(device(spec.policy)), checkpoint.model_hash


def _finish(
    spec: RoundSpec, store: EpisodeStore, vla: VLA, end: RoundEnd, *, parent_hash: str, data_hash: str, begun: float
) -> RoundResult:
    model_hash = save_checkpoint(
        Path(spec.out),
        vla.cpu(),
        stage=f"stage{spec.stage}",
        parent=parent_hash,
        data_hash=data_hash,
        settings=spec.record(),
    )
    store.add_model(spec.out, model_hash, parent_hash, spec.stage, data_hash, {})
    wall_s = time.perf_counter() - begun
    result = RoundResult(path=spec.out, model_hash=model_hash, loss=end.loss, wall_s=wall_s)
    keep_result(spec, result)
    return result

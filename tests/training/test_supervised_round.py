"""A supervised round: its loss by hand, resume bit-equal, cancel, NaN; stages 0 and 2 on a real store."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from irevla.config.errors import TrainingError, UserError, WrongStateError
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.policies.checkpoint import load_checkpoint
from irevla.policies.vla import VLA
from irevla.training.frame_batches import FrameBatches
from irevla.training.frames import FrameSet
from irevla.training.round_spec import RoundCancelled, RoundProgress, RoundResult, RoundSpec
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.supervised_round import RoundEnd, SupervisedRound, one_cycle, squared_error
from irevla.training.train_round import train_round

Record = Callable[..., str]


class LinearVla(nn.Module):
    """As much of a VLA as a round touches: action = weight * state + bias; ``fails_at`` gives NaN at that call."""

    def __init__(self, fails_at: int = -1) -> None:
        super().__init__()
        self.head = nn.Linear(7, 7)
        with torch.no_grad():
            self.head.weight.copy_(0.5 * torch.eye(7))
            self.head.bias.zero_()
        self.backbone = nn.Parameter(torch.zeros(7))
        self._calls, self._fails_at = itertools.count(), fails_at

    def forward(self, pictures: Tensor, instructions: Sequence[str], state: Tensor) -> Tensor:
        action: Tensor = self.head(state) + self.backbone
        return action * float("nan") if next(self._calls) == self._fails_at else action

    @property
    def device(self) -> torch.device:
        return torch.device("cpu")

    def backbone_parameters(self) -> Iterator[nn.Parameter]:
        yield self.backbone

    def head_parameters(self) -> Iterator[nn.Parameter]:
        return self.head.parameters()

    def unfreeze_backbone(self) -> None:
        self.backbone.requires_grad_(True)


def frames(count: int = 32) -> FrameSet:
    states = np.random.default_rng(0).standard_normal((count, 7)).astype(np.float32)
    return FrameSet(
        pictures=np.zeros((count, 1, 8, 8, 3), np.uint8),
        states=states,
        actions=2 * states,
        instruction_ids=np.zeros(count, np.int64),
        instructions=("go",),
    )


LEARNING_RATE = 0.05
SETTINGS = RoundSettings(batch_size=8, weight_decay=0.0, save_every=5)


def linear_round(folder: Path, vla: LinearVla, steps: int = 20, identity: str = "a") -> SupervisedRound:
    batches = FrameBatches(frames(), None, SETTINGS, seed=0)
    return SupervisedRound(
        vla, batches, SETTINGS, steps=steps, learning_rate=LEARNING_RATE, state_dir=folder, identity=identity
    )  # type: ignore[arg-type]


def never() -> bool:
    return False


def ignore(progress: RoundProgress) -> None:
    pass


def test_the_loss_is_the_mean_squared_norm() -> None:
    """Errors (3, 4, 0 ...) and (0 ...): norms 25 and 0, mean 12.5."""
    actions = torch.zeros(2, 7)
    targets = torch.zeros(2, 7)
    targets[0, 0], targets[0, 1] = 3.0, -4.0
    assert squared_error(actions, targets).item() == 12.5


def test_one_step_hand_computed(tmp_path: Path) -> None:
    """At action = s/2 and target 2 s the loss is 2.25 mean |s|^2; Adam's first step moves each weight by the rate."""
    vla = LinearVla()
    round_ = linear_round(tmp_path, vla, steps=1)
    batch = FrameBatches(frames(), None, SETTINGS, seed=0)[0]
    end = round_.run(ignore, never)
    assert end.loss == pytest.approx(2.25 * float((batch.states**2).sum(1).mean()), rel=1e-5)
    rate = one_cycle(0, 1, LEARNING_RATE)
    assert vla.head.weight.diagonal().tolist() == pytest.approx([0.5 + rate] * 7, rel=1e-3)


def test_the_rate_rises_to_its_peak_and_falls_to_nothing() -> None:
    rates = [one_cycle(step, 100, 1.0) for step in range(100)]
    assert rates[0] < 0.1
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates.index(max(rates)) in (14, 15)
    assert rates[-1] < 0.001
    assert all(rate > 0 for rate in rates)


def test_a_resumed_round_is_bit_equal_to_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = LinearVla()
    end = linear_round(tmp_path / "whole", whole).run(ignore, never)
    stop = iter([False] * 7 + [True])
    cut = linear_round(tmp_path / "cut", LinearVla()).run(ignore, lambda: next(stop))
    assert (cut.step, cut.is_complete) == (7, False)
    rest = LinearVla()
    again = linear_round(tmp_path / "cut", rest)
    assert again.step == 7
    assert again.run(ignore, never) == end == RoundEnd(20, True, end.loss)
    assert all(torch.equal(one, other) for one, other in zip(whole.parameters(), rest.parameters(), strict=True))


def test_a_round_killed_between_saves_resumes_at_the_last_one(tmp_path: Path) -> None:
    class KillError(Exception):
        pass

    def kill_at_8() -> bool:
        if round_.step == 8:
            raise KillError
        return False

    round_ = linear_round(tmp_path, LinearVla())
    with pytest.raises(KillError):
        round_.run(ignore, kill_at_8)
    assert linear_round(tmp_path, LinearVla()).step == 5


def test_nan_is_named_and_the_saved_state_stays(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"became nan at step 13 of 20.*rounds\.stage0_learning_rate"):
        linear_round(tmp_path, LinearVla(fails_at=13)).run(ignore, never)
    kept = LinearVla()
    assert linear_round(tmp_path, kept).step == 10
    assert torch.isfinite(kept.head.weight).all()


def test_a_state_of_another_round_is_refused(tmp_path: Path) -> None:
    linear_round(tmp_path, LinearVla()).run(ignore, never)
    with pytest.raises(UserError, match="other data, settings or seed"):
        linear_round(tmp_path, LinearVla(), identity="b")


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[RoundProgress] = []
    linear_round(tmp_path, LinearVla()).run(told.append, never)
    assert (told[-1].step, told[-1].steps, told[-1].eta_s) == (20, 20, 0.0)
    assert told[-1].samples_per_s > 0


# -- with the VLA and the store -------------------------------------------------------------------------------------


@pytest.fixture
def spec(tmp_path: Path, store: EpisodeStore, record: Record, tiny: PolicySettings) -> RoundSpec:
    return RoundSpec(
        round_id="stage0",
        stage=0,
        out=str(tmp_path / "models" / "stage0"),
        store=str(store.root),
        expert_episodes=tuple(record(f"demo{n}", kind="demo", mode="expert") for n in range(3)),
        steps=6,
        seed=3,
        policy=tiny,
        rounds=RoundSettings(batch_size=4, save_every=2, threads=1, shift_px=1),
    )


def weights(vla: VLA) -> dict[str, Tensor]:
    return {**vla.backbone_tensors(), **vla.head.state_dict()}


def moved(before: VLA, after: VLA) -> set[str]:
    old, new = weights(before), weights(after)
    return {name.split(".")[0] for name in old if not torch.equal(old[name], new[name])}


def test_stage_zero_writes_a_checkpoint_with_lineage(spec: RoundSpec, store: EpisodeStore, tiny_vla: VLA) -> None:
    result = train_round(spec, ignore, never)
    assert isinstance(result, RoundResult)
    checkpoint = load_checkpoint(Path(spec.out), result.model_hash)
    assert (checkpoint.manifest.stage, checkpoint.manifest.parent) == ("stage0", "")
    assert checkpoint.manifest.data_hash == store.data_hash(spec.expert_episodes)
    assert store.models()[0].model_hash == result.model_hash
    states = np.concatenate([store.read(name).states for name in spec.expert_episodes])
    assert checkpoint.vla.head.state_features.mean.tolist() == pytest.approx(states.mean(0).tolist(), abs=1e-5)
    assert {"vlm", "mlp"} <= moved(tiny_vla, checkpoint.vla)  # theta and phi
    assert train_round(spec, ignore, never) == result  # done is done


def test_stage_zero_resumes_bit_equal_on_the_vla(spec: RoundSpec, tmp_path: Path) -> None:
    train_round(spec, ignore, never)
    cut = spec.model_copy(update={"out": str(tmp_path / "models" / "cut")})
    stop = iter([False] * 3 + [True])
    assert train_round(cut, ignore, lambda: next(stop)) == RoundCancelled(step=3)
    assert not Path(cut.out).exists()
    train_round(cut, ignore, never)
    assert not moved(load_checkpoint(Path(spec.out)).vla, load_checkpoint(Path(cut.out)).vla)


def test_stage_two_trains_theta_and_phi_on_both_kinds(spec: RoundSpec, record: Record, tmp_path: Path) -> None:
    train_round(spec, ignore, never)
    second = spec.model_copy(
        update={
            "round_id": "stage2",
            "stage": 2,
            "parent": spec.out,
            "out": str(tmp_path / "models" / "stage2"),
            "online_episodes": (record("rl0"), record("rl1")),
        }
    )
    result = train_round(second, ignore, never)
    assert isinstance(result, RoundResult)
    before, after = load_checkpoint(Path(spec.out)), load_checkpoint(Path(second.out))
    assert after.manifest.parent == before.model_hash
    assert {"vlm", "mlp"} <= moved(before.vla, after.vla)
    assert torch.equal(before.vla.head.state_features.mean, after.vla.head.state_features.mean)
    assert before.vla.latent_key() != after.vla.latent_key()  # so the latents in the store are stale now


def test_with_the_backbone_frozen_the_head_alone_learns_and_goes_on(tiny_vla: VLA, tmp_path: Path) -> None:
    states = np.random.default_rng(0).standard_normal((16, 7)).astype(np.float32)
    pictures = np.random.default_rng(1).integers(0, 256, (16, 2, 16, 16, 3), dtype=np.uint8)
    shown = FrameSet(pictures, states, np.tanh(states), np.zeros(16, np.int64), ("go",))
    settings = RoundSettings(batch_size=8, save_every=2)

    def train(vla: VLA, folder: str, steps: int) -> VLA:
        stop = iter([False] * steps + [True])
        SupervisedRound(
            vla, FrameBatches(shown, None, settings, seed=0), settings, steps=6, learning_rate=1e-3,
            state_dir=tmp_path / folder, identity="a", trains_backbone=False,
        ).run(ignore, lambda: next(stop))  # fmt: skip
        return vla

    whole = train(copy.deepcopy(tiny_vla), "whole", 6)
    assert "mlp" in moved(tiny_vla, whole) and not {"vlm", "view_embedding"} & moved(tiny_vla, whole)
    train(copy.deepcopy(tiny_vla), "cut", 3)
    assert not moved(whole, train(copy.deepcopy(tiny_vla), "cut", 6))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expert_episodes": ()}, "always contains the expert data"),
        ({"stage": 2, "parent": "x", "expert_episodes": (), "online_episodes": ("a",)}, "always contains the expert"),
        ({"stage": 2, "parent": "x"}, "got no online episode"),
        ({"stage": 2, "online_episodes": ("a",)}, "got no parent"),
        ({"online_episodes": ("a",)}, "D_e alone"),
    ],
)
def test_a_round_without_its_data_is_refused(spec: RoundSpec, changes: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        train_round(spec.model_copy(update=changes), ignore, never)


def test_failures_and_changed_data_are_refused(spec: RoundSpec, record: Record, store: EpisodeStore) -> None:
    failed = record("bad", label="failure")
    with pytest.raises(UserError, match="successes only"):
        train_round(spec.model_copy(update={"round_id": "x", "expert_episodes": (failed,)}), ignore, never)
    stop = iter([False, True])
    train_round(spec, ignore, lambda: next(stop))
    store.label("demo0", "failure", "test")
    with pytest.raises(WrongStateError, match="new round id"):
        train_round(spec, ignore, never)

"""Algorithm 1, line by line: what is copied, what is fresh, what moves, what stage 2 learns from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from irevla.config.errors import TrainingError, UserError
from irevla.policies.checkpoint import load_checkpoint
from irevla.policies.manifest import Manifest
from irevla.training.algorithm1 import reinforcement
from irevla.training.algorithm1.algorithm1 import Algorithm1
from irevla.training.algorithm1.progress import Progress
from irevla.training.frame_batches import FrameBatch
from irevla.training.ppo.ppo import Ppo
from irevla.training.rollout.episode_file import load_episodes
from irevla.training.rollout.lanes import Lanes
from irevla.training.sacfd import Sacfd
from irevla.training.supervised_round import SupervisedRound
from point_benchmark import EXPERT, SETTINGS, TASKS, equal, hopeless_lanes, ignore, never, weights

MakeRun = Callable[..., Algorithm1]


def finish(run: Algorithm1) -> Path:
    final = run.run(ignore, never)
    assert final is not None
    return final


def backbone(checkpoint: Path) -> str:
    return load_checkpoint(checkpoint).vla.backbone_hash()


def head(checkpoint: Path) -> dict[str, Tensor]:
    return {name: value for name, value in weights(checkpoint).items() if name.startswith("head.mlp")}


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The instructions of every batch that a supervised round learns from."""
    seen: list[list[str]] = []
    learn = SupervisedRound._learn

    def spy(self: SupervisedRound, batch: FrameBatch) -> float:
        seen.append(batch.instructions)
        return learn(self, batch)

    monkeypatch.setattr(SupervisedRound, "_learn", spy)
    return seen


# -- stage 1 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["irevla", "irevla-freeze", "irevla-sacfd"])
def test_stage_1_moves_phi_and_no_weight_of_theta(make_run: MakeRun, start: Path, method: str) -> None:
    run = make_run(method)
    finish(run)
    first = run.folder / "01-near-new"
    assert backbone(first / "pi1") == backbone(start)
    assert not equal(head(first / "pi1"), head(start))
    assert backbone(run.folder / "02-far-new" / "pi1") == backbone(first / "pi2")


def test_a_backbone_weight_that_moves_in_stage_1_stops_the_run(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = Ppo.learn

    def nudge(self: Ppo, episodes: object) -> object:
        with torch.no_grad():
            self.vla.vlm.query_tokens.view(-1)[0] += 1e-6
        return learn(self, episodes)  # type: ignore[arg-type]

    monkeypatch.setattr(Ppo, "learn", nudge)
    run = make_run("irevla")
    with pytest.raises(TrainingError, match="near-new: a weight of the frozen VLM moved"):
        run.run(ignore, never)
    assert not (run.folder / "01-near-new" / "pi1").exists()


def test_each_task_starts_from_pi_2_with_a_fresh_critic(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[dict[str, Tensor], dict[str, Tensor]]] = []
    made: list[Ppo] = []

    class Watched(Ppo):
        def __init__(self, *args: object, **kwargs: object) -> None:
            vla = args[0]
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            copies = ({k: v.clone() for k, v in module.state_dict().items()} for module in (vla, self.critic))  # type: ignore[attr-defined]
            begun.append(tuple(copies))  # type: ignore[arg-type]
            made.append(self)

    monkeypatch.setattr(reinforcement, "Ppo", Watched)
    run = make_run("irevla")
    finish(run)
    (_, first_critic), (second_vla, second_critic) = begun
    pi_2 = weights(run.folder / "01-near-new" / "pi2")
    del pi_2["head.log_std"], second_vla["head.log_std"]  # the spread of exploration begins anew
    assert equal(pi_2, second_vla)
    assert not equal(made[0].critic.state_dict(), first_critic), "the critic of the first task has learnt"
    assert not equal(made[0].critic.state_dict(), second_critic)
    assert second_critic["mlp.3.bias"].item() == 0.0


def test_whole_model_ppo_moves_the_backbone(make_run: MakeRun, start: Path) -> None:
    run = make_run("ppo-replay", tasks=TASKS[:1])
    finish(run)
    assert backbone(run.folder / "01-near-new" / "pi1") != backbone(start)


# -- D_RL -------------------------------------------------------------------------------------------------------------


def test_d_rl_grows_and_every_batch_of_stage_2_has_d_e_in_it(make_run: MakeRun, batches: list[list[str]]) -> None:
    told: list[Progress] = []
    run = make_run("irevla")
    run.run(told.append, never)
    steps = SETTINGS.rounds.stage2_steps
    assert len(batches) == 2 * steps
    for instructions in batches:
        assert instructions.count(EXPERT) == 5  # of 8, at an online share of 0.4
    near, far = (task.instruction for task in TASKS)
    assert {one for batch in batches[:steps] for one in batch} == {EXPERT, near}
    assert {one for batch in batches[steps:] for one in batch} == {EXPERT, near, far}
    details = [progress.detail for progress in told if progress.stage == "sl" and progress.step == 0]
    assert "of 1 tasks" in details[0] and "of 2 tasks" in details[1]


def test_d_rl_holds_what_the_policy_meant_in_successes_only(make_run: MakeRun) -> None:
    run = make_run("irevla", tasks=TASKS[:1])
    finish(run)
    found = load_episodes(run.folder / "01-near-new" / "successes.npz")
    assert found and all(episode.success for episode in found)
    assert all(not episode.extras for episode in found)
    # A fresh head means little more than nothing; noise of 0.15 and more is not in the targets.
    assert max(abs(episode.actions).max() for episode in found) < 0.3


def test_an_empty_d_rl_leaves_d_e_and_is_said(make_run: MakeRun, batches: list[list[str]]) -> None:
    told: list[Progress] = []
    run = make_run("irevla", make_lanes=hopeless_lanes, tasks=TASKS[:1])
    assert run.run(told.append, never) is not None
    assert any("D_RL IS EMPTY: no success in near-new" in progress.detail for progress in told)
    assert batches and all(set(instructions) == {EXPERT} for instructions in batches)


# -- stage 2 and the other methods ------------------------------------------------------------------------------------


def test_stage_2_moves_theta_unless_it_is_frozen(make_run: MakeRun, start: Path) -> None:
    whole, frozen = finish(make_run("irevla", "whole")), finish(make_run("irevla-freeze", "frozen"))
    assert backbone(whole) != backbone(start)
    assert backbone(frozen) == backbone(start)
    assert not equal(head(frozen), head(frozen.parent / "pi1"))


def test_ppo_replay_learns_from_d_e_alone_after_each_task(make_run: MakeRun, batches: list[list[str]]) -> None:
    finish(make_run("ppo-replay"))
    assert len(batches) == 2 * SETTINGS.rounds.stage2_steps
    assert all(set(instructions) == {EXPERT} for instructions in batches)


def test_learning_from_scratch_has_no_stage_2_and_no_demonstrations(
    make_run: MakeRun, batches: list[list[str]]
) -> None:
    final = finish(make_run("ppo-scratch", expert=None))
    assert final.name == "pi1" and final.parent.name == "02-far-new"
    assert not batches
    features = load_checkpoint(final).vla.head.state_features
    assert 0.2 < features.std[0].item() < 1.0, "the point goes all over the square"


def test_sft_is_the_start_itself(make_run: MakeRun, start: Path) -> None:
    assert finish(make_run("sft")) == start


def test_sft_longer_plays_nothing_and_learns_on_from_d_e_as_long_as_the_others(
    make_run: MakeRun, start: Path, batches: list[list[str]]
) -> None:
    def no_lanes(task: object) -> Lanes:
        raise AssertionError(f"played {task}")

    final = finish(make_run("sft-longer", make_lanes=no_lanes))
    assert len(batches) == 2 * SETTINGS.rounds.stage2_steps
    assert all(set(instructions) == {EXPERT} for instructions in batches)
    assert backbone(final) != backbone(start)


def test_sacfd_says_when_it_has_too_few_demos(make_run: MakeRun) -> None:
    told: list[Progress] = []
    run = make_run("irevla-sacfd", make_lanes=hopeless_lanes, tasks=TASKS[:1])
    assert run.run(told.append, never) is not None
    assert any("0 zero-shot successes in 60 episodes" in progress.detail for progress in told)


def test_sacfd_mixes_zero_shot_successes_with_online_steps(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[float] = []
    update = Sacfd.update

    def spy(self: Sacfd, batch: object) -> object:
        shares.append(float(batch.successful[: len(batch.successful) // 2].mean()))  # type: ignore[attr-defined]
        return update(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Sacfd, "update", spy)
    finish(make_run("irevla-sacfd", tasks=TASKS[:1]))
    assert shares and set(shares) == {1.0}, "the first half of each batch is demonstrations"


# -- what it refuses --------------------------------------------------------------------------------------------------


def test_a_folder_of_another_run_is_refused(make_run: MakeRun) -> None:
    make_run("irevla")
    make_run("irevla")
    for change in ({"seed": 1}, {"tasks": TASKS[:1]}, {"settings": SETTINGS.model_copy(update={"lanes": 8})}):
        with pytest.raises(UserError, match="holds a run of irevla with seed 0 that differs in"):
            make_run("irevla", **change)
    with pytest.raises(UserError, match="differs in method"):
        make_run("ppo-replay")
    renamed = (replace(TASKS[0], instruction="something else"), TASKS[1])
    with pytest.raises(UserError, match="differs in tasks"):
        make_run("irevla", tasks=renamed)


def test_a_missing_or_unwanted_start_is_named(make_run: MakeRun, start: Path) -> None:
    with pytest.raises(UserError, match="irevla starts from stage0 weights; start checkpoint: None"):
        make_run("irevla", start_checkpoint=None)
    with pytest.raises(UserError, match="ppo-scratch starts from random weights"):
        make_run("ppo-scratch", start_checkpoint=start)


def test_from_scratch_each_task_begins_with_weights_that_have_seen_nothing(make_run: MakeRun) -> None:
    run = make_run("ppo-scratch")
    finish(run)
    first, second = (run.learnt[task.name].parent for task in TASKS)
    assert backbone(first / "pi0") == backbone(second / "pi0")
    for folder in (first, second):
        assert Manifest.read(folder / "pi1")[0].parent == Manifest.read(folder / "pi0")[1]

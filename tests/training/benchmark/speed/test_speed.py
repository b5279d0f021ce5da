"""Both ways of each loop run on the same task and model; how fast is not asserted."""

from __future__ import annotations

import math

import pytest
import torch

from irevla.config.benchmark.scales import load_benchmark
from irevla.config.policy import PolicySettings
from irevla.policies.create import create_vla
from irevla.training.benchmark.speed import supervised
from irevla.training.benchmark.speed.plain_trainer import PlainModel, PlainSamples
from irevla.training.benchmark.speed.reinforcement import reinforcement_figures
from irevla.training.frames import gather_frames
from irevla.training.suites.suite import suite
from irevla.training.supervised_round import squared_error

pytestmark = pytest.mark.slow


def test_reinforcement_is_measured_as_a_whole_and_by_stage() -> None:
    figures = reinforcement_figures(suite("metaworld"), load_benchmark("metaworld", "smoke"))
    names = [figure.name.strip().partition(",")[0] for figure in figures]
    assert names == ["PPO", "learn", "render", "physics", "encode + act"]
    assert all(math.isfinite(figure.value) and figure.value > 0 for figure in figures)
    assert [figure.ratio is None for figure in figures] == [False, False, False, True, False]


def test_the_plain_loop_has_the_same_model_and_loss() -> None:
    policy = PolicySettings(image_px=32, head_hidden=(16,), device="cpu")
    vla = create_vla(policy, supervised.VIEWS, seed=0)
    episodes = supervised.made_up_episodes(32, 32)
    rows = (0, 40, 80, 127)
    samples = PlainSamples(vla, episodes)
    batch = {name: torch.stack([samples[row][name] for row in rows]) for name in samples[0]}
    frames = gather_frames(episodes, vla.spec.preprocessing)
    with torch.no_grad():
        plain = PlainModel(vla)(**batch)["loss"]
        texts = [frames.instructions[frames.instruction_ids[row]] for row in rows]
        pictures, states, actions = (
            torch.from_numpy(array[list(rows)]) for array in (frames.pictures, frames.states, frames.actions)
        )
        ours = squared_error(vla(pictures, texts, states), actions)
    assert len({len(vla.instructions.ids(text)) for text in texts}) > 1  # so that some are padded
    assert plain.item() == pytest.approx(ours.item(), rel=1e-4)


def test_supervised_rounds_are_measured_against_the_plain_loop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervised, "FRAMES", 32)
    monkeypatch.setattr(supervised, "STEPS", 2)
    monkeypatch.setattr(supervised, "WARM_UP", 1)
    figures = supervised.supervised_figures(load_benchmark("metaworld", "smoke"))
    assert len(figures) == len(supervised.CASES)
    assert all(math.isfinite(figure.ratio or math.nan) and figure.value > 0 for figure in figures)
    assert capsys.readouterr().out == ""  # what the libraries print would spoil --json

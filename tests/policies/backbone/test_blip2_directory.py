"""A BLIP-2 directory in HF's layout: loaded as it is, or refused with a reason; LoRA on top of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from irevla.config.errors import CheckpointError
from irevla.config.policy import PolicySettings
from irevla.policies.base import Observation
from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import create_vla
from irevla.policies.policy import Policy


@pytest.fixture
def blip2(settings: PolicySettings, blip2_dir: Path) -> PolicySettings:
    return settings.model_copy(update={"backbone": "blip2", "backbone_dir": str(blip2_dir)})


def test_it_takes_weights_sizes_and_normalisation_from_the_directory(blip2: PolicySettings, blip2_dir: Path) -> None:
    vla = create_vla(blip2)
    stored = load_file(blip2_dir / "model.safetensors")
    own = vla.vlm.state_dict()
    assert all(torch.equal(own[name], value) for name, value in stored.items())
    assert (vla.spec.head.tokens, vla.spec.head.width, vla.spec.preprocessing.image_px) == (6, 40, 28)
    assert vla.spec.preprocessing.mean == pytest.approx((0.48145466, 0.4578275, 0.40821073))
    assert torch.equal(vla.view_embedding, torch.zeros(2, 1, 32))


@pytest.mark.parametrize("rank", [0, 4])
def test_it_is_served_from_its_checkpoint(
    rank: int, blip2: PolicySettings, tmp_path: Path, observation: Observation
) -> None:
    vla = create_vla(blip2.model_copy(update={"lora_rank": rank})).eval()
    with torch.no_grad():
        for weight in vla.backbone_parameters():
            weight.add_(torch.randn_like(weight) * 0.02)
    save_checkpoint(tmp_path / "model", vla)
    names = set(load_file(tmp_path / "model" / "model.safetensors"))
    assert all("lora_" in name or name == "view_embedding" for name in names) == (rank > 0)
    pictures = torch.from_numpy(vla.spec.preprocessing.pictures(observation.images))[None]
    with torch.no_grad():
        latent = vla.encode(pictures, [observation.instruction]).half()[0].numpy()
    answer = Policy(tmp_path / "model", blip2).infer(observation, False)
    assert np.array_equal(answer.latent, latent)


def test_a_lora_on_other_base_weights_is_refused(blip2: PolicySettings, blip2_dir: Path, tmp_path: Path) -> None:
    vla = create_vla(blip2.model_copy(update={"lora_rank": 4}))
    save_checkpoint(tmp_path / "model", vla)
    with torch.no_grad():
        vla.vlm.query_tokens.add_(1.0)
    plain = create_vla(blip2).vlm
    plain.query_tokens.data.add_(1.0)
    plain.save_pretrained(blip2_dir)
    with pytest.raises(CheckpointError, match="LoRA was trained on weights with hash"):
        load_checkpoint(tmp_path / "model")


def test_what_is_no_blip2_directory_is_refused(blip2: PolicySettings, blip2_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no config\.json in .*set policy\.backbone_dir to a local copy"):
        create_vla(blip2.model_copy(update={"backbone_dir": str(tmp_path / "nowhere")}))
    with pytest.raises(CheckpointError, match=r"no config\.json"):
        create_vla(blip2.model_copy(update={"backbone_dir": ""}))
    (blip2_dir / "config.json").write_text(json.dumps({"model_type": "opt"}))
    with pytest.raises(CheckpointError, match="expected model type blip-2 with an opt language model, got opt"):
        create_vla(blip2)
    (blip2_dir / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match="not readable"):
        create_vla(blip2)


def test_truncated_weights_are_refused(blip2: PolicySettings, blip2_dir: Path) -> None:
    data = (blip2_dir / "model.safetensors").read_bytes()
    (blip2_dir / "model.safetensors").write_bytes(data[: len(data) // 2])
    with pytest.raises(CheckpointError, match="weights are not readable"):
        create_vla(blip2)

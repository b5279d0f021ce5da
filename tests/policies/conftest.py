"""A small compact VLA, its inputs, and a tiny BLIP-2 directory in Hugging Face's layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    Blip2Config,
    Blip2ForConditionalGeneration,
    Blip2Processor,
    Blip2QFormerConfig,
    Blip2VisionConfig,
    BlipImageProcessor,
    OPTConfig,
)

from irevla.config.policy import PolicySettings
from irevla.policies.backbone.compact_tokenizer import compact_tokenizer
from irevla.policies.base import Observation
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def settings() -> PolicySettings:
    return PolicySettings(device="cpu", image_px=32, head_hidden=(16, 16))


@pytest.fixture
def vla(settings: PolicySettings) -> VLA:
    return create_vla(settings, seed=0).eval()


@pytest.fixture
def observation() -> Observation:
    rng = np.random.default_rng(0)
    images = {name: rng.integers(0, 256, (48, 64, 3), dtype=np.uint8) for name in ("front", "wrist")}
    return Observation(images, rng.standard_normal(7).astype(np.float32), "pick up the red block")


def batch(size: int, px: int, views: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    pictures = torch.randint(0, 256, (size, views, px, px, 3), dtype=torch.uint8, generator=generator)
    return pictures, torch.randn(size, 7, generator=generator)


@pytest.fixture
def pictures_and_state() -> tuple[torch.Tensor, torch.Tensor]:
    return batch(3, 32)


@pytest.fixture
def blip2_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "blip2"
    tokenizer = compact_tokenizer()
    config = Blip2Config(
        vision_config=Blip2VisionConfig(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, image_size=28,
            patch_size=14, initializer_range=0.05,
        ),
        qformer_config=Blip2QFormerConfig(
            hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, encoder_hidden_size=32,
            vocab_size=10,
        ),
        text_config=OPTConfig(
            hidden_size=40, num_hidden_layers=2, num_attention_heads=2, ffn_dim=48, word_embed_proj_dim=40,
            vocab_size=len(tokenizer), max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=1,
        ),
        num_query_tokens=6,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    torch.manual_seed(3)
    vlm = Blip2ForConditionalGeneration(config)
    torch.nn.init.normal_(vlm.query_tokens)
    vlm.save_pretrained(folder)
    Blip2Processor(BlipImageProcessor(size={"height": 28, "width": 28}), tokenizer).save_pretrained(folder)
    return folder

"""Builds a VLA: a new one from the settings, or an empty one from a checkpoint's spec."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import Blip2Config, Blip2ForConditionalGeneration, PreTrainedTokenizerBase

from irevla.config.policy import PolicySettings
from irevla.policies.backbone.blip2_directory import Blip2Directory
from irevla.policies.backbone.compact_tokenizer import compact_tokenizer
from irevla.policies.backbone.compact_vlm import MAX_TEXT_TOKENS, compact_config, compact_vlm
from irevla.policies.backbone.instructions import Prompt
from irevla.policies.head_shape import HeadShape
from irevla.policies.preprocessing import Preprocessing
from irevla.policies.vla import VLA
from irevla.policies.vla_spec import VlaSpec


def create_vla(settings: PolicySettings, views: tuple[str, ...] = ("front", "wrist"), seed: int = 0) -> VLA:
    """Build a new VLA on the settings' device; equal seeds give equal weights, and no other random number is touched.

    Raises CheckpointError if ``settings.backbone_dir`` is not a BLIP-2 directory.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        vla = _compact(settings, views) if settings.backbone == "compact" else _blip2(settings, views)
    return vla.to(device(settings))


def empty_vla(spec: VlaSpec, config: Blip2Config, tokenizer: PreTrainedTokenizerBase) -> VLA:
    """Build the VLA of a checkpoint with weights still to be filled in, on the CPU."""
    with torch.random.fork_rng(devices=[]):
        if spec.base_dir:
            vlm = Blip2Directory.open(Path(spec.base_dir)).weights()
        elif spec.backbone == "compact":
            vlm = compact_vlm(config)
        else:
            vlm = Blip2ForConditionalGeneration(config)
        return VLA(spec, vlm, tokenizer)


def device(settings: PolicySettings) -> torch.device:
    """Return the device the settings ask for; ``auto`` is CUDA when there is one."""
    if settings.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(settings.device)


def _compact(settings: PolicySettings, views: tuple[str, ...]) -> VLA:
    tokenizer = compact_tokenizer()
    config = compact_config(settings.image_px, len(tokenizer))
    vlm = compact_vlm(config)
    prompt = Prompt(max_chars=settings.max_instruction_chars, max_tokens=MAX_TEXT_TOKENS)
    spec = VlaSpec(
        "compact", _head(settings, config), Preprocessing(views, settings.image_px), prompt, settings.lora_rank,
        settings.lora_alpha,
    )  # fmt: skip
    return VLA(spec, vlm, tokenizer)


def _blip2(settings: PolicySettings, views: tuple[str, ...]) -> VLA:
    directory = Blip2Directory.open(Path(settings.backbone_dir))
    vlm = directory.weights()
    spec = VlaSpec(
        backbone="blip2",
        head=_head(settings, vlm.config),
        preprocessing=directory.preprocessing(views),
        prompt=Prompt(max_chars=settings.max_instruction_chars, max_tokens=directory.max_text_tokens(vlm.config)),
        lora_rank=settings.lora_rank,
        lora_alpha=settings.lora_alpha,
        base_dir=str(directory.path) if settings.lora_rank else "",
        base_hash=directory.hash() if settings.lora_rank else "",
    )
    return VLA(spec, vlm, directory.tokenizer())


def _head(settings: PolicySettings, config: Blip2Config) -> HeadShape:
    width = config.text_config.word_embed_proj_dim
    maps = max(count for count in (32, 16, 8, 4, 2, 1) if width % count == 0)
    return HeadShape(config.num_query_tokens, width, settings.use_state, tuple(settings.head_hidden), maps)

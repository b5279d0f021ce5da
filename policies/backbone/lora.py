"""LoRA on the VLM, through PEFT."""

from __future__ import annotations

from peft import LoraConfig, inject_adapter_in_model
from transformers import Blip2ForConditionalGeneration

# Attention and feed-forward projections of the ViT (qkv, fc1, fc2), the Q-Former (query, value) and OPT (the rest).
TARGETS = ["qkv", "fc1", "fc2", "query", "value", "q_proj", "k_proj", "v_proj", "out_proj"]


def add_lora(vlm: Blip2ForConditionalGeneration, rank: int, alpha: int) -> None:
    """Put adapters of this rank into the VLM, in place, and freeze the rest; h is unchanged (B starts at zero)."""
    for weight in vlm.parameters():
        weight.requires_grad_(False)
    inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=alpha, target_modules=TARGETS), vlm)

"""The compact VLM: BLIP-2's own classes at a size that trains from nothing on two CPU cores in minutes."""

from __future__ import annotations

from transformers import Blip2Config, Blip2ForConditionalGeneration, Blip2QFormerConfig, Blip2VisionConfig, OPTConfig

from irevla.config.errors import ConfigError
from irevla.policies.backbone.conv_stem import ConvStem

WIDTH = 128
HEADS = 4
FEED_FORWARD = 256
VISION_LAYERS = 1
QFORMER_LAYERS = 1
TEXT_LAYERS = 2
QUERY_TOKENS = 16
STEM_CHANNELS = (16, 32, 64, 128)
MAX_TEXT_TOKENS = 96
_INITIALIZER_RANGE = 0.05


def compact_config(image_px: int, vocabulary: int) -> Blip2Config:
    """Return the compact BLIP-2 configuration, 128 wide; pictures become a 4 x 4 grid at 64 pixels.

    Raises ConfigError if the pictures cannot be cut into whole patches.
    """
    patch_px = 2 ** len(STEM_CHANNELS)
    if image_px % patch_px:
        raise ConfigError(f"policy.image_px: expected a multiple of {patch_px}, got {image_px}; 64 is the usual size")
    shared = {
        "hidden_size": WIDTH,
        "num_attention_heads": HEADS,
        "initializer_range": _INITIALIZER_RANGE,
    }
    return Blip2Config(
        vision_config=Blip2VisionConfig(
            **shared,
            num_hidden_layers=VISION_LAYERS,
            hidden_act="relu",
            intermediate_size=FEED_FORWARD,
            image_size=image_px,
            patch_size=patch_px,
        ),
        qformer_config=Blip2QFormerConfig(
            **shared,
            num_hidden_layers=QFORMER_LAYERS,
            hidden_act="relu",
            intermediate_size=FEED_FORWARD,
            encoder_hidden_size=WIDTH,
            cross_attention_frequency=1,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            vocab_size=1,
            max_position_embeddings=1,
        ),
        text_config=OPTConfig(
            hidden_size=WIDTH,
            num_hidden_layers=TEXT_LAYERS,
            num_attention_heads=HEADS,
            ffn_dim=FEED_FORWARD,
            word_embed_proj_dim=WIDTH,
            vocab_size=vocabulary,
            max_position_embeddings=MAX_TEXT_TOKENS + QUERY_TOKENS,
            dropout=0.0,
            attention_dropout=0.0,
            init_std=_INITIALIZER_RANGE,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=1,
        ),
        num_query_tokens=QUERY_TOKENS,
        initializer_range=_INITIALIZER_RANGE,
    )


def compact_vlm(config: Blip2Config) -> Blip2ForConditionalGeneration:
    """Build the compact VLM with HF's random weights; `start_compact` then gives it a start that it can learn from."""
    vlm = Blip2ForConditionalGeneration(config)
    vlm.vision_model.embeddings.patch_embedding = ConvStem(config.vision_config.image_size, STEM_CHANNELS, WIDTH)
    return vlm

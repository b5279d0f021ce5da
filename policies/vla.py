"""The VLA: BLIP-2 over two views and an instruction, and the action head on its last hidden state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import Blip2ForConditionalGeneration, PreTrainedTokenizerBase

from irevla.config.errors import UserError
from irevla.policies.action_head import ActionHead
from irevla.policies.backbone.compact_start import start_compact
from irevla.policies.backbone.fingerprint import tensors_hash
from irevla.policies.backbone.instructions import Instructions
from irevla.policies.backbone.lora import add_lora
from irevla.policies.vla_spec import VlaSpec

UNUSED_SUFFIX = "lm_head.weight"


class VLA(nn.Module):
    """pi(o, l): pictures and text to h ``(m, d)`` through the VLM (theta), then to an action (phi).

    The text comes first and the pictures' query tokens after it: OPT is causal, so each of the m query positions has
    read the whole instruction, and h has the same m whatever was said. h is the hidden state at those m positions.
    """

    def __init__(self, spec: VlaSpec, vlm: Blip2ForConditionalGeneration, tokenizer: PreTrainedTokenizerBase) -> None:
        super().__init__()
        self.spec = spec
        self.vlm = vlm
        self.instructions = Instructions(tokenizer, spec.prompt)
        width = vlm.config.vision_config.hidden_size
        # Zero for a pretrained VLM: each view begins as what it was trained on.
        self.view_embedding = nn.Parameter(torch.zeros(len(spec.preprocessing.views), 1, width))
        if spec.backbone == "compact":
            start_compact(vlm, self.view_embedding)
        if spec.lora_rank:
            add_lora(vlm, spec.lora_rank, spec.lora_alpha)
        self.head = ActionHead(spec.head)
        self._trainable = {name for name, weight in self._backbone_named() if weight.requires_grad}

    # -- what it computes -------------------------------------------------------------------------------------------

    def forward(self, pictures: Tensor, instructions: Sequence[str], state: Tensor) -> Tensor:
        """Return actions ``(B, 7)``; arguments as in ``encode`` and ``act``."""
        return self.act(self.encode(pictures, instructions), state)

    def encode(self, pictures: Tensor, instructions: Sequence[str]) -> Tensor:
        """Return h, float32 ``(B, m, d)``, of uint8 pictures ``(B, V, px, px, 3)`` and B instructions.

        Pictures come from ``spec.preprocessing.pictures``. Raises UserError for a wrong shape or a bad instruction.
        """
        px, views = self.spec.preprocessing.image_px, len(self.spec.preprocessing.views)
        expected = (len(instructions), views, px, px, 3)
        if tuple(pictures.shape) != expected or pictures.dtype != torch.uint8:
            raise UserError(f"pictures: expected uint8 {expected}, got {pictures.dtype} {tuple(pictures.shape)}")
        ids, mask = self.instructions.batch(instructions)
        found = self.vlm.language_projection(self._look(pictures))
        words = self.vlm.language_model.get_input_embeddings()(ids.to(found.device)).to(found.dtype)
        beside = torch.ones(found.shape[:2], dtype=mask.dtype)
        # Without padding there is no mask to apply, and OPT takes its faster causal path.
        attention = None if bool(mask.all()) else torch.cat([mask, beside], dim=1).to(found.device)
        decoder = self.vlm.language_model.model.decoder
        output = decoder(inputs_embeds=torch.cat([words, found], dim=1), attention_mask=attention, use_cache=False)
        hidden: Tensor = output.last_hidden_state[:, -self.spec.head.tokens :]
        return hidden.float()

    def act(self, latent: Tensor, state: Tensor) -> Tensor:
        """Return actions ``(B, 7)`` in [-1, 1] for latents ``(B, m, d)`` and states ``(B, 7)``."""
        mean: Tensor = self.head(latent, state)
        return mean

    def _look(self, pictures: Tensor) -> Tensor:
        """Return the Q-Former's answer ``(B, m, q)``: all views' patches at once, told apart by the view embedding."""
        pixels = self.spec.preprocessing.normalise(pictures).flatten(0, 1)
        patches = self.vlm.vision_model(pixel_values=pixels).last_hidden_state
        views = patches.unflatten(0, pictures.shape[:2]) + self.view_embedding.to(patches.dtype)
        queries = self.vlm.query_tokens.expand(pictures.shape[0], -1, -1)
        output = self.vlm.qformer(query_embeds=queries, encoder_hidden_states=views.flatten(1, 2))
        answer: Tensor = output.last_hidden_state
        return answer.to(patches.dtype)

    # -- theta and phi ----------------------------------------------------------------------------------------------

    def backbone_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the backbone's trainable parameters: all of theta, or with LoRA its adapters and the view embedding."""
        return (weight for name, weight in self._backbone_named() if name in self._trainable)

    def head_parameters(self) -> Iterator[nn.Parameter]:
        """Yield phi."""
        return self.head.parameters()

    def freeze_backbone(self) -> None:
        """Stage 1: no backbone weight takes a gradient, and dropout is off."""
        for _, weight in self._backbone_named():
            weight.requires_grad_(False)
        self.vlm.eval()

    def unfreeze_backbone(self) -> None:
        """Stages 0 and 2: what was trainable at the start is trainable again."""
        for weight in self.backbone_parameters():
            weight.requires_grad_(True)

    def backbone_tensors(self) -> dict[str, Tensor]:
        """Return every weight that shapes h, by name: the VLM's, LoRA's and the view embedding; not the head's."""
        return {
            name: value
            for name, value in self.state_dict().items()
            if not name.startswith("head.") and not name.endswith(UNUSED_SUFFIX)
        }

    def backbone_hash(self) -> str:
        """Return the sha256 over ``backbone_tensors``; stage 1 must leave it as it was."""
        return tensors_hash(self.backbone_tensors())

    def latent_key(self) -> str:
        """Return the sha256 of all that decides h: weights, LoRA, preprocessing, prompt and tokenizer.

        Computed afresh at each call (it reads every weight); keep it where it is needed often.
        """
        parts = [
            self.backbone_hash(),
            self.spec.preprocessing.fingerprint(),
            self.instructions.fingerprint(),
            str(self.spec.lora_alpha if self.spec.lora_rank else 0),
        ]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.view_embedding.device

    def _backbone_named(self) -> Iterator[tuple[str, Any]]:
        # HF's language-model layer is replaced by the action head (paper, IV-A); it takes no part in anything here.
        return (
            (name, weight)
            for name, weight in self.named_parameters()
            if not name.startswith("head.") and not name.endswith(UNUSED_SUFFIX)
        )

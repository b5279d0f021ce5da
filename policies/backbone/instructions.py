"""Instructions as token ids: any HF tokenizer behind one cached, checked door."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from irevla.config.errors import UserError

_CACHE_SIZE = 256


@dataclass(frozen=True)
class Prompt:
    """How an instruction becomes the VLM's text, and how long it may be."""

    template: str = "{instruction}"
    """Must contain {instruction}; part of the latent key."""
    max_chars: int = 512
    max_tokens: int = 96

    def text(self, instruction: str) -> str:
        """Return the prompt; raises UserError for an instruction that is empty or too long."""
        words = " ".join(instruction.split())
        if not words:
            raise UserError("instruction: expected some words, got an empty text")
        if len(words) > self.max_chars:
            raise UserError(
                f"instruction: expected at most {self.max_chars} characters (policy.max_instruction_chars), "
                f"got {len(words)}: {words[:40]!r}…"
            )
        # Lone surrogates (a broken client) cannot be encoded; they become the replacement character.
        clean = words.encode("utf-8", "replace").decode("utf-8")
        return self.template.replace("{instruction}", clean)


class Instructions:
    """Turns instructions into left-padded ids; remembers the ids of the last few hundred different ones."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, prompt: Prompt) -> None:
        self.tokenizer = tokenizer
        self.prompt = prompt
        self._known: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def ids(self, instruction: str) -> tuple[int, ...]:
        """Return the prompt's token ids; raises UserError if there are too many."""
        found = self._known.get(instruction)
        if found is not None:
            return found
        ids = tuple(self.tokenizer(self.prompt.text(instruction))["input_ids"])
        if len(ids) > self.prompt.max_tokens:
            raise UserError(
                f"instruction: expected at most {self.prompt.max_tokens} tokens, got {len(ids)}: "
                f"{instruction[:40]!r}…; say it in fewer or plainer words"
            )
        self._known[instruction] = ids
        if len(self._known) > _CACHE_SIZE:
            self._known.popitem(last=False)
        return ids

    def batch(self, instructions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return ids and mask ``(B, T)``, int64, padded on the left so that what follows is aligned."""
        rows = [self.ids(instruction) for instruction in instructions]
        length = max(len(row) for row in rows)
        padding = self.tokenizer.pad_token_id
        ids = [[padding] * (length - len(row)) + list(row) for row in rows]
        mask = [[0] * (length - len(row)) + [1] * len(row) for row in rows]
        return torch.tensor(ids), torch.tensor(mask)

    def fingerprint(self) -> str:
        """Return a sha256 of the prompt and of what the tokenizer does with words."""
        vocabulary = sorted(self.tokenizer.get_vocab().items(), key=lambda item: item[1])
        content = json.dumps([self.prompt.template, vocabulary])
        return hashlib.sha256(content.encode()).hexdigest()

"""A BLIP-2 directory in Hugging Face's layout: configuration, weights, tokenizer, picture normalisation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoTokenizer,
    Blip2Config,
    Blip2ForConditionalGeneration,
    PreTrainedTokenizerBase,
)

from irevla.config.errors import CheckpointError
from irevla.policies.manifest import file_hash
from irevla.policies.preprocessing import Preprocessing

_MOST_TEXT_TOKENS = 128
_WHAT_TO_DO = "set policy.backbone_dir to a local copy of Salesforce/blip2-opt-2.7b"


@dataclass(frozen=True)
class Blip2Directory:
    """Reads one directory; never reaches for the network."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> Blip2Directory:
        """Check that ``path`` holds a BLIP-2 with an OPT language model; raises CheckpointError otherwise."""
        if not (path / "config.json").is_file():
            raise CheckpointError(f"BLIP-2 directory: no config.json in {str(path)!r}; {_WHAT_TO_DO}")
        try:
            config = AutoConfig.from_pretrained(path, local_files_only=True)
        except (ValueError, OSError, KeyError) as error:
            raise CheckpointError(f"BLIP-2 directory {path}: config.json is not readable: {error}") from None
        if not isinstance(config, Blip2Config) or config.text_config.model_type != "opt":
            text = getattr(getattr(config, "text_config", None), "model_type", None)
            raise CheckpointError(
                f"BLIP-2 directory {path}: expected model type blip-2 with an opt language model, "
                f"got {config.model_type} with {text}; {_WHAT_TO_DO}"
            )
        return cls(path.resolve())

    def weights(self) -> Blip2ForConditionalGeneration:
        """Load the VLM on the CPU; bfloat16 where a GPU will run it, else float32."""
        dtype = torch.bfloat16 if torch.cuda.is_available() else torch.float32
        try:
            return Blip2ForConditionalGeneration.from_pretrained(self.path, dtype=dtype, local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise CheckpointError(f"BLIP-2 directory {self.path}: weights are not readable: {error}") from None

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Load the directory's own tokenizer."""
        try:
            return AutoTokenizer.from_pretrained(self.path, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise CheckpointError(f"BLIP-2 directory {self.path}: the tokenizer is not readable: {error}") from None

    def preprocessing(self, views: tuple[str, ...]) -> Preprocessing:
        """Return the preprocessing with the directory's picture size and normalisation."""
        try:
            processor = AutoImageProcessor.from_pretrained(self.path, local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise CheckpointError(f"BLIP-2 directory {self.path}: no usable image processor: {error}") from None
        side = int(processor.size["height"])
        if side != processor.size["width"]:
            raise CheckpointError(f"BLIP-2 directory {self.path}: expected square pictures, got {processor.size}")
        return Preprocessing(views, side, tuple(processor.image_mean), tuple(processor.image_std))

    def max_text_tokens(self, config: Blip2Config) -> int:
        """Return how many text tokens fit before the query tokens."""
        room = config.text_config.max_position_embeddings - config.num_query_tokens
        return int(min(_MOST_TEXT_TOKENS, room))

    def hash(self) -> str:
        """Return the sha256 of the weight files, for a LoRA to know its base by."""
        files = sorted([*self.path.glob("*.safetensors"), *self.path.glob("pytorch_model*.bin")])
        digest = hashlib.sha256()
        for file in files:
            digest.update(f"{file.name}|{file_hash(file)}|".encode())
        return digest.hexdigest()

"""The heads of a checkpoint, without its backbone: all the learner's process needs."""

from __future__ import annotations

from pathlib import Path

from irevla.policies.heads import Heads, head_from_bytes
from irevla.policies.manifest import Manifest

HEAD_FILE = "head.safetensors"


def load_heads(folder: Path) -> tuple[Heads, Manifest, str]:
    """Return the heads, the manifest (its latent_key says which latents they fit) and the model_hash.

    Imports neither transformers nor the VLM. Raises CheckpointError if the directory is torn or foreign.
    """
    manifest, model_hash = Manifest.read(folder)
    data = manifest.verified(folder, HEAD_FILE).read_bytes()
    return head_from_bytes(data), manifest, model_hash

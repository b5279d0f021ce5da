"""Checkpoints: a directory in Hugging Face's manner, written whole or not at all, and checked before use.

``model.safetensors`` VLM, LoRA and view embedding (with LoRA on a BLIP-2 directory: only what was trained);
``head.safetensors`` action head and critic; ``config.json`` the VLA's spec and HF's configuration; the tokenizer's
files; ``manifest.json`` the sha256 of each of these, and lineage. The manifest's own sha256 is the model_hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoTokenizer, Blip2Config

from irevla.config.errors import CheckpointError
from irevla.policies.backbone.blip2_directory import Blip2Directory
from irevla.policies.checkpoint_folder import checkpoint_folder
from irevla.policies.create import empty_vla
from irevla.policies.critic_head import CriticHead
from irevla.policies.heads import fill, head_from_bytes, head_to_bytes
from irevla.policies.load_heads import HEAD_FILE
from irevla.policies.manifest import Manifest, file_hash
from irevla.policies.vla import VLA
from irevla.policies.vla_spec import VlaSpec

MODEL_FILE = "model.safetensors"
CONFIG_FILE = "config.json"


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint; the VLA is in evaluation mode on the CPU."""

    vla: VLA
    critic: CriticHead | None
    manifest: Manifest
    model_hash: str


def save_checkpoint(
    folder: Path,
    vla: VLA,
    *,
    critic: CriticHead | None = None,
    stage: str = "new",
    parent: str = "",
    data_hash: str = "",
    settings: Mapping[str, Any] | None = None,
) -> str:
    """Write a checkpoint and return its model_hash; an older one at ``folder`` is replaced once the new one is whole.

    ``settings`` must be JSON values. The directory appears under its name only when every file is on the disk.
    """
    with checkpoint_folder(folder) as draft:
        _write_files(draft, vla, critic)
        manifest = Manifest(
            files={path.name: file_hash(path) for path in sorted(draft.iterdir())},
            latent_key=vla.latent_key(),
            stage=stage,
            parent=parent,
            data_hash=data_hash,
            settings=dict(settings or {}),
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        )
        return manifest.write(draft)


def load_checkpoint(folder: Path, expected_hash: str = "") -> Checkpoint:
    """Load a checkpoint; raises CheckpointError if it is torn, foreign, of another shape or not ``expected_hash``."""
    manifest, model_hash = Manifest.read(folder)
    if expected_hash and expected_hash != model_hash:
        raise CheckpointError(f"checkpoint {folder}: expected model {expected_hash[:16]}…, got {model_hash[:16]}…")
    paths = {name: manifest.verified(folder, name) for name in manifest.files}
    missing = [name for name in (MODEL_FILE, HEAD_FILE, CONFIG_FILE) if name not in paths]
    if missing:
        raise CheckpointError(f"checkpoint {folder}: expected {missing} in its manifest, got {sorted(paths)}")
    spec, config = _read_config(paths[CONFIG_FILE])
    heads = head_from_bytes(paths[HEAD_FILE].read_bytes(), spec.head)
    vla = _fill_backbone(folder, spec, config, paths[MODEL_FILE])
    fill(vla.head, heads.action.state_dict(), "head")
    vla.eval()
    key = vla.latent_key()
    if key != manifest.latent_key:
        raise CheckpointError(
            f"checkpoint {folder}: its backbone should give latent key {manifest.latent_key[:16]}…, got {key[:16]}…; "
            "the weights or this version's preprocessing differ from those that trained it"
        )
    return Checkpoint(vla, heads.critic, manifest, model_hash)


def _write_files(draft: Path, vla: VLA, critic: CriticHead | None) -> None:
    saved = {name: value.detach().cpu().contiguous() for name, value in _own_tensors(vla).items()}
    save_file(saved, draft / MODEL_FILE, metadata={"format": "pt"})
    (draft / HEAD_FILE).write_bytes(head_to_bytes(vla.head, critic))
    config = {"irevla": vla.spec.to_json(), "vlm": json.loads(vla.vlm.config.to_json_string(use_diff=False))}
    (draft / CONFIG_FILE).write_text(json.dumps(config, sort_keys=True, indent=1))
    vla.instructions.tokenizer.save_pretrained(draft)
    for nested in [path for path in draft.iterdir() if path.is_dir()]:
        raise CheckpointError(f"checkpoint: the tokenizer wrote a folder {nested.name!r}, which manifests do not cover")


def _own_tensors(vla: VLA) -> dict[str, Tensor]:
    """Return what this checkpoint must hold: everything, or for a LoRA on a base directory what differs from it."""
    tensors = vla.backbone_tensors()
    if not vla.spec.base_dir:
        return tensors
    return {name: value for name, value in tensors.items() if "lora_" in name or name == "view_embedding"}


def _read_config(path: Path) -> tuple[VlaSpec, Blip2Config]:
    try:
        values = json.loads(path.read_text())
        return VlaSpec.from_json(values["irevla"]), Blip2Config.from_dict(values["vlm"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path}: expected the configuration of an irevla model, got: {error}") from None


def _fill_backbone(folder: Path, spec: VlaSpec, config: Blip2Config, weights: Path) -> VLA:
    if spec.base_dir and Blip2Directory.open(Path(spec.base_dir)).hash() != spec.base_hash:
        raise CheckpointError(
            f"checkpoint {folder}: its LoRA was trained on weights with hash {spec.base_hash[:16]}…, "
            f"but {spec.base_dir} holds others; restore them"
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        tensors = load_file(weights)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise CheckpointError(f"checkpoint {folder}: not readable: {error}") from None
    vla = empty_vla(spec, config, tokenizer)
    wanted = _own_tensors(vla)
    missing, foreign = sorted(set(wanted) - set(tensors)), sorted(set(tensors) - set(wanted))
    if missing or foreign:
        raise CheckpointError(
            f"checkpoint {folder}: expected {len(wanted)} backbone tensors, got {len(tensors)}; "
            f"missing {missing[:4] or 'none'}, unexpected {foreign[:4] or 'none'}"
        )
    for name, value in tensors.items():
        if value.shape != wanted[name].shape:
            raise CheckpointError(
                f"checkpoint {folder}: {name}: expected shape {tuple(wanted[name].shape)}, got {tuple(value.shape)}"
            )
    with torch.no_grad():
        for name, value in tensors.items():
            wanted[name].copy_(value)
    return vla

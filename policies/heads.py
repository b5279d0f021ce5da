"""The heads as bytes: what a Weights message carries and what head.safetensors holds; needs no backbone."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor, nn

from irevla.config.errors import CheckpointError
from irevla.policies.action_head import ActionHead
from irevla.policies.critic_head import CriticHead
from irevla.policies.head_shape import HeadShape

FORMAT = "irevla-heads-1"
_MOST_MEMBERS = 64


@dataclass(frozen=True)
class Heads:
    """The action head and, if there is one, its critic."""

    action: ActionHead
    critic: CriticHead | None


def head_to_bytes(head: ActionHead, critic: CriticHead | None = None) -> bytes:
    """Return safetensors bytes of the head and, if given, its critic."""
    tensors = {f"head.{name}": value for name, value in head.state_dict().items()}
    if critic is not None:
        tensors |= {f"critic.{name}": value for name, value in critic.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "shape": json.dumps(head.shape.to_json(), sort_keys=True),
        "critics": str(critic.members if critic is not None else 0),
    }
    data: bytes = tensors_to_bytes(
        {name: value.detach().cpu().contiguous() for name, value in tensors.items()}, metadata
    )
    return data


def head_from_bytes(data: bytes, expected: HeadShape | None = None) -> Heads:
    """Read what ``head_to_bytes`` wrote; raises CheckpointError if it is torn, foreign or not of the expected shape."""
    metadata = _metadata(data)
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"head weights: expected format {FORMAT!r}, got {metadata.get('format')!r}")
    try:
        shape = HeadShape.from_json(json.loads(metadata["shape"]))
        members = int(metadata["critics"])
        tensors = tensors_from_bytes(data)
    except (KeyError, TypeError, ValueError, RecursionError, SafetensorError) as error:
        raise CheckpointError(f"head weights: not readable ({error}); write them again with head_to_bytes") from None
    if expected is not None and shape != expected:
        raise CheckpointError(f"head weights: expected {expected}, got {shape}; they belong to another model")
    if not 0 <= members <= _MOST_MEMBERS:
        raise CheckpointError(f"head weights: expected 0 to {_MOST_MEMBERS} critics, got {members}")
    known = [name for name in tensors if name.startswith(("head.", "critic."))]
    if len(known) != len(tensors):
        raise CheckpointError(f"head weights: unexpected tensors {sorted(set(tensors) - set(known))[:5]}")
    with torch.device("meta"):  # no memory, and no draw from the process's random numbers
        head = ActionHead(shape)
        critic = CriticHead(shape, members) if members else None
    head.to_empty(device="cpu")
    if critic is not None:
        critic.to_empty(device="cpu")
    fill(head, _under("head.", tensors), "head")
    if critic is not None:
        fill(critic, _under("critic.", tensors), "critic")
    elif any(name.startswith("critic.") for name in tensors):
        raise CheckpointError("head weights: critic tensors in a file that says it has no critic")
    return Heads(head, critic)


def fill(module: nn.Module, tensors: dict[str, Tensor], what: str) -> None:
    """Copy ``tensors`` into ``module``; raises CheckpointError unless names, shapes and finiteness all fit."""
    wanted = module.state_dict()
    missing, foreign = sorted(set(wanted) - set(tensors)), sorted(set(tensors) - set(wanted))
    if missing or foreign:
        raise CheckpointError(
            f"{what}: expected {len(wanted)} tensors, got {len(tensors)}; "
            f"missing {missing[:4] or 'none'}, unexpected {foreign[:4] or 'none'}"
        )
    for name, value in tensors.items():
        if value.shape != wanted[name].shape:
            raise CheckpointError(
                f"{what}.{name}: expected shape {tuple(wanted[name].shape)}, got {tuple(value.shape)}; "
                "the file belongs to a model of another size"
            )
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise CheckpointError(f"{what}.{name}: expected finite numbers, got NaN or infinity")
    module.load_state_dict(tensors)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _metadata(data: bytes) -> dict[str, str]:
    """Read the metadata out of a safetensors header: 8 bytes of little-endian length, then JSON."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        metadata = header.get("__metadata__", {})
    except (struct.error, ValueError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"head weights: expected safetensors bytes, got {len(data)} bytes: {error}") from None
    return metadata if isinstance(metadata, dict) else {}

"""Heads as bytes: a round trip that changes no bit, and a clear no to everything else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.config.errors import CheckpointError
from irevla.policies.action_head import ActionHead
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.critic_head import CriticHead
from irevla.policies.head_shape import HeadShape
from irevla.policies.heads import head_from_bytes, head_to_bytes
from irevla.policies.load_heads import load_heads
from irevla.policies.vla import VLA

SHAPE = HeadShape(tokens=4, width=8, hidden=(16,), maps=4)


def test_bytes_and_back_give_equal_outputs() -> None:
    head, critic = ActionHead(SHAPE), CriticHead(SHAPE, 2)
    head.state_features.set_statistics(torch.randn(7), torch.rand(7) + 0.1)
    back = head_from_bytes(head_to_bytes(head, critic), SHAPE)
    latent, state, action = torch.randn(3, 4, 8), torch.randn(3, 7), torch.randn(3, 7)
    assert torch.equal(head(latent, state), back.action(latent, state))
    assert back.critic is not None
    assert torch.equal(critic(latent, state, action), back.critic(latent, state, action))
    assert head_from_bytes(head_to_bytes(head)).critic is None


def test_reading_draws_no_random_numbers() -> None:
    data = head_to_bytes(ActionHead(SHAPE), CriticHead(SHAPE, 2))
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    head_from_bytes(data)
    assert torch.equal(torch.rand(1), expected)


def test_another_shape_says_expected_and_got() -> None:
    data = head_to_bytes(ActionHead(HeadShape(tokens=4, width=16, hidden=(16,), maps=4)))
    with pytest.raises(CheckpointError, match=r"expected .*width=8.*got .*width=16"):
        head_from_bytes(data, SHAPE)


def test_a_nan_weight_is_refused() -> None:
    head = ActionHead(SHAPE)
    with torch.no_grad():
        head.log_std[2] = torch.nan
    with pytest.raises(CheckpointError, match="log_std: expected finite numbers"):
        head_from_bytes(head_to_bytes(head))


def test_every_truncation_is_refused() -> None:
    data = head_to_bytes(ActionHead(SHAPE))
    for length in range(0, len(data), 97):
        with pytest.raises(CheckpointError):
            head_from_bytes(data[:length])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CheckpointError):
        head_from_bytes(data)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1500), st.integers(1, 255))
def test_a_flipped_header_byte_never_raises_anything_else(place: int, change: int) -> None:
    data = bytearray(head_to_bytes(ActionHead(SHAPE)))
    data[place] ^= change
    try:
        head_from_bytes(bytes(data), SHAPE)
    except CheckpointError:
        pass


def test_the_heads_of_a_checkpoint_load_without_transformers(tmp_path: Path, vla: VLA) -> None:
    critic = CriticHead(vla.spec.head, 2)
    model_hash = save_checkpoint(tmp_path / "model", vla, critic=critic)
    heads, manifest, found = load_heads(tmp_path / "model")
    latent, state = torch.randn(2, vla.spec.head.tokens, vla.spec.head.width), torch.randn(2, 7)
    assert torch.equal(heads.action(latent, state), vla.head(latent, state))
    assert found == model_hash and manifest.latent_key == vla.latent_key()
    code = (
        "import sys; from pathlib import Path; from irevla.policies.load_heads import load_heads; "
        f"load_heads(Path({str(tmp_path / 'model')!r})); "
        "sys.exit(sum(name in sys.modules for name in ('transformers', 'peft', 'irevla.policies.vla')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0

"""Saved training state: bit-equal, atomic, refused when torn."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from irevla.config.errors import CheckpointError
from irevla.training.training_state import load_optimizer, load_state, optimizer_tensors, save_state


def step(model: torch.nn.Linear, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()


def test_an_optimizer_goes_on_bit_equal(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, fused=True)
    step(model, optimizer)
    save_state(tmp_path, {**model.state_dict(), **optimizer_tensors(optimizer, "adam.")}, {"step": 1})
    step(model, optimizer)

    loaded = load_state(tmp_path)
    assert loaded is not None
    tensors, numbers = loaded
    assert numbers["step"] == 1
    twin = torch.nn.Linear(3, 2)
    twin.load_state_dict({name: tensors[name] for name in ("weight", "bias")})
    twin_optimizer = torch.optim.AdamW(twin.parameters(), lr=0.1, fused=True)
    load_optimizer(twin_optimizer, tensors, "adam.")
    step(twin, twin_optimizer)
    assert torch.equal(twin.weight, model.weight)
    assert torch.equal(twin.bias, model.bias)


def test_a_save_cut_off_at_any_file_leaves_the_previous_state(tmp_path: Path) -> None:
    save_state(tmp_path, {"x": torch.ones(3)}, {"step": 1})
    # A kill after the new tensors, before the JSON that names them:
    (tmp_path / "2.state.safetensors").write_bytes(b"torn")
    (tmp_path / "state.json.part").write_text("{")
    loaded = load_state(tmp_path)
    assert loaded is not None
    assert loaded[1]["step"] == 1
    assert torch.equal(loaded[0]["x"], torch.ones(3))
    save_state(tmp_path, {"x": torch.zeros(3)}, {"step": 2})
    loaded = load_state(tmp_path)
    assert loaded is not None
    assert loaded[1]["step"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.state.safetensors", "state.json"]


def test_nothing_saved_is_none_and_damage_is_named(tmp_path: Path) -> None:
    assert load_state(tmp_path) is None
    save_state(tmp_path, {"x": torch.ones(3)}, {"step": 1})
    (tmp_path / "1.state.safetensors").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="delete it to start over"):
        load_state(tmp_path)
    (tmp_path / "state.json").write_text("[]")
    with pytest.raises(CheckpointError, match="expected an object"):
        load_state(tmp_path)

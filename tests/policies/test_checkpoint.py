"""Checkpoints: bit-equal after a round trip, whole or not there, and refused with a reason otherwise."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from irevla.config.errors import CheckpointError
from irevla.config.policy import PolicySettings
from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import create_vla
from irevla.policies.critic_head import CriticHead
from irevla.policies.manifest import Manifest, file_hash
from irevla.policies.vla import VLA

WORDS = ["pick up the red block", "open the drawer", "push"]
Batch = tuple[torch.Tensor, torch.Tensor]


@pytest.mark.parametrize("rank", [0, 4])
def test_a_loaded_model_gives_bit_equal_outputs(
    rank: int, settings: PolicySettings, tmp_path: Path, pictures_and_state: Batch
) -> None:
    pictures, state = pictures_and_state
    vla = create_vla(settings.model_copy(update={"lora_rank": rank}), seed=3).eval()
    with torch.no_grad():
        for weight in vla.parameters():
            weight.add_(torch.randn_like(weight) * 0.02)
    vla.head.state_features.set_statistics(state.mean(0), state.std(0))
    critic = CriticHead(vla.spec.head, 3)
    model_hash = save_checkpoint(tmp_path / "model", vla, critic=critic, stage="stage0", parent="p", data_hash="d")
    loaded = load_checkpoint(tmp_path / "model", model_hash)
    with torch.no_grad():
        latent, again = vla.encode(pictures, WORDS), loaded.vla.encode(pictures, WORDS)
        assert torch.equal(latent, again)
        action = vla.act(latent, state)
        assert torch.equal(action, loaded.vla.act(again, state))
        assert loaded.critic is not None
        assert torch.equal(critic(latent, state, action), loaded.critic(latent, state, action))
    assert loaded.manifest.latent_key == vla.latent_key() == loaded.vla.latent_key()
    assert (loaded.manifest.stage, loaded.manifest.parent, loaded.manifest.data_hash) == ("stage0", "p", "d")
    assert {name for name, w in vla.named_parameters() if w.requires_grad} == {
        name for name, w in loaded.vla.named_parameters() if w.requires_grad
    }


def test_another_rounds_weights_replace_the_old_ones_whole(vla: VLA, tmp_path: Path) -> None:
    first = save_checkpoint(tmp_path / "model", vla, stage="stage0")
    second = save_checkpoint(tmp_path / "model", vla, stage="stage2", settings={"seed": 1})
    assert first != second == load_checkpoint(tmp_path / "model").model_hash
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_folder_that_is_no_checkpoint_is_not_replaced(vla: VLA, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(CheckpointError, match="exists and is no checkpoint"):
        save_checkpoint(tmp_path / "thesis", vla)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_save_that_fails_leaves_the_old_one_and_no_litter(
    vla: VLA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = save_checkpoint(tmp_path / "model", vla)

    def full_disk(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("irevla.policies.checkpoint.head_to_bytes", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(tmp_path / "model", vla)
    assert load_checkpoint(tmp_path / "model").model_hash == good
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def _truncate(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


def _flip(folder: Path) -> None:
    data = bytearray((folder / "head.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "head.safetensors").write_bytes(bytes(data))


def _forge(folder: Path, **changes: object) -> None:
    values = json.loads((folder / "manifest.json").read_text()) | changes
    (folder / "manifest.json").write_text(json.dumps(values))


def _rehash(folder: Path, name: str) -> None:
    files = json.loads((folder / "manifest.json").read_text())["files"]
    _forge(folder, files=files | {name: file_hash(folder / name)})


def _bad_config(folder: Path) -> None:
    (folder / "config.json").write_text("[]")
    _rehash(folder, "config.json")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_truncate, r"model\.safetensors is truncated or changed: expected sha256"),
        (_flip, r"head\.safetensors is truncated or changed"),
        (lambda folder: (folder / "config.json").unlink(), r"config\.json is missing"),
        (lambda folder: (folder / "manifest.json").unlink(), r"readable manifest\.json"),
        (lambda folder: (folder / "manifest.json").write_text("{"), r"readable manifest\.json"),
        (lambda folder: (folder / "manifest.json").write_text("[1]"), "expected format .*, got 'list'"),
        (lambda folder: _forge(folder, format="other-2"), "expected format 'irevla-checkpoint-1', got 'other-2'"),
        (lambda folder: _forge(folder, files={"../../etc/passwd": "0"}), "expected plain file names"),
        (lambda folder: _forge(folder, latent_key="0" * 64), "should give latent key 0000"),
        (lambda folder: _forge(folder, stage=3), "expected text for 'stage'"),
        (_bad_config, "expected the configuration of an irevla model"),
    ],
)  # fmt: skip
def test_a_damaged_checkpoint_is_refused_with_the_reason(
    damage: Callable[[Path], object], message: str, vla: VLA, tmp_path: Path
) -> None:
    save_checkpoint(tmp_path / "model", vla)
    damage(tmp_path / "model")
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(tmp_path / "model")


def test_a_model_of_another_size_under_this_config_says_expected_and_got(
    vla: VLA, settings: PolicySettings, tmp_path: Path
) -> None:
    save_checkpoint(tmp_path / "model", vla)
    other = create_vla(settings.model_copy(update={"head_hidden": (8,), "image_px": 64}))
    save_checkpoint(tmp_path / "other", other)
    shutil.copy(tmp_path / "other" / "head.safetensors", tmp_path / "model")
    _rehash(tmp_path / "model", "head.safetensors")
    with pytest.raises(CheckpointError, match=r"expected HeadShape.*hidden=\(16, 16\).*got HeadShape.*hidden=\(8,\)"):
        load_checkpoint(tmp_path / "model")
    save_checkpoint(tmp_path / "model", vla)
    shutil.copy(tmp_path / "other" / "model.safetensors", tmp_path / "model")
    _rehash(tmp_path / "model", "model.safetensors")
    with pytest.raises(CheckpointError, match=r"embeddings\..*: expected shape \(.*\), got \("):
        load_checkpoint(tmp_path / "model")


def test_another_model_than_the_one_asked_for_is_refused(vla: VLA, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "model", vla)
    with pytest.raises(CheckpointError, match="expected model 00000"):
        load_checkpoint(tmp_path / "model", "0" * 64)


def test_the_manifest_reads_what_it_wrote(tmp_path: Path) -> None:
    manifest = Manifest({"a": "0"}, "key", "stage1", "parent", "data", {"seed": 0}, "2026-01-01T00:00:00+00:00")
    model_hash = manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == (manifest, model_hash)

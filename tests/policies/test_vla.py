"""The VLA: HF's own forward for one view, the meaning of its inputs, what is frozen and what is hashed."""

from __future__ import annotations

import pytest
import torch

from irevla.config.errors import ConfigError, UserError
from irevla.config.policy import PolicySettings
from irevla.policies.create import create_vla
from irevla.policies.vla import VLA

WORDS = ["pick up the red block", "open the drawer", "push"]
Batch = tuple[torch.Tensor, torch.Tensor]


@pytest.mark.parametrize("backbone", ["compact", "blip2"])
def test_one_view_equals_hugging_faces_own_forward(
    backbone: str, settings: PolicySettings, request: pytest.FixtureRequest
) -> None:
    """HF scatters its picture features to the image tokens of the text; ours stand after the words."""
    if backbone == "blip2":
        folder = request.getfixturevalue("blip2_dir")
        settings = settings.model_copy(update={"backbone": "blip2", "backbone_dir": str(folder)})
    vla = create_vla(settings, views=("front",)).eval()
    with torch.no_grad():
        for name, weight in vla.named_parameters():  # the compact start silences layers that this test wants to hear
            if not name.startswith("head.") and weight.ndim >= 2:
                weight.add_(torch.randn_like(weight) * 0.05)
        vla.view_embedding.zero_()
    px = vla.spec.preprocessing.image_px
    pictures = torch.randint(0, 256, (2, 1, px, px, 3), dtype=torch.uint8)
    tokenizer = vla.instructions.tokenizer
    image_token = tokenizer.convert_tokens_to_ids("<image>")
    vla.vlm.config.image_token_index = image_token
    ids, _ = vla.instructions.batch([WORDS[0]] * 2)
    with torch.no_grad():
        ours = vla.encode(pictures, [WORDS[0]] * 2)
        theirs = vla.vlm(
            pixel_values=vla.spec.preprocessing.normalise(pictures)[:, 0],
            input_ids=torch.cat([ids, torch.full((2, vla.spec.head.tokens), image_token)], 1),
            output_hidden_states=True,
        ).language_model_outputs.hidden_states[-1]
    torch.testing.assert_close(ours, theirs[:, ids.shape[1] :], rtol=1e-4, atol=1e-5)


def test_the_sizes_allow_a_hundred_thousand_latents_in_a_gigabyte() -> None:
    shape = create_vla(PolicySettings(device="cpu")).spec.head
    assert shape.tokens * shape.width * 2 * 100_000 <= 1e9


def test_the_compact_vla_has_one_to_three_million_parameters_or_less() -> None:
    vla = create_vla(PolicySettings(device="cpu"))
    assert sum(weight.numel() for weight in vla.parameters()) < 3e6


def test_a_padded_batch_gives_what_each_gives_alone(vla: VLA, pictures_and_state: Batch) -> None:
    pictures, state = pictures_and_state
    with torch.no_grad():
        together = vla(pictures, WORDS, state)
        alone = torch.cat([vla(pictures[i : i + 1], [WORDS[i]], state[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("differs", ["words", "front", "wrist"])
def test_training_hears_the_words_and_sees_both_views(vla: VLA, pictures_and_state: Batch, differs: str) -> None:
    """Targets that depend on one input alone: the loss can fall only if that input gets through."""
    pictures, state = pictures_and_state
    same = pictures[:1].expand(3, -1, -1, -1, -1)
    front, wrist = (pictures if differs == view else same for view in ("front", "wrist"))
    seen = torch.stack([front[:, 0], wrist[:, 1]], dim=1)
    words = WORDS if differs == "words" else WORDS[:1] * 3
    target = torch.tensor([[-0.5], [0.0], [0.5]]).expand(3, 7)
    optimizer = torch.optim.Adam(vla.parameters(), 1e-3)
    for _ in range(50):
        loss = (vla(seen, words, state[:1].expand(3, -1)) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.03  # answering 0 whatever comes gives 0.167


def test_no_gradient_is_nan_when_the_batch_is_padded(vla: VLA, pictures_and_state: Batch) -> None:
    pictures, state = pictures_and_state
    vla(pictures, WORDS, state).sum().backward()
    grads = [weight.grad for weight in vla.backbone_parameters()]
    assert all(grad is not None and bool(torch.isfinite(grad).all()) for grad in grads)


def test_a_frozen_backbone_keeps_its_hash_while_the_head_learns(vla: VLA, pictures_and_state: Batch) -> None:
    pictures, state = pictures_and_state
    before, key = vla.backbone_hash(), vla.latent_key()
    head_before = vla.head.mlp[0].weight.clone()  # type: ignore[operator]
    vla.freeze_backbone()
    optimizer = torch.optim.AdamW([weight for weight in vla.parameters() if weight.requires_grad], 0.1)
    vla(pictures, WORDS, state).sum().backward()
    optimizer.step()
    assert vla.backbone_hash() == before and vla.latent_key() == key
    assert not torch.equal(vla.head.mlp[0].weight, head_before)  # type: ignore[arg-type]
    vla.unfreeze_backbone()
    assert all(weight.requires_grad for weight in vla.backbone_parameters())


def test_one_changed_weight_changes_hash_and_key(vla: VLA) -> None:
    before, key = vla.backbone_hash(), vla.latent_key()
    with torch.no_grad():
        next(iter(vla.backbone_parameters())).view(-1)[0] += 1e-3
    assert vla.backbone_hash() != before and vla.latent_key() != key


def test_seeds_decide_and_nothing_else_is_drawn(settings: PolicySettings) -> None:
    torch.manual_seed(11)
    expected = torch.rand(1)
    torch.manual_seed(11)
    first, same, other = (create_vla(settings, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(torch.rand(1), expected)
    assert first.backbone_hash() == same.backbone_hash() != other.backbone_hash()
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), same.parameters(), strict=True))


@pytest.mark.parametrize("image_px", [16, 48, 112, 224])
def test_pictures_of_other_sizes_get_their_own_grid(image_px: int, settings: PolicySettings) -> None:
    vla = create_vla(settings.model_copy(update={"image_px": image_px})).eval()
    with torch.no_grad():
        assert vla.encode(torch.zeros(1, 2, image_px, image_px, 3, dtype=torch.uint8), ["push"]).shape == (1, 16, 128)


def test_pictures_that_cannot_be_cut_into_patches_are_refused(settings: PolicySettings) -> None:
    with pytest.raises(ConfigError, match=r"policy\.image_px: expected a multiple of 16, got 40"):
        create_vla(settings.model_copy(update={"image_px": 40}))


def test_wrong_pictures_say_expected_and_got(vla: VLA) -> None:
    with pytest.raises(UserError, match=r"expected uint8 \(1, 2, 32, 32, 3\), got torch.float32 \(1, 2, 16, 16, 3\)"):
        vla.encode(torch.zeros(1, 2, 16, 16, 3), ["push"])


def test_lora_trains_few_weights_and_starts_from_the_same_latent(
    settings: PolicySettings, pictures_and_state: Batch
) -> None:
    pictures, _ = pictures_and_state
    plain = create_vla(settings, seed=0).eval()
    adapted = create_vla(settings.model_copy(update={"lora_rank": 4}), seed=0).eval()
    with torch.no_grad():
        torch.testing.assert_close(plain.encode(pictures, WORDS), adapted.encode(pictures, WORDS))
    few, all_of_them = (sum(w.numel() for w in vla.backbone_parameters()) for vla in (adapted, plain))
    assert 0 < few < all_of_them / 5
    adapted.freeze_backbone()
    adapted.unfreeze_backbone()
    trainable = {name for name, weight in adapted.named_parameters() if weight.requires_grad and "head." not in name}
    assert trainable and all("lora_" in name or name == "view_embedding" for name in trainable)


def test_the_compact_start_lets_each_query_look_at_its_own_patch() -> None:
    """Half of the heads ask about each view; a mark in one patch moves the query of that patch most."""
    vla = create_vla(PolicySettings(device="cpu")).eval()
    base = torch.full((1, 2, 64, 64, 3), 120, dtype=torch.uint8)
    for view in range(2):
        marked = base.clone()
        marked[0, view, 30:35, 14:19] = 250  # around (32, 16): what row 2, column 1 of the grid is centred on
        with torch.no_grad():
            change = (vla.encode(marked, ["push"]) - vla.encode(base, ["push"])).norm(dim=-1)[0]
        assert int(change.argmax()) == 2 * 4 + 1

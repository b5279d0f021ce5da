"""The compact VLA's tokenizer: a fixed vocabulary of manipulation words, letters, and bytes for everything else."""

from __future__ import annotations

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

_SPECIAL = ("<pad>", "<s>", "<unk>", "<image>")
_WORDS = """
a all and at away back behind below between both by down front from in inside into it its left middle near next of off
on one onto open opened out outside over right slowly the then this that these those through to top toward towards two
under up upright with without gently straight slightly first second third last other another same
pick place put press push pull grab grasp hold lift lower raise move reach release drop close shut turn rotate twist
slide stack insert remove take bring route thread wipe pour flip hang hook lay set switch touch tap open unlock lock
red green blue yellow purple orange black white brown grey gray pink cyan magenta wooden metal plastic dark light
big small large little long short round square tall flat soft hard
block cube ball cylinder bowl cup plate box tray basket bin button switch lever drawer handle door window cabinet shelf
cable wire rope clip hole peg ring eggplant carrot banana apple lemon tomato potato pepper corn cucumber mushroom pear
peach strawberry fruit vegetable bottle can mug spoon fork knife pan pot lid kettle microwave burner stove oven light
hinge knob faucet table robot gripper hand arm object thing toy towel cloth sponge book pen marker tool hammer
screwdriver tape coffee machine puck goal wall nut stick soccer basketball hoop shelf dial button sweep assembly
""".split()  # noqa: SIM905
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"()-_/&+%#"


def compact_tokenizer() -> PreTrainedTokenizerFast:
    """Build the tokenizer; the same on every machine, saved with each checkpoint in HF's layout.

    A unigram model: known words are one token each, other words fall into the longest known pieces ("eggplants" is
    eggplant + s), any other character into its UTF-8 bytes, so that no text is unknown.
    """
    pieces: dict[str, float] = dict.fromkeys(_SPECIAL, 0.0)
    pieces |= {f"<0x{byte:02X}>": -20.0 for byte in range(256)}
    pieces |= dict.fromkeys(_LETTERS, -10.0)
    pieces |= {word: -2.0 for word in _WORDS if word not in pieces}
    tokenizer = Tokenizer(models.Unigram(list(pieces.items()), unk_id=_SPECIAL.index("<unk>"), byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", _SPECIAL.index("<s>"))]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in _SPECIAL])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", unk_token="<unk>", padding_side="left"
    )

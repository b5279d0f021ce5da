"""Instructions: any text is either tokens or a clear error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irevla.config.errors import UserError
from irevla.config.tasks import tasks
from irevla.policies.backbone.compact_tokenizer import compact_tokenizer
from irevla.policies.backbone.instructions import Instructions, Prompt

INSTRUCTIONS = Instructions(compact_tokenizer(), Prompt())


# Of the task that the demo learns online: what it is called is as new to the model as what it looks like.
UNKNOWN_WORDS = {"stiff"}


def test_every_task_is_said_in_whole_words_but_for_the_one_that_is_to_be_new() -> None:
    for task in tasks().values():
        words = task.instruction.split()
        assert (len(INSTRUCTIONS.ids(task.instruction)) == 1 + len(words)) == (not UNKNOWN_WORDS & set(words)), words


def test_unknown_words_fall_into_known_pieces_and_emoji_into_bytes() -> None:
    tokenizer = INSTRUCTIONS.tokenizer
    assert tokenizer.convert_ids_to_tokens(INSTRUCTIONS.ids("Eggplants")) == ["<s>", "eggplant", "s"]
    assert len(INSTRUCTIONS.ids("🍆")) == 5
    assert INSTRUCTIONS.ids("pick up the 🍆") != INSTRUCTIONS.ids("pick up the 🥕")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=600))
def test_any_text_is_tokens_or_a_user_error(text: str) -> None:
    try:
        ids = INSTRUCTIONS.ids(text)
    except UserError:
        return
    assert 1 < len(ids) <= 96
    assert max(ids) < len(INSTRUCTIONS.tokenizer)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 10_000, "expected at most 512 characters .policy.max_instruction_chars., got 10000"),
        ("🍆" * 100, "expected at most 96 tokens, got 401"),
        (" \n ", "expected some words, got an empty text"),
    ],
)
def test_bad_instructions_say_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        INSTRUCTIONS.ids(text)


def test_a_batch_is_padded_on_the_left() -> None:
    ids, mask = INSTRUCTIONS.batch(["open the drawer", "push"])
    assert mask.tolist() == [[1, 1, 1, 1], [0, 0, 1, 1]]
    assert ids[1].tolist()[2:] == list(INSTRUCTIONS.ids("push"))


def test_the_cache_stays_bounded() -> None:
    instructions = Instructions(compact_tokenizer(), Prompt())
    for number in range(1000):
        instructions.ids(f"push {number}")
    assert len(instructions._known) <= 256


def test_the_fingerprint_depends_on_the_prompt() -> None:
    other = Instructions(compact_tokenizer(), Prompt(template="robot, {instruction}"))
    assert other.fingerprint() != INSTRUCTIONS.fingerprint()
    assert Instructions(compact_tokenizer(), Prompt(max_chars=20)).fingerprint() == INSTRUCTIONS.fingerprint()

"""A row of the table."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.episodes.episode_row import COLUMNS, episode_row, when

Make = Callable[..., EpisodeInfo]


def test_every_column_has_its_cell(make_episode: Make) -> None:
    row = episode_row(make_episode(thumbnail=b"jpeg"))
    assert dict(zip([column.title for column in COLUMNS], row.cells, strict=True)) == {
        "": "",
        "when": when(1_700_000_000.0),
        "task": "pick_carrot",
        "label": "failure · anna",
        "kind": "rl",
        "mode": "policy",
        "policy": "abcdef v40",
        "steps": "4",
        "helped": "2",
        "Q last": "0.88",
        "disagree": "0.88",
        "delay": "1.5 s",
        "reset": "5.2 s",
    }
    assert (row.tone, row.thumbnail) == ("bad", b"jpeg")


def test_what_was_not_measured_is_a_dash(make_episode: Make) -> None:
    nan = math.nan
    info = make_episode(
        label_delay_s=nan, reset_s=nan, q_last=nan, disagreement=nan, model_hash="", intervention_steps=0
    )
    assert episode_row(info).cells[-7:] == ("–", "4", "–", "–", "–", "–", "–")


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({"label": "success", "label_by": "auto"}, "success · auto", "good"),
        ({"label": "discard", "label_by": ""}, "discard", "muted"),
        ({"label": "", "label_by": ""}, "unlabelled", "warn"),
        ({"label": "", "label_by": "", "state": "damaged"}, "damaged", "bad"),
        ({"label": "", "label_by": "", "state": "aborted"}, "aborted", "muted"),
    ],
)
def test_a_label_has_words_and_a_tone(make_episode: Make, changes: dict[str, str], words: str, tone: str) -> None:
    row = episode_row(make_episode(**changes))
    assert (row.cells[3], row.tone) == (words, tone)


def test_the_tooltip_says_why_an_episode_is_damaged(make_episode: Make) -> None:
    row = episode_row(make_episode(state="damaged", reason="the file is torn"))
    assert row.about == "pick up the carrot\ne0\nthe file is torn"

"""Times in words."""

from datetime import datetime

import pytest

from irevla.app.models.when import date_words, duration_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (200.0, "3 min 20 s"),
        (3599.6, "1 h 00 min"),
        (7500.0, "2 h 05 min"),
    ],
)
def test_a_duration_is_said_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_a_date_is_said_in_this_time_zone() -> None:
    assert date_words(datetime(2026, 7, 31, 14, 25).timestamp()) == "31 Jul 14:25"

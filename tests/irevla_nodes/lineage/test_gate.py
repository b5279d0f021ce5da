"""The rule at its borders, worked out by hand."""

import pytest

from irevla.config.lineage import LineageSettings
from irevla_nodes.lineage.gate import Gate
from irevla_nodes.lineage.paired_outcomes import PairedOutcome, PairedOutcomes


def outcomes(*tasks: str) -> PairedOutcomes:
    """Two characters a pair, old and new; one string a task."""
    return PairedOutcomes(
        tuple(
            PairedOutcome(str(number), pair[0] == "1", pair[1] == "1")
            for number, pairs in enumerate(tasks)
            for pair in pairs.split()
        )
    )


@pytest.fixture
def gate() -> Gate:
    return Gate(LineageSettings())


def test_ten_pairs_are_enough_and_nine_are_not(gate: Gate) -> None:
    assert gate.objection(outcomes("11 " * 10)) == ""
    assert "9 labelled pairs, expected 10 or more (lineage.min_pairs)" in gate.objection(outcomes("11 " * 9))
    assert gate.objection(PairedOutcomes()).startswith("0 labelled pairs")


def test_pairs_of_all_tasks_count_together(gate: Gate) -> None:
    assert gate.objection(outcomes("11 " * 5, "00 " * 5)) == ""


def test_more_losses_than_wins_pass_while_chance_explains_them(gate: Gate) -> None:
    assert gate.objection(outcomes("10 " * 5 + "11 " * 10)) == ""  # p = 2/32


def test_six_losses_and_no_win_do_not_pass(gate: Gate) -> None:
    objection = gate.objection(outcomes("10 " * 6 + "11 " * 10))  # p = 2/64
    assert "6 of 16 pairs solved by the old model only, 0 by it only (McNemar p = 0.0312" in objection


def test_many_wins_pass_however_significant(gate: Gate) -> None:
    assert gate.objection(outcomes("01 " * 20)) == ""


def test_one_task_that_got_clearly_worse_stops_it_whatever_the_others_won(gate: Gate) -> None:
    # 4 of 4 against 0 of 4: Wilson [0.51, 1] and [0, 0.49] lie apart; overall 20 won, 4 lost.
    objection = gate.objection(outcomes("01 " * 20, "10 " * 4))
    assert "worse on 1: 0.00 [0.00, 0.49] n=4, the old model 1.00 [0.51, 1.00] n=4" in objection
    # 3 of 3 against 0 of 3: [0.44, 1] and [0, 0.56] overlap.
    assert gate.objection(outcomes("01 " * 20, "10 " * 3)) == ""

"""Table I's cells by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from irevla.config.benchmark.scales import load_benchmark
from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.algorithm1.method import METHODS
from irevla.training.benchmark.results import Evaluation
from irevla.training.benchmark.summary.method_titles import METHOD_TITLES
from irevla.training.benchmark.summary.table import Table, cell

Make = Callable[..., Evaluation]


def test_a_cell_pools_tasks_and_seeds(evaluation: Make) -> None:
    """Seed 0: 4 and 8 of 10, mean 0.6; seed 1: 10 and 10, mean 1.0: 32 of 40, and a deviation of 0.2 * sqrt(2)."""
    found = cell(
        [
            evaluation("irevla", "a", 4),
            evaluation("irevla", "b", 8),
            evaluation("irevla", "a", 10, seed=1),
            evaluation("irevla", "b", 10, seed=1),
        ],
        ("a", "b"),
    )
    assert found is not None
    assert (found.rate.successes, found.rate.n) == (32, 40)
    assert found.by_seed == pytest.approx({0: 0.6, 1: 1.0})
    assert found.spread == pytest.approx(0.2 * 2**0.5)
    assert str(found) == "0.80 [0.65, 0.90] n=40 ±0.28"


def test_a_seed_that_lacks_a_task_is_left_out_of_the_average(evaluation: Make) -> None:
    rows = [evaluation("irevla", "a", 4), evaluation("irevla", "b", 8), evaluation("irevla", "a", 10, seed=1)]
    found = cell(rows, ("a", "b"))
    assert found is not None
    assert (found.rate.n, found.spread) == (20, None)
    assert cell(rows, ("a", "c")) is None


def test_rows_are_methods_in_the_papers_order_with_its_numbers_below(evaluation: Make) -> None:
    settings = load_benchmark("metaworld", "smoke")
    rows = []
    for method in ("irevla", "sft"):
        for task in (*settings.expert_tasks, *settings.rl_tasks, *settings.unseen_tasks):
            rows.append(evaluation(method, task, 5))
    table = Table.of(settings, rows)
    assert table.header() == ["method", "expert, 2 tasks", "button-press-new", "unseen, 1 task"]
    assert [row[0] for row in table.rows()] == ["SFT policy", "SFT policy, paper", "iRe-VLA", "iRe-VLA, paper"]
    assert table.rows()[1][1:] == ["0.83", "0.56", "0.51"]
    assert table.rows()[3][1:] == ["0.83", "1.00", "0.80"]
    assert table.rows()[0][1].startswith("0.50 [")
    assert "| iRe-VLA, paper | 0.83 | 1.00 | 0.80 |" in table.markdown()


def test_from_scratch_has_no_cell_where_it_was_not_evaluated(settings: BenchmarkSettings, evaluation: Make) -> None:
    table = Table.of(settings, [evaluation("ppo-scratch", "push-rl", 1)])
    (row,) = table.rows()
    assert (row[1], row[3]) == ("–", "–")
    assert row[2].startswith("0.10 [")


def test_the_tasks_that_the_paper_prints_alone_stand_alone() -> None:
    table = Table.of(load_benchmark("kitchen", "small"), [])
    experts = ["knob-on", "light-on", "microwave-open", "slide-door-open", "left-door-open", "expert"]
    learnt = ["slide-door-open-red", "left-door-open-new", "microwave-open-new"]
    assert [column.key for column in table.columns] == [*experts, *learnt, "slide-door-open-yellow", "unseen"]


def test_every_method_has_a_title() -> None:
    assert METHOD_TITLES.keys() == METHODS.keys()

"""Table I's layout: methods down, experts' average, each RL task and the unseen average across, the paper's beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.results import Evaluation
from irevla.training.benchmark.summary.method_titles import METHOD_TITLES
from irevla.training.benchmark.summary.paper_numbers import EXPERT, UNSEEN, paper_rate
from irevla.training.success_rate import SuccessRate
from irevla.training.suites.task import Kind


@dataclass(frozen=True)
class Column:
    """One task, or the average over all of a kind."""

    key: str
    title: str
    kind: Kind
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A method's success in a column: episodes of all its tasks and seeds together, and each seed's rate."""

    rate: SuccessRate
    by_seed: dict[int, float]

    @property
    def spread(self) -> float | None:
        """Standard deviation of the seeds' rates, None for fewer than two seeds."""
        return stdev(self.by_seed.values()) if len(self.by_seed) > 1 else None

    def __str__(self) -> str:
        low, high = self.rate.interval
        text = f"{self.rate.rate:.2f} [{low:.2f}, {high:.2f}] n={self.rate.n}"
        return text if self.spread is None else f"{text} ±{self.spread:.2f}"


@dataclass(frozen=True)
class Table:
    """Cells by method and column; a method without an evaluation of every task of a column has no cell there."""

    suite: str
    columns: tuple[Column, ...]
    cells: dict[str, dict[str, Cell]]

    @classmethod
    def of(cls, settings: BenchmarkSettings, evaluations: Sequence[Evaluation]) -> Table:
        """Return the table; methods in the order of METHOD_TITLES, those without any evaluation left out."""
        columns = _columns(settings)
        present = {evaluation.method for evaluation in evaluations}
        cells: dict[str, dict[str, Cell]] = {}
        for method in METHOD_TITLES:
            if method in present:
                own = [evaluation for evaluation in evaluations if evaluation.method == method]
                found = ((column.key, cell(own, column.tasks)) for column in columns)
                cells[method] = {key: value for key, value in found if value is not None}
        return cls(settings.suite, columns, cells)

    def header(self) -> list[str]:
        """Return the first row."""
        return ["method", *(column.title for column in self.columns)]

    def rows(self) -> list[list[str]]:
        """Return a row a method, and below it the paper's own where it has one."""
        rows = []
        for method, cells in self.cells.items():
            title = METHOD_TITLES[method]
            rows.append([title, *(str(cells.get(column.key, "–")) for column in self.columns)])
            paper = [paper_rate(self.suite, column.key, method) for column in self.columns]
            if any(number is not None for number in paper):
                rows.append([f"{title}, paper", *("–" if number is None else f"{number:.2f}" for number in paper)])
        return rows

    def markdown(self) -> str:
        """Return the table in Markdown, with what its cells mean below it."""
        lines = [self.header(), ["---"] * (len(self.columns) + 1), *self.rows()]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{table}\n\n{LEGEND}\n"


LEGEND = (
    "Success rate [Wilson 95 %] n = episodes of all tasks and seeds of the column, ± standard deviation over seeds. "
    "Rows marked paper are Table I of the paper, with its own tasks and sizes."
)


def cell(evaluations: Iterable[Evaluation], tasks: Sequence[str]) -> Cell | None:
    """Return the cell of one method over ``tasks``; seeds that lack one of them are left out, None when all do."""
    by_seed: dict[int, dict[str, Evaluation]] = {}
    for evaluation in evaluations:
        by_seed.setdefault(evaluation.seed, {})[evaluation.task] = evaluation
    whole = {
        seed: [found[task] for task in tasks]
        for seed, found in sorted(by_seed.items())
        if found.keys() >= set(tasks)
    }  # fmt: skip
    if not whole or not tasks:
        return None
    counted = [evaluation for found in whole.values() for evaluation in found]
    return Cell(
        SuccessRate(sum(one.successes for one in counted), sum(one.n for one in counted)),
        {seed: mean(one.rate.rate for one in found) for seed, found in whole.items()},
    )


def _columns(settings: BenchmarkSettings) -> tuple[Column, ...]:
    """Return the paper's columns: a task alone where the paper prints it alone, and the average of each kind."""

    def alone(kind: Kind, tasks: tuple[str, ...]) -> list[Column]:
        printed = (task for task in tasks if kind == "rl" or paper_rate(settings.suite, task, "sft") is not None)
        return [Column(task, task, kind, (task,)) for task in printed]

    expert, unseen = settings.expert_tasks, settings.unseen_tasks
    unseen_alone = alone("unseen", unseen)
    columns = [
        *alone("expert", expert),
        Column(EXPERT, _average("expert", expert), "expert", expert),
        *alone("rl", settings.rl_tasks),
        *unseen_alone,
    ]
    if not len(unseen_alone) == len(unseen) == 1:
        columns.append(Column(UNSEEN, _average("unseen", unseen), "unseen", unseen))
    return tuple(columns)


def _average(kind: Kind, tasks: tuple[str, ...]) -> str:
    return f"{kind}, {len(tasks)} task{'s' if len(tasks) > 1 else ''}"

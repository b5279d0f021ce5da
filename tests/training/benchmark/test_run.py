"""An experiment on numpy environments with real worker processes: whole, killed, poisoned, repeated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.json_lines import read_lines
from irevla.training.benchmark.plan import plan_jobs
from irevla.training.benchmark.run import run_experiment
from irevla.training.benchmark.summary.report import Report

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
METHODS = ("sft", "ppo-scratch", "ppo-replay", "irevla", "irevla-freeze", "irevla-sacfd")
TIMEOUT_S = 120.0


def run(
    folder: Path,
    settings: BenchmarkSettings,
    command: Sequence[str],
    *,
    methods: Sequence[str] = ("irevla",),
    seeds: Sequence[int] = (0,),
    cache: Path | None = None,
) -> dict[str, str]:
    """Run in ``folder``; without ``cache``, demonstrations and stage 0 are made there anew."""
    experiment = Experiment.take_up(folder / "results", settings)
    jobs = plan_jobs(settings, methods, seeds, cache=cache or folder / "cache")
    return run_experiment(experiment, jobs, slots=2, command=command)[2]


def measured(folder: Path, *methods: str) -> list[tuple[object, ...]]:
    """What was measured, of all methods or some, without the time it took."""
    rows = read_lines(folder / "results" / "results.jsonl")
    names = ("method", "seed", "task", "kind", "successes", "n", "env_steps")
    return [tuple(row[name] for name in names) for row in rows if not methods or row["method"] in methods]


def row_of(folder: Path, title: str) -> str:
    """A method's row in the table."""
    lines = (folder / "results" / "table.md").read_text().splitlines()
    return next(line for line in lines if line.startswith(f"| {title} |"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, settings: BenchmarkSettings, command: tuple[str, ...]) -> Path:
    """An experiment with every method and one seed that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, settings, command, methods=METHODS) == {}
    return folder


def test_all_methods_end_in_one_table_and_one_page(whole: Path, tmp_path: Path) -> None:
    rows = measured(whole)
    assert len(rows) == 5 * 3 + 1  # from scratch, only the RL task is asked
    assert {row[5] for row in rows} == {3}
    for title in ("SFT policy", "PPO from scratch", "PPO-Replay", "iRe-VLA", "iRe-VLA-freeze", "iRe-VLA (SACfD)"):
        assert row_of(whole, title)
    experiment = Experiment.open(whole / "results")
    Report(experiment).write(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "not run" not in page
    assert "not finished" not in page
    assert {path.name for path in experiment.folder.iterdir()} >= {"figure4.png", "figure5.png", "results.jsonl"}


def test_a_killed_worker_is_named_and_resumed_to_the_table_of_an_undisturbed_run_of_its_seed(
    tmp_path: Path, whole: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    """With demonstrations and stage 0 of its own, so that these repeat too."""
    deadly = (*command, "--kill", "irevla-seed0")
    failures = run(tmp_path, settings, deadly, methods=("sft", "irevla"))
    assert list(failures) == ["irevla-seed0"]
    assert "killed by SIGKILL" in failures["irevla-seed0"]
    assert "irevla-seed0/worker.log" in failures["irevla-seed0"]
    assert measured(tmp_path) == measured(whole, "sft")
    folder = tmp_path / "results" / "jobs" / "irevla-seed0"
    assert read_lines(folder / "progress.jsonl")  # it had learnt something
    assert run(tmp_path, settings, command, methods=("sft", "irevla")) == {}
    assert measured(tmp_path) == measured(whole, "sft", "irevla")
    assert row_of(tmp_path, "iRe-VLA") == row_of(whole, "iRe-VLA")


def test_a_nan_loss_stops_its_own_job_only_and_seeds_are_added_to_what_is_there(
    tmp_path: Path, whole: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    cache = whole / "cache"
    poisoned = (*command, "--nan", "irevla-seed0")
    failures = run(tmp_path, settings, poisoned, methods=("sft", "irevla"), cache=cache)
    assert list(failures) == ["irevla-seed0"]
    assert "TrainingError" in failures["irevla-seed0"]
    assert "nan" in failures["irevla-seed0"]
    assert measured(tmp_path) == measured(whole, "sft")
    assert any((tmp_path / "results" / "jobs" / "irevla-seed0" / "state").rglob("state.json"))
    stamp = (tmp_path / "results" / "jobs" / "sft-seed0" / "result.json").stat().st_mtime_ns
    assert run(tmp_path, settings, command, methods=("sft",), seeds=(0, 1), cache=cache) == {}
    assert {row[1] for row in measured(tmp_path, "sft")} == {0, 1}
    assert (tmp_path / "results" / "jobs" / "sft-seed0" / "result.json").stat().st_mtime_ns == stamp


MAIN = """
import sys
from pathlib import Path
from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.plan import plan_jobs
from irevla.training.benchmark.run import run_experiment

folder, cache, text, *command = sys.argv[1:]
settings = BenchmarkSettings.model_validate_json(text)
jobs = plan_jobs(settings, ("irevla",), (0,), cache=Path(cache))
run_experiment(Experiment.take_up(Path(folder) / "results", settings), jobs, slots=2, command=command)
"""


def test_killed_with_its_workers_gone_too_the_command_goes_on_where_it_was(
    tmp_path: Path, whole: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    cache, text = whole / "cache", settings.model_dump_json()
    process = subprocess.Popen([sys.executable, "-c", MAIN, str(tmp_path), str(cache), text, *command])
    progress = tmp_path / "results" / "jobs" / "irevla-seed0" / "progress.jsonl"
    deadline = time.monotonic() + TIMEOUT_S
    while not progress.exists():
        assert time.monotonic() < deadline, "the method never began"
        assert process.poll() is None, "it ended before the method began"
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(TIMEOUT_S)
    assert not psutil.wait_procs(children, timeout=TIMEOUT_S)[1], "a worker outlived the command"
    assert run(tmp_path, settings, command, cache=cache) == {}
    assert measured(tmp_path) == measured(whole, "irevla")

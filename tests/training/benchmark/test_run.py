"""An experiment on numpy environments with real worker processes: whole, killed, poisoned, repeated."""

from __future__ import annotations

import json
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
) -> dict[str, str]:
    experiment = Experiment.take_up(folder / "results", settings)
    jobs = plan_jobs(settings, methods, seeds, cache=folder / "cache", slots=2)
    return run_experiment(experiment, jobs, slots=2, command=command)[2]


def measured(folder: Path) -> list[tuple[object, ...]]:
    """What was measured, without the time it took."""
    rows = read_lines(folder / "results" / "results.jsonl")
    return [tuple(row[name] for name in ("method", "seed", "task", "kind", "successes", "n")) for row in rows]


def table(folder: Path) -> str:
    return (folder / "results" / "table.md").read_text()


def test_all_methods_end_in_one_table_and_one_page(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    assert run(tmp_path, settings, command, methods=METHODS) == {}
    rows = measured(tmp_path)
    assert len(rows) == 5 * 3 + 1  # from scratch, only the RL task is asked
    assert {row[5] for row in rows} == {3}
    for title in ("SFT policy", "PPO from scratch", "PPO-Replay", "iRe-VLA", "iRe-VLA-freeze", "iRe-VLA (SACfD)"):
        assert f"| {title} |" in table(tmp_path)
    experiment = Experiment.open(tmp_path / "results")
    Report(experiment).write(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "not run" not in page
    assert "not finished" not in page
    assert {path.name for path in experiment.folder.iterdir()} >= {"figure4.png", "figure5.png", "results.jsonl"}
    seen = table(tmp_path)
    assert run(tmp_path, settings, command, methods=METHODS) == {}  # done is done
    assert table(tmp_path) == seen


def test_seeds_and_methods_are_added_and_nothing_is_done_twice(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    run(tmp_path, settings, command, methods=("sft",))
    logs = {path: path.stat().st_mtime_ns for path in (tmp_path / "results" / "jobs").glob("*/result.json")}
    run(tmp_path, settings, command, methods=("sft", "irevla"), seeds=(0, 1))
    assert {(row[0], row[1]) for row in measured(tmp_path)} == {
        (method, seed) for method in ("sft", "irevla") for seed in (0, 1)
    }
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in logs.items())


def test_the_same_seed_gives_the_same_table(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    for name in ("one", "two"):
        assert run(tmp_path / name, settings, command) == {}
    assert table(tmp_path / "one") == table(tmp_path / "two")
    assert measured(tmp_path / "one") == measured(tmp_path / "two")


def test_a_killed_worker_is_named_and_resumed_to_the_same_table(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    deadly = (*command, "--kill", "irevla-seed0")
    failures = run(tmp_path / "killed", settings, deadly, methods=("sft", "irevla"))
    assert list(failures) == ["irevla-seed0"]
    assert "killed by SIGKILL" in failures["irevla-seed0"]
    assert "irevla-seed0/worker.log" in failures["irevla-seed0"]
    assert {row[0] for row in measured(tmp_path / "killed")} == {"sft"}
    before = read_lines(tmp_path / "killed" / "results" / "jobs" / "irevla-seed0" / "progress.jsonl")
    assert before  # it had learnt something
    assert run(tmp_path / "killed", settings, command, methods=("sft", "irevla")) == {}
    assert run(tmp_path / "straight", settings, command, methods=("sft", "irevla")) == {}
    assert table(tmp_path / "killed") == table(tmp_path / "straight")


def test_a_nan_loss_stops_its_own_job_only(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    poisoned = (*command, "--nan", "irevla-seed0")
    failures = run(tmp_path, settings, poisoned, methods=("sft", "irevla", "irevla-freeze"))
    assert list(failures) == ["irevla-seed0"]
    assert "TrainingError" in failures["irevla-seed0"]
    assert "nan" in failures["irevla-seed0"]
    assert {row[0] for row in measured(tmp_path)} == {"sft", "irevla-freeze"}
    assert any((tmp_path / "results" / "jobs" / "irevla-seed0" / "state").rglob("state.json"))


def test_what_needs_a_failed_job_is_left_out(tmp_path: Path, settings: BenchmarkSettings) -> None:
    silent = (sys.executable, "-c", "import sys; sys.exit(3)")
    failures = run(tmp_path, settings, silent, methods=("irevla",))
    assert "ended with status 3" in failures["demonstrations-push-expert"]
    assert failures["irevla-seed0"] == "left out, as it needs demonstrations-push-expert"


MAIN = """
import sys
from pathlib import Path
from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.plan import plan_jobs
from irevla.training.benchmark.run import run_experiment

folder, text, *command = sys.argv[1:]
settings = BenchmarkSettings.model_validate_json(text)
jobs = plan_jobs(settings, ("irevla",), (0,), cache=Path(folder) / "cache", slots=2)
run_experiment(Experiment.take_up(Path(folder) / "results", settings), jobs, slots=2, command=command)
"""


def test_killed_with_all_it_started_gone_the_command_goes_on_where_it_was(
    tmp_path: Path, settings: BenchmarkSettings, command: tuple[str, ...]
) -> None:
    text = json.dumps(settings.model_dump(mode="json"))
    process = subprocess.Popen([sys.executable, "-c", MAIN, str(tmp_path / "killed"), text, *command])
    progress = tmp_path / "killed" / "results" / "jobs" / "irevla-seed0" / "progress.jsonl"
    deadline = time.monotonic() + TIMEOUT_S
    while not progress.exists():
        assert time.monotonic() < deadline, "the method never began"
        assert process.poll() is None, "it ended before the method began"
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(TIMEOUT_S)
    assert not psutil.wait_procs(children, timeout=TIMEOUT_S)[1], "a worker outlived the command"
    assert run(tmp_path / "killed", settings, command) == {}
    assert run(tmp_path / "straight", settings, command) == {}
    assert measured(tmp_path / "killed") == measured(tmp_path / "straight")

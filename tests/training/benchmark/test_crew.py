"""How the crew treats its workers, with workers that are a few lines of Python."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.crew import Crew
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.job_process import death
from irevla.training.benchmark.plan import plan_jobs

DILIGENT = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[-1]).parent
print(json.dumps({"kind": "progress", "fraction": 0.5, "note": "half"}), flush=True)
(folder / "result.json").write_text("{}")
print(json.dumps({"kind": "done"}), flush=True)
"""


class Listener:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []

    def begun(self, job: str) -> None:
        self.events.append(("begun", job))

    def advanced(self, job: str, fraction: float, note: str) -> None:
        self.events.append((note, job))

    def ended(self, job: str, note: str, *, is_done: bool) -> None:
        self.events.append(("done" if is_done else "failed", job))

    def place(self, event: str, job: str) -> int:
        return self.events.index((event, job))


@pytest.fixture
def experiment(tmp_path: Path, settings: BenchmarkSettings) -> Experiment:
    return Experiment.take_up(tmp_path / "results", settings)


def run(
    experiment: Experiment, script: str, *, methods: Sequence[str] = ("sft",), slots: int = 2, silence_s: float = 60.0
) -> tuple[Listener, dict[str, str]]:
    jobs = plan_jobs(experiment.settings, methods, (0,), cache=experiment.folder / "cache")
    listener = Listener()
    command = (sys.executable, "-c", script)
    crew = Crew(experiment, jobs, listener, slots=slots, command=command, silence_timeout_s=silence_s)
    return listener, crew.run()


def test_jobs_begin_when_what_they_need_is_done(experiment: Experiment) -> None:
    heard, failures = run(experiment, DILIGENT, methods=("irevla", "ppo-scratch"))
    assert failures == {}
    assert ("half", "irevla-seed0") in heard.events
    assert heard.place("done", "demonstrations-push-expert") < heard.place("begun", "stage0-seed0")
    assert heard.place("done", "stage0-seed0") < heard.place("begun", "irevla-seed0")
    assert heard.place("done", "stage0-seed0") < heard.place("begun", "ppo-scratch-seed0")


def test_with_one_core_one_worker_runs_at_a_time(experiment: Experiment) -> None:
    heard, _ = run(experiment, DILIGENT, methods=("sft", "irevla", "ppo-scratch"), slots=1)
    running = 0
    for event, _ in heard.events:
        running += {"begun": 1, "done": -1}.get(event, 0)
        assert running in (0, 1)


def test_what_is_done_is_not_done_again_nor_what_only_it_needed(experiment: Experiment) -> None:
    run(experiment, DILIGENT)
    (experiment.job("stage0-seed0").path / "result.json").unlink()
    heard, failures = run(experiment, "raise SystemExit(1)")
    assert failures == {}
    assert not [job for event, job in heard.events if event == "begun"]


def test_a_silent_worker_is_ended_and_named(experiment: Experiment) -> None:
    """Its last words do not change what is said of it."""
    script = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print('{"kind": "stopped"}', flush=True))
time.sleep(2)
"""
    _, failures = run(experiment, script, silence_s=0.5)
    assert "said nothing for 0.5 s" in failures["demonstrations-push-expert"]
    assert failures["stage0-seed0"] == "left out, as it needs demonstrations-push-expert"


def test_what_is_no_message_is_named(experiment: Experiment) -> None:
    _, failures = run(experiment, "print('hello', flush=True)")
    assert "expected a JSON message of a benchmark worker, got 'hello" in failures["demonstrations-push-expert"]


def test_from_scratch_goes_on_where_stage_zero_failed(experiment: Experiment) -> None:
    script = f"import sys\nif 'stage0' in sys.argv[-1]: sys.exit(3)\n{DILIGENT}"
    heard, failures = run(experiment, script, methods=("irevla", "ppo-scratch"))
    assert "ended with status 3" in failures["stage0-seed0"]
    assert failures.keys() == {"stage0-seed0", "irevla-seed0"}
    assert ("done", "ppo-scratch-seed0") in heard.events


def test_deaths_are_told_in_words() -> None:
    assert death(-9) == "its process was killed by SIGKILL (out of memory?)"
    assert death(-11) == "its process was killed by SIGSEGV"
    assert death(-200) == "its process was killed by signal 200"
    assert death(1) == "its process ended with status 1"

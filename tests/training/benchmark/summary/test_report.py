"""The page about a folder in which most is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.jobs.job_spec import JobSpec
from irevla.training.benchmark.json_lines import append_line
from irevla.training.benchmark.results import Evaluation, gather_curves
from irevla.training.benchmark.summary.report import Report

Make = Callable[..., Evaluation]


@pytest.fixture
def experiment(tmp_path: Path, settings: BenchmarkSettings) -> Experiment:
    return Experiment.take_up(tmp_path / "results", settings)


def page(experiment: Experiment) -> str:
    path = experiment.folder / "report.html"
    Report(experiment).write(path)
    return path.read_text()


def test_an_empty_experiment_has_a_page(experiment: Experiment) -> None:
    text = page(experiment)
    assert "iRe-VLA: not run" in text
    assert "cannot be said without" in text
    assert "contact sheet: not there" in text
    assert "src=" not in text


def test_a_run_that_is_under_way_is_shown_as_far_as_it_is(experiment: Experiment, evaluation: Make) -> None:
    done, going = experiment.job("sft-seed0"), experiment.job("irevla-seed0")
    for folder, method in ((done, "sft"), (going, "irevla")):
        folder.begin(JobSpec(kind="method", settings=experiment.settings, method=method, cache=experiment.folder))
    for task in ("push-expert", "push-rl", "push-unseen"):
        append_line(done.evaluations, evaluation("sft", task, 5).as_row())
    append_line(going.evaluations, evaluation("irevla", "push-expert", 10).as_row())  # counts once it is finished
    done.finish({"note": "well"})
    for sitting_s, steps, rate in ((1, 10, 0.2), (2, 20, 0.4), (1, 20, 0.5), (2, 30, float("nan"))):
        facts = {"stage": "rl", "task": "push-rl", "env_steps": steps, "success_rate": rate}
        append_line(going.progress, {"sitting_s": sitting_s, "fraction": steps / 100, **facts})
    points = [(point.env_steps, point.success_rate) for point in gather_curves(experiment)]
    assert points == [(10, 0.2), (20, 0.5)]  # said again after a resume, counted once
    text = page(experiment)
    assert "irevla-seed0: not finished" in text
    assert "not finished, 30%" in text
    assert "0.50 [" in text
    assert "1.00 [" not in text
    assert text.count("data:image/svg+xml") == 2


def test_a_contact_sheet_that_lies_there_is_shown(experiment: Experiment) -> None:
    Image.new("RGB", (4, 4)).save(experiment.folder / "contact-sheet.png")
    assert "data:image/png;base64," in page(experiment)

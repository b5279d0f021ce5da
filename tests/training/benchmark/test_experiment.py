"""A results folder belongs to one configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import ConfigError
from irevla.training.benchmark.experiment import Experiment
from irevla.training.benchmark.jobs.job_folder import JobFolder
from irevla.training.benchmark.json_lines import append_line
from irevla.training.suites.task import SuiteTask, Variation


def test_the_same_settings_are_taken_up_again(tmp_path: Path, settings: BenchmarkSettings) -> None:
    Experiment.take_up(tmp_path / "a", settings)
    assert Experiment.take_up(tmp_path / "a", settings).settings == settings
    assert Experiment.open(tmp_path / "a").settings == settings


def test_other_settings_are_refused_and_what_differs_is_named(tmp_path: Path, settings: BenchmarkSettings) -> None:
    Experiment.take_up(tmp_path, settings)
    changed = settings.model_copy(update={"lanes": 4, "ppo": settings.ppo.model_copy(update={"epochs": 9})})
    with pytest.raises(ConfigError, match=r"never mixed: lanes is 2 there and 4 here; ppo\.epochs is 1 there and 9"):
        Experiment.take_up(tmp_path, changed)


def test_a_task_that_looks_otherwise_is_refused(tmp_path: Path, settings: BenchmarkSettings) -> None:
    task = SuiteTask("near-new", "rl", "near", "reach the dot", Variation(shift_m=(0.1, 0.0, 0.0)))
    moved = replace(task, variation=Variation(shift_m=(0.2, 0.0, 0.0)))
    Experiment.take_up(tmp_path, settings, [task])
    Experiment.take_up(tmp_path, settings, [task])
    with pytest.raises(ConfigError, match=r"task near-new\.variation\.shift_m is \[0\.1.* there and \[0\.2.* here"):
        Experiment.take_up(tmp_path, settings, [moved])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"settings": {"suite": 3}}'])
def test_a_broken_identity_is_named(tmp_path: Path, settings: BenchmarkSettings, text: str) -> None:
    (tmp_path / "experiment.json").write_text(text)
    with pytest.raises(ConfigError, match=r"experiment\.json"):
        Experiment.take_up(tmp_path, settings)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, settings: BenchmarkSettings) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(ConfigError, match="not empty"):
        Experiment.take_up(tmp_path, settings)
    with pytest.raises(ConfigError, match="holds no benchmark"):
        Experiment.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_result_without_what_it_made_is_none(tmp_path: Path) -> None:
    folder, made = JobFolder(tmp_path / "job"), tmp_path / "model"
    folder.path.mkdir()
    made.touch()
    assert folder.result() is None
    folder.finish({"made": str(made)})
    assert folder.result() == {"made": str(made)}
    made.unlink()
    assert folder.result() is None


def test_the_time_worked_is_that_of_all_sittings(tmp_path: Path) -> None:
    """Sittings of 5, 2 and 4 seconds."""
    folder = JobFolder(tmp_path)
    for seconds in (1.0, 5.0, 2.0, 0.5, 4.0):
        append_line(folder.progress, {"sitting_s": seconds})
    assert folder.wall_s() == 11.0

"""The demo's record: finished phases survive, other configurations are refused."""

from pathlib import Path

import pytest

from irevla.config.errors import ConfigError
from irevla_nodes.demo.progress_record import ProgressRecord


def test_a_finished_phase_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    ProgressRecord.open(path, "abc", resume=False).finish("stage 0", {"path": "m"}, 12.0)
    again = ProgressRecord.open(path, "abc", resume=True)
    assert again.result("stage 0") == {"path": "m"}
    assert again.result("stage 1") is None


def test_time_of_a_cut_off_phase_counts(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    record = ProgressRecord.open(path, "abc", resume=False)
    record.spend("stage 0", 5.0)
    record.finish("stage 0", {}, 7.0)
    assert ProgressRecord.open(path, "abc", resume=True).wall_s == {"stage 0": 12.0}


def test_a_run_is_not_overwritten_without_resume(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    ProgressRecord.open(path, "abc", resume=False).spend("stage 0", 1.0)
    with pytest.raises(ConfigError, match="--resume or choose another --out"):
        ProgressRecord.open(path, "abc", resume=False)


def test_another_configuration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    ProgressRecord.open(path, "abc", resume=False).spend("stage 0", 1.0)
    with pytest.raises(ConfigError, match="other settings or another seed"):
        ProgressRecord.open(path, "xyz", resume=True)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    path.write_text("not json")
    with pytest.raises(ConfigError, match="not the record of a demo"):
        ProgressRecord.open(path, "abc", resume=True)

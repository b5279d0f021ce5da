"""Episodes as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.records import EpisodeDetail, EpisodeInfo
from irevla.app.models.episodes.episode_csv import _cell, episodes_csv, steps_csv, write_csv
from irevla.config.errors import UserError


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_steps_have_units_in_the_head_and_exact_values(make_detail: Callable[..., EpisodeDetail]) -> None:
    text = steps_csv(make_detail())
    assert text.splitlines()[0] == (
        "step,stamp_ns,x_m,y_m,z_m,rx_rad,ry_rad,rz_rad,gripper_m,"
        "action_x,action_y,action_z,action_rx,action_ry,action_rz,action_grip,"
        "q_value,log_prob,source,intervention,limited"
    )
    lines = read(text)
    assert len(lines) == 4
    assert lines[3]["stamp_ns"] == "1700000000300000000"
    assert (lines[3]["x_m"], lines[3]["y_m"], lines[3]["action_z"]) == ("0.5", "-0.1", "0.3")
    assert (lines[3]["q_value"], lines[3]["limited"]) == ("0.875", "9")
    assert [line["intervention"] for line in lines] == ["0", "1", "1", "0"]


def test_what_was_not_measured_is_empty(make_detail: Callable[..., EpisodeDetail]) -> None:
    detail = replace(make_detail(), q_values=np.array([np.nan, 0.5, np.nan, 1.0], np.float32))
    assert [line["q_value"] for line in read(steps_csv(detail))] == ["", "0.5", "", "1.0"]


@given(st.floats(width=32, allow_nan=False))
def test_a_number_reads_back_as_the_same(value: float) -> None:
    assert np.float32(_cell(np.float32(value))) == np.float32(value)
    assert float(_cell(value)) == value


def test_rows_hold_every_field_but_the_thumbnail(make_episode: Callable[..., EpisodeInfo]) -> None:
    infos = [make_episode("e0", thumbnail=b"jpeg"), make_episode("e1", instruction='say "a, b"', q_last=math.nan)]
    first, second = read(episodes_csv(infos))
    assert "thumbnail" not in first
    assert (first["created_s"], first["reset_s"], first["explore"], first["seed"]) == ("1700000000.0", "5.25", "1", "3")
    assert (second["instruction"], second["q_last"]) == ('say "a, b"', "")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    write_csv(path, "ä,b\n")
    assert path.read_bytes() == "ä,b\n".encode()
    assert [file.name for file in tmp_path.iterdir()] == ["numbers.csv"]


def test_a_folder_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere/numbers\.csv cannot be written: No such file.*choose another place"):
        write_csv(tmp_path / "nowhere" / "numbers.csv", "a\n")

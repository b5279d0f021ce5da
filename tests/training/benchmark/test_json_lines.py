"""JSON lines after a kill in the middle of a line."""

from __future__ import annotations

from pathlib import Path

from irevla.training.benchmark.json_lines import append_line, read_lines, write_lines


def test_what_was_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    assert read_lines(path) == []
    for number in range(3):
        append_line(path, {"number": number})
    assert read_lines(path) == [{"number": 0}, {"number": 1}, {"number": 2}]


def test_a_torn_last_line_is_as_if_it_was_never_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    append_line(path, {"number": 0})
    with path.open("ab") as file:
        file.write(b'{"numb')
    assert read_lines(path) == [{"number": 0}]
    append_line(path, {"number": 1})
    assert read_lines(path) == [{"number": 0}, {"number": 1}]


def test_a_file_of_one_torn_line_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"numb')
    assert read_lines(path) == []
    append_line(path, {"number": 1})
    assert read_lines(path) == [{"number": 1}]


def test_rows_are_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    append_line(path, {"number": 0})
    write_lines(path, [{"number": 7}])
    assert read_lines(path) == [{"number": 7}]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.jsonl"]

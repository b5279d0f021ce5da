"""The model served last is found again after a kill."""

from __future__ import annotations

from pathlib import Path

from irevla_nodes.serving.served_model import FILE, ModelPlace, ServedModel


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    place = ServedModel(str(tmp_path / "state")).write("models/stage0", "abc")
    assert place == ModelPlace(str(Path("models/stage0").absolute()), "abc")
    assert ServedModel(str(tmp_path / "state")).read() == place


def test_without_a_folder_or_with_a_torn_file_there_is_none(tmp_path: Path) -> None:
    assert ServedModel("").read() is None
    assert ServedModel("").write("x", "y").sha256 == "y"
    (tmp_path / FILE).write_text('{"path": "x"')
    assert ServedModel(str(tmp_path)).read() is None

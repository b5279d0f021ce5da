"""The folder of remote rounds: pieces, hashes, names that lead out of it, one process at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.config.errors import StoreError, UserError, WrongStateError
from irevla.training.remote.round_package import RoundFile
from irevla.training.remote.scratch import RoundScratch


def file_of(data: bytes, place: str = "store/a.mcap") -> RoundFile:
    return RoundFile(place, hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[RoundScratch]:
    scratch = RoundScratch(str(tmp_path), "round-1", 0.0)
    yield scratch
    scratch.close()


def test_a_file_that_was_cut_off_goes_on_and_is_kept_for_the_next_round(scratch: RoundScratch, tmp_path: Path) -> None:
    file = file_of(b"abcdef")
    assert scratch.missing([file]) == {file.sha256: 0}
    scratch.append(file, 0, b"abcd")
    assert scratch.missing([file]) == {file.sha256: 4}
    scratch.append(file, 4, b"ef")
    assert scratch.missing([file]) == {}
    scratch.place([file])
    assert (scratch.folder / "store" / "a.mcap").read_bytes() == b"abcdef"
    scratch.forget()
    assert not scratch.folder.exists()
    other = RoundScratch(str(tmp_path), "round-2", 0.0)
    assert other.missing([file]) == {}
    other.close()


def test_what_is_not_what_was_announced_is_thrown_away(scratch: RoundScratch) -> None:
    file = file_of(b"abcdef")
    with pytest.raises(StoreError, match="another sha256 than was announced"):
        scratch.append(file, 0, b"abcdeX")
    assert scratch.missing([file]) == {file.sha256: 0}


def test_an_empty_file_is_a_file(scratch: RoundScratch) -> None:
    scratch.append(file_of(b""), 0, b"")
    assert scratch.missing([file_of(b"")]) == {}


def test_a_round_is_held_by_one_process(scratch: RoundScratch, tmp_path: Path) -> None:
    with pytest.raises(WrongStateError, match="another process still works on this round"):
        RoundScratch(str(tmp_path), "round-1", 0.2)


@pytest.mark.parametrize("key", ["", ".", "..", "../x", "/etc", "a/b", "a\x00"])
def test_a_key_that_is_no_plain_name_is_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="plain name"):
        RoundScratch(str(tmp_path), key, 0.0)


@given(st.text(alphabet="./a~\\\n\x00", max_size=8))
def test_no_place_leads_out_of_the_rounds_folder(place: str) -> None:
    """A place is either inside or refused; nothing is read or made."""
    scratch = object.__new__(RoundScratch)
    scratch.folder = Path("/scratch/rounds/one")
    try:
        inside = scratch._inside(place)
    except UserError:
        return
    assert inside.resolve().is_relative_to(scratch.folder)


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"choose another rounds\.remote\.scratch"):
        RoundScratch(str(tmp_path / "file"), "round", 0.0)

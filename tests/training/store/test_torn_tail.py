"""A file that ends anywhere keeps every step that was closed before."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_file import META_RECORD, EpisodeFile
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.mcap_file import McapFile

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]
IDS = "torn{:05d}"  # one length, so that a file's body fits under another's head


@pytest.fixture
def written(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> tuple[bytes, list[int]]:
    """The bytes of a closed episode of three steps, and where each step ends."""
    ends = []
    writer = store.open(make_meta(IDS.format(99999)))
    for number in range(3):
        writer.append(make_step(number, images={"front": np.full((4, 4, 3), number, np.uint8)}))
        ends.append(writer._path.stat().st_size)
    writer.close(terminated=True, truncated=False, final=make_step(3))
    return store.path(IDS.format(99999)).read_bytes(), ends


def test_every_cut_reads_as_the_steps_before_it(written: tuple[bytes, list[int]], tmp_path: Path) -> None:
    data, ends = written
    path = tmp_path / "cut.mcap"
    path.write_bytes(data)
    for cut in reversed(range(len(data) + 1)):
        os.truncate(path, cut)
        file = EpisodeFile(path)
        assert file.step_count == sum(end <= cut for end in ends), f"cut at byte {cut}"
        assert file.content.is_sealed == (cut == len(data))
        if ends[0] <= cut <= ends[-1]:
            assert file.closed_end == max(end for end in ends if end <= cut)
        if cut % 53 == 0:
            assert [step.step for step in file.decoder().steps(images=True)] == list(range(file.step_count))


def test_zeros_after_a_power_cut_read_as_the_steps_before_them(
    written: tuple[bytes, list[int]], tmp_path: Path
) -> None:
    data, ends = written
    path = tmp_path / "zeros.mcap"
    for cut in (ends[1], ends[1] + 1, ends[1] + 2):  # inside the next record's opcode and length
        path.write_bytes(data[:cut] + bytes(4096))
        assert EpisodeFile(path).step_count == 2


def test_repair_closes_a_file_that_was_cut_at_any_byte(
    written: tuple[bytes, list[int]], store: EpisodeStore, make_meta: MakeMeta, tmp_path: Path
) -> None:
    data, ends = written
    head = EpisodeFile(store.path(IDS.format(99999))).content.metadata[META_RECORD][2]
    # Every byte around the joints of the last two steps, and a stride through the rest.
    cuts = sorted({*range(head, len(data), 211), *(end + by for end in ends for by in (-1, 0, 1, 10))})
    for cut in cuts:
        path = store.path(IDS.format(cut))
        with path.open("xb", buffering=0) as file:
            McapFile(file, path).begin(META_RECORD, make_meta(path.stem).as_strings())
            file.write(data[head:cut])
    assert {problem.kind for problem in store.verify()} == {"unindexed"}
    store.repair()
    assert store.verify() == []
    for cut in cuts:
        kept = sum(end <= cut for end in ends)
        record = store.record(IDS.format(cut))
        assert record.steps == kept
        assert record.state == ("closed" if kept else "aborted")
        assert store.read(record.episode_id).numbers.tolist() == list(range(kept))
    assert {record.label for record in store.records()} == {""}
    assert store.records(label="success") == []


def test_repair_goes_on_after_it_was_killed_half_way(
    written: tuple[bytes, list[int]], store: EpisodeStore, make_meta: MakeMeta
) -> None:
    """Repair works in place: what it leaves at any moment is again a torn file with the same steps."""
    data, ends = written
    source = store.path(IDS.format(99999))
    head = EpisodeFile(source).content.metadata[META_RECORD][2]
    path = store.path(IDS.format(1))
    with path.open("xb", buffering=0) as file:
        McapFile(file, path).begin(META_RECORD, make_meta(path.stem).as_strings())
        file.write(data[head : ends[2] - 5])
    store.repair()
    repaired = path.read_bytes()
    for cut in (ends[1] + 1, ends[1] + 40, len(repaired) - 200, len(repaired) - 1):
        path.write_bytes(repaired[:cut])
        with store._index.write() as connection:
            connection.execute("UPDATE episodes SET state = 'open', steps = 0 WHERE episode_id = ?", (path.stem,))
        store.repair()
        assert store.read(path.stem).numbers.tolist() == [0, 1]
        assert store.verify() == []

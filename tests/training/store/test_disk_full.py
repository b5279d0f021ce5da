"""A full disk is a clear error, and costs no step that was closed before."""

import errno
import io
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from irevla.config.errors import StoreError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.episode_writer import EpisodeWriter

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]


class SmallDisk(io.FileIO):
    """A file on a disk with ``room`` bytes; like a real one, it takes what fits and then fails."""

    room = 0

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        fits = data[: max(0, self.room - self.tell())]
        if not len(fits):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(fits)


@pytest.fixture
def disk(store: EpisodeStore, make_meta: MakeMeta) -> tuple[EpisodeWriter, SmallDisk]:
    files: list[SmallDisk] = []

    def create(path: Path) -> SmallDisk:
        files.append(SmallDisk(path, "x+"))
        files[0].room = 100_000
        return files[0]

    return EpisodeWriter(store.path("e0"), make_meta(), store._episodes, create), files[0]


def test_a_step_that_does_not_fit_is_undone_and_may_come_again(
    store: EpisodeStore, disk: tuple[EpisodeWriter, SmallDisk], make_step: MakeStep
) -> None:
    writer, file = disk
    writer.append(make_step(0))
    picture = {"front": np.random.default_rng(0).integers(0, 255, (16, 16, 3), dtype=np.uint8)}
    for room in range(0, 400, 37):
        file.room = file.tell() + room
        with pytest.raises(StoreError, match=r"no room for 0\.\d+ MB .* MB free on the disk"):
            writer.append(make_step(1, images=picture))
        assert store.read("e0").numbers.tolist() == [0]
    file.room = 1_000_000
    writer.append(make_step(1, images=picture))
    writer.close(terminated=False, truncated=True)
    store.label("e0", "success", "ann")
    assert store.read("e0").numbers.tolist() == [0, 1]
    assert store.verify() == []


def test_an_episode_that_cannot_be_closed_keeps_its_steps(
    store: EpisodeStore, disk: tuple[EpisodeWriter, SmallDisk], make_step: MakeStep
) -> None:
    writer, file = disk
    writer.append(make_step(0))
    writer.append(make_step(1))
    for room in (0, 10, 150, 600):
        file.room = file.tell() + room
        with pytest.raises(StoreError, match="free some space"):
            writer.close(terminated=True, truncated=False)
        assert store.read("e0").numbers.tolist() == [0, 1]
    file.close()  # the session gives up and dies
    assert [problem.kind for problem in store.verify()] == ["torn"]
    store.repair()
    assert store.verify() == []
    assert (store.record("e0").state, store.record("e0").steps) == ("closed", 2)


def test_closing_works_once_there_is_room_again(
    store: EpisodeStore, disk: tuple[EpisodeWriter, SmallDisk], make_step: MakeStep
) -> None:
    writer, file = disk
    writer.append(make_step(0))
    for room in (100, 400):
        file.room = file.tell() + room
        with pytest.raises(StoreError):
            writer.close(terminated=True, truncated=False, final=make_step(1))
    file.room = 1_000_000
    writer.close(terminated=True, truncated=False, final=make_step(1))
    episode = store.read("e0")
    assert (episode.steps, episode.terminated, episode.final is not None) == (1, True, True)
    assert store.verify() == []


def test_a_real_limit_on_the_files_size(tmp_path: Path) -> None:
    """The kernel itself refuses: RLIMIT_FSIZE lets a write through in part and then fails it."""
    script = Path(__file__).with_name("writer_process.py")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    command = [sys.executable, str(script), str(tmp_path / "store"), "big", "1", "10000"]
    # The index is made first, since the limit is for every file of the process.
    store = EpisodeStore(tmp_path / "store")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=limit)
    assert "StoreError" in done.stderr
    assert "MB free on the disk" in done.stderr
    closed = [line for line in done.stdout.splitlines() if line.startswith("step")]
    assert len(closed) > 3
    store.repair()
    assert store.read("big_0").numbers.tolist() == list(range(len(closed)))
    assert store.verify() == []

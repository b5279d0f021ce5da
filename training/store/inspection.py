"""Compares every episode's file with the index; changes nothing."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path

from irevla.config.errors import StoreError, UnknownNameError
from irevla.training.store.episode import EPISODE_ID
from irevla.training.store.episode_file import SUFFIX, Closing, EpisodeFile
from irevla.training.store.episode_record import EpisodeRecord, Problem, ProblemKind
from irevla.training.store.index.episode_index import EpisodeIndex
from irevla.training.store.index.index import Index

BIRTH_S = 5.0  # a file without its metadata may be this young: its writer has just made it


class Inspection:
    """One look at a whole store."""

    def __init__(self, index: Index, episodes: EpisodeIndex, folder: Path) -> None:
        self._index = index
        self._episodes = episodes
        self._folder = folder

    def problems(self) -> list[Problem]:
        """Return every problem, ordered by file name; reads and hashes every file."""
        verdict = self._index.check()
        found = [] if verdict == "ok" else [Problem("damaged", "", self._index.path, f"SQLite says: {verdict}")]
        records = self._episodes.records()
        found += self._look_at(self._paths())
        # A file is made before its record, so a record without a file is no race.
        for record in records:
            if not record.path.exists():
                kind: ProblemKind = "damaged" if record.state == "damaged" else "missing"
                found.append(Problem(kind, record.episode_id, record.path, "its file is gone"))
        return found

    def unfinished(self) -> list[Problem]:
        """Return what dead writers left: torn episodes, and files that never came into the index; reads only those."""
        finished = {record.path for record in self._episodes.records() if record.state != "open"}
        return self._look_at([path for path in self._paths() if path not in finished])

    def _paths(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []

    def _look_at(self, paths: list[Path]) -> list[Problem]:
        return [problem for path in paths if (problem := self._look(path)) is not None]

    def _look(self, path: Path) -> Problem | None:
        if path.suffix != SUFFIX or not EPISODE_ID.fullmatch(path.stem) or not path.is_file():
            return Problem("foreign", "", path, "not the name of an episode's file")
        try:
            with path.open("rb") as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
                # The record is read while nobody can be writing the file, so both are of the same moment.
                return self._judge(path, self._record(path.stem))
        except BlockingIOError:
            return None
        except OSError as error:
            return Problem("damaged", path.stem, path, f"cannot be read: {error}")

    def _record(self, episode_id: str) -> EpisodeRecord | None:
        try:
            return self._episodes.record(episode_id)
        except UnknownNameError:
            return None

    def _judge(self, path: Path, record: EpisodeRecord | None) -> Problem | None:
        try:
            file = EpisodeFile(path)
        except StoreError as error:
            return Problem("damaged" if record else "foreign", path.stem if record else "", path, str(error))
        if record is not None and record.state != "open":
            return _compare(file, record)
        if file.meta is None:
            if time.time() - path.stat().st_mtime < BIRTH_S:
                return None
            return Problem("foreign", "", path, "no episode's metadata: its writer died at once, or it is not ours")
        if file.meta.episode_id != path.stem:
            return Problem("foreign", "", path, f"a copy: it says it is episode {file.meta.episode_id}")
        if record is None:
            return Problem("unindexed", path.stem, path, f"{file.step_count} closed steps that the index does not know")
        if file.content.is_sealed and file.closing is not None:
            return Problem("drift", path.stem, path, "the file is closed, the index says open")
        return Problem("torn", path.stem, path, f"its writer died after {file.step_count} closed steps")


def _compare(file: EpisodeFile, record: EpisodeRecord) -> Problem | None:
    kind: ProblemKind = "damaged"
    if file.sha256 != record.sha256:
        detail = f"not the file that was closed: {file.step_count} of {record.steps} steps, other sha256"
        return Problem(kind, record.episode_id, file.path, detail)
    kind = "drift"
    closing = file.closing or Closing("aborted", False, True)
    if record.state == "damaged":
        return Problem(kind, record.episode_id, file.path, f"the file is whole again, the index says: {record.reason}")
    if file.meta != record.meta or file.step_count != record.steps:
        return Problem(kind, record.episode_id, file.path, "file and index differ on what the episode is")
    is_success = record.label == "success"  # which outweighs what the file says of its end
    ended = closing.terminated or is_success, closing.truncated and not is_success
    if (record.state, record.terminated, record.truncated, record.reason) != (closing.state, *ended, closing.reason):
        return Problem(kind, record.episode_id, file.path, "file and index differ on how the episode ended")
    return None

"""Mends a store after a kill, a full disk or a lost index; keeps every closed step and deletes nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from irevla.config.errors import StoreError
from irevla.training.store.episode_file import CLOSING_RECORD, Closing, EpisodeFile
from irevla.training.store.episode_record import Problem
from irevla.training.store.episode_writer import finish, lock
from irevla.training.store.index.episode_index import EpisodeIndex
from irevla.training.store.mcap_file import McapFile


class Repair:
    """Mends problems one by one; killed half-way, the next repair goes on."""

    def __init__(self, episodes: EpisodeIndex, folder: Path, aside: Path) -> None:
        self._episodes = episodes
        self._folder = folder
        self._aside = aside

    def mend(self, problems: Iterable[Problem]) -> list[str]:
        """Return one sentence a problem; raises StoreError when the disk or the index fails."""
        return [self._mend(problem) for problem in problems]

    def _mend(self, problem: Problem) -> str:
        if problem.kind == "foreign":
            target = self._free_name(problem.path.name)
            problem.path.rename(target)
            return f"{problem.path.name}: {problem.detail}; moved to {target}"
        if problem.kind in ("missing", "damaged"):
            return self._take_out(problem)
        return self._make_whole(problem)

    def _make_whole(self, problem: Problem) -> str:
        """Close a torn file if need be, and let the index say what the file says."""
        with io.FileIO(problem.path, "r+") as file:
            if not lock(file, timeout_s=0.0):
                return f"{problem.episode_id}: is being written; left alone"
            episode = EpisodeFile(problem.path)
            if episode.meta is None:
                raise StoreError(
                    f"{problem.path}: changed while it was being repaired; run `irevla episodes repair` again"
                )
            closing = episode.closing or _recovered(episode.step_count)
            sha256 = episode.sha256
            cut = 0
            if not episode.content.is_sealed:
                cut = self._cut(file, episode)
                mcap = McapFile(file, problem.path)
                mcap.cut(episode.closed_end)
                if episode.closing is None:
                    mcap.add_metadata(CLOSING_RECORD, closing.as_strings())
                    mcap.commit()
                sha256 = finish(mcap, file, problem.path)
            self._episodes.put(episode.meta)
            self._episodes.set_closing(problem.episode_id, closing, steps=episode.step_count, sha256=sha256)
        torn = f", {cut} bytes of a step that was not closed are in {self._aside}" if cut else ""
        return f"{problem.episode_id}: {problem.detail}; now {closing.state} with {episode.step_count} steps{torn}"

    def _cut(self, file: io.FileIO, episode: EpisodeFile) -> int:
        """Copy what follows the last closed step aside; return its length [bytes]."""
        tail = episode.data[episode.closed_end :]
        if tail:
            self._free_name(f"{episode.path.name}.tail").write_bytes(tail)
        return len(tail)

    def _take_out(self, problem: Problem) -> str:
        if not problem.episode_id:
            return f"{problem.path}: {problem.detail}; restore it from a copy"
        self._episodes.set_damaged(problem.episode_id, problem.detail)
        return f"{problem.episode_id}: {problem.detail}; it is no training data until the file is restored from a copy"

    def _free_name(self, name: str) -> Path:
        self._aside.mkdir(exist_ok=True)
        number = 0
        while (target := self._aside / (f"{name}.{number}" if number else name)).exists():
            number += 1
        return target


def _recovered(steps: int) -> Closing:
    if not steps:
        return Closing("aborted", False, True, "its writer died before the first step")
    return Closing("closed", False, True, f"recovered: its writer died after {steps} steps")

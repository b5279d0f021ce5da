"""The episode store: what the session writes, and what the learner, the rounds and the command line read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from irevla.config.errors import StoreError, WrongStateError
from irevla.training.store.episode import UNLABELLED, Episode, EpisodeMeta, Step
from irevla.training.store.episode_file import SUFFIX, Closing, EpisodeFile
from irevla.training.store.episode_record import EpisodeRecord, LabelChange, Problem
from irevla.training.store.episode_writer import EpisodeWriter
from irevla.training.store.index.episode_index import EpisodeIndex
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla.training.store.index.episode_summary import EpisodePage, EpisodeSummary, Summaries
from irevla.training.store.index.index import Index
from irevla.training.store.inspection import Inspection
from irevla.training.store.lineage.comparisons import Comparisons
from irevla.training.store.lineage.lineage import Evaluation, Lineage, ModelRecord, RoundRecord
from irevla.training.store.lineage.promotions import Promotions
from irevla.training.store.repair import Repair


class EpisodeStore:
    """A folder of episodes that several processes and threads may use at once.

    ``index.sqlite`` holds the index, ``episodes/<id>.mcap`` the episodes, ``aside/`` what repair moved out of the way.
    Every method takes one short transaction at most and raises StoreError when the disk or the index fails. The folder
    must be on a local disk: SQLite's write-ahead log and file locks do not work over most network file systems.
    """

    def __init__(self, root: Path, *, create: bool = True, busy_timeout_s: float = 10.0) -> None:
        self.root = Path(root)
        self.folder = self.root / "episodes"
        self.aside = self.root / "aside"
        index = self.root / "index.sqlite"
        if create:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{self.root}: cannot be made: {error}; choose another folder for the store") from None
        elif not index.is_file() and not self.folder.is_dir():
            raise StoreError(f"{self.root}: there is no episode store here; `--store` takes the folder of a session")
        self._index = Index(index, create=create, busy_timeout_s=busy_timeout_s)
        self._episodes = EpisodeIndex(self._index, self.folder)
        self._summaries = Summaries(self._index, self._episodes)
        self._lineage = Lineage(self._index, self._episodes)
        self.promotions = Promotions(self._index)
        self.comparisons = Comparisons(self._index)

    def path(self, episode_id: str) -> Path:
        """Return where an episode's file is, or would be."""
        return self.folder / f"{episode_id}{SUFFIX}"

    def open(self, meta: EpisodeMeta) -> EpisodeWriter:
        """Begin an episode; raises WrongStateError if its id is taken."""
        try:
            return EpisodeWriter(self.path(meta.episode_id), meta, self._episodes)
        except OSError as error:
            raise StoreError(f"{self.path(meta.episode_id)}: cannot be made: {error}") from error

    def label(self, episode_id: str, label: str, who: str, delay_s: float | None = None) -> EpisodeRecord:
        """Label or relabel a closed episode ("success", "failure", "discard"); on the disk when this returns.

        ``delay_s``: how long after the episode's end, where somebody measured it; kept of a first label only.
        """
        return self._episodes.set_label(episode_id, label, who, delay_s)

    def undo_label(self, episode_id: str, who: str) -> EpisodeRecord:
        """Bring back the label before the newest one, which may be none; the log keeps both."""
        history = self.labels(episode_id)
        if not history or not history[-1].new:
            raise WrongStateError(f"episode {episode_id} has no label to undo")
        return self._episodes.set_label(episode_id, history[-1].old, who)

    def labels(self, episode_id: str) -> list[LabelChange]:
        """Return an episode's label history, oldest first."""
        return self._episodes.history(episode_id)

    def changes_since(self, change: int) -> list[tuple[int, str, str]]:
        """Return (change, episode_id, label) of every label given after ``change``; 0 gives all.

        The label is "" where an undo took it away.
        """
        return self._episodes.changes_since(change)

    def records(
        self, task: str | None = None, kind: str | None = None, label: str | None = None, model_hash: str | None = None
    ) -> list[EpisodeRecord]:
        """Return the episodes with these values, in order of creation.

        Without ``label`` this lists open, aborted and damaged episodes too; with one it never does. ``label=""`` lists
        the closed episodes that await a label.
        """
        return self._episodes.records(task=task, kind=kind, label=label, model_hash=model_hash)

    def record(self, episode_id: str) -> EpisodeRecord:
        """Return one episode of the index; raises UnknownNameError."""
        return self._episodes.record(episode_id)

    def page(self, query: EpisodeQuery, *, thumbnails: bool = False) -> EpisodePage:
        """Return the episodes that match ``query``; those of `unsummarized` without their summaries."""
        return self._summaries.page(query, thumbnails=thumbnails)

    def unsummarized(self, query: EpisodeQuery) -> list[EpisodeRecord]:
        """Return the finished episodes that may match ``query`` but whose files were not read yet, newest first."""
        return self._summaries.missing(query)

    def summary(self, record: EpisodeRecord) -> EpisodeSummary | None:
        """Return what was kept of an episode's file by `summarize`; None before, or when the file was changed."""
        return self._summaries.find(record)

    def summarize(self, record: EpisodeRecord, file: EpisodeFile) -> EpisodeSummary:
        """Read the steps of a finished episode's ``file`` and keep what lists show of it."""
        summary = EpisodeSummary.of(file)
        self._summaries.keep(record, summary)
        return summary

    def read(self, episode_id: str, images: bool = True) -> Episode:
        """Return an episode as arrays, an open or aborted one too (never with a label).

        Raises StoreError if the file is not what the index says it is. ``images=False`` is about ten times faster.
        """
        record = self.record(episode_id)
        label = record.label if record.state == "closed" else UNLABELLED
        closing = Closing(record.state, record.terminated, record.truncated)
        return self.file(record).episode(label, closing, images=images)

    def read_steps(self, episode_id: str, images: bool = True) -> list[Step]:
        """Return an episode's closed steps one by one, each with all that was recorded of it."""
        return self.file(self.record(episode_id)).decoder().steps(images=images)

    def file(self, record: EpisodeRecord) -> EpisodeFile:
        """Return an episode's file, read whole; raises StoreError if it is not the one that was closed."""
        file = EpisodeFile(record.path)
        if record.state == "closed" and (not file.content.is_sealed or file.step_count != record.steps):
            raise StoreError(
                f"{record.path}: expected a whole file of {record.steps} steps, found {file.step_count}; "
                "run `irevla episodes verify`"
            )
        if record.state in ("closed", "aborted") and file.sha256 != record.sha256:
            raise StoreError(
                f"{record.path}: not the file that was closed (other sha256); run `irevla episodes verify`"
            )
        return file

    def verify(self) -> list[Problem]:
        """Return what is torn, missing, unindexed, foreign, damaged or differs from the index; changes nothing.

        Every file is read and hashed; episodes that a living process is writing are left out.
        """
        return Inspection(self._index, self._episodes, self.folder).problems()

    def repair(self) -> list[str]:
        """Mend what verify finds and return a sentence for each thing done; nothing is deleted, only moved aside."""
        return Repair(self._episodes, self.folder, self.aside).mend(self.verify())

    def recover(self) -> list[str]:
        """Mend only what dead writers left; quick in a large store, for a session that starts again."""
        inspection = Inspection(self._index, self._episodes, self.folder)
        return Repair(self._episodes, self.folder, self.aside).mend(inspection.unfinished())

    def free_mb(self) -> float:
        """Return the free space of the store's disk [MB]."""
        return shutil.disk_usage(self.root).free / 1e6

    def add_model(
        self, path: str, model_hash: str, parent_hash: str, stage: int, data_hash: str, evaluation: Evaluation
    ) -> ModelRecord:
        """Record a checkpoint and where it came from."""
        return self._lineage.add_model(str(path), model_hash, parent_hash, stage, data_hash, evaluation)

    def models(self) -> list[ModelRecord]:
        """Return every recorded checkpoint, oldest first."""
        return self._lineage.models()

    def add_round(
        self, round_id: str, *, stage: int, parent_hash: str, expert: Sequence[str], online: Sequence[str]
    ) -> RoundRecord:
        """Record a round; the same id may come again only with the same stage, parent and data."""
        return self._lineage.add_round(round_id, stage=stage, parent_hash=parent_hash, expert=expert, online=online)

    def rounds(self) -> list[RoundRecord]:
        """Return every recorded round, oldest first."""
        return self._lineage.rounds()

    def data_hash(self, ids: Iterable[str]) -> str:
        """Return one sha256 over the files and labels of these episodes, whatever their order."""
        return self._lineage.data_hash(ids)

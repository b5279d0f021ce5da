"""Answers an operator's questions about the store: which episodes, what happened in one, how a scene begins."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from irevla.config.errors import DeadlineError, StoreError, UnknownNameError, UserError, WrongStateError
from irevla.config.tasks import task as find_task
from irevla.training.store.episode import Episode
from irevla.training.store.episode_file import EpisodeFile
from irevla.training.store.episode_record import EpisodeRecord, LabelChange
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla.training.store.index.episode_summary import EpisodeSummary
from irevla.training.store.jpeg import jpeg
from irevla_nodes.library.episode_card import EpisodeCard

MOST_PICTURES = 100
MOST_SCENES = 20  # files tried for a start scene; that many which are damaged or lack the camera are no accident
READING_S = 3.0
"""Longest reading of files for one answer; what was read is kept, so that the next request gets further."""


@dataclass(frozen=True)
class CardPage:
    """Some of the episodes that match a query."""

    total: int
    cards: tuple[EpisodeCard, ...]


@dataclass(frozen=True)
class EpisodeDetail:
    """All of one episode but its pictures and latents."""

    card: EpisodeCard
    labels: tuple[LabelChange, ...]  # oldest first
    cameras: tuple[str, ...]  # with pictures
    episode: Episode


@dataclass(frozen=True)
class EpisodePicture:
    """One picture, as JPEG."""

    episode_id: str
    camera: str
    stamp_ns: int  # of the step
    data: bytes


class EpisodeLibrary:
    """Reads the store, and caches in it what lists show. Use it from one thread, which may wait for the disk.

    Raises UserErrors for questions that cannot be answered, StoreError where the store cannot be read.
    """

    def __init__(self, store: EpisodeStore, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` [s] never runs backwards."""
        self._store = store
        self._clock = clock
        self._opened: EpisodeFile | None = None  # the newest, since whoever looks at one picture wants the next
        self._opened_sha256 = ""

    def page(self, query: EpisodeQuery, *, thumbnails: bool = False) -> CardPage:
        """Return what matches; DeadlineError when too many files were never read, and the next call goes on."""
        deadline_s = self._clock() + READING_S
        if query.reads_files:  # else only those on the page need to be read
            unread = self._store.unsummarized(query)
        else:
            unread = [record for record, summary in self._store.page(query).episodes if summary is None]
        problems = self._read_files(unread, deadline_s)
        page = self._store.page(query, thumbnails=thumbnails)
        cards = (
            EpisodeCard(record, problem=problems.get(record.episode_id, ""))
            if summary is None
            else EpisodeCard(record, summary)
            for record, summary in page.episodes
        )
        return CardPage(page.total, tuple(cards))

    def get(self, episode_id: str) -> EpisodeDetail:
        """Return an episode, one that is being recorded too as far as it came."""
        record = self._store.record(episode_id)
        file = self._open(record)
        if record.sha256:
            summary = self._store.summary(record) or self._store.summarize(record, file)
        else:
            summary = EpisodeSummary.of(file)  # it grows still
        return EpisodeDetail(
            card=EpisodeCard(record, summary),
            labels=tuple(self._store.labels(episode_id)),
            cameras=file.cameras,
            episode=self._store.read(episode_id, images=False),
        )

    def pictures(
        self, episode_id: str, camera: str, *, first: int, count: int, width_px: int = 0
    ) -> tuple[EpisodePicture, ...]:
        """Return one camera's pictures of the steps in rows ``first`` to ``first + count - 1``, as far as there are."""
        if not 1 <= count <= MOST_PICTURES:
            raise UserError(f"count: expected 1 to {MOST_PICTURES} pictures an answer, got {count}")
        file = self._open(self._store.record(episode_id))
        _require_camera(camera, file.cameras)
        found = file.decoder().pictures(camera, slice(first, first + count))
        return tuple(
            EpisodePicture(episode_id, camera, stamp_ns, jpeg(image, width_px=width_px)) for stamp_ns, image in found
        )

    def start_scene(self, task: str, camera: str, seed: int) -> EpisodePicture:
        """Return the first picture of a success of ``task``; the same for a seed, whatever order successes came in."""
        find_task(task)
        successes = [record for record in self._store.records(task=task, label="success") if record.meta.images]
        cameras: set[str] = set()
        for record in sorted(successes, key=lambda record: _draw(seed, record.episode_id))[:MOST_SCENES]:
            try:
                file = self._open(record)
            except StoreError:
                continue  # `irevla episodes verify` is the place to hear of it
            cameras.update(file.cameras)
            if camera in file.cameras:
                for stamp_ns, image in file.decoder().pictures(camera, slice(1)):
                    return EpisodePicture(record.episode_id, camera, stamp_ns, jpeg(image))
        if cameras:
            _require_camera(camera, cameras)
        raise WrongStateError(f"no labelled success of {task} with pictures in the store: record a demonstration first")

    def _read_files(self, records: Iterable[EpisodeRecord], deadline_s: float) -> dict[str, str]:
        """Summarise finished episodes; returns by id what is wrong with those that cannot be read."""
        waiting = [record for record in records if record.state in ("closed", "aborted")]
        problems = {}
        for done, record in enumerate(waiting):
            if self._clock() > deadline_s:
                raise DeadlineError(
                    f"{len(waiting) - done} episodes of this list were never looked into; {done} were in "
                    f"{READING_S:.0f} s: ask again to go on"
                )
            try:
                file = self._store.file(record)
            except StoreError as error:
                problems[record.episode_id] = str(error)
            else:
                self._store.summarize(record, file)
        return problems

    def _open(self, record: EpisodeRecord) -> EpisodeFile:
        if record.state == "damaged":
            raise StoreError(f"episode {record.episode_id} is damaged: {record.reason}")
        file = self._opened
        if file is None or not record.sha256 or (file.path, self._opened_sha256) != (record.path, record.sha256):
            file = self._store.file(record)
            self._opened, self._opened_sha256 = file, record.sha256
        return file


def _require_camera(camera: str, cameras: Collection[str]) -> None:
    if not cameras:
        raise WrongStateError("this episode has no pictures; it was recorded without them")
    if camera not in cameras:
        raise UnknownNameError("camera", camera, cameras)


def _draw(seed: int, episode_id: str) -> bytes:
    """Return a key whose smallest wins: a new episode seldom changes what a seed draws."""
    return hashlib.sha256(f"{seed} {episode_id}".encode()).digest()

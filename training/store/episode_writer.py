"""Writes one episode, step by step; what append() took survives the death of this process."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from irevla.config.errors import DeadlineError, UserError, WrongStateError
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_file import CLOSING_RECORD, META_RECORD, Closing
from irevla.training.store.index.episode_index import EpisodeIndex
from irevla.training.store.mcap_file import McapFile
from irevla.training.store.message_types import own_types
from irevla.training.store.step_codec import FINAL_TOPIC, STEP_TOPIC, encode

OpenFile = Callable[[Path], io.FileIO]


def create_file(path: Path) -> io.FileIO:
    """Create an episode's file, unbuffered; raises FileExistsError."""
    return io.FileIO(path, "x+")


def lock(file: io.FileIO, *, timeout_s: float) -> bool:
    """Return whether this process now holds the file; the kernel lets go of it when the process dies."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)


class EpisodeWriter:
    """One open episode. Use it from one thread; end it with close() or abort().

    As a context manager it aborts an episode that its block left open.
    """

    def __init__(self, path: Path, meta: EpisodeMeta, index: EpisodeIndex, open_file: OpenFile = create_file) -> None:
        self.meta = meta
        self._path = path
        self._index = index
        self._steps = 0
        self._last_number = -1
        self._shapes: dict[str, tuple[int, ...]] = {}
        own_types()  # read now (0.1 s), not in the first append
        try:
            self._file = open_file(path)
        except FileExistsError:
            raise WrongStateError(f"episode {meta.episode_id} is in the store already; use a new id") from None
        try:
            # Held until the end: repair must not touch a file whose writer lives.
            if not lock(self._file, timeout_s=5.0):
                raise DeadlineError(f"{path}: another process held the new file for 5 s; is a repair running?")
            self._mcap = McapFile(self._file, path)
            self._mcap.begin(META_RECORD, meta.as_strings())
            index.add(meta)
        except BaseException:
            self._file.close()
            raise

    @property
    def steps(self) -> int:
        """Number of closed steps."""
        return self._steps

    def append(self, step: Step) -> None:
        """Close a step; when this returns, killing the process loses nothing of it.

        Raises StoreError when the disk is full or fails: the step is not in the file, those before it are, and it may
        be appended again.
        """
        self._check(step)
        self._stage(step, STEP_TOPIC)
        self._mcap.commit()
        self._last_number = step.step
        self._steps += 1
        self._shapes |= {camera: image.shape for camera, image in step.images.items()}

    def close(
        self,
        terminated: bool,
        truncated: bool,
        final: Step | None = None,
        *,
        reset_s: float | None = None,
        run_s: float | None = None,
    ) -> None:
        """End the episode: on the disk, awaiting a label. ``final``: the observation after the last action.

        ``reset_s``, ``run_s``: what the reset and the steps took, where somebody measured it.
        """
        if final is not None:
            self._check(final)
            self._stage(final, FINAL_TOPIC)
        self._end(Closing("closed", terminated, truncated, reset_s=reset_s, run_s=run_s))

    def abort(self, reason: str) -> None:
        """End the episode so that it can never be labelled or trained on; its steps stay readable."""
        self._end(Closing("aborted", False, True, reason))

    def _end(self, closing: Closing) -> None:
        self._require_open()
        self._mcap.add_metadata(CLOSING_RECORD, closing.as_strings())
        self._mcap.commit()
        sha256 = finish(self._mcap, self._file, self._path)
        self._index.set_closing(self.meta.episode_id, closing, steps=self._steps, sha256=sha256)
        self._file.close()

    def _stage(self, step: Step, topic: str) -> None:
        for message in list(encode(step, self.meta.episode_id, images=self.meta.images, topic=topic)):
            self._mcap.add_message(
                message.topic, message.message_type, message.data, sequence=step.step, time_ns=step.stamp_ns
            )

    def _check(self, step: Step) -> None:
        self._require_open()
        if not self._last_number < step.step < 2**32:
            raise UserError(f"step {step.step} of {self.meta.episode_id}: expected a number above {self._last_number}")
        for camera, image in step.images.items():
            if self._shapes.get(camera, image.shape) != image.shape:
                raise UserError(f"picture of {camera}: expected {self._shapes[camera]} as before, got {image.shape}")

    def _require_open(self) -> None:
        if self._file.closed:
            raise WrongStateError(f"episode {self.meta.episode_id} is closed; open a new one")

    def __enter__(self) -> EpisodeWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file.closed:
            return
        try:
            self.abort(f"{kind.__name__}: {error}" if kind else "left open")
        finally:
            self._file.close()


def finish(mcap: McapFile, file: io.FileIO, path: Path) -> str:
    """Seal a file and put it on the disk, its folder's entry too; return its sha256."""
    data = mcap.seal()
    os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return hashlib.sha256(data).hexdigest()

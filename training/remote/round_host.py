"""The remote side of a round: an actor that keeps the round's files and runs the very same worker there. No ray."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from irevla.config.errors import IrevlaError
from irevla.training.remote.code_hash import code_hash
from irevla.training.remote.round_package import RoundFile, RoundPackage
from irevla.training.remote.scratch import RoundScratch
from irevla.training.round_client import RoundClient
from irevla.training.round_spec import RoundCancelled, RoundFailed, RoundSpec
from irevla.training.saved_state import DRAFT, SavedState, put_state
from irevla.training.store.episode_store import EpisodeStore


class RoundHost:
    """One round on this machine. Called by one thread, in the order: identify, open, …, start, messages, ….

    When this process ends, however it does, the worker stops after its present step and keeps its state here.
    """

    def __init__(self) -> None:
        self._messages: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._client: RoundClient | None = None

    def identify(self) -> str:
        """Return which irevla this is."""
        return code_hash()

    def open(self, scratch: str, package: RoundPackage, lock_timeout_s: float) -> dict[str, int]:
        """Take the round's folder; returns the sha256 of each missing file and how many bytes of it are here."""
        self._package = package
        self._scratch = RoundScratch(scratch, package.key, lock_timeout_s)
        spec = RoundSpec.model_validate_json(package.spec)
        places = {name: str(self._scratch.folder / name) for name in ("out", "store", "parent")}
        self._spec = spec.model_copy(update=places if spec.parent else {**places, "parent": ""})
        return self._scratch.missing(package.files)

    def missing(self, files: Sequence[RoundFile]) -> dict[str, int]:
        """Return the same as `open` of other files."""
        return self._scratch.missing(files)

    def append(self, file: RoundFile, offset: int, data: bytes) -> None:
        """Take a piece of a file."""
        self._scratch.append(file, offset, data)

    def unpack(self) -> None:
        """Make the store of the round, with the labels as they were on the other machine."""
        self._scratch.place(self._package.files)
        store = EpisodeStore(Path(self._spec.store))
        store.recover()  # the files are whole, the index does not know them yet
        for label in self._package.labels:
            store.label(label.episode_id, label.label, label.who)

    def saved_step(self) -> int:
        """Return the step of the state that is kept here, 0 without one."""
        saved = SavedState.find(self._spec.state_dir)
        return saved.step if saved is not None else 0

    def put_state(self, file: RoundFile, numbers: dict[str, Any]) -> None:
        """Make a state that was saved elsewhere the one to go on from; ``file`` holds its tensors."""
        self._scratch.take(RoundFile(f"{self._spec.state_dir.name}/{DRAFT}", file.sha256, file.size))
        put_state(self._spec.state_dir, numbers)

    def freeze_state(self) -> tuple[RoundFile, dict[str, Any]] | None:
        """Return the state as it is now, its tensors to be fetched with `read`; None without one."""
        saved = SavedState.find(self._spec.state_dir)
        return None if saved is None else (self._scratch.freeze(saved.tensors), saved.numbers)

    def start(self, silence_timeout_s: float) -> None:
        """Start the worker, or resume the round; its messages are to be asked for."""
        self._client = RoundClient(self._spec, silence_timeout_s=silence_timeout_s)
        threading.Thread(target=self._follow, args=(self._client,), name="round-follower", daemon=True).start()

    def messages(self, wait_s: float) -> list[str]:
        """Return what the worker said since the last call, after ``wait_s`` if it says nothing before."""
        try:
            found = [self._messages.get(timeout=wait_s)]
        except queue.Empty:
            return []
        while not self._messages.empty():
            found.append(self._messages.get())
        return found

    def cancel(self) -> None:
        """Have the worker stop after its present step."""
        if self._client is not None:
            self._client.cancel()

    def outputs(self) -> dict[str, int]:
        """Return the files of the finished checkpoint and their sizes in bytes."""
        return {path.name: path.stat().st_size for path in sorted(Path(self._spec.out).iterdir())}

    def read(self, place: str, offset: int, length: int) -> bytes:
        """Return a piece of a file of the round's folder."""
        return self._scratch.read(place, offset, length)

    def forget(self) -> None:
        """Delete the round's folder, once its checkpoint was fetched; what was sent stays for other rounds."""
        self._scratch.forget()
        self._scratch.close()

    def _follow(self, client: RoundClient) -> None:
        try:
            with client:
                for progress in client.progress():
                    self._messages.put(progress.model_dump_json())
            end = client.result or RoundCancelled(step=client.resumes_at or self.saved_step())
        except IrevlaError as error:
            self._messages.put(RoundFailed(error=type(error).__name__, message=str(error)).model_dump_json())
        else:
            self._messages.put(end.model_dump_json())

"""The folder of remote rounds on the machine that trains: files by content, and one folder a round.

``blobs/<sha256>`` what was ever sent; ``rounds/<key>/`` one round: ``store/``, ``parent/``, ``out/``, ``out.state/``.
Nothing here is needed once no round runs: the whole scratch may be deleted then.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from irevla.config.errors import StoreError, UserError
from irevla.policies.manifest import file_hash
from irevla.training.folder_lock import FolderLock
from irevla.training.remote.round_package import RoundFile

SHA256 = re.compile(r"[0-9a-f]{64}")


class RoundScratch:
    """One round's folder; held by one process at a time until ``close``."""

    def __init__(self, root: str, key: str, lock_timeout_s: float) -> None:
        """Make the folder and hold it; raises WrongStateError when another process still does."""
        self.root = Path(root).expanduser().absolute()
        self.folder = self.root / "rounds" / _plain_name(key)
        self._blobs = self.root / "blobs"
        self._incoming = self.folder / "incoming"
        with _disk_errors(self.root):
            for folder in (self._blobs, self._incoming):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self.folder, lock_timeout_s)

    def missing(self, files: Iterable[RoundFile]) -> dict[str, int]:
        """Return the sha256 of each file that is not here yet, with the bytes of it that are."""
        return {file.sha256: _size(self._part(file.sha256)) for file in files if not self._blob(file.sha256).exists()}

    def append(self, file: RoundFile, offset: int, data: bytes) -> None:
        """Add a piece; the last one makes the file whole. Raises StoreError if the whole is not what it should be."""
        part = self._part(file.sha256)
        with _disk_errors(part):
            with part.open("r+b" if part.exists() else "wb") as stream:
                stream.truncate(offset)
                stream.seek(offset)
                stream.write(data)
            if offset + len(data) < file.size:
                return
            if file_hash(part) != file.sha256:
                part.unlink()
                raise StoreError(f"{file.place}: what arrived has another sha256 than was announced; send it again")
            part.rename(self._blob(file.sha256))

    def place(self, files: Iterable[RoundFile]) -> None:
        """Put every file where the round wants it."""
        for file in files:
            target = self._inside(file.place)
            with _disk_errors(target):
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _link(self._blob(file.sha256), target)

    def take(self, file: RoundFile) -> None:
        """Put a file where the round wants it and keep no copy of its content."""
        target = self._inside(file.place)
        with _disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._blob(file.sha256).replace(target)

    def freeze(self, path: Path) -> RoundFile:
        """Keep a file as it is now for `read`, whatever becomes of its name; one at a time."""
        with _disk_errors(path):
            frozen = self.folder / "outgoing"
            frozen.unlink(missing_ok=True)
            _link(path, frozen)
            return RoundFile(frozen.name, file_hash(frozen), frozen.stat().st_size)

    def read(self, place: str, offset: int, length: int) -> bytes:
        """Return a piece of a file of the round's folder."""
        path = self._inside(place)
        with _disk_errors(path), path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)

    def forget(self) -> None:
        """Delete the round's folder; the files that were sent stay for the next round."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Let another process have the folder."""
        self._lock.close()

    def _blob(self, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise UserError(f"expected a sha256 of 64 hex digits, got {sha256[:80]!r}")
        return self._blobs / sha256

    def _part(self, sha256: str) -> Path:
        return self._incoming / self._blob(sha256).name

    def _inside(self, place: str) -> Path:
        for name in place.split("/"):
            _plain_name(name)
        return self.folder / place


def _plain_name(name: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,255}", name) or name in (".", ".."):
        raise UserError(f"expected the plain name of a file, got {name[:80]!r}")
    return name


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: {error}; make room or choose another rounds.remote.scratch") from None

"""Files to and from the other machine, in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from irevla.config.errors import StoreError
from irevla.training.remote.cluster import Host
from irevla.training.remote.round_package import RoundFile

PIECE_BYTES = 8 << 20


class Transfer:
    """Moves whole files; each piece has ``timeout_s``."""

    def __init__(self, host: Host, timeout_s: float) -> None:
        self._host = host
        self._timeout_s = timeout_s

    def upload(self, files: Mapping[RoundFile, Path], there: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """Send the files of ``there``: the sha256 of each that is missing, and how many of its bytes are not.

        Yields the bytes that are there and that shall be after each piece; closed before the end, it goes on later.
        """
        wanted = {file.sha256: (file, path) for file, path in files.items() if file.sha256 in there}
        total = sum(file.size for file, _ in wanted.values())
        done = sum(there.values())
        for sha256, (file, path) in wanted.items():
            for offset, piece in _pieces(path, there[sha256]):
                self._host.call("append", file, offset, piece, timeout_s=self._timeout_s)
                done += len(piece)
                yield done, total

    def download(self, place: str, size: int, target: Path) -> Iterator[int]:
        """Write a file of the round's folder to ``target``; yields the bytes done after each piece."""
        with target.open("wb") as stream:
            while (done := stream.tell()) < size:
                piece = self._host.call("read", place, done, min(PIECE_BYTES, size - done), timeout_s=self._timeout_s)
                if not piece:
                    raise StoreError(
                        f"{place}: expected {size} bytes from the cluster, got {done}; run the round again"
                    )
                stream.write(piece)
                yield stream.tell()


def _pieces(path: Path, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield position and content; of an empty file one empty piece."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            piece = stream.read(PIECE_BYTES)
            while True:
                yield offset, piece
                offset += len(piece)
                if not (piece := stream.read(PIECE_BYTES)):
                    return
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from None

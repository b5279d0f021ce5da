"""The recorded pictures that a person looks at: fetched in pieces, kept as JPEG, the oldest piece given up first."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from irevla.app.graph.requests import GetPictures

PIECE = 50  # pictures a request
WIDTH_PX = 640
LIMIT_BYTES = 200_000_000
MOST_ASKED = 4  # requests under way, so that a hasty scrub floods nobody
RETRY_S = 5.0  # after a refusal


class Piece(NamedTuple):
    """Pictures ``PIECE * number`` to ``PIECE * number + PIECE - 1`` of a camera."""

    episode_id: str
    camera: str
    number: int


class PictureCache:
    """Knows which pictures are here, which were asked for, and which to ask for next."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._pieces: OrderedDict[Piece, tuple[bytes, ...]] = OrderedDict()
        self._asked: set[Piece] = set()
        self._refused: dict[Piece, tuple[float, str]] = {}  # when, and why
        self.size_bytes = 0

    def find(self, episode_id: str, camera: str, row: int) -> bytes | None:
        """Return a picture; b"" where the store has none of this row, None where it is not here."""
        pictures = self._pieces.get(_piece(episode_id, camera, row))
        if pictures is None:
            return None
        place = row % PIECE
        return pictures[place] if place < len(pictures) else b""

    def refusal(self, episode_id: str, camera: str, row: int) -> str:
        """Return why the piece with this row could not be had, "" if nobody refused it."""
        return self._refused.get(_piece(episode_id, camera, row), (0.0, ""))[1]

    def ask(
        self, episode_id: str, cameras: tuple[str, ...], row: int, rows: int, now_s: float
    ) -> tuple[GetPictures, ...]:
        """Return what to ask for now, noted as asked: of every camera the piece with ``row``, then the one after it."""
        last = max(0, rows - 1) // PIECE
        numbers = (row // PIECE, row // PIECE + 1)
        pieces = [Piece(episode_id, camera, number) for number in numbers if number <= last for camera in cameras]
        missing = [piece for piece in pieces if self._is_missing(piece, now_s)][: max(0, MOST_ASKED - len(self._asked))]
        self._asked.update(missing)
        return tuple(_request(piece, rows) for piece in missing)

    def take(self, request: GetPictures, pictures: tuple[bytes, ...]) -> None:
        """Keep what was asked for."""
        piece = _piece(request.episode_id, request.camera, request.first)
        self._asked.discard(piece)
        self._refused.pop(piece, None)
        self.size_bytes += _size_bytes(pictures) - _size_bytes(self._pieces.pop(piece, ()))
        self._pieces[piece] = pictures
        while self.size_bytes > self._limit_bytes and len(self._pieces) > 1:
            _, oldest = self._pieces.popitem(last=False)
            self.size_bytes -= _size_bytes(oldest)

    def refuse(self, request: GetPictures, message: str, now_s: float) -> None:
        """Note that a request was refused; it may be asked again in a while."""
        piece = _piece(request.episode_id, request.camera, request.first)
        self._asked.discard(piece)
        self._refused[piece] = now_s, message

    def _is_missing(self, piece: Piece, now_s: float) -> bool:
        if piece in self._pieces:
            self._pieces.move_to_end(piece)
            return False
        refused_s, _ = self._refused.get(piece, (float("-inf"), ""))
        return piece not in self._asked and now_s - refused_s >= RETRY_S


def _piece(episode_id: str, camera: str, row: int) -> Piece:
    return Piece(episode_id, camera, row // PIECE)


def _size_bytes(pictures: tuple[bytes, ...]) -> int:
    return sum(map(len, pictures))


def _request(piece: Piece, rows: int) -> GetPictures:
    first = piece.number * PIECE
    return GetPictures(
        episode_id=piece.episode_id,
        camera=piece.camera,
        first=first,
        count=min(PIECE, rows - first),
        width_px=WIDTH_PX,
    )

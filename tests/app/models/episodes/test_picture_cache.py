"""Pictures in pieces: asked for once, bounded, given up oldest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.requests import GetPictures
from irevla.app.models.episodes.picture_cache import PictureCache

BOTH = ("front", "wrist")


def piece(camera: str, first: int, count: int = 50) -> GetPictures:
    return GetPictures(episode_id="e", camera=camera, first=first, count=count, width_px=640)


def test_the_piece_under_the_row_comes_first_then_the_one_after_it() -> None:
    asked = PictureCache().ask("e", BOTH, row=60, rows=130, now_s=0.0)
    assert asked == (piece("front", 50), piece("wrist", 50), piece("front", 100, 30), piece("wrist", 100, 30))


def test_nothing_is_asked_for_twice() -> None:
    cache = PictureCache()
    (request,) = cache.ask("e", ("front",), row=0, rows=40, now_s=0.0)
    assert cache.ask("e", ("front",), row=5, rows=40, now_s=0.1) == ()
    cache.take(request, (b"a",) * 40)
    assert cache.ask("e", ("front",), row=5, rows=40, now_s=0.2) == ()


def test_a_hasty_scrub_has_at_most_four_questions_out() -> None:
    cache = PictureCache()
    asked = [request for row in range(0, 1000, 50) for request in cache.ask("e", BOTH, row, 1000, now_s=0.0)]
    assert len(asked) == 4


def test_a_row_finds_its_picture() -> None:
    cache = PictureCache()
    cache.take(piece("front", 50, 3), (b"50", b"51", b"52"))
    assert cache.find("e", "front", 51) == b"51"
    assert cache.find("e", "front", 53) == b""  # the store has no more
    assert cache.find("e", "front", 49) is None
    assert cache.find("e", "wrist", 51) is None


def test_a_refusal_is_known_and_asked_again_later() -> None:
    cache = PictureCache()
    (request,) = cache.ask("e", ("front",), row=0, rows=10, now_s=0.0)
    cache.refuse(request, "the file is torn", now_s=1.0)
    assert cache.refusal("e", "front", 9) == "the file is torn"
    assert cache.ask("e", ("front",), row=0, rows=10, now_s=5.9) == ()
    assert cache.ask("e", ("front",), row=0, rows=10, now_s=6.0) == (request,)
    cache.take(request, (b"a",) * 10)
    assert cache.refusal("e", "front", 9) == ""


def test_the_piece_looked_at_longest_ago_goes_first() -> None:
    cache = PictureCache(limit_bytes=100)
    cache.take(piece("front", 0), (b"x" * 40,))
    cache.take(piece("front", 50), (b"x" * 40,))
    cache.ask("e", ("front",), row=0, rows=50, now_s=0.0)  # looked at again
    cache.take(piece("front", 100), (b"x" * 40,))
    assert cache.find("e", "front", 0) is not None
    assert cache.find("e", "front", 50) is None
    assert cache.size_bytes == 80


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=40))
def test_the_size_is_right_and_stays_under_the_limit(puts: list[tuple[int, int]]) -> None:
    cache = PictureCache(limit_bytes=100)
    for number, size in puts:
        cache.take(piece("front", 50 * number), (b"x" * size,))
    kept = [cache.find("e", "front", 50 * number) for number in range(6)]
    assert cache.size_bytes == sum(len(picture) for picture in kept if picture)
    assert cache.size_bytes <= 100

"""Wall-clock times and durations as a person reads them."""

from __future__ import annotations

from datetime import datetime


def date_words(stamp_s: float) -> str:
    """Return e.g. "31 Jul 14:25", in this machine's time zone."""
    return datetime.fromtimestamp(stamp_s).strftime("%d %b %H:%M")


def duration_words(seconds: float) -> str:
    """Return e.g. "45 s", "3 min 20 s" or "2 h 05 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"

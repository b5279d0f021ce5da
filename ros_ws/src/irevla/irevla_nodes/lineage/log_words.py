"""What people write into the lineage's logs."""

from __future__ import annotations

from irevla.config.errors import UserError

LONGEST = 1000  # characters


def log_words(name: str, text: str, *, is_needed: bool = True) -> str:
    """Return ``text`` without the space around it; raises UserError if it is too long, or missing and needed."""
    words = text.strip()
    if (is_needed and not words) or len(words) > LONGEST:
        raise UserError(f"{name}: expected {int(is_needed)} to {LONGEST} characters for the log, got {words[:80]!r}")
    return words

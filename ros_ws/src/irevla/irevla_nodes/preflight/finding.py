"""One thing that was looked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``trouble`` says what is missing and what to do; "" when all is well."""

    what: str
    trouble: str = ""

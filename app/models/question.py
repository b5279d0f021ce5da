"""What a person is asked before something that is not easily undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Question:
    """``yes`` says what will be done, e.g. "promote #5"; the other answer always leaves everything as it is."""

    title: str
    words: str
    yes: str
    reason: Literal["none", "optional", "needed"] = "none"
    is_risky: bool = False

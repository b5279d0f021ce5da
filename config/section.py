"""What every section of the settings is: frozen, and strict about names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

LIVE: JsonDict = {"live": True}
"""Marks a field that may be set in a running node: ``Field(..., json_schema_extra=LIVE)``.

Only what cannot make the arm move further or faster, and what no recorded number depends on within an episode.
"""


class Section(BaseModel):
    """A frozen group of settings; unknown names are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

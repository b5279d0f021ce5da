"""Episodes: how long, where they are stored, who labels them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import LIVE, Section


class SessionSettings(Section):
    """The session node and its store."""

    store: str = Field("runs/store", description="folder of the episode store")
    operator: Literal["manual", "auto"] = Field("manual", description="auto labels by the scene's own predicate")
    reset: Literal["automatic", "guided"] = Field(
        "automatic",
        description="guided: after the arm's reset a person puts the objects back and says so (session/confirm_reset)",
    )
    guide_timeout_s: float = Field(
        600.0, gt=0, le=3600, description="guided: longest wait for the person [s]", json_schema_extra=LIVE
    )
    max_steps: int = Field(
        60,
        ge=1,
        le=10_000,
        description="policy steps before an episode is truncated; live: from the next episode on",
        json_schema_extra=LIVE,
    )
    reset_timeout_s: float = Field(
        20.0, gt=0, le=600, description="longest wait for a reset [s]", json_schema_extra=LIVE
    )
    step_timeout_s: float = Field(
        10.0, gt=0, le=120, description="longest wait for the next step [s]", json_schema_extra=LIVE
    )
    learner_timeout_s: float = Field(
        60.0, gt=0, le=600, description="longest wait for the learner; live: next row [s]", json_schema_extra=LIVE
    )
    min_free_mb: int = Field(
        200, ge=1, description="refuse to start an episode with less free disk [MB]", json_schema_extra=LIVE
    )

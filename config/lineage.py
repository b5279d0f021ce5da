"""Which model the rig uses: how two are compared, and when a new one may be promoted."""

from __future__ import annotations

from pydantic import Field

from irevla.config.section import Section


class LineageSettings(Section):
    """The gate before a promotion, and the waits of a comparison."""

    min_pairs: int = Field(10, ge=1, le=10_000, description="fewest pairs, over all tasks, that a promotion rests on")
    alpha: float = Field(
        0.05, gt=0, lt=1, description="with more pairs lost than won, a McNemar p below this stops a promotion"
    )
    start_timeout_s: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="longest wait until the session takes the next episode, e.g. for a person to resume the arm [s]",
    )
    episode_timeout_s: float = Field(
        900.0,
        gt=0,
        le=7200,
        description="longest episode from its start to its end; longer than the session's own waits together [s]",
    )
    label_timeout_s: float = Field(900.0, gt=0, le=86_400, description="longest wait for a person's label [s]")
    load_timeout_s: float = Field(120.0, gt=0, le=3600, description="longest time to load a model [s]")
    repeats: int = Field(
        4, ge=0, le=100, description="how often an episode that came to nothing, or was discarded, is run again"
    )

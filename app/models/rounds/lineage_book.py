"""The lineage with the questions that are asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irevla.app.graph.records import Lineage, ModelInfo, RoundInfo

SHORT = 8  # characters of a hash that tell models apart
NOTHING = Lineage((), (), ())


@dataclass(frozen=True)
class LineageBook:
    """One answer of ListModels; empty before the first."""

    lineage: Lineage = NOTHING

    @property
    def newest_first(self) -> Sequence[ModelInfo]:
        """All models."""
        return self.lineage.models[::-1]

    @property
    def promoted(self) -> ModelInfo | None:
        """The model that the rig is meant to use."""
        return next((model for model in self.lineage.models if model.is_promoted), None)

    @property
    def before_promoted(self) -> str:
        """Hash of the model that a roll-back goes to; "" when there is none."""
        line: list[str] = []
        for entry in self.lineage.promotions:
            if not entry.is_rollback:
                line.append(entry.model_hash)
            elif line:
                line.pop()
        return line[-2] if len(line) > 1 else ""

    @property
    def unfinished(self) -> tuple[RoundInfo, ...]:
        """Rounds that made no model yet, newest first."""
        return tuple(entry for entry in reversed(self.lineage.rounds) if not entry.model_hash)

    def model(self, model_hash: str) -> ModelInfo | None:
        """Return a model by its whole hash."""
        return next((model for model in self.lineage.models if model.model_hash == model_hash), None)

    def round_of(self, model_hash: str) -> RoundInfo | None:
        """Return the supervised round that made a model."""
        return next((entry for entry in self.lineage.rounds if entry.model_hash == model_hash), None)

    def round(self, round_id: str) -> RoundInfo | None:
        """Return a round by its name."""
        return next((entry for entry in self.lineage.rounds if entry.round_id == round_id), None)

    def name(self, model_hash: str) -> str:
        """Return e.g. "#5 stage 2 (a1b2c3d4)"."""
        model = self.model(model_hash)
        if model is None:
            return f"a model that is not listed ({model_hash[:SHORT]})" if model_hash else "none"
        return f"#{model.number} stage {model.stage} ({model_hash[:SHORT]})"

"""Whether a model may take the promoted one's place: its files are whole, and it was not shown to be worse."""

from __future__ import annotations

from pathlib import Path

from irevla.config.errors import CheckpointError, GateError
from irevla.config.lineage import LineageSettings
from irevla.policies.manifest import Manifest
from irevla_nodes.lineage.model_book import Model
from irevla_nodes.lineage.paired_outcomes import PairedOutcomes


class Gate:
    """The rule: enough pairs, not significantly more of them lost than won, and no single task clearly worse."""

    def __init__(self, settings: LineageSettings) -> None:
        self._settings = settings

    def objection(self, outcomes: PairedOutcomes) -> str:
        """Return why these pairs do not let the new model pass, "" when they do."""
        if len(outcomes) < self._settings.min_pairs:
            return f"{len(outcomes)} labelled pairs, expected {self._settings.min_pairs} or more (lineage.min_pairs)"
        lost, won, p_value = outcomes.only_old, outcomes.only_new, outcomes.p_value
        if won < lost and p_value < self._settings.alpha:
            return (
                f"it is worse: {lost} of {len(outcomes)} pairs solved by the old model only, {won} by it only "
                f"(McNemar p = {p_value:.3g}, expected {self._settings.alpha:g} or more)"
            )
        for task in outcomes.tasks:
            old, new = outcomes.old_rate(task), outcomes.new_rate(task)
            if new.interval[1] < old.interval[0]:
                return f"it is worse on {task}: {new}, the old model {old} (95 % intervals apart)"
        return ""

    def check(self, model: Model, promoted_hash: str, outcomes: PairedOutcomes, *, is_overridden: bool) -> str:
        """Raise unless ``model`` may be promoted, saying what is missing; returns the objection that was overridden.

        ``outcomes``: the newest pairs against the promoted model; the first model ever promoted needs none. No
        override makes up for files that are missing or changed.
        """
        check_directory(model)
        objection = self.objection(outcomes) if promoted_hash else ""
        if objection and not is_overridden:
            raise GateError(
                f"model {model.model_hash[:12]} may not be promoted: compared with the promoted one "
                f"({promoted_hash[:12]}), {objection}; run lineage/compare with these two, "
                "or give override_gate and why"
            )
        return objection


def check_directory(model: Model) -> None:
    """Raise CheckpointError unless the model's directory is there and its manifest is the recorded one.

    The files behind the manifest are checked by the policy node, which reads them all when it loads them.
    """
    if not model.exists:
        raise CheckpointError(
            f"model {model.model_hash[:12]}: there is no checkpoint at {model.path}; copy its directory back there"
        )
    found = Manifest.read(Path(model.path))[1]
    if found != model.model_hash:
        raise CheckpointError(
            f"model {model.model_hash[:12]}: {model.path} holds another model now ({found[:12]}); "
            "copy its own directory back there"
        )

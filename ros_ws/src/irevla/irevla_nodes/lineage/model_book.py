"""What the store knows of its models at one moment: a model once, its evaluations, the promoted one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from irevla.config.errors import UnknownNameError, UserError
from irevla.policies.manifest import FILE as MANIFEST_FILE
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.lineage.comparisons import ComparisonRecord, Pair
from irevla.training.store.lineage.lineage import Evaluation, ModelRecord, RoundRecord
from irevla.training.store.lineage.promotions import PromotionRecord
from irevla.training.success_rate import SuccessRate
from irevla_nodes.lineage.paired_outcomes import PairedOutcome, PairedOutcomes

SHORTEST_HASH = 6  # characters that name a model, if no other begins with them


@dataclass(frozen=True)
class Model:
    """One checkpoint, whatever the number of its entries in the store."""

    record: ModelRecord  # its first entry, with the newest path that is there
    exists: bool
    evaluations: Mapping[str, SuccessRate]  # newest per task

    @property
    def model_hash(self) -> str:
        """The sha256 of its manifest."""
        return self.record.model_hash

    @property
    def path(self) -> str:
        """Its directory."""
        return self.record.path


@dataclass(frozen=True)
class ModelBook:
    """Models, rounds, promotions and comparisons, each oldest first."""

    models: tuple[Model, ...]
    rounds: tuple[RoundRecord, ...]
    promotions: tuple[PromotionRecord, ...]
    line: tuple[str, ...]  # hashes of the models promoted one after the other; the present one is last
    comparisons: tuple[ComparisonRecord, ...]
    labels: Mapping[str, str]  # newest label by episode

    @classmethod
    def read(cls, store: EpisodeStore) -> ModelBook:
        """Read the tables; no episode's file is opened."""
        labels = {episode_id: label for _, episode_id, label in store.changes_since(0)}
        comparisons = store.comparisons.records()
        return cls(
            models=tuple(_models(store.models(), comparisons, labels)),
            rounds=tuple(store.rounds()),
            promotions=tuple(store.promotions.records()),
            line=tuple(store.promotions.line()),
            comparisons=tuple(comparisons),
            labels=labels,
        )

    @property
    def promoted_hash(self) -> str:
        """The model that the rig is meant to use; "" while none was promoted."""
        return self.line[-1] if self.line else ""

    def model(self, model_hash: str) -> Model:
        """Return a model by its hash or the first characters of it; raises UnknownNameError that lists the nearest."""
        found = [model for model in self.models if model.model_hash.startswith(model_hash)]
        exact = [model for model in found if model.model_hash == model_hash]
        if exact or (len(found) == 1 and len(model_hash) >= SHORTEST_HASH):
            return (exact or found)[0]
        if found and model_hash:
            raise UserError(
                f"model {model_hash!r} is too short a name: expected {SHORTEST_HASH} characters or more that only one "
                f"model begins with; these begin so: {', '.join(model.model_hash[:12] for model in found)}"
            )
        shown = max(12, len(model_hash))  # as long as the name, or nothing would seem near a short one
        raise UnknownNameError("model", model_hash, [model.model_hash[:shown] for model in self.models])

    def made_by(self, made: RoundRecord) -> str:
        """Return the hash of the model that a round made, "" while it has made none."""
        origin = (made.stage, made.parent_hash, made.data_hash)
        for model in self.models:
            record = model.record
            is_of_kin = (record.stage, record.parent_hash, record.data_hash) == origin
            if is_of_kin and Path(record.path).name == made.round_id:  # a round's checkpoint is the folder of its name
                return model.model_hash
        return ""

    def outcomes(self, old_hash: str, new_hash: str) -> PairedOutcomes:
        """Return the pairs of the newest comparison of these two models on each task, as they are labelled now."""
        newest: dict[str, list[Pair]] = {}
        for comparison in self.comparisons:
            if (comparison.old_hash, comparison.new_hash) == (old_hash, new_hash):
                newest.update(_by_task(comparison.pairs))
        return paired(self.labels, [pair for pairs in newest.values() for pair in pairs])


def paired(labels: Mapping[str, str], pairs: Iterable[Pair]) -> PairedOutcomes:
    """Return what came of ``pairs``; one with an episode that is no success or failure (any more) is left out."""
    outcomes = []
    for pair in pairs:
        old, new = labels.get(pair.old_episode, ""), labels.get(pair.new_episode, "")
        if {old, new} <= {"success", "failure"}:
            outcomes.append(PairedOutcome(pair.task, old == "success", new == "success"))
    return PairedOutcomes(tuple(outcomes))


def _by_task(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    tasks: dict[str, list[Pair]] = {}
    for pair in pairs:
        tasks.setdefault(pair.task, []).append(pair)
    return tasks


def _models(
    entries: Sequence[ModelRecord], comparisons: Iterable[ComparisonRecord], labels: Mapping[str, str]
) -> list[Model]:
    rates: dict[str, dict[str, tuple[int, SuccessRate]]] = {}  # by model and task, with when

    def note(model_hash: str, task: str, when_ns: int, rate: SuccessRate) -> None:
        known = rates.setdefault(model_hash, {})
        if rate.n and (task not in known or when_ns >= known[task][0]):
            known[task] = when_ns, rate

    for entry in entries:
        for task, rate in _rates(entry.evaluation).items():
            note(entry.model_hash, task, entry.added_ns, rate)
    for comparison in comparisons:
        outcomes = paired(labels, comparison.pairs)
        for task in outcomes.tasks:
            note(comparison.old_hash, task, comparison.when_ns, outcomes.old_rate(task))
            note(comparison.new_hash, task, comparison.when_ns, outcomes.new_rate(task))
    by_hash: dict[str, list[ModelRecord]] = {}
    for entry in entries:
        by_hash.setdefault(entry.model_hash, []).append(entry)
    return [
        _merged(same, {task: rate for task, (_, rate) in rates.get(model_hash, {}).items()})
        for model_hash, same in by_hash.items()
    ]


def _merged(entries: Sequence[ModelRecord], evaluations: Mapping[str, SuccessRate]) -> Model:
    paths = [entry.path for entry in reversed(entries)]
    there = [path for path in paths if (Path(path) / MANIFEST_FILE).is_file()]
    return Model(replace(entries[0], path=(there or paths)[0]), bool(there), evaluations)


def _rates(evaluation: Evaluation) -> dict[str, SuccessRate]:
    return {task: SuccessRate(round(row["success"] * row["n"]), int(row["n"])) for task, row in evaluation.items()}

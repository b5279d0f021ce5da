"""The lineage as messages."""

from __future__ import annotations

from typing import Any

from irevla.training.store.lineage.lineage import RoundRecord
from irevla.training.store.lineage.promotions import PromotionRecord
from irevla.training.success_rate import SuccessRate
from irevla_msgs.msg import Evaluation, ModelInfo, Promotion, RoundInfo
from irevla_nodes.arm_messages import to_stamp
from irevla_nodes.lineage.model_book import Model, ModelBook
from irevla_nodes.lineage.paired_outcomes import PairedOutcomes


def models(book: ModelBook) -> list[ModelInfo]:
    """Return every model once, oldest first."""
    return [_model(model, is_promoted=model.model_hash == book.promoted_hash) for model in book.models]


def rounds(book: ModelBook) -> list[RoundInfo]:
    """Return every round with the model it made, oldest first."""
    return [_round(record, book.made_by(record)) for record in book.rounds]


def promotions(book: ModelBook) -> list[Promotion]:
    """Return the log, oldest first."""
    return [_promotion(record) for record in book.promotions]


def evaluations(outcomes: PairedOutcomes) -> tuple[list[Evaluation], list[Evaluation]]:
    """Return the old model's and the new model's successes on each task."""
    return (
        [_evaluation(task, outcomes.old_rate(task)) for task in outcomes.tasks],
        [_evaluation(task, outcomes.new_rate(task)) for task in outcomes.tasks],
    )


def _evaluation(task: str, rate: SuccessRate) -> Evaluation:
    return Evaluation(task=task, successes=rate.successes, episodes=rate.n)


def _model(model: Model, *, is_promoted: bool) -> ModelInfo:
    record = model.record
    return ModelInfo(
        number=record.number,
        path=record.path,
        model_hash=record.model_hash,
        parent_hash=record.parent_hash,
        stage=record.stage,
        data_hash=record.data_hash,
        added=to_stamp(record.added_ns),
        exists=model.exists,
        is_promoted=is_promoted,
        evaluations=[_evaluation(task, rate) for task, rate in model.evaluations.items()],
    )


def _round(record: RoundRecord, model_hash: str) -> RoundInfo:
    return RoundInfo(
        round_id=record.round_id,
        stage=record.stage,
        parent_hash=record.parent_hash,
        data_hash=record.data_hash,
        expert_episodes=len(record.expert),
        online_episodes=len(record.online),
        started=to_stamp(record.started_ns),
        model_hash=model_hash,
    )


def _promotion(record: PromotionRecord) -> Promotion:
    values: dict[str, Any] = {**vars(record), "stamp": to_stamp(record.when_ns)}
    return Promotion(**{name: value for name, value in values.items() if name not in ("number", "when_ns")})

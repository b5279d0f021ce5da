"""Which episodes a list shows, in which order and how many: a question to the index."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from irevla.config.errors import UnknownNameError, UserError
from irevla.training.store.episode import Kind, Label

UNLABELLED_FILTER = "unlabelled"
ORDERS = {
    "": "found.created_ns DESC, found.episode_id DESC",
    "disagreement": "disagreement IS NULL, disagreement DESC, found.created_ns DESC, found.episode_id DESC",
}
LONGEST_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class EpisodeQuery:
    """The episodes that match every given word and number; "" and 0 match all."""

    task: str = ""
    kind: str = ""
    label: str = ""  # "success" | "failure" | "discard" | "unlabelled" (closed, awaiting one)
    model_hash: str = ""
    search: str = ""  # part of the id or of the instruction, in capitals or not
    only_interventions: bool = False
    min_disagreement: float = 0.0
    order: str = ""  # "" newest first | "disagreement" largest first
    offset: int = 0
    limit: int = 100

    def __post_init__(self) -> None:
        for what, name, known in (
            ("kind of episode", self.kind, get_args(Kind)),
            ("label", self.label, (*get_args(Label), UNLABELLED_FILTER)),
            ("order", self.order, tuple(ORDERS)),
        ):
            if name and name not in known:
                raise UnknownNameError(what, name, filter(None, known))
        if not (math.isfinite(self.min_disagreement) and self.min_disagreement >= 0):
            raise UserError(f"min_disagreement: expected 0 or more, got {self.min_disagreement}")
        if not (0 <= self.offset < 2**63 and 1 <= self.limit <= LONGEST_PAGE):
            raise UserError(
                f"expected an offset of 0 or more and a limit of 1 to {LONGEST_PAGE}, "
                f"got {self.offset} and {self.limit}"
            )

    @property
    def reads_files(self) -> bool:
        """Whether which episodes match, or their order, depends on what is in their files."""
        return self.only_interventions or self.min_disagreement > 0 or self.order == "disagreement"

    @property
    def index_terms(self) -> str:
        """SQL: what the index alone can say."""
        equal = ((name, getattr(self, name)) for name in ("task", "kind", "model_hash"))
        terms = [f"found.{name} = :{name}" for name, value in equal if value]
        if self.label:
            terms += ["found.label = :label", "found.state = 'closed'"]
        if self.search:
            texts = "found.episode_id || char(10) || json_extract(found.meta, '$.instruction')"
            terms.append(f"instr(lower({texts}), lower(:search))")
        return _all(terms)

    @property
    def terms(self) -> str:
        """SQL: all that must hold."""
        terms = [self.index_terms]
        if self.only_interventions:
            terms.append("intervention_steps > 0")
        if self.min_disagreement > 0:
            terms.append("disagreement >= :min_disagreement")
        return _all(terms)

    @property
    def ordering(self) -> str:
        """SQL: the order, in which no two episodes are equal."""
        return ORDERS[self.order]

    @property
    def values(self) -> dict[str, str | int | float]:
        """The terms' parameters."""
        label = "" if self.label == UNLABELLED_FILTER else self.label
        return {**vars(self), "label": label}


def _all(terms: Iterable[str]) -> str:
    return " AND ".join(terms) or "TRUE"

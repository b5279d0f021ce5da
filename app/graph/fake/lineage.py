"""A made-up lineage: three rounds of Algorithm 1, promotions, and what promoting and rolling back do to it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Fact
from irevla.app.graph.records import Evaluation, Lineage, Made, ModelInfo, Promotion, RoundInfo
from irevla.app.graph.requests import ListModels, PromoteModel, Request, RollBackModel

FOLDER = "runs/models"
BEGAN_S = 1_785_400_000.0  # seconds since 1970
HOUR_S = 3600.0
TASKS = ("press_button", "open_drawer", "pick_eggplant")


def digest(name: str) -> str:
    """Return a hash that is made up, always the same for a name."""
    return hashlib.sha256(name.encode()).hexdigest()


PROMOTED = 6  # number of the model that the made-up rig uses


def model_hash(number: int) -> str:
    """Return the hash of the made-up model with this number."""
    return digest(f"model {number}")


class FakeLineage:
    """Answers ListModels, PromoteModel and RollBackModel; jobs and the learner add models."""

    def __init__(self) -> None:
        self.models: list[ModelInfo] = []
        self.rounds: list[RoundInfo] = []
        self.promotions: list[Promotion] = []
        self.passes: set[tuple[str, str]] = set()  # (old, new) that a comparison let pass
        self._stamp_s = BEGAN_S
        self._tell_the_story()

    @property
    def promoted_hash(self) -> str:
        """What the rig is meant to use."""
        return self._line()[-1]

    def facts(self, now_s: float) -> Sequence[Fact]:
        """A lineage says nothing by itself."""
        return ()

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """See FakePart."""
        if isinstance(request, ListModels):
            models = tuple(replace(model, is_promoted=model.model_hash == self.promoted_hash) for model in self.models)
            return Answer(True, result=Lineage(models, tuple(self.rounds), tuple(self.promotions)))
        if isinstance(request, PromoteModel):
            return self._promote(request)
        if isinstance(request, RollBackModel):
            return self._roll_back(request)
        return None

    def model(self, found_hash: str) -> ModelInfo | None:
        """Return a model by its hash."""
        return next((model for model in self.models if model.model_hash == found_hash), None)

    def add_model(self, path: str, parent_hash: str, stage: int, data: str, *scores: tuple[int, int]) -> ModelInfo:
        """Add a model; ``scores`` are (successes, episodes) of TASKS, in that order."""
        self._stamp_s += 2.5 * HOUR_S
        number = len(self.models) + 1
        evaluations = tuple(Evaluation(task, *score) for task, score in zip(TASKS, scores, strict=False))
        self.models.append(
            ModelInfo(
                number=number,
                path=path,
                model_hash=model_hash(number),
                parent_hash=parent_hash,
                stage=stage,
                data_hash=digest(data),
                added=self._stamp_s,
                exists=True,
                is_promoted=False,
                evaluations=evaluations,
            )
        )
        return self.models[-1]

    def add_stage1(self, path: str, task: str) -> str:
        """Add what stage 1 of a task has made of the promoted model; returns its hash."""
        return self.add_model(path, self.promoted_hash, 1, f"rl {task}").model_hash

    def add_round(self, round_id: str, stage: int, parent_hash: str, expert: int, online: int, made: str) -> None:
        """Add a round, or note what the one of this name has made."""
        self.rounds = [entry for entry in self.rounds if entry.round_id != round_id]
        self.rounds.append(
            RoundInfo(round_id, stage, parent_hash, digest(round_id), expert, online, self._stamp_s, made)
        )

    def note_comparison(
        self, old: tuple[Evaluation, ...], old_hash: str, new: tuple[Evaluation, ...], new_hash: str
    ) -> None:
        """Note that a new model was not shown to be worse than an old one."""
        self.passes.add((old_hash, new_hash))
        for rows, compared in ((old, old_hash), (new, new_hash)):
            for index, model in enumerate(self.models):
                if model.model_hash == compared:
                    known = {row.task: row for row in (*model.evaluations, *rows)}
                    self.models[index] = replace(model, evaluations=tuple(known.values()))

    def _tell_the_story(self) -> None:
        first = self.add_model(f"{FOLDER}/stage0", "", 0, "demos", (13, 20), (7, 20), (6, 20))
        self.add_round("stage0", 0, "", 180, 0, first.model_hash)
        self._log(first.model_hash, "ann", "the first model")
        button = self.add_model(f"{FOLDER}/press_button-stage1", first.model_hash, 1, "rl 1", (18, 20))
        second = self.add_model(f"{FOLDER}/stage2-a", button.model_hash, 2, "d_rl 1", (17, 20), (9, 20), (7, 20))
        self.add_round("stage2-a", 2, button.model_hash, 180, 64, second.model_hash)
        self._log(second.model_hash, "ann", "better on the button, no worse elsewhere")
        drawer = self.add_model(f"{FOLDER}/open_drawer-stage1", second.model_hash, 1, "rl 2", (12, 20), (16, 20))
        spoilt = self.add_model(f"{FOLDER}/stage2-b", drawer.model_hash, 2, "d_rl 2", (9, 20), (12, 20), (4, 20))
        self.add_round("stage2-b", 2, drawer.model_hash, 180, 41, spoilt.model_hash)
        self.models[-1] = replace(spoilt, exists=False)
        third = self.add_model(f"{FOLDER}/stage2-c", drawer.model_hash, 2, "d_rl 3", (18, 20), (15, 20), (9, 20))
        self.add_round("stage2-c", 2, drawer.model_hash, 180, 112, third.model_hash)
        self._log(third.model_hash, "ben", "the drawer opens")
        self.add_model(f"{FOLDER}/pick_eggplant-stage1", third.model_hash, 1, "rl 4")

    def _log(self, chosen: str, who: str, why: str, *, is_rollback: bool = False) -> None:
        self._stamp_s += 0.2 * HOUR_S
        previous = self.promotions[-1].model_hash if self.promotions else ""
        self.promotions.append(Promotion(chosen, previous, who, why, is_rollback, self._stamp_s))

    def _line(self) -> list[str]:
        line: list[str] = []
        for entry in self.promotions:
            if entry.is_rollback:
                line.pop()
            else:
                line.append(entry.model_hash)
        return line

    def _promote(self, request: PromoteModel) -> Answer:
        model = self.model(request.model_hash)
        if model is None or not model.exists:
            return Answer(False, f"model {request.model_hash[:12]}: there is no checkpoint; copy its directory back")
        if (self.promoted_hash, model.model_hash) not in self.passes and not request.override_gate:
            return Answer(
                False,
                f"model {model.model_hash[:12]} may not be promoted: compared with the promoted one "
                f"({self.promoted_hash[:12]}), 0 labelled pairs, expected 10 or more (lineage.min_pairs); "
                "run lineage/compare with these two, or give override_gate and why",
                needs_override=True,
            )
        self._log(model.model_hash, request.who, request.why)
        return Answer(True, result=Made(model_hash=model.model_hash))

    def _roll_back(self, request: RollBackModel) -> Answer:
        line = self._line()
        if len(line) < 2:
            return Answer(False, f"nothing to roll back to: only {line[-1][:12]} is left")
        self._log(line[-2], request.who, request.why, is_rollback=True)
        return Answer(True, result=Made(model_hash=line[-2]))

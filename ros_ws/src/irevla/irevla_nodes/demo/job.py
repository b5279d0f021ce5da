"""The main job: stage 0 → zero-shot successes → stage 1 (SACfD, VLM frozen) → stage 2, evaluated after each stage.

Follows Algorithm 1 and section V-D of the paper for one RL task: 20 zero-shot successes are the demo buffer, half of
each batch. D_RL is the demo buffer, the successes of stage 1's second half and those of its last policy without noise;
stage 2 trains on D_e ∪ D_RL.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irevla.config.demo import DemoSettings
from irevla.config.errors import TrainingError
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.success_rate import SuccessRate
from irevla_msgs.action import TrainRound
from irevla_nodes.demo.console import JobConsole
from irevla_nodes.demo.episode_row import EpisodeRow, RowSpec, successes
from irevla_nodes.demo.operator import Operator, Rig
from irevla_nodes.demo.progress_record import ProgressRecord
from irevla_nodes.demo.results import Results, Role

# Minutes each phase takes on two cores; they only weigh the progress bar.
WEIGHTS = {
    "expert demonstrations": 0.5,
    "stage 0": 2.5,
    "evaluate stage 0": 1.3,
    "zero-shot successes": 0.5,
    "stage 1": 4.5,
    "successes of stage 1": 0.3,
    "evaluate stage 1": 1.3,
    "stage 2": 2.0,
    "evaluate stage 2": 1.3,
}
# Start states never repeat between kinds of episodes; evaluation uses the same ones after every stage (paired).
SEEDS = {"demo": 0, "zero_shot": 100_000, "rl": 200_000, "greedy": 300_000, "eval": 900_000}
SEEDS_PER_RUN = 1_000_000
SPARE_DEMOS = 1.25  # the noisy expert fails now and then


@dataclass(frozen=True)
class Model:
    """A checkpoint: where it lies and its manifest's hash."""

    path: str
    sha256: str


class Job:
    """Runs every phase once; a phase that an earlier sitting finished is taken from the record."""

    def __init__(
        self,
        sizes: DemoSettings,
        *,
        seed: int,
        out: Path,
        operator: Operator,
        rigs: list[Rig],
        store: EpisodeStore,
        record: ProgressRecord,
        console: JobConsole,
    ) -> None:
        self._sizes = sizes
        self._seed = seed
        self._out = out
        self._operator = operator
        self._rigs = rigs
        self._row = EpisodeRow(operator, rigs, store)
        self._learning_row = EpisodeRow(operator, rigs[:1], store)
        self._record = record
        self._console = console
        self._roles: dict[str, Role] = {
            **dict.fromkeys(sizes.expert_tasks, "expert"),
            sizes.rl_task: "rl",
            **dict.fromkeys(sizes.unseen_tasks, "unseen"),
        }

    def run(self) -> Results:
        """Run the whole job and return its figures."""
        demos: list[str] = self._phase("expert demonstrations", self._collect_demos)
        stage0 = self._round(
            "stage 0",
            TrainRound.Goal(round_id="stage0", stage=0, steps=self._sizes.stage0_steps, expert_episodes=demos),
        )
        self._evaluate("stage 0", stage0)
        zero_shot: list[str] = self._phase("zero-shot successes", lambda: self._collect_zero_shot(stage0))
        stage1 = _model(self._phase("stage 1", lambda: self._reinforce(stage0, zero_shot)))
        self._evaluate("stage 1", stage1)
        greedy: list[str] = self._phase("successes of stage 1", lambda: self._collect_greedy(stage1))
        online = zero_shot + self._late_successes() + greedy
        goal = TrainRound.Goal(
            round_id="stage2",
            stage=2,
            steps=self._sizes.stage2_steps,
            parent=stage1.path,
            expert_episodes=demos,
            online_episodes=online,
        )
        stage2 = self._round("stage 2", goal)
        self._evaluate("stage 2", stage2)
        return self._results()

    def _phase(self, name: str, work: Callable[[], Any]) -> Any:
        result = self._record.result(name)
        if result is None:
            self._console.begin(name)
            began = time.monotonic()
            try:
                result = work()
            except BaseException:
                self._record.spend(name, time.monotonic() - began)
                raise
            self._record.finish(name, result, time.monotonic() - began)
        self._console.end(name, _in_words(result) + f" ({self._record.wall_s[name]:.0f} s)")
        return result

    def _serve(self, model: Model) -> None:
        for rig in self._rigs:
            self._operator.load_model(rig, model.path, model.sha256)

    def _seeds(self, kind: str, count: int) -> range:
        first = self._seed * SEEDS_PER_RUN + SEEDS[kind]
        return range(first, first + count)

    def _collect_demos(self) -> list[str]:
        ids: list[str] = []
        count = self._sizes.demos_per_task
        for index, task in enumerate(self._sizes.expert_tasks):
            seeds = self._seeds("demo", round(count * SPARE_DEMOS))
            for end in range(count, len(seeds) + 1, max(1, len(seeds) - count)):
                spec = RowSpec(task=task, mode="expert", kind="demo", seeds=seeds[:end])
                records = self._row.run(spec, self._progress(index, len(self._sizes.expert_tasks), count, task))
                if len(successes(records)) >= count:
                    break
            if len(successes(records)) < count:
                raise TrainingError(f"the expert solved {task} only {len(successes(records))} times in {len(seeds)}")
            ids += successes(records)[:count]
        return ids

    def _round(self, name: str, goal: TrainRound.Goal) -> Model:
        def work() -> dict[str, Any]:
            goal.seed = self._seed
            curve: list[tuple[int, float]] = []

            def report(feedback: TrainRound.Feedback) -> None:
                if feedback.phase != "training":
                    return
                curve.append((feedback.step, feedback.loss))
                note = f"loss {feedback.loss:.4f}, {feedback.samples_per_s:.0f} samples/s"
                self._console.advance(feedback.step / max(feedback.steps, 1), note)

            result = self._operator.train_round(goal, report).wait()
            if not result.success:
                raise TrainingError(f"{name} failed: {result.message}")
            return {"path": result.path, "sha256": result.model_hash, "loss": curve}

        return _model(self._phase(name, work))

    def _evaluate(self, stage: str, model: Model) -> None:
        def work() -> dict[str, list[int]]:
            self._serve(model)
            counts = {}
            for index, task in enumerate(self._roles):
                spec = RowSpec(
                    task=task,
                    mode="policy",
                    kind="eval",
                    seeds=self._seeds("eval", self._sizes.eval_episodes),
                    model_hash=model.sha256,
                    record_images=False,
                )
                progress = self._progress(index, len(self._roles), self._sizes.eval_episodes, task)
                records = self._row.run(spec, progress)
                counts[task] = [len(successes(records)), len(records)]
            return counts

        self._phase(f"evaluate {stage}", work)

    def _collect_zero_shot(self, model: Model) -> list[str]:
        self._serve(model)
        wanted = self._sizes.zero_shot_successes
        chunk = 10 * len(self._rigs)
        seeds = self._seeds("zero_shot", self._sizes.zero_shot_max_episodes)
        found: list[str] = []
        for end in range(chunk, len(seeds) + chunk, chunk):
            spec = RowSpec(
                task=self._sizes.rl_task, mode="policy", kind="zero_shot", seeds=seeds[:end], model_hash=model.sha256
            )
            found = successes(
                self._row.run(spec, lambda _, good: self._console.advance(good / wanted, f"{good} of {wanted}"))
            )
            if len(found) >= wanted:
                return found[:wanted]
        if not found:
            raise TrainingError(
                f"stage 0 never solved {self._sizes.rl_task} in {len(seeds)} zero-shot episodes: there is nothing to "
                "start stage 1 from; give more demonstrations, or choose a task closer to them"
            )
        return found

    def _rl_spec(self) -> RowSpec:
        return RowSpec(
            task=self._sizes.rl_task,
            mode="policy",
            kind="rl",
            seeds=self._seeds("rl", self._sizes.rl_episodes),
            explore=True,
            wait_for_learner=True,
        )

    def _reinforce(self, model: Model, zero_shot: list[str]) -> dict[str, str]:
        self._operator.load_model(self._rigs[0], model.path, model.sha256)
        self._operator.start_task(self._sizes.rl_task, model.path, zero_shot, self._seed)
        count = self._sizes.rl_episodes
        self._learning_row.run(
            self._rl_spec(), lambda done, good: self._console.advance(done / count, f"{good} of {done} succeeded")
        )
        finished = self._operator.finish_task(str(self._out / "models" / "stage1"))
        return {"path": finished.path, "sha256": finished.model_hash}

    def _late_successes(self) -> list[str]:
        """Return stage 1's successes without the first ones: those show the hesitation that stage 1 has unlearnt."""
        records = list(self._learning_row.labelled(self._rl_spec()).values())
        return successes(records[round(len(records) * (1 - self._sizes.late_share)) :])

    def _collect_greedy(self, model: Model) -> list[str]:
        """Run stage 1's last policy without noise: the rest of D_RL shows more of its search than of what it found."""
        self._serve(model)  # a resumed run has skipped the evaluation that loaded it
        spec = RowSpec(
            task=self._sizes.rl_task,
            mode="policy",
            kind="rl",
            seeds=self._seeds("greedy", self._sizes.greedy_episodes),
            model_hash=model.sha256,
        )
        return successes(self._row.run(spec, self._progress(0, 1, self._sizes.greedy_episodes, self._sizes.rl_task)))

    def _progress(self, index: int, rows: int, count: int, task: str) -> Callable[[int, int], None]:
        return lambda done, good: self._console.advance(
            (index + done / count) / rows, f"{task}: {good} of {done} succeeded"
        )

    def _results(self) -> Results:
        rates: dict[str, dict[str, SuccessRate]] = {task: {} for task in self._roles}
        for stage in ("stage 0", "stage 1", "stage 2"):
            for task, (good, n) in (self._record.result(f"evaluate {stage}") or {}).items():
                rates[task][stage.replace(" ", "")] = SuccessRate(good, n)
        return Results(self._roles, rates, wall_s=sum(self._record.wall_s.values()), seed=self._seed)


def _model(result: dict[str, Any]) -> Model:
    return Model(result["path"], result["sha256"])


def _in_words(result: Any) -> str:
    if isinstance(result, list):
        return f"{len(result)} episodes"
    if isinstance(result, dict) and "sha256" in result:
        return f"model {result['sha256'][:12]}"
    return ", ".join(f"{task} {good}/{n}" for task, (good, n) in result.items())

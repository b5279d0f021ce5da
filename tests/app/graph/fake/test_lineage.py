"""The made-up lineage and learner behave as the real ones, and the same for the same clock and seed."""

from __future__ import annotations

from typing import Any

import pytest

from irevla.app.graph.bridge import JobEnd, Progress, TrainProgress
from irevla.app.graph.facts import EpisodeClosed, Learner
from irevla.app.graph.fake.learner import TASK, FakeLearner
from irevla.app.graph.fake.lineage import FakeLineage, model_hash
from irevla.app.graph.fake.lineage_jobs import FakeLineageJobs
from irevla.app.graph.records import Lineage
from irevla.app.graph.requests import CompareModels, FinishTask, Job, ListModels, RollBackModel, StartTask, TrainRound

ROUND = TrainRound(round_id="r", stage=0, parent="", expert_episodes=("a", "b"), steps=450)
COMPARE = CompareModels(
    old_hash=model_hash(1), new_hash=model_hash(7), tasks=("open_drawer",), pairs=20, first_seed=0, who="ann"
)


def listed(lineage: FakeLineage) -> Lineage:
    answer = lineage.answer(ListModels(), 0.0)
    assert answer is not None and isinstance(answer.result, Lineage)
    return answer.result


def run(lineage: FakeLineage, job: Job, cancel_at_s: float = 1e9) -> list[Progress | JobEnd]:
    running = FakeLineageJobs(lineage).start(job, 0.0)
    assert running is not None
    news: list[Progress | JobEnd] = []
    for tick in range(2000):
        told = running.progress(0.1 * tick, 0.1 * tick >= cancel_at_s)
        if told is not None:
            news.append(told)
        if isinstance(told, JobEnd):
            return news
    raise AssertionError("the job never ended")


def test_a_round_makes_a_model_and_a_cancelled_one_does_not() -> None:
    lineage = FakeLineage()
    cancelled = run(lineage, ROUND, cancel_at_s=2.0)[-1]
    assert isinstance(cancelled, JobEnd) and cancelled.is_cancelled and "step 200" in cancelled.message
    assert (len(listed(lineage).models), listed(lineage).rounds[-1].model_hash) == (7, "")
    news = run(lineage, ROUND)
    end = news[-1]
    assert isinstance(end, JobEnd) and end.success
    assert listed(lineage).models[-1].model_hash == end.model_hash == listed(lineage).rounds[-1].model_hash
    losses = [told.loss for told in news if isinstance(told, TrainProgress)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("job", [ROUND, COMPARE], ids=["round", "comparison"])
def test_the_same_job_gives_the_same_story(job: Job) -> None:
    assert run(FakeLineage(), job) == run(FakeLineage(), job)


def test_a_comparison_counts_add_up() -> None:
    end = run(FakeLineage(), COMPARE)[-1]
    assert isinstance(end, JobEnd)
    assert end.new_model[0].successes - end.old_model[0].successes == end.only_new - end.only_old


def test_the_first_model_cannot_be_rolled_back() -> None:
    lineage = FakeLineage()
    answers = [lineage.answer(RollBackModel(who="ann"), 0.0) for _ in range(3)]
    assert [answer is not None and answer.success for answer in answers] == [True, True, False]
    assert lineage.promoted_hash == model_hash(1)


def test_the_learner_has_a_past_that_climbs_and_begins_anew() -> None:
    learner = FakeLearner()
    facts = learner.facts(2000.0)
    labels = [fact.label for fact in facts if isinstance(fact, EpisodeClosed)]
    assert labels[-30:].count("success") > labels[:30].count("success")
    assert [fact.received_s for fact in facts] == sorted(fact.received_s for fact in facts)
    assert facts[-1].received_s == 2000.0
    assert learner.answer(StartTask(task="open_drawer", model="/m", demo_episodes=("a",)), 2000.5) is not None
    newest: Any = learner.facts(2002.0)[-1]
    assert isinstance(newest, Learner) and (newest.task, newest.state) == ("open_drawer", "warming_up")
    assert FakeLearner().facts(2000.0) == facts


def test_a_finished_learner_is_idle() -> None:
    learner = FakeLearner(on_finished=lambda path, task: f"{task} in {path}")
    learner.facts(0.0)
    done = learner.answer(FinishTask(out="/x"), 0.0)
    assert done is not None and done.result is not None
    assert getattr(done.result, "model_hash", "") == f"{TASK} in /x"
    refused = learner.answer(FinishTask(out="/x"), 0.0)
    assert refused is not None and not refused.success
    newest: Any = learner.facts(1.0)[-1]
    assert newest.state == "idle"

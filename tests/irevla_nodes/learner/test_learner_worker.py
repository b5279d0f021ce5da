"""The learner's thread over a real store and checkpoint: what it sends, and that a restart goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from irevla.config.errors import UnknownNameError, UserError, WrongStateError
from irevla.config.learner import LearnerSettings
from irevla.config.policy import PolicySettings
from irevla.policies.checkpoint import load_checkpoint, save_checkpoint
from irevla.policies.create import create_vla
from irevla.training.stage1 import HeadWeights
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.learner.learner_worker import LearnerReport, LearnerTask, LearnerWorker

TASK = "pick_eggplant"
SETTINGS = LearnerSettings(batch_size=8, critic_warmup_updates=4, updates_per_step=2.0, critics=2)
TIMEOUT_S = 20.0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("models") / "start"
    vla = create_vla(PolicySettings(image_px=16, head_hidden=(8,), device="cpu"), seed=0)
    model_hash = save_checkpoint(folder, vla, stage="stage0")
    shape = vla.spec.head
    return SimpleNamespace(
        folder=folder, model_hash=model_hash, key=vla.latent_key(), tokens=shape.tokens, width=shape.width
    )


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "store")


@pytest.fixture
def record(store: EpisodeStore, model: SimpleNamespace) -> Callable[..., str]:
    def make(name: str, kind: str, label: str, steps: int = 3) -> str:
        rng = np.random.default_rng(len(name))
        meta = EpisodeMeta(
            episode_id=name,
            task=TASK,
            instruction="pick up the eggplant",
            kind=kind,  # type: ignore[arg-type]
            mode="policy",
            seed=1,
            created_ns=time.time_ns(),
            max_steps=60,
            model_hash=model.model_hash,
        )
        with store.open(meta) as writer:
            for step in range(steps + 1):
                seen = Step(
                    step=step,
                    stamp_ns=step,
                    state=rng.standard_normal(7).astype(np.float32),
                    action=rng.uniform(-1, 1, 7).astype(np.float32),
                    latent=rng.standard_normal((model.tokens, model.width)).astype(np.float16),
                    latent_key=model.key,
                )
                if step < steps:
                    writer.append(seen)
                else:
                    writer.close(label == "success", label != "success", seen)
        store.label(name, label, "ada")
        return name

    return make


class Heard:
    """What a worker told."""

    def __init__(self) -> None:
        self.reports: list[LearnerReport] = []
        self.versions: list[int] = []

    def on_weights(self, weights: HeadWeights | None, latent_key: str) -> None:
        self.versions.append(0 if weights is None else weights.version)

    def until(self, claim: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not claim():
            assert time.monotonic() < deadline, f"did not come true; reports: {self.reports[-2:]}"
            time.sleep(0.02)


@pytest.fixture
def employ(store: EpisodeStore, tmp_path: Path) -> Iterator[Callable[[], tuple[LearnerWorker, Heard]]]:
    """Start a worker over the same state folder; each is stopped at the end."""
    workers: list[LearnerWorker] = []

    def start() -> tuple[LearnerWorker, Heard]:
        heard = Heard()
        worker = LearnerWorker(
            SETTINGS, store, tmp_path / "state", on_report=heard.reports.append, on_weights=heard.on_weights
        )
        workers.append(worker)
        worker.start()
        return worker, heard

    yield start
    for worker in workers:
        worker.stop()
        assert not worker.is_alive()


def test_each_new_episode_brings_its_updates_and_a_head(
    employ: Callable[[], tuple[LearnerWorker, Heard]],
    record: Callable[..., str],
    model: SimpleNamespace,
    tmp_path: Path,
) -> None:
    demo = record("demo", "zero_shot", "success")
    worker, heard = employ()
    worker.start_task(LearnerTask(TASK, str(model.folder), (demo,), seed=0), TIMEOUT_S)
    heard.until(lambda: heard.versions == [0])
    for number in (1, 2):
        record(f"rl{number}", "rl", "failure")
        worker.look()
        heard.until(lambda number=number: heard.versions[-1] == number)
    status = worker.report.status
    assert status is not None
    # 4 updates of warm-up, then 2 for each of the 2 x 3 steps.
    assert (status.updates, status.online_episodes, status.online_steps) == (16, 2, 6)
    done = worker.finish_task(tmp_path / "stage1", TIMEOUT_S)
    heard.until(lambda: heard.versions == [0, 1, 2, 0])
    assert worker.report.state == "idle"
    assert load_checkpoint(tmp_path / "stage1", done.model_hash).vla.latent_key() == model.key
    with pytest.raises(WrongStateError, match="no task is under way"):
        worker.finish_task(tmp_path / "again", TIMEOUT_S)


def test_a_worker_that_was_killed_goes_on_with_its_task(
    employ: Callable[[], tuple[LearnerWorker, Heard]], record: Callable[..., str], model: SimpleNamespace
) -> None:
    demo = record("demo", "zero_shot", "success")
    first, heard = employ()
    first.start_task(LearnerTask(TASK, str(model.folder), (demo,), seed=0), TIMEOUT_S)
    record("rl1", "rl", "success")
    first.look()
    heard.until(lambda: heard.versions[-1] == 1)
    first.stop()
    record("rl2", "rl", "failure")
    second, heard = employ()
    # The head it had sent before is sent again, then the episode that came meanwhile is learnt from.
    heard.until(lambda: heard.versions == [1, 2])
    assert second.report.status is not None and second.report.status.online_episodes == 2


def test_a_task_that_cannot_begin_leaves_the_running_one(
    employ: Callable[[], tuple[LearnerWorker, Heard]], record: Callable[..., str], model: SimpleNamespace
) -> None:
    demo = record("demo", "zero_shot", "success")
    worker, _ = employ()
    with pytest.raises(UserError, match="expected zero-shot successes"):
        worker.start_task(LearnerTask(TASK, str(model.folder), (), seed=0), TIMEOUT_S)
    worker.start_task(LearnerTask(TASK, str(model.folder), (demo,), seed=0), TIMEOUT_S)
    with pytest.raises(UnknownNameError, match="pick_eggplant"):
        worker.start_task(LearnerTask("pick_egplant", str(model.folder), (demo,), seed=0), TIMEOUT_S)
    assert worker.report.task == TASK

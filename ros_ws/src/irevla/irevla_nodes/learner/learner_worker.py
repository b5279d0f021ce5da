"""The thread that learns: one task at a time, from the store, so that the node's services and heartbeat stay live."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from irevla.config.errors import DeadlineError, IrevlaError, WrongStateError
from irevla.config.learner import LearnerSettings
from irevla.config.tasks import task as task_called
from irevla.policies.manifest import Manifest
from irevla.training.stage1 import HeadWeights, Stage1, Stage1Status
from irevla.training.store.episode_store import EpisodeStore

TASK_FILE = "task.json"
LOOK_S = 1.0  # the store is looked at this often even if nobody says that something is new
STOP_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class LearnerTask:
    """What learner/start_task asked for; kept on disk while it is under way."""

    task: str
    model: str
    demo_episodes: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class LearnerReport:
    """What learner/status says; ``status`` is None while no task is under way."""

    task: str = ""
    state: str = "idle"
    detail: str = ""
    status: Stage1Status | None = None
    updates_per_s: float = 0.0


@dataclass(frozen=True)
class FinishedTask:
    """The stage-1 checkpoint."""

    path: str
    model_hash: str


Request = Callable[[], object]
_Result = TypeVar("_Result")


class LearnerWorker(threading.Thread):
    """Learns from every newly labelled episode; ``on_report`` and ``on_weights`` are called from its thread.

    ``on_weights(None, key)`` says that the checkpoint's own head is meant again. A worker that is made anew over the
    same ``state_dir`` goes on with the task it was killed in.
    """

    def __init__(
        self,
        settings: LearnerSettings,
        store: EpisodeStore,
        state_dir: Path,
        *,
        on_report: Callable[[LearnerReport], None],
        on_weights: Callable[[HeadWeights | None, str], None],
    ) -> None:
        super().__init__(name="learner", daemon=True)
        self._settings = settings
        self._store = store
        self._state_dir = state_dir
        self._on_report = on_report
        self._on_weights = on_weights
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._stage1: Stage1 | None = None
        self._report = LearnerReport()
        self._rate = (0.0, 0)  # when, and after how many updates, the rate was last measured
        self._is_stopping = False
        self.failure: BaseException | None = None  # what ended the thread; its owner must end the process

    @property
    def report(self) -> LearnerReport:
        """The newest report."""
        return self._report

    def start_task(self, task: LearnerTask, timeout_s: float) -> None:
        """Begin ``task``, in place of one that is under way; errors as Stage1's, DeadlineError after ``timeout_s``."""
        self._ask(lambda: self._begin(task, is_new=True), timeout_s)

    def finish_task(self, out: Path, timeout_s: float) -> FinishedTask:
        """Learn from what is left, write the checkpoint and end the task; WrongStateError when there is none."""
        return self._ask(lambda: self._finish(out), timeout_s)

    def look(self) -> None:
        """Say that the store has something new."""
        self._requests.put(lambda: None)

    def stop(self) -> None:
        """End the thread between two updates; the unfinished episode is learnt from again after a restart."""
        self._is_stopping = True
        self._requests.put(None)
        if self.is_alive():
            self.join(STOP_TIMEOUT_S)

    def run(self) -> None:
        """Serve requests and learn until stop()."""
        try:
            self._resume()
            while not self._is_stopping:
                if (request := self._next()) is not None:
                    request()
                self._learn()
        except BaseException as error:
            self.failure = error
            raise

    def _next(self) -> Request | None:
        try:
            return self._requests.get(timeout=LOOK_S)
        except queue.Empty:
            return None

    def _ask(self, work: Callable[[], _Result], timeout_s: float) -> _Result:
        future: Future[_Result] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except Exception as error:  # noqa: BLE001 - handed to the asking thread as it is
                    future.set_exception(error)

        self._requests.put(run)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise DeadlineError(f"the learner did not answer within {timeout_s:.0f} s; see its log") from None

    def _resume(self) -> None:
        path = self._state_dir / TASK_FILE
        if not path.is_file():
            return
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            values["demo_episodes"] = tuple(values["demo_episodes"])
            self._begin(LearnerTask(**values), is_new=False)
        except (IrevlaError, OSError, ValueError, KeyError, TypeError) as error:
            self._tell("failed", f"the task it was killed in cannot go on: {error}")

    def _begin(self, task: LearnerTask, *, is_new: bool) -> None:
        task_called(task.task)
        stage1 = Stage1(
            self._store,
            Path(task.model),
            task.task,
            task.demo_episodes,
            seed=task.seed,
            settings=self._settings,
            state_dir=self._state_dir / "stage1",
        )
        if is_new:
            self._state_dir.mkdir(parents=True, exist_ok=True)
            draft = self._state_dir / f"{TASK_FILE}.part"
            draft.write_text(json.dumps(asdict(task)), encoding="utf-8")
            draft.replace(self._state_dir / TASK_FILE)
        self._stage1 = stage1
        self._rate = (time.monotonic(), stage1.status().updates)
        weights = stage1.weights()
        self._on_weights(weights if weights.version else None, stage1.latent_key)
        self._tell_status(stage1.status())

    def _learn(self) -> None:
        stage1 = self._stage1
        if stage1 is None or self._report.state == "failed":
            return
        version = stage1.status().weights_version
        try:
            for status in stage1.catch_up():
                if status.weights_version != version:
                    version = status.weights_version
                    self._on_weights(stage1.weights(), stage1.latent_key)
                self._tell_status(status)
                if self._is_stopping:
                    return
        except IrevlaError as error:
            self._tell("failed", str(error))

    def _finish(self, out: Path) -> FinishedTask:
        self._learn()
        stage1 = self._stage1
        if stage1 is None:
            raise WrongStateError("no task is under way; call learner/start_task first")
        if self._report.state == "failed":
            raise WrongStateError(f"the task failed ({self._report.detail}); start it again with learner/start_task")
        model_hash = stage1.finish(out)
        if all(model.model_hash != model_hash for model in self._store.models()):
            manifest, _ = Manifest.read(out)
            self._store.add_model(str(out), model_hash, stage1.model_hash, 1, manifest.data_hash, {})
        (self._state_dir / TASK_FILE).unlink(missing_ok=True)
        self._stage1 = None
        self._on_weights(None, stage1.latent_key)
        self._report = LearnerReport()
        self._on_report(self._report)
        return FinishedTask(str(out), model_hash)

    def _tell_status(self, status: Stage1Status) -> None:
        now_s = time.monotonic()
        then_s, before = self._rate
        rate = (status.updates - before) / max(now_s - then_s, 1e-3)
        if now_s - then_s > LOOK_S:
            self._rate = (now_s, status.updates)
        task = self._stage1.task if self._stage1 is not None else ""
        state = "learning" if status.is_warm else "warming_up"
        self._report = LearnerReport(task, state, status.detail, status, rate)
        self._on_report(self._report)

    def _tell(self, state: str, detail: str) -> None:
        task = self._stage1.task if self._stage1 is not None else ""
        self._report = LearnerReport(task, state, detail, self._report.status)
        self._on_report(self._report)

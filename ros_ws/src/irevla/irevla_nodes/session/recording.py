"""One episode on its way into the store: its open steps and its file."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Protocol

from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_record import EpisodeRecord
from irevla_nodes.session.episode_plan import EpisodePlan
from irevla_nodes.session.parts import Part, ProposalPart
from irevla_nodes.session.step_assembly import StepAssembly, StepNeeds


class Writer(Protocol):
    """What a recording needs of training.store's EpisodeWriter."""

    def append(self, step: Step) -> None:
        """Close a step."""

    def close(
        self,
        terminated: bool,
        truncated: bool,
        final: Step | None = None,
        *,
        reset_s: float | None = None,
        run_s: float | None = None,
    ) -> None:
        """End the episode."""

    def __enter__(self) -> Writer: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """What the session needs of training.store's EpisodeStore."""

    def open(self, meta: EpisodeMeta) -> Writer:
        """Begin an episode."""

    def label(self, episode_id: str, label: str, who: str, delay_s: float | None = None) -> EpisodeRecord:
        """Label a closed episode."""

    def undo_label(self, episode_id: str, who: str) -> EpisodeRecord:
        """Bring back the label before the newest one."""

    def record(self, episode_id: str) -> EpisodeRecord:
        """Return one episode of the index."""

    def free_mb(self) -> float:
        """Return the free space of its disk [MB]."""


class Recording:
    """Appends steps to the store as they close; the file begins with the first one, which names model and head."""

    def __init__(self, store: Store, plan: EpisodePlan, episode_id: str, needs: StepNeeds, created_ns: int) -> None:
        self.plan = plan
        self.episode_id = episode_id
        self.steps = 0
        self._assembly = StepAssembly(episode_id, needs)
        self._store = store
        self._created_ns = created_ns
        self._model_hash = ""
        self._writer: Writer | None = None
        self._stack = ExitStack()

    @property
    def missing_first(self) -> list[str]:
        """What has not come yet of the observation that the episode begins with."""
        return self._assembly.missing_first

    @property
    def missing_next(self) -> list[str]:
        """What has not come yet of the first step that is not closed."""
        return self._assembly.missing_next

    @property
    def is_complete(self) -> bool:
        """Whether the last step is known and closed."""
        return self._assembly.is_complete

    @property
    def is_judged(self) -> bool:
        """Whether the observation after the last step has come, its latent and pictures aside."""
        return self._assembly.is_judged

    @property
    def has_closing(self) -> bool:
        """Whether the observation after the last step is complete."""
        return self._assembly.closing() is not None

    @property
    def succeeded(self) -> bool:
        """Whether the scene's predicate held after the last step."""
        return self._assembly.is_success

    def end_now(self) -> None:
        """Let the steps closed so far be all."""
        self._assembly.end_after(self._assembly.next_step)

    def end_after(self, count: int) -> None:
        """Let the first ``count`` steps be all."""
        self._assembly.end_after(count)

    def add(self, part: Part) -> int:
        """Take one message and append what it completes; returns the number of steps closed by it.

        Raises StoreError when the store cannot take a step.
        """
        if isinstance(part, ProposalPart) and part.episode_id == self.episode_id:
            self._model_hash = self._model_hash or part.model_hash
        self._assembly.add(part)
        return self.flush()

    def flush(self) -> int:
        """Append every step that is closed; returns how many."""
        closed = self._assembly.take()
        for step in closed:
            self._open_writer(step).append(step)
            self.steps += 1
        return len(closed)

    def close(self, *, reset_s: float | None, run_s: float | None) -> bool:
        """End the episode in the store, with the closing observation if it came; False when it has no step.

        ``reset_s``, ``run_s``: from the request to the first step, and from there to now; None if it never ran.
        """
        if self._writer is None:
            return False
        final = None if self.succeeded else self._assembly.closing()
        self._writer.close(self.succeeded, not self.succeeded, final, reset_s=reset_s, run_s=run_s)
        return True

    def abandon(self) -> None:
        """Let go of the file; an episode that was not closed is marked as aborted, its steps stay readable."""
        self._stack.close()

    def _open_writer(self, first: Step) -> Writer:
        if self._writer is None:
            plan = self.plan
            meta = EpisodeMeta(
                episode_id=self.episode_id,
                task=plan.task,
                instruction=plan.instruction,
                kind=plan.kind,
                mode=plan.mode,
                seed=plan.seed,
                created_ns=self._created_ns,
                max_steps=plan.max_steps,
                explore=plan.explore,
                model_hash=self._model_hash if plan.mode == "policy" else "",
                weights_version=first.weights_version,
                images=plan.record_images,
            )
            self._writer = self._stack.enter_context(self._store.open(meta))
        return self._writer

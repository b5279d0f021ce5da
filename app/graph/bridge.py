"""What the window and `irevla record` need of the graph, real or made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from irevla.app.graph.facts import Fact
from irevla.app.graph.records import EpisodeDetail, EpisodePage, Evaluation, Lineage, Made, Pictures, StartScene
from irevla.app.graph.requests import Job, Request, TeleopInput

Result = EpisodePage | EpisodeDetail | Pictures | StartScene | Lineage | Made


@dataclass(frozen=True)
class Answer:
    """How a request ended; ``message`` says in plain words why it was refused, or that nobody answered in time."""

    success: bool
    message: str = ""
    result: Result | None = None
    needs_override: bool = False  # PromoteModel: refused by the gate alone
    is_there: bool = True  # False: nobody serves it, or discovery has not found who does yet


@dataclass(frozen=True)
class TrainProgress:
    """Feedback of TrainRound."""

    step: int
    steps: int
    loss: float
    samples_per_s: float
    eta_s: float
    phase: str = ""  # what step and steps count: gradient steps, and megabytes while "uploading" or "downloading"
    cost: float = 0.0


@dataclass(frozen=True)
class CompareProgress:
    """Feedback of CompareModels; which model acts is not told."""

    episodes: int
    of_episodes: int
    task: str
    episode_id: str


Progress = TrainProgress | CompareProgress


@dataclass(frozen=True)
class JobEnd:
    """How a job ended. ``is_cancelled``: on request, which is no failure."""

    success: bool
    message: str = ""
    is_cancelled: bool = False
    path: str = ""  # TrainRound: the checkpoint
    model_hash: str = ""
    wall_s: float = 0.0
    old_model: tuple[Evaluation, ...] = ()  # CompareModels
    new_model: tuple[Evaluation, ...] = ()
    only_old: int = 0
    only_new: int = 0
    p_value: float = 1.0
    passes_gate: bool = False


Cancel = Callable[[], None]


def no_answer(_: Answer) -> None:
    """Take an answer that does not matter."""


def no_wake() -> None:
    """Wake nobody: whoever takes comes often enough."""


class Bridge(Protocol):
    """One graph. Everything is called by one thread, and nothing ever waits: answers come back in `take`."""

    cameras: tuple[str, ...]

    def start(self, wake: Callable[[], None] = no_wake) -> None:
        """Begin to listen; a graph that is not there yet is no error.

        ``wake`` is called, by any thread, when an answer waits in `take`.
        """

    def take(self) -> Sequence[Fact]:
        """Return the facts since the last call, of each camera only the newest picture, and call what is due.

        Every ``on_…`` callback of the methods below is called from here, in the caller's thread.
        """

    def ask(self, request: Request, on_answer: Callable[[Answer], None] = no_answer) -> None:
        """Send a request; ``on_answer`` is called once, at the latest when the request's time-out is over."""

    def run(self, job: Job, on_progress: Callable[[Progress], None], on_end: Callable[[JobEnd], None]) -> Cancel:
        """Start a job and return how to cancel it; ``on_end`` is called once."""

    def send(self, hands: TeleopInput) -> None:
        """Say what the operator holds down now."""

    def close(self) -> None:
        """Stop listening; nothing is called any more."""

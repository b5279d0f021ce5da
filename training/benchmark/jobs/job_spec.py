"""What a job's worker is asked, and what it says back: one JSON file in, one JSON line per message out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import UserError
from irevla.config.section import Section
from irevla.training.round_spec import RoundFailed

JobKind = Literal["demonstrations", "stage0", "method"]


class JobSpec(Section):
    """One job; the same spec run again goes on with it."""

    kind: JobKind
    settings: BenchmarkSettings
    task: str = Field("", description="whose demonstrations")
    method: str = Field("", description="which method of irevla.training.algorithm1")
    seed: int = Field(0, ge=0, description="seed of the model's start and of its training")
    cache: Path = Field(description="folder of demonstrations and stage-0 models, by content")
    threads: int = Field(1, ge=1, description="torch CPU threads")


class JobProgress(Section):
    """How far the job is."""

    kind: Literal["progress"] = "progress"
    fraction: float = Field(ge=0, le=1)
    note: str = ""


class JobDone(Section):
    """The job is done; its result is in its folder."""

    kind: Literal["done"] = "done"
    note: str = ""


class JobStopped(Section):
    """The job was told to stop and kept its state."""

    kind: Literal["stopped"] = "stopped"


JobMessage = Annotated[JobProgress | JobDone | JobStopped | RoundFailed, Field(discriminator="kind")]
_MESSAGE: TypeAdapter[JobProgress | JobDone | JobStopped | RoundFailed] = TypeAdapter(JobMessage)


def parse_message(line: str) -> JobProgress | JobDone | JobStopped | RoundFailed:
    """Return the message on one line of a worker's stdout; raises UserError when it is none."""
    try:
        return _MESSAGE.validate_json(line)
    except ValidationError:
        raise UserError(f"expected a JSON message of a benchmark worker, got {line[:120]!r}") from None

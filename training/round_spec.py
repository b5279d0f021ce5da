"""What a supervised round is asked, and what its worker says back: one JSON file in, one JSON line per message out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from irevla.config.errors import UserError
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.config.section import Section


class RoundSpec(Section):
    """One round of stage 0 (eq. 2) or stage 2 (eq. 4); the same spec run again resumes it."""

    round_id: str = Field(min_length=1, max_length=128)
    stage: Literal[0, 2]
    parent: str = Field("", description="checkpoint directory to start from; empty: a fresh model (stage 0 only)")
    out: str = Field(description="checkpoint directory to write")
    store: str = Field(description="folder of the episode store")
    expert_episodes: tuple[str, ...] = Field(description="episode ids of D_e")
    online_episodes: tuple[str, ...] = Field((), description="episode ids of D_RL; stage 2 only")
    steps: int = Field(0, ge=0, description="gradient steps; 0 takes the configured number")
    seed: int = Field(0, ge=0)
    policy: PolicySettings = PolicySettings()
    rounds: RoundSettings = RoundSettings()

    @property
    def state_dir(self) -> Path:
        """Where the round keeps what it needs to resume, beside its checkpoint."""
        return Path(f"{self.out}.state")

    @property
    def total_steps(self) -> int:
        """Gradient steps of the whole round."""
        return self.steps or (self.rounds.stage0_steps if self.stage == 0 else self.rounds.stage2_steps)

    @property
    def learning_rate(self) -> float:
        """Peak learning rate of this stage."""
        return self.rounds.stage0_learning_rate if self.stage == 0 else self.rounds.stage2_learning_rate

    def hash(self) -> str:
        """Return the sha256 of everything that decides the result; places, threads and the saving interval do not."""
        decisive = self.model_dump(
            exclude={
                "out": True,
                "store": True,
                "parent": True,  # known by its own hash
                "rounds": {"threads", "save_every", "remote"},
                "policy": {"threads", "device"},
            }
        )
        return hashlib.sha256(repr(decisive).encode()).hexdigest()

    def record(self) -> dict[str, Any]:
        """Return what a checkpoint tells of its round: the settings, and not where its files lay."""
        episodes_and_places = {"expert_episodes", "online_episodes", "out", "store", "parent"}
        return self.model_dump(mode="json", exclude={**dict.fromkeys(episodes_and_places, True), "rounds": {"remote"}})

    def check(self) -> None:
        """Raise UserError when the request makes no sense, before anything is loaded."""
        if not self.expert_episodes:
            raise UserError(
                f"round {self.round_id}: stage {self.stage} always contains the expert data D_e, got no expert episode"
            )
        if self.stage == 2 and not self.online_episodes:
            raise UserError(f"round {self.round_id}: stage 2 learns from D_e and D_RL, got no online episode")
        if self.stage == 2 and not self.parent:
            raise UserError(f"round {self.round_id}: stage 2 starts from a stage-1 checkpoint, got no parent")
        if self.stage == 0 and self.online_episodes:
            raise UserError(
                f"round {self.round_id}: stage 0 learns from D_e alone, got {len(self.online_episodes)} online"
            )


Phase = Literal["reading", "uploading", "training", "downloading"]


class RoundProgress(Section):
    """Where the round is.

    ``step`` and ``steps`` count gradient steps, and while a remote round uploads or downloads, megabytes. ``loss`` is
    the mean over the last hundred gradient steps.
    """

    kind: Literal["progress"] = "progress"
    step: int
    steps: int
    loss: float
    samples_per_s: float
    eta_s: float
    phase: Phase = "training"
    cost: float = Field(0.0, description="what the cluster's time has cost so far; 0 where no price is known")

    @classmethod
    def beginning(cls, spec: RoundSpec, phase: Phase) -> RoundProgress:
        """Return that a phase before the first gradient step has begun."""
        return cls(step=0, steps=spec.total_steps, loss=0.0, samples_per_s=0.0, eta_s=0.0, phase=phase)


class RoundResult(Section):
    """The round is done: its checkpoint and the mean loss over its last hundred steps."""

    kind: Literal["result"] = "result"
    path: str
    model_hash: str
    loss: float
    wall_s: float


class RoundCancelled(Section):
    """The round was told to stop and kept its state; the same spec goes on from ``step``."""

    kind: Literal["cancelled"] = "cancelled"
    step: int


class RoundFailed(Section):
    """The round ended with an error of the tree in irevla.config.errors."""

    kind: Literal["failed"] = "failed"
    error: str = Field(description="class name of the error")
    message: str


RoundMessage = Annotated[RoundProgress | RoundResult | RoundCancelled | RoundFailed, Field(discriminator="kind")]
_MESSAGE: TypeAdapter[RoundProgress | RoundResult | RoundCancelled | RoundFailed] = TypeAdapter(RoundMessage)


def parse_message(line: str) -> RoundProgress | RoundResult | RoundCancelled | RoundFailed:
    """Return the message on one line of a worker's stdout; raises UserError when it is none."""
    try:
        return _MESSAGE.validate_json(line)
    except ValidationError:
        raise UserError(f"expected a JSON message of the round worker, got {line[:120]!r}") from None


def read_spec(path: Path) -> RoundSpec:
    """Return the spec in ``path``; raises UserError when it cannot be read or makes no sense."""
    try:
        spec = RoundSpec.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not a round spec: {error}") from None
    spec.check()
    return spec

"""What an episode is to be, before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, get_args

from irevla.config.errors import UnknownNameError, UserError
from irevla.config.tasks import task as find_task
from irevla.training.store.episode import Kind, Mode

MAX_STEPS = 10_000


@dataclass(frozen=True)
class EpisodePlan:
    """One episode as it was asked for, checked."""

    task: str
    instruction: str
    mode: Mode
    kind: Kind
    seed: int
    max_steps: int
    explore: bool = False
    record_images: bool = True
    pinned_version: int | None = None  # the head the policy must act with; None: the newest

    @property
    def records_latents(self) -> bool:
        """Whether latents are kept: learning needs them; an evaluation without pictures does not."""
        return self.mode == "policy" and (self.record_images or self.kind in ("rl", "zero_shot"))


def checked_plan(
    *,
    task: str,
    instruction: str = "",
    mode: str,
    kind: str,
    seed: int,
    max_steps: int,
    max_instruction_chars: int,
    explore: bool = False,
    record_images: bool = True,
    pinned_version: int | None = None,
) -> EpisodePlan:
    """Return the plan; raises UnknownNameError for a task, mode or kind that does not exist, UserError for the rest."""
    known = find_task(task)
    if mode not in get_args(Mode):
        raise UnknownNameError("mode", mode, get_args(Mode))
    if kind not in get_args(Kind):
        raise UnknownNameError("kind of episode", kind, get_args(Kind))
    words = instruction or known.instruction
    if len(words) > max_instruction_chars:
        raise UserError(
            f"the instruction has {len(words)} characters, expected at most {max_instruction_chars} "
            "(policy.max_instruction_chars); shorten it"
        )
    if not 1 <= max_steps <= MAX_STEPS:
        raise UserError(f"max_steps: expected 1 to {MAX_STEPS}, got {max_steps}")
    return EpisodePlan(
        task=task,
        instruction=words,
        mode=cast(Mode, mode),
        kind=cast(Kind, kind),
        seed=seed,
        max_steps=max_steps,
        explore=explore,
        record_images=record_images,
        pinned_version=pinned_version,
    )

"""What an episode is: its description, its steps, and the arrays that learning reads; numpy only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import UnknownNameError, UserError

Kind = Literal["demo", "zero_shot", "rl", "eval"]
Mode = Literal["policy", "teleop", "expert"]
Label = Literal["success", "failure", "discard"]
UNLABELLED = ""  # what `label` reads as long as nobody has judged the episode, or after an undo

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Halves = NDArray[np.float16]
Image = NDArray[np.uint8]

EPISODE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")  # also a file name, so no path can hide in it


@dataclass(frozen=True, kw_only=True)
class EpisodeMeta:
    """What is known of an episode when it begins; stands in its file and in the index."""

    episode_id: str
    task: str  # name in config/tasks.yaml
    instruction: str  # free text given to the VLA
    kind: Kind
    mode: Mode  # who acts
    seed: int  # of the reset and of exploration noise, 0 to 2**64 - 1
    created_ns: int  # wall clock, ns since 1970
    max_steps: int
    explore: bool = False
    model_hash: str = ""  # sha256 of the model's manifest; "" when no policy acts
    weights_version: int = 0  # of the head at the first step
    images: bool = True  # False: pictures are not kept

    def __post_init__(self) -> None:
        if not EPISODE_ID.fullmatch(self.episode_id):
            raise UserError(
                f"episode id {self.episode_id[:80]!r}: expected 1 to 128 letters, digits, '_', '-' or '.', "
                "the first a letter, digit or '_'"
            )
        if self.kind not in get_args(Kind):
            raise UnknownNameError("episode kind", str(self.kind), get_args(Kind))
        if self.mode not in get_args(Mode):
            raise UnknownNameError("episode mode", str(self.mode), get_args(Mode))
        if not 0 <= self.created_ns < 2**63:
            raise UserError(f"created_ns: expected ns since 1970, got {self.created_ns}")
        try:
            (self.task + self.instruction + self.model_hash).encode()
        except UnicodeEncodeError as error:
            raise UserError(f"task and instruction must be valid Unicode text: {error}") from None

    def as_strings(self) -> dict[str, str]:
        """Return every field as text, for a metadata record that any MCAP tool shows."""
        texts = {name.name: getattr(self, name.name) for name in fields(self)}
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in texts.items()}

    @classmethod
    def from_strings(cls, texts: Mapping[str, str]) -> EpisodeMeta:
        """Return the meta that ``as_strings`` wrote; raises KeyError or ValueError for anything else."""
        return cls(
            episode_id=texts["episode_id"],
            task=texts["task"],
            instruction=texts["instruction"],
            kind=cast(Kind, texts["kind"]),
            mode=cast(Mode, texts["mode"]),
            seed=int(texts["seed"]),
            created_ns=int(texts["created_ns"]),
            max_steps=int(texts["max_steps"]),
            explore=texts["explore"] == "true",
            model_hash=texts["model_hash"],
            weights_version=int(texts["weights_version"]),
            images=texts["images"] == "true",
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """One closed step: what was observed, and what was really executed; units as in Step.msg."""

    step: int  # 0 right after the reset; grows within the episode
    stamp_ns: int  # of the observation
    state: Floats  # (7,), policies/base.py
    action: Floats  # (7,), [-1, 1]
    source: int = 0  # Action.SOURCE_*
    intervention: bool = False
    limited: int = 0  # MotionCommand.LIMIT_* bits
    mean: Floats | None = None  # (7,); None when the policy did not propose
    log_prob: float = 0.0  # float32
    q_value: float = float("nan")  # float32
    weights_version: int = 0
    joint_position_rad: Doubles = field(default_factory=lambda: np.zeros(7))  # (7,)
    qpos: Doubles = field(default_factory=lambda: np.zeros(0))  # (n,), simulation only
    images: dict[str, Image] = field(default_factory=dict)  # (H, W, 3) RGB by camera
    latent: Halves | None = None  # (m, d)
    latent_key: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Episode:
    """A whole episode as arrays; T closed steps, row k of each array belongs to ``numbers[k]``.

    ``images`` and ``latents`` are only there if every step has them in one shape (and latents under one key);
    `EpisodeStore.read_steps` returns what each step has.
    """

    meta: EpisodeMeta
    label: str  # "success" | "failure" | "discard" | "" (unlabelled)
    terminated: bool  # a real end; always true of a success
    truncated: bool
    numbers: NDArray[np.int64]  # (T,) Step.step
    stamps_ns: NDArray[np.int64]  # (T,)
    states: Floats  # (T, 7)
    actions: Floats  # (T, 7)
    rewards: Floats  # (T,): 1 on the last step of a success, else 0
    sources: NDArray[np.uint8]  # (T,)
    interventions: NDArray[np.bool_]  # (T,)
    limited: NDArray[np.uint32]  # (T,)
    means: Floats  # (T, 7); NaN where the policy did not propose
    log_probs: Floats  # (T,)
    q_values: Floats  # (T,)
    weights_versions: NDArray[np.uint64]  # (T,)
    joint_positions_rad: Doubles  # (T, 7)
    qpos: tuple[Doubles, ...]  # T arrays (n,)
    images: dict[str, Image]  # (T, H, W, 3) RGB by camera
    latents: Halves | None  # (T, m, d)
    latent_key: str  # "" without latents
    final: Step | None  # the observation after the last action; its action is no part of the episode

    @property
    def steps(self) -> int:
        """T, the number of closed steps."""
        return len(self.states)

    @classmethod
    def stack(
        cls,
        meta: EpisodeMeta,
        label: str,
        steps: Sequence[Step],
        final: Step | None,
        *,
        terminated: bool,
        truncated: bool,
    ) -> Episode:
        """Return the arrays of ``steps``."""
        count = len(steps)
        rewards = np.zeros(count, np.float32)
        if count and label == "success":
            rewards[-1] = 1.0
        nowhere = np.full(7, np.nan, np.float32)
        latents, latent_key = _latents(steps)
        return cls(
            meta=meta,
            label=label,
            terminated=terminated or label == "success",
            truncated=truncated and label != "success",
            numbers=np.array([step.step for step in steps], np.int64),
            stamps_ns=np.array([step.stamp_ns for step in steps], np.int64),
            states=np.array([step.state for step in steps], np.float32).reshape(count, 7),
            actions=np.array([step.action for step in steps], np.float32).reshape(count, 7),
            rewards=rewards,
            sources=np.array([step.source for step in steps], np.uint8),
            interventions=np.array([step.intervention for step in steps], np.bool_),
            limited=np.array([step.limited for step in steps], np.uint32),
            means=np.array([nowhere if step.mean is None else step.mean for step in steps], np.float32).reshape(
                count, 7
            ),
            log_probs=np.array([step.log_prob for step in steps], np.float32),
            q_values=np.array([step.q_value for step in steps], np.float32),
            weights_versions=np.array([step.weights_version for step in steps], np.uint64),
            joint_positions_rad=np.array([step.joint_position_rad for step in steps], np.float64).reshape(count, 7),
            qpos=tuple(step.qpos for step in steps),
            images=_images(steps),
            latents=latents,
            latent_key=latent_key,
            final=final,
        )


def _images(steps: Sequence[Step]) -> dict[str, Image]:
    names = steps[0].images if steps else {}
    complete = [
        name for name in names if len({step.images[name].shape if name in step.images else () for step in steps}) == 1
    ]
    return {name: np.stack([step.images[name] for step in steps]) for name in complete}


def _latents(steps: Sequence[Step]) -> tuple[Halves | None, str]:
    found = [step.latent for step in steps if step.latent is not None]
    if not found or len(found) < len(steps):
        return None, ""
    if len({(step.latent_key, latent.shape) for step, latent in zip(steps, found, strict=True)}) > 1:
        return None, ""
    return np.stack(found), steps[0].latent_key

"""What the window asks of the graph: one frozen request a service call or action goal.

Field names are those of the request message, whose comments say what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Stop the arm at once."""


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Let the arm move again."""


@dataclass(frozen=True, kw_only=True)
class StartEpisode:
    """Reset the arm and begin an episode."""

    task: str
    instruction: str = ""
    mode: str = "policy"
    kind: str = "eval"
    explore: bool = False
    seed: int = 0
    max_steps: int = 0


@dataclass(frozen=True, kw_only=True)
class StopEpisode:
    """End the running episode."""


@dataclass(frozen=True, kw_only=True)
class ConfirmReset:
    """Say that the objects stand as they should."""


@dataclass(frozen=True, kw_only=True)
class LabelEpisode:
    """Label, relabel, or "undo"."""

    label: str
    who: str
    episode_id: str = ""


@dataclass(frozen=True, kw_only=True)
class ListEpisodes:
    """Ask for a page of the store."""

    task: str = ""
    kind: str = ""
    label: str = ""
    model_hash: str = ""
    search: str = ""
    only_interventions: bool = False
    min_disagreement: float = 0.0
    order: str = ""
    thumbnails: bool = False
    offset: int = 0
    limit: int = 0


@dataclass(frozen=True, kw_only=True)
class GetEpisode:
    """Ask for an episode's numbers."""

    episode_id: str


@dataclass(frozen=True, kw_only=True)
class GetPictures:
    """Ask for some pictures of an episode."""

    episode_id: str
    camera: str
    first: int
    count: int
    width_px: int = 0


@dataclass(frozen=True, kw_only=True)
class GetStartScene:
    """Ask how the objects should stand."""

    task: str
    camera: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class ListModels:
    """Ask for the lineage."""


@dataclass(frozen=True, kw_only=True)
class PromoteModel:
    """Have the rig use a model from now on."""

    model_hash: str
    who: str
    why: str = ""
    override_gate: bool = False


@dataclass(frozen=True, kw_only=True)
class RollBackModel:
    """Have the rig use the model before the present one."""

    who: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadModel:
    """Have the policy node serve a checkpoint, for stage 1 of a task say."""

    path: str
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class StartTask:
    """Begin stage 1."""

    task: str
    model: str
    demo_episodes: tuple[str, ...]
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class FinishTask:
    """End stage 1 and write its checkpoint."""

    out: str


Request = (
    Hold
    | Resume
    | StartEpisode
    | StopEpisode
    | ConfirmReset
    | LabelEpisode
    | ListEpisodes
    | GetEpisode
    | GetPictures
    | GetStartScene
    | ListModels
    | PromoteModel
    | RollBackModel
    | LoadModel
    | StartTask
    | FinishTask
)


@dataclass(frozen=True, kw_only=True)
class TrainRound:
    """A supervised round (action)."""

    round_id: str
    stage: int
    parent: str
    expert_episodes: tuple[str, ...]
    online_episodes: tuple[str, ...] = ()
    steps: int = 0
    seed: int = 0
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class CompareModels:
    """A blind comparison of two models (action)."""

    old_hash: str
    new_hash: str
    tasks: tuple[str, ...]
    pairs: int
    first_seed: int
    who: str


Job = TrainRound | CompareModels


@dataclass(frozen=True, kw_only=True)
class TeleopInput:
    """What the operator holds down in the window right now."""

    who: str
    axes: tuple[float, float, float, float, float, float]
    takes_over: bool
    gripper_presses: int

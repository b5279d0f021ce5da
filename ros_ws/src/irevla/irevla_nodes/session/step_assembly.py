"""Puts the messages of one episode together into closed steps, whatever order they come in and however often."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from irevla.policies.base import ACTION_DIM
from irevla.training.store.episode import Image, Step
from irevla_nodes.cameras.picture_history import PictureHistory
from irevla_nodes.session.parts import (
    CommandPart,
    ImagePart,
    LatentPart,
    Part,
    ProposalPart,
    SightPart,
    SimPart,
    StatePart,
)

SOURCE_TELEOP = 2  # Action.SOURCE_TELEOP
UNMATCHED_STAMPS = 32  # pictures kept whose state has not come yet
GAP_STEPS = 3  # without lockstep, a step this far behind a complete one will not come any more
AHEAD_STEPS = 64  # parts of steps further ahead than this are not kept


@dataclass(frozen=True, kw_only=True)
class StepNeeds:
    """What must have come before a step is closed."""

    cameras: tuple[str, ...] = ()
    first_cameras: tuple[str, ...] = ()  # must show step 0 before the episode runs, whether they are kept or not
    latent: bool = False
    proposal: bool = False  # the policy's, in its own episodes
    sim: bool = True
    gaps: bool = False  # without lockstep the clock leads, and a step may lack its command
    picture_age_ns: int | None = None  # real cameras; None: a step's pictures have its state's stamp
    sight: bool = False  # real cameras: the policy says which pictures it looked at


@dataclass
class _Draft:
    state: StatePart | None = None
    sim: SimPart | None = None
    latent: LatentPart | None = None
    proposal: ProposalPart | None = None
    command: CommandPart | None = None
    sight: SightPart | None = None
    images: dict[str, Image] = field(default_factory=dict)
    is_sighted: bool = False  # the images are the sight's

    def lacks(self, needs: StepNeeds) -> list[str]:
        """Return what has not come yet of the observation and the policy's part, by topic or camera."""
        is_missing = {
            "robot/state": self.state is None,
            "sim/state": self.sim is None and needs.sim,
            "policy/latent": self.latent is None and needs.latent,
            "policy/action": self.proposal is None and needs.proposal,
            "policy/sight": self.sight is None and needs.sight,
            **{f"picture of camera {name}": name not in self.images for name in needs.cameras},
        }
        return [name for name, missing in is_missing.items() if missing]


class StepAssembly:
    """The open steps of one episode. The first message of a kind for a step counts; later ones are repetitions."""

    def __init__(self, episode_id: str, needs: StepNeeds) -> None:
        self.episode_id = episode_id
        self.needs = needs
        self.next_step = 0
        self._success_step: int | None = None  # first step after which the scene's predicate held
        self._drafts: dict[int, _Draft] = {}
        self._pictures: dict[int, dict[str, Image]] = {}  # by stamp, in order of arrival
        self._history: PictureHistory | None = None
        if needs.picture_age_ns is not None:
            cameras = tuple(dict.fromkeys((*needs.cameras, *needs.first_cameras)))
            self._history = PictureHistory(cameras, needs.picture_age_ns)
        self._end: int | None = None

    @property
    def missing_first(self) -> list[str]:
        """What has not come yet of the observation that an episode begins with; the first picture takes longest."""
        if self.next_step > 0:
            return []
        needs = StepNeeds(cameras=self.needs.first_cameras, sim=self.needs.sim)
        return self._drafts.get(0, _Draft()).lacks(needs)

    @property
    def missing_next(self) -> list[str]:
        """What has not come yet of the first step that is not closed."""
        draft = self._drafts.get(self.next_step, _Draft())
        return [*draft.lacks(self.needs), *(["arbiter/command"] if draft.command is None else [])]

    def end_after(self, count: int) -> None:
        """Close only the first ``count`` steps; called again, the smaller number holds."""
        self._end = count if self._end is None else min(self._end, count)

    @property
    def is_complete(self) -> bool:
        """Whether every step before the end is closed."""
        return self._end is not None and self.next_step >= self._end

    @property
    def is_success(self) -> bool:
        """Whether the scene's predicate held after the last step, and all of it is closed."""
        return self.is_complete and self._success_step is not None and self.next_step == self._success_step + 1

    @property
    def is_judged(self) -> bool:
        """Whether the observation after the last step, which says if it succeeded, has come (without its latent)."""
        draft = self._drafts.get(self.next_step)
        return self.is_complete and draft is not None and not draft.lacks(StepNeeds(sim=self.needs.sim))

    def add(self, part: Part) -> None:
        """Take one message; those of other episodes and of closed steps are dropped."""
        if isinstance(part, ImagePart):
            self._add_image(part)
            return
        if part.episode_id != self.episode_id or not self.next_step <= part.step < self.next_step + AHEAD_STEPS:
            return
        draft = self._drafts.setdefault(part.step, _Draft())
        match part:
            case StatePart():
                draft.state = draft.state or part
            case SimPart():
                draft.sim = draft.sim or part
                self._judge(part)
            case LatentPart():
                draft.latent = draft.latent or part
            case ProposalPart():
                draft.proposal = draft.proposal or part
            case CommandPart():
                draft.command = draft.command or part
            case SightPart():
                draft.sight = draft.sight or part
        if self._history is not None:
            self._show(draft, self._history)
        elif isinstance(part, StatePart | SimPart):
            for camera, image in self._pictures.get(part.stamp_ns, {}).items():
                draft.images.setdefault(camera, image)

    def take(self) -> list[Step]:
        """Return the steps that are closed now, in order, each once."""
        steps = []
        while not self.is_complete:
            self._skip_gap()
            draft = self._drafts.get(self.next_step)
            if draft is None or not self._is_closed(draft):
                break
            steps.append(self._step(draft, draft.command, draft.proposal if self.needs.proposal else None))
            del self._drafts[self.next_step]
            self.next_step += 1
        return steps

    def closing(self) -> Step | None:
        """Return the observation after the last step, once it is complete; its action is zero."""
        if not self.is_complete:
            return None
        draft = self._drafts.get(self.next_step)
        if draft is None or draft.lacks(replace(self.needs, proposal=False)):
            return None
        return self._step(draft, None, None)

    def _add_image(self, part: ImagePart) -> None:
        if self._history is not None:
            if self._history.add(part.camera, part.stamp_ns, part.image):
                for draft in self._drafts.values():
                    self._show(draft, self._history)
            return
        for draft in self._drafts.values():
            stamps = {item.stamp_ns for item in (draft.state, draft.sim) if item is not None}
            if part.stamp_ns in stamps:
                draft.images.setdefault(part.camera, part.image)
        self._pictures.setdefault(part.stamp_ns, {}).setdefault(part.camera, part.image)
        while len(self._pictures) > UNMATCHED_STAMPS:
            del self._pictures[next(iter(self._pictures))]

    def _show(self, draft: _Draft, history: PictureHistory) -> None:
        """Give a step its pictures of real cameras: those that the policy looked at, or by the same rule."""
        if draft.sight is not None:
            if not draft.is_sighted:
                draft.images = history.at(draft.sight.image_stamps_ns)
                draft.is_sighted = len(draft.images) == len(draft.sight.image_stamps_ns)
        elif draft.state is not None and len(draft.images) < len(history.cameras):
            draft.images = {**history.at(history.choose_finally(draft.state.stamp_ns)), **draft.images}

    def _judge(self, part: SimPart) -> None:
        if part.success and part.step > 0:
            self._success_step = min(part.step - 1, self._success_step if self._success_step is not None else part.step)
            self.end_after(self._success_step + 1)

    def _is_closed(self, draft: _Draft) -> bool:
        return draft.command is not None and not draft.lacks(self.needs)

    def _skip_gap(self) -> None:
        complete = [step for step, draft in self._drafts.items() if self._is_closed(draft)]
        if self.needs.gaps and complete and max(complete) >= self.next_step + GAP_STEPS:
            for step in range(self.next_step, min(complete)):
                self._drafts.pop(step, None)
            self.next_step = min(complete)

    def _step(self, draft: _Draft, command: CommandPart | None, proposal: ProposalPart | None) -> Step:
        state, latent = draft.state, draft.latent if self.needs.latent else None
        if state is None:
            raise ValueError(f"a step of {self.episode_id} has no state; check lacks() first")
        return Step(
            step=state.step,
            stamp_ns=state.stamp_ns,
            state=state.state,
            action=command.action if command is not None else np.zeros(ACTION_DIM, np.float32),
            source=command.source if command is not None else 0,
            intervention=command is not None and proposal is not None and command.source == SOURCE_TELEOP,
            limited=command.limited if command is not None else 0,
            mean=proposal.mean if proposal is not None else None,
            log_prob=proposal.log_prob if proposal is not None else 0.0,
            q_value=proposal.q_value if proposal is not None else float("nan"),
            weights_version=proposal.weights_version if proposal is not None else 0,
            joint_position_rad=state.joint_position_rad,
            qpos=draft.sim.qpos if draft.sim is not None else np.zeros(0),
            images={camera: draft.images[camera] for camera in self.needs.cameras},
            latent=latent.latent if latent is not None else None,
            latent_key=latent.key if latent is not None else "",
        )

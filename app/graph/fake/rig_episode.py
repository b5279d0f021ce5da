"""The made-up rig's episode at hand, and what the nodes tell of its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irevla.app.graph.facts import Arm, Command, EpisodeClosed, EpisodeNow, Fact, Phase, PolicyStep, Source
from irevla.app.graph.fake.course import HOME_M, Course, Point, make_course
from irevla.app.graph.fake.lineage import PROMOTED, model_hash
from irevla.app.graph.fake.scene import Scene
from irevla.app.graph.requests import StartEpisode
from irevla.config.errors import UnknownNameError
from irevla.config.tasks import task as find_task

MAX_STEPS = 60
SCALE_M = 0.04  # of an action's translation
MODE_IDLE, MODE_MOVE = 1, 2  # RobotState
SOURCES = {"policy": Source.POLICY, "teleop": Source.TELEOP, "expert": Source.EXPERT}


@dataclass(eq=False)
class RigEpisode:
    """One episode of the rig; the empty id is the time before the first one."""

    episode_id: str
    request: StartEpisode
    instruction: str
    max_steps: int
    course: Course
    steps: int = 0
    labels: tuple[str, ...] = ()  # oldest first

    @property
    def source(self) -> Source:
        """Who acts at the next step while it runs."""
        return Source.TELEOP if self.steps in self.course.person else SOURCES[self.request.mode]

    @property
    def limited(self) -> int:
        """The limits that changed the last command."""
        return int(self.course.limited[self.steps - 1]) if self.steps else 0

    def step(self, now_s: float, weights_version: int) -> list[Fact]:
        """Close a step and return what policy and arbiter tell of it."""
        course, step = self.course, self.steps
        source = self.source
        self.steps += 1
        delta = np.clip((course.path_m[step + 1] - course.path_m[step]) / SCALE_M, -1, 1)
        action = (*(float(value) for value in delta), 0.0, 0.0, 0.0, 1.0)
        command = Command(
            received_s=now_s,
            episode_id=self.episode_id,
            step=step,
            action=action,
            source=source,
            limited=self.limited,
            hold=False,
        )
        if self.request.mode != "policy":
            return [command]
        policy = PolicyStep(
            received_s=now_s,
            episode_id=self.episode_id,
            step=step,
            action=action,
            log_prob=float(course.log_prob[step]),
            q_value=float(course.q[step]),
            weights_version=weights_version,
            model_hash=model_hash(PROMOTED),
            infer_s=0.028 + 0.003 * (step % 4),
        )
        return [policy, command]

    def arm(self, scene: Scene, phase: Phase, now_s: float) -> Arm:
        """Return what the robot says of the arm in this scene."""
        return Arm(
            received_s=now_s,
            episode_id=self.episode_id,
            step=self.steps,
            position_m=scene.tool_m,
            gripper_width_m=scene.width_m,
            mode=MODE_MOVE if phase == Phase.RUNNING else MODE_IDLE,
            error="",
        )

    def now(self, phase: Phase, detail: str, now_s: float, weights_version: int) -> EpisodeNow:
        """Return what the session says of it."""
        wish = self.request
        return EpisodeNow(
            received_s=now_s,
            state=phase,
            episode_id=self.episode_id,
            task=wish.task,
            instruction=self.instruction,
            mode=wish.mode,
            explore=wish.explore,
            kind=wish.kind,
            seed=wish.seed,
            step=self.steps,
            max_steps=self.max_steps,
            detail=detail,
            weights_version=weights_version,
        )

    def closed(self, now_s: float, weights_version: int, *, is_relabel: bool) -> EpisodeClosed:
        """Return what the session says once it is labelled, or labelled otherwise."""
        label = self.labels[-1] if self.labels else ""
        return EpisodeClosed(
            received_s=now_s,
            episode_id=self.episode_id,
            task=self.request.task,
            kind=self.request.kind,
            label=label,
            steps=self.steps,
            terminated=label == "success",
            weights_version=weights_version,
            relabel=is_relabel,
        )

    def scene(self, steps: float) -> Scene:
        """Return how everything stands after so many steps; between two of them it moves evenly."""
        course = self.course
        return Scene(
            tool_m=_between(course.path_m, steps),
            width_m=float(course.width_m[min(int(steps), course.steps)]),
            block_m=_between(course.block_m, steps),
            task=self.request.task,
        )


def _between(rows: NDArray[np.float64], place: float) -> Point:
    low = min(int(place), len(rows) - 1)
    high = min(low + 1, len(rows) - 1)
    x, y, z = rows[low] + (place - low) * (rows[high] - rows[low])
    return float(x), float(y), float(z)


def begin(number: int, request: StartEpisode, seed: int) -> RigEpisode:
    """Return the rig's next episode; raises UnknownNameError for a task or a mode that there is not."""
    if request.mode not in SOURCES:
        raise UnknownNameError("mode", request.mode, SOURCES)
    max_steps = request.max_steps or MAX_STEPS
    instruction = request.instruction or find_task(request.task).instruction
    course = make_course(request.task, seed + request.seed, max_steps)
    return RigEpisode(f"demo-{number:04d}", request, instruction, max_steps, course)


def before_the_first() -> RigEpisode:
    """Return what stands on the table before anything was started: the arm at home."""
    course = make_course("", 0, 1)
    course.path_m[:] = HOME_M
    return RigEpisode("", StartEpisode(task=""), "", MAX_STEPS, course)

"""The made-up rig: a session that runs episodes, an arm that moves, a policy with opinions, cameras that see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Arbiter, Fact, Phase, Picture, Source
from irevla.app.graph.fake.course import HOME_M, Point
from irevla.app.graph.fake.rig_episode import RigEpisode, before_the_first, begin
from irevla.app.graph.fake.scene import Scene, draw, draw_start
from irevla.app.graph.records import Made, StartScene
from irevla.app.graph.requests import (
    ConfirmReset,
    GetStartScene,
    Hold,
    LabelEpisode,
    Request,
    Resume,
    StartEpisode,
    StopEpisode,
)
from irevla.config.errors import UnknownNameError, UserError, WrongStateError
from irevla.config.limits import LimitsSettings

STEP_S, STATUS_S = 0.1, 0.5
PICTURE_S = 0.025  # less than the window's own period, whose jitter would skip pictures
RESET_S, READY_S = 2.0, 0.6
LABEL_S, REST_S, CONFIRM_S = 7.0, 3.0, 6.0  # how long the made-up operator takes
LABELS = ("success", "failure", "discard")
DAY = ("pick_red_block",) * 6 + ("press_button",) * 3
GUIDE_DETAIL = "put the objects back, then confirm"
KEPT_EPISODES = 200  # the newest, which may still be labelled otherwise
POSSIBLE = {
    Phase.IDLE: "start",
    Phase.RESETTING: "stop",
    Phase.READY: "stop, or confirm while it waits for the objects",
    Phase.RUNNING: "stop",
    Phase.AWAITING_LABEL: "label",
    Phase.SAVED: "start, or label a stored episode otherwise",
}


class FakeRig:
    """A FakePart. The same seed, clock and requests give the same facts.

    ``is_self_moving``: a made-up operator starts, confirms and labels whatever nobody else does, so that it never
    stands still; otherwise it goes as far as a real session does by itself. ``is_guided``: each reset waits for
    ConfirmReset.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        is_self_moving: bool = True,
        is_guided: bool = False,
        cameras: Sequence[str] = ("front", "wrist"),
    ) -> None:
        self._seed, self._is_self_moving, self._is_guided, self._cameras = seed, is_self_moving, is_guided, cameras
        self._phase, self._detail = Phase.IDLE, ""
        self._since_s: float | None = None  # when the phase began
        self._episode = before_the_first()
        self._begun = 0
        self._episodes: dict[str, RigEpisode] = {}
        self._labelled: list[RigEpisode] = []  # in the order of their labels
        self._reset_from_m = HOME_M
        self._is_guiding = False
        self._hold = ""
        self._weights_version = 1
        self._news: list[Fact] = []
        self._said_s = self._seen_s = float("-inf")

    def facts(self, now_s: float) -> Sequence[Fact]:
        """See FakePart."""
        if self._since_s is None:
            self._since_s = now_s
        self._advance(now_s, now_s - self._since_s)
        if now_s - self._said_s >= STATUS_S:
            self._say(now_s)
        if now_s - self._seen_s >= PICTURE_S:
            self._seen_s = now_s
            scene = self._scene(now_s)
            self._news += [
                Picture(received_s=now_s, camera=name, stamp_s=now_s, image=draw(scene, name)) for name in self._cameras
            ]
        news, self._news = self._news, []
        return news

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """See FakePart; labels of episodes that this rig never ran are left to others."""
        try:
            match request:
                case Hold():
                    self._stop_arm("arbiter/hold was called", now_s)
                case Resume():
                    self._hold = ""
                    self._say(now_s)
                case StartEpisode():
                    self._start(request, now_s)
                    return Answer(True, result=Made(self._episode.episode_id))
                case StopEpisode():
                    self._require("stop", Phase.RESETTING, Phase.READY, Phase.RUNNING)
                    self._end("session/stop was called", now_s)
                case ConfirmReset():
                    self._confirm(now_s)
                case LabelEpisode():
                    return Answer(True) if self._label(request, now_s) else None
                case GetStartScene():
                    picture = draw_start(request.task, request.camera, request.seed)
                    return Answer(True, result=StartScene("demo-0001", picture))
                case _:
                    return None
        except UserError as error:
            return Answer(False, str(error))
        return Answer(True)

    def _advance(self, now_s: float, waited_s: float) -> None:
        """Go on to where the time has brought the rig, as session and robot do by themselves."""
        match self._phase:
            case Phase.RESETTING if waited_s >= RESET_S:
                self._enter(Phase.READY, GUIDE_DETAIL if self._is_guiding else "", now_s)
            case Phase.READY if not (self._is_guiding or self._hold) and waited_s >= READY_S:
                self._enter(Phase.RUNNING, "", now_s)
            case Phase.RUNNING:
                self._run(now_s, waited_s)
            case _ if self._is_self_moving and not self._hold:
                self._act_as_operator(now_s, waited_s)
            case _:
                pass

    def _act_as_operator(self, now_s: float, waited_s: float) -> None:
        match self._phase:
            case Phase.READY if self._is_guiding and waited_s >= CONFIRM_S:
                self._confirm(now_s)
            case Phase.AWAITING_LABEL if waited_s >= LABEL_S:
                label = "success" if self._episode.course.succeeds else "failure"
                self._label(LabelEpisode(label=label, who="the demo"), now_s)
            case Phase.IDLE | Phase.SAVED if waited_s >= REST_S or not self._begun:
                task = DAY[self._begun % len(DAY)]
                self._start(StartEpisode(task=task, kind="rl", explore=True, seed=self._begun), now_s)
            case _:
                pass

    def _run(self, now_s: float, waited_s: float) -> None:
        episode = self._episode
        due = min(episode.course.steps, int(waited_s / STEP_S + 1e-6))
        while episode.steps < due:
            self._news += episode.step(now_s, self._weights_version)
            self._say(now_s)
        if episode.steps == episode.course.steps:
            has_worked = episode.course.succeeds
            self._end("the scene's predicate holds" if has_worked else f"time is up after {due} steps", now_s)

    def _start(self, request: StartEpisode, now_s: float) -> None:
        self._require("start", Phase.IDLE, Phase.SAVED)
        self._require_free("start")
        episode = begin(self._begun + 1, request, self._seed)
        self._begun += 1
        self._reset_from_m = self._scene(now_s).tool_m
        self._episode = self._episodes[episode.episode_id] = episode
        self._forget_the_oldest()
        self._is_guiding = self._is_guided
        self._enter(Phase.RESETTING, "", now_s)

    def _forget_the_oldest(self) -> None:
        if len(self._episodes) > KEPT_EPISODES:
            oldest = self._episodes.pop(next(iter(self._episodes)))
            self._labelled = [labelled for labelled in self._labelled if labelled is not oldest]

    def _confirm(self, now_s: float) -> None:
        self._require("confirm", Phase.READY)
        if not self._is_guiding:
            raise WrongStateError("confirm while ready: nothing waits for it; possible now: stop")
        self._require_free("confirm")
        self._is_guiding = False
        self._reset_from_m = HOME_M
        self._enter(Phase.RESETTING, "", now_s)

    def _label(self, request: LabelEpisode, now_s: float) -> bool:
        """Label, relabel or undo; returns whether the episode is one of this rig's."""
        if request.label == "undo":
            return self._take_back(request, now_s)
        if request.label not in LABELS:
            raise UnknownNameError("label", request.label, LABELS)
        is_current = request.episode_id in ("", self._episode.episode_id) and self._phase != Phase.SAVED
        if is_current or not request.episode_id:
            self._require("label", Phase.AWAITING_LABEL)
        episode = self._episodes.get(request.episode_id or self._episode.episode_id)
        if episode is None:
            return False
        is_relabel = bool(episode.labels)
        episode.labels += (request.label,)
        self._labelled.append(episode)
        if episode.request.kind == "rl" and not is_relabel:
            self._weights_version += 1
        self._news.append(episode.closed(now_s, self._weights_version, is_relabel=is_relabel))
        if is_current:
            self._enter(Phase.SAVED, f"{request.label}: {self._detail}", now_s)
        return True

    def _take_back(self, request: LabelEpisode, now_s: float) -> bool:
        if request.episode_id and request.episode_id not in self._episodes:
            return False
        episode = self._episodes.get(request.episode_id) or (self._labelled[-1] if self._labelled else None)
        if episode is None or not episode.labels:
            raise WrongStateError("undo: no label was given that could be taken back; possible now: label an episode")
        episode.labels = episode.labels[:-1]
        newest = max(place for place, labelled in enumerate(self._labelled) if labelled is episode)
        del self._labelled[newest]
        self._news.append(episode.closed(now_s, self._weights_version, is_relabel=True))
        if episode is self._episode and self._phase == Phase.SAVED and not episode.labels:
            self._enter(Phase.AWAITING_LABEL, "its label was taken back", now_s)
        return True

    def _stop_arm(self, reason: str, now_s: float) -> None:
        self._hold = reason
        if self._phase == Phase.RUNNING:
            self._end(f"the arm was held: {reason}", now_s)
        self._say(now_s)

    def _end(self, reason: str, now_s: float) -> None:
        """End the episode; one without a closed step leaves nothing to label."""
        if self._episode.steps:
            self._enter(Phase.AWAITING_LABEL, reason, now_s)
        else:
            self._episode = before_the_first()
            self._enter(Phase.IDLE, reason, now_s)

    def _enter(self, phase: Phase, detail: str, now_s: float) -> None:
        self._phase, self._detail, self._since_s = phase, detail, now_s
        self._say(now_s)

    def _require(self, wish: str, *allowed: Phase) -> None:
        if self._phase not in allowed:
            words = self._phase.name.lower().replace("_", " ")
            raise WrongStateError(f"{wish} while {words}: not possible; possible now: {POSSIBLE[self._phase]}")

    def _require_free(self, wish: str) -> None:
        if self._hold:
            raise WrongStateError(f"{wish} while the arm is held ({self._hold}): resume first")

    def _scene(self, now_s: float) -> Scene:
        waited_s = now_s - (now_s if self._since_s is None else self._since_s)
        if self._phase == Phase.RUNNING:
            return self._episode.scene(min(waited_s / STEP_S, self._episode.course.steps))
        scene = self._episode.scene(self._episode.steps)
        if self._phase != Phase.RESETTING:
            return scene
        share = min(1.0, waited_s / RESET_S)
        x, y, z = (start + share * (end - start) for start, end in zip(self._reset_from_m, HOME_M, strict=True))
        return replace(scene, tool_m=(x, y, z))

    def _say(self, now_s: float) -> None:
        """Publish the statuses, as their nodes do on each change and twice a second."""
        self._said_s = now_s
        episode, scene = self._episode, self._scene(now_s)
        arbiter = Arbiter(
            received_s=now_s,
            source=self._source(),
            hold=bool(self._hold),
            reason=self._hold,
            blamed=Source.HOLD,
            episode_id=episode.episode_id,
            margin_m=_margins_m(scene.tool_m),
            limited=episode.limited,
        )
        self._news += [
            episode.arm(scene, self._phase, now_s),
            arbiter,
            episode.now(self._phase, self._detail, now_s, self._weights_version),
        ]

    def _source(self) -> Source:
        if self._hold:
            return Source.HOLD
        if self._phase == Phase.RUNNING:
            return self._episode.source
        return Source.RESET if self._phase == Phase.RESETTING else Source.HOLD


def _margins_m(tool_m: Point) -> tuple[float, ...]:
    limits = LimitsSettings()
    walls = zip(tool_m, limits.workspace_min_m, limits.workspace_max_m, strict=True)
    return tuple(side for value, low, high in walls for side in (value - low, high - value))

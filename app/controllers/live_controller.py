"""The first page: what the cameras see, what the policy thinks of it, who acts and how well it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, EpisodeNow, Fact, Picture
from irevla.app.graph.records import EpisodePage
from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.acting import EpisodeClock, acting_state, is_taken_over
from irevla.app.models.arm import arm_state
from irevla.app.models.camera_watch import CameraWatch
from irevla.app.models.episode_strip import EpisodeStrip
from irevla.app.models.recent_labels import RecentLabels

SLOW_PERIOD_S = 0.1  # plots and numbers; pictures come as they are
TAKEN_OVER = "a person steers"


class LiveView(Protocol):
    """The widgets of the page; each has a ``set_`` for every field of its state."""

    @property
    def cameras(self) -> Mapping[str, object]:
        """One view a camera (CameraState)."""

    @property
    def strip(self) -> object:
        """The episode's curves (StripState)."""

    @property
    def acting(self) -> object:
        """Who acts (ActingState)."""

    @property
    def arm(self) -> object:
        """The arm's bars (ArmState)."""

    @property
    def success(self) -> object:
        """The success rate (SuccessState)."""


class LiveController:
    """Shows pictures as they come, the rest at most ten times a second."""

    def __init__(self, desk: Desk, view: LiveView) -> None:
        look = desk.settings.dashboard
        self._desk = desk
        cameras = desk.settings.cameras
        simulated = {name for name in view.cameras if name in cameras and cameras[name].backend == "mujoco"}
        self._watches = {
            name: CameraWatch(name, look.stale_picture_s, is_simulated=name in simulated) for name in view.cameras
        }
        self._cameras = {name: Shown(camera) for name, camera in view.cameras.items()}
        self._strip, self._clock = EpisodeStrip(), EpisodeClock()
        self._labels = RecentLabels(look.success_window)
        self._slow = {name: Shown(getattr(view, name)) for name in ("strip", "acting", "arm", "success")}
        self._slow_s = float("-inf")
        self._known_tasks: set[str] = set()
        self._asked_for = ""  # the episode for which the store was asked

    def take(self, fact: Fact) -> None:
        """See Page."""
        match fact:
            case Picture() if fact.camera in self._watches:
                self._watches[fact.camera].take(fact)
            case EpisodeNow():
                self._clock.take(fact)
                self._ask_for_older(fact)
            case EpisodeClosed():
                self._labels.take(fact)
            case _:
                pass
        self._strip.take(fact)

    def show(self, now_s: float) -> None:
        """See Page."""
        marks = TAKEN_OVER if is_taken_over(self._desk.rig) else ""
        for name, watch in self._watches.items():
            self._cameras[name].show(watch.state(now_s, marks))
        if now_s - self._slow_s < SLOW_PERIOD_S:
            return
        self._slow_s = now_s
        rig = self._desk.rig
        task = "" if rig.episode is None else rig.episode.task
        self._slow["strip"].show(self._strip.state())
        self._slow["acting"].show(acting_state(rig, self._clock, now_s))
        self._slow["arm"].show(arm_state(rig))
        self._slow["success"].show(self._labels.state(task))

    def opened(self) -> None:
        """See Page."""
        self._slow_s = float("-inf")

    def _ask_for_older(self, fact: EpisodeNow) -> None:
        """Have the store say how the task went before the window was opened; asked again with the next episode."""
        task = fact.task
        if not task or task in self._known_tasks or fact.episode_id == self._asked_for:
            return
        self._asked_for = fact.episode_id

        def on_answer(answer: Answer) -> None:
            if answer.success and isinstance(answer.result, EpisodePage):
                self._known_tasks.add(task)
                self._labels.add_older(task, answer.result.episodes)

        limit = 2 * self._desk.settings.dashboard.success_window  # some of them discarded
        self._desk.bridge.ask(ListEpisodes(task=task, limit=limit), on_answer)

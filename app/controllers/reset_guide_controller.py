"""The reset guide: fetches how the objects should stand and lays it over the camera's picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeNow, Fact
from irevla.app.graph.records import StartScene
from irevla.app.graph.requests import GetStartScene
from irevla.app.models.reset_guide import ResetGuide


class ResetGuideView(Protocol):
    """What the controller needs of the view; each ``set_`` is a field of GuideState."""

    def on_opacity(self, call: Callable[[float], None]) -> None:
        """Have ``call`` called with how strong the shadow shall be, [0, 1]."""


class OnionView(Protocol):
    """Lays a still picture over a camera's live one."""

    def set_onion(self, camera: str, jpeg: bytes | None) -> None:
        """Show ``jpeg`` over the camera's picture; None takes it away."""

    def set_onion_opacity(self, opacity: float) -> None:
        """Set how strong it is, [0, 1]."""


class ResetGuideController:
    """Part of a page; a scene that comes when its episode no longer waits is dropped."""

    def __init__(self, desk: Desk, view: ResetGuideView, onion: OnionView) -> None:
        self._desk, self._onion = desk, onion
        self._shown = Shown(view)
        self._guide = ResetGuide()
        self._camera = desk.bridge.cameras[0]
        view.on_opacity(onion.set_onion_opacity)

    def take(self, fact: Fact) -> None:
        """See Page."""
        if isinstance(fact, EpisodeNow) and self._guide.take(fact):
            self._onion.set_onion(self._camera, None)
            if self._guide.waits_for:
                self._ask(fact)

    def show(self, now_s: float) -> None:
        """See Page."""
        self._shown.show(self._guide.state(now_s))

    def opened(self) -> None:
        """See Page."""

    def _ask(self, episode: EpisodeNow) -> None:
        def on_answer(answer: Answer) -> None:
            if self._guide.waits_for != episode.episode_id:
                return
            scene = answer.result
            if answer.success and isinstance(scene, StartScene) and scene.picture:
                self._guide.scene_came("")
                self._onion.set_onion(self._camera, scene.picture)
            else:
                self._guide.scene_came(answer.message or "there is no picture of how the objects should stand")

        request = GetStartScene(task=episode.task, camera=self._camera, seed=episode.seed)
        self._desk.bridge.ask(request, on_answer)

"""The pages of the window, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtWidgets import QWidget

from irevla.app.controllers.demonstrations_controller import DemonstrationsController
from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episode_controller import EpisodeController
from irevla.app.controllers.episodes_controller import EpisodesController
from irevla.app.controllers.health_controller import HealthController
from irevla.app.controllers.learning_controller import LearningController
from irevla.app.controllers.live_controller import LiveController
from irevla.app.controllers.page import Page, Together
from irevla.app.controllers.reset_guide_controller import ResetGuideController
from irevla.app.controllers.rounds_controller import RoundsController
from irevla.app.controllers.shift_controller import ShiftController
from irevla.app.views.demonstrations.demonstrations import Demonstrations
from irevla.app.views.episode.episode_panel import EpisodePanel
from irevla.app.views.episode.onion import Onion
from irevla.app.views.episode.reset_guide import ResetGuide
from irevla.app.views.episodes.episodes_page import EpisodesPage
from irevla.app.views.health.health_page import HealthPage
from irevla.app.views.learning.learning_page import LearningPage
from irevla.app.views.live.live_page import LivePage
from irevla.app.views.rounds.rounds_page import RoundsPage
from irevla.app.views.shift.shift_page import ShiftPage
from irevla.app.views.theme import Theme
from irevla.app.views.window import PageView
from irevla.config.tasks import task

Commands = dict[str, Callable[[], None]]


@dataclass(frozen=True)
class Pages:
    """Views and their controllers, one for one, and what the keys of `KeySettings` do."""

    views: tuple[PageView, ...]
    controllers: tuple[Page, ...]
    commands: Commands
    on_held: Callable[[], None]  # the arbiter has confirmed a hold that the person asked for
    trouble: Callable[[float], str]  # which nodes are silent or unwell now


def make_pages(desk: Desk, theme: Theme) -> Pages:
    """Make every page for one desk."""
    keys = desk.settings.dashboard.keys.model_dump()
    instructions = {name: task(name).instruction for name in desk.tasks}
    guide = ResetGuide()
    panel = EpisodePanel(keys, instructions, desk.settings.session.max_steps, theme, guide)
    live = LivePage(desk.rig.cameras, theme, desk.settings.dashboard.success_window, panel)
    health_page = HealthPage(theme)
    health = HealthController(desk, health_page)
    episode = EpisodeController(desk, panel, lambda: health.why_not(episode.plan.mode))
    guiding = ResetGuideController(desk, guide, Onion(live.cameras))
    demonstrations = Demonstrations(keys, theme)
    learning, rounds = LearningPage(theme), RoundsPage(theme)
    episodes, shift = EpisodesPage(theme), ShiftPage(theme)
    pages: list[tuple[str, QWidget, Page]] = [
        ("Live", live, Together(LiveController(desk, live), episode, guiding)),
        ("Demonstrations", demonstrations, DemonstrationsController(desk, demonstrations, episode)),
        ("Episodes", episodes, EpisodesController(desk, episodes, episodes.player)),
        ("Learning", learning, LearningController(desk, learning)),
        ("Rounds", rounds, RoundsController(desk, rounds)),
        ("Health", health_page, health),
        ("Shift", shift, ShiftController(desk, shift, desk.shift_folder)),
    ]
    return Pages(
        tuple(PageView(title, widget) for title, widget, _ in pages),
        tuple(controller for _, _, controller in pages),
        episode.commands,
        health.hold_confirmed,
        health.trouble,
    )

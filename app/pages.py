"""The pages of the window, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtWidgets import QWidget

from irevla.app.controllers.demonstrations_controller import DemonstrationsController
from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episode_controller import EpisodeController
from irevla.app.controllers.episodes_controller import EpisodesController
from irevla.app.controllers.live_controller import LiveController
from irevla.app.controllers.page import Page, Together
from irevla.app.controllers.reset_guide_controller import ResetGuideController
from irevla.app.views.demonstrations.demonstrations import Demonstrations
from irevla.app.views.episode.episode_panel import EpisodePanel
from irevla.app.views.episode.onion import Onion
from irevla.app.views.episode.reset_guide import ResetGuide
from irevla.app.views.episodes.episodes_page import EpisodesPage
from irevla.app.views.live.live_page import LivePage
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


def make_pages(desk: Desk, theme: Theme) -> Pages:
    """Make every page for one desk."""
    keys = desk.settings.dashboard.keys.model_dump()
    instructions = {name: task(name).instruction for name in desk.tasks}
    guide = ResetGuide()
    panel = EpisodePanel(keys, instructions, desk.settings.session.max_steps, theme, guide)
    live = LivePage(desk.rig.cameras, theme, desk.settings.dashboard.success_window, panel)
    episode = EpisodeController(desk, panel)
    guiding = ResetGuideController(desk, guide, Onion(live.cameras))
    demonstrations = Demonstrations(keys, theme)
    episodes = EpisodesPage(theme)
    pages: list[tuple[str, QWidget, Page]] = [
        ("Live", live, Together(LiveController(desk, live), episode, guiding)),
        ("Demonstrations", demonstrations, DemonstrationsController(desk, demonstrations, episode)),
        ("Episodes", episodes, EpisodesController(desk, episodes, episodes.player)),
    ]
    return Pages(
        tuple(PageView(title, widget) for title, widget, _ in pages),
        tuple(controller for _, _, controller in pages),
        episode.commands,
    )

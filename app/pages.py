"""The pages of the window, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episodes_controller import EpisodesController
from irevla.app.controllers.live_controller import LiveController
from irevla.app.controllers.page import Page
from irevla.app.views.episodes.episodes_page import EpisodesPage
from irevla.app.views.live.live_page import LivePage
from irevla.app.views.theme import Theme
from irevla.app.views.window import PageView

Commands = dict[str, Callable[[], None]]


@dataclass(frozen=True)
class Pages:
    """Views and their controllers, one for one, and what the keys of `KeySettings` do."""

    views: tuple[PageView, ...]
    controllers: tuple[Page, ...]
    commands: Commands


def make_pages(desk: Desk, theme: Theme) -> Pages:
    """Make every page for one desk."""
    views: list[PageView] = []
    controllers: list[Page] = []
    commands: Commands = {}
    live = LivePage(desk.rig.cameras, theme, desk.settings.dashboard.success_window)
    views.append(PageView("Live", live))
    controllers.append(LiveController(desk, live))
    episodes = EpisodesPage(theme)
    views.append(PageView("Episodes", episodes))
    controllers.append(EpisodesController(desk, episodes, episodes.player))
    return Pages(tuple(views), tuple(controllers), commands)

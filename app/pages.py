"""The pages of the window, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.learning_controller import LearningController
from irevla.app.controllers.page import Page
from irevla.app.controllers.rounds_controller import RoundsController
from irevla.app.views.learning_page import LearningPage
from irevla.app.views.rounds_page import RoundsPage
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

    learning, rounds = LearningPage(theme), RoundsPage(theme)
    views += [PageView("Learning", learning), PageView("Rounds", rounds)]
    controllers += [LearningController(desk, learning), RoundsController(desk, rounds)]

    return Pages(tuple(views), tuple(controllers), commands)

"""The pages of the window, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.health_controller import HealthController
from irevla.app.controllers.page import Page
from irevla.app.controllers.shift_controller import ShiftController
from irevla.app.views.health.health_page import HealthPage
from irevla.app.views.shift.shift_page import ShiftPage
from irevla.app.views.theme import Theme
from irevla.app.views.window import PageView

Commands = dict[str, Callable[[], None]]


@dataclass(frozen=True)
class Pages:
    """Views and their controllers, one for one, and what the keys of `KeySettings` do."""

    views: tuple[PageView, ...]
    controllers: tuple[Page, ...]
    commands: Commands
    on_held: Callable[[], None]  # the arbiter has confirmed a hold that the person asked for


def make_pages(desk: Desk, theme: Theme) -> Pages:
    """Make every page for one desk."""
    views: list[PageView] = []
    controllers: list[Page] = []
    commands: Commands = {}

    health_page, shift_page = HealthPage(theme), ShiftPage(theme)
    health = HealthController(desk, health_page)  # its why_not() says whether an episode may start
    views += [PageView("Health", health_page), PageView("Shift", shift_page)]
    controllers += [health, ShiftController(desk, shift_page, desk.shift_folder)]

    return Pages(tuple(views), tuple(controllers), commands, health.hold_confirmed)

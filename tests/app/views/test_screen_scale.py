"""Text grows with the screen: a person stands where they stand."""

from dataclasses import dataclass
from typing import Any, cast

import pytest
from PyQt6.QtCore import QRect

from irevla.app.dashboard import screen_scale


@dataclass
class Screen:
    height: int

    def geometry(self) -> QRect:
        return QRect(0, 0, 16 * self.height // 9, self.height)


@dataclass
class Application:
    screen: Screen | None

    def primaryScreen(self) -> Screen | None:
        return self.screen


@pytest.mark.parametrize(("height", "scale"), [(720, 1.0), (1080, 1.0), (1440, 4 / 3), (2160, 2.0)])
def test_text_is_twice_as_large_on_4k_and_never_smaller(height: int, scale: float) -> None:
    assert screen_scale(cast(Any, Application(Screen(height)))) == pytest.approx(scale)


def test_no_screen_is_no_reason_to_fail() -> None:
    assert screen_scale(cast(Any, Application(None))) == 1.0

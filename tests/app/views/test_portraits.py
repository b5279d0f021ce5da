"""The README's pictures: one a page, taken by the script that `irevla dashboard --demo --pictures` is."""

from pathlib import Path
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from irevla.app.dashboard import Dashboard
from irevla.app.graph.fake_world import make_fake_bridge
from irevla.app.views.portraits import Portraits
from irevla.config.settings import load_settings


def test_every_page_is_pictured_and_the_application_ends(qapp: QApplication, tmp_path: Path, qtbot: Any) -> None:
    now_s = 0.0
    settings = load_settings("sim", ["dashboard.sound=false"])
    with Dashboard(qapp, make_fake_bridge(lambda: now_s), settings, "ann", clock=lambda: now_s) as dashboard:
        portraits = Portraits(dashboard.window, tmp_path / "pictures", first_ms=10, next_ms=10)
        QTimer.singleShot(0, portraits.begin)
        qapp.exec()
    found = sorted((tmp_path / "pictures").glob("*.webp"))
    names = {"live", "demonstrations", "episodes", "learning", "rounds", "health", "shift"}
    assert {path.stem for path in found} == names
    assert all(QImage(str(path)).width() >= 1280 for path in found)

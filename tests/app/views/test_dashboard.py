"""The whole window, opened and closed over and over: what it started is gone, and nothing adds up."""

import gc
import os
import threading
import time
from collections import Counter

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import irevla_dds

irevla_dds.activate()

from irevla.app.dashboard import Dashboard  # noqa: E402
from irevla.app.graph.bridge import Bridge  # noqa: E402
from irevla.app.graph.fake_world import make_fake_bridge  # noqa: E402
from irevla.app.graph.ros_bridge import RosBridge  # noqa: E402
from irevla.config.settings import load_settings  # noqa: E402


def work_a_day(application: QApplication, bridge: Bridge) -> set[str]:
    """Open the window, look at every page, close it; returns the names of the threads that ran meanwhile."""
    settings = load_settings("sim", ["dashboard.sound=false"])
    with Dashboard(application, bridge, settings, "tester") as dashboard:
        for page in range(len(dashboard.pages.views)):
            dashboard.window.open(page)
            dashboard.tick()
            application.processEvents()
        return {thread.name for thread in threading.enumerate()}


def what_is_left(application: QApplication) -> Counter[str]:
    """Return how many of each kind of QObject there are once Qt and Python have cleared up."""
    for _ in range(3):
        application.processEvents()
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    # isinstance would look into proxies of objects that are gone.
    found = (one for one in gc.get_objects() if issubclass(type(one), QObject))
    return Counter(type(one).__name__ for one in found if not sip.isdeleted(one))


@pytest.mark.slow
def test_ten_windows_leave_nothing_behind(qtbot: QtBot, qapp: QApplication) -> None:
    work_a_day(qapp, make_fake_bridge(time.monotonic))
    before, widgets, threads = what_is_left(qapp), set(qapp.topLevelWidgets()), set(threading.enumerate())
    for _ in range(10):
        work_a_day(qapp, make_fake_bridge(time.monotonic))
    assert what_is_left(qapp) - before == Counter()
    assert set(qapp.topLevelWidgets()) == widgets
    assert set(threading.enumerate()) == threads


def test_the_thread_that_listens_to_the_graph_ends_with_the_window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROS_DOMAIN_ID", str(101 + os.getpid() % 100))
    assert "graph" in work_a_day(qapp, RosBridge(("front", "wrist")))
    assert "graph" not in {thread.name for thread in threading.enumerate()}

"""The operator's window while nodes die, hang and come back: it says so at once, on every page, and stays usable."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from irevla_nodes.graph.supervisor import Supervisor

pytestmark = pytest.mark.slow

PAGES = ("F1", "F2", "F3", "F4", "F5", "F6", "F7")
SAID_S = 3.0  # on a busy machine; a quiet one needs less than a second, see the recorded properties
START_TIMEOUT_S = 90.0
Record = Callable[[str, object], None]


def seconds_until(window: Any, name: str, words: str) -> float:
    """Return how long it takes until a widget shows the words."""
    began_s = time.monotonic()
    window.says(name, words, SAID_S)
    return time.monotonic() - began_s


def ready(day: Any) -> Any:
    """Bring the window to where an episode can start: nothing silent, nothing to label, the arm free."""
    window = day.window
    window.until("trouble", lambda seen: not seen["text"])
    if window.look("phase")["text"] == "running":
        window.key("BackSpace")
        window.says("phase", "label it")
    if window.look("phase")["text"] == "label it":
        window.key("3")
        window.says("phase", "saved")
    if window.look("hold_reason")["text"]:
        window.click("resume_button", 2)
        window.until("hold_reason", lambda seen: not seen["text"])
    return window


def running(day: Any) -> Any:
    """Bring the window to a running episode in which a person acts: that needs no model."""
    window = ready(day)
    window.key("F2")
    end = time.monotonic() + START_TIMEOUT_S
    while window.look("phase")["text"] in ("idle", "saved"):
        assert time.monotonic() < end, window.look("words")["text"]
        window.key("Return")  # again, where the pre-flight has not heard of everything yet
        time.sleep(0.5)
    window.says("phase", "running")
    window.until("progress", lambda seen: seen["text"].startswith("step ") and "step 0 " not in seen["text"])
    return window


def awaiting_label(day: Any) -> str:
    """Bring the window to an episode that awaits its label; returns its id."""
    window = running(day)
    window.key("BackSpace")
    window.says("phase", "label it")
    return str(day.store.records()[-1].episode_id)


@contextlib.contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the store's index as another program would."""
    other = sqlite3.connect(store / "index.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture(autouse=True)
def _slowest(request: pytest.FixtureRequest, record_property: Record) -> Iterator[None]:
    """Write down how long the window stood still at most."""
    window = request.getfixturevalue("long_day").window if "long_day" in request.fixturenames else None
    if window is not None:
        window.slowest_s = 0.0
    yield
    if window is not None:
        record_property("slowest_look_s", window.slowest_s)


def test_a_graph_that_comes_late_ends_and_comes_again_is_followed(early_window: Any, tmp_path: Path) -> None:
    window, settings = early_window
    window.says("trouble", "looking for the graph")
    window.key("Escape")
    window.says("words", "HOLD NOT CONFIRMED, use the emergency stop: service arbiter/hold is not there")
    window.key("Return")
    window.says("words", "no episode is started: node ")
    for page in PAGES:
        window.key(page)
    window.says("trouble", "no graph is heard: start it")
    for name in ("first", "second"):
        with Supervisor(settings, tmp_path / name) as supervisor:
            supervisor.wait_ready(START_TIMEOUT_S)
            window.until("trouble", lambda seen: not seen["text"])
            window.key("Escape")
            window.says("words", "the arm is held")
            window.says("hold_reason", "held")
        window.says("trouble", "the graph is silent")
    window.close()
    assert window.process.returncode == 0


def test_what_cannot_be_done_now_is_refused_in_plain_words(long_day: Any) -> None:
    window = ready(long_day)
    window.key("F2", "1")
    window.says("words", "not now: success labels an episode that has ended")
    window.key("Escape")
    window.says("hold_reason", "held")
    window.key("Return")
    window.says("words", "no episode is started: the arm is held (arbiter/hold was called): resume it first")
    ready(long_day)
    with long_day.hanging("learner"):
        window.says("trouble", "learner is silent")
        window.key("Return")
        window.says("words", "no episode is started: node learner: silent for")
    window.until("trouble", lambda seen: not seen["text"])
    assert window.look("phase")["text"] == "idle"


@pytest.mark.parametrize("node", ["learner", "policy", "camera_front", "teleop", "session"])
def test_a_node_that_is_killed_is_named_on_every_page_until_it_is_back(
    long_day: Any, node: str, record_property: Record
) -> None:
    window = running(long_day)
    window.key("F1")
    long_day.kill(node)
    record_property("said_s", seconds_until(window, "trouble", f"{node} is silent"))
    for page in PAGES:
        window.key(page)
        assert node in window.look("trouble")["text"]
    window.key("Escape")
    window.says("words", "the arm is held")
    window.until("trouble", lambda seen: node not in seen["text"])
    ready(long_day)


def test_a_camera_that_hangs_turns_grey_and_comes_back(long_day: Any, record_property: Record) -> None:
    window = running(long_day)
    window.key("F1")
    window.until("picture_wrist", lambda seen: not seen["text"])
    with long_day.hanging("camera_wrist"):
        record_property("grey_s", seconds_until(window, "picture_wrist", "stale"))
        window.says("trouble", "camera_wrist is silent", SAID_S)
    window.until("picture_wrist", lambda seen: not seen["text"])
    window.until("trouble", lambda seen: not seen["text"])


def test_a_person_who_steers_a_teleop_node_that_hangs_has_no_frozen_window(long_day: Any) -> None:
    window = running(long_day)
    with long_day.hanging("teleop"), window.held("w"):
        window.says("trouble", "teleop is silent", SAID_S)
        window.says("hold_reason", "no heartbeat from teleop")  # two seconds at 20 Hz that nobody reads
        for _ in range(20):
            window.key("Escape")
        window.says("words", "the arm is held", SAID_S)
    window.until("trouble", lambda seen: not seen["text"])


def test_with_a_session_that_hangs_the_hold_still_holds_and_no_label_counts_twice(long_day: Any) -> None:
    episode = awaiting_label(long_day)
    window = long_day.window
    with long_day.hanging("session"):
        window.key("1")
        window.key("Escape")
        window.says("words", "the arm is held", SAID_S)
        window.says("hold_reason", "held", SAID_S)
        window.says("words", "service session/label did not answer within 12 s; is the session node well?")
        window.says("trouble", "session is silent")
        window.key("1")
        window.says("words", "service session/label is not there; is the session node running?")

    def is_saved() -> bool:
        """Whether the first press was heard after all, or one more is."""
        window.key("1")
        return bool(window.look("phase")["text"] == "saved")

    long_day.until(is_saved)
    assert [change.new for change in long_day.store.labels(episode)] == ["success"]


def test_a_hold_that_the_arbiter_does_not_confirm_is_said_loudly(long_day: Any, record_property: Record) -> None:
    window = ready(long_day)
    with long_day.hanging("arbiter"):
        window.key("Escape")
        record_property("said_s", seconds_until(window, "words", "HOLD NOT CONFIRMED, use the emergency stop"))
        window.says("trouble", "arbiter is silent", SAID_S)
    window.says("hold_reason", "held")


def test_a_locked_store_refuses_the_label_and_takes_it_later(long_day: Any) -> None:
    episode = awaiting_label(long_day)
    window = long_day.window
    with locked(long_day.store.root):
        window.key("1")
        window.says("words", "another process held it")
        assert window.look("phase")["text"] == "label it"
    window.key("1")
    window.says("phase", "saved")
    assert [change.new for change in long_day.store.labels(episode)] == ["success"]


def test_an_arbiter_that_is_killed_ends_the_graph_and_the_window_stays(long_day: Any, record_property: Record) -> None:
    window = running(long_day)
    long_day.kill("arbiter")
    record_property("said_s", seconds_until(window, "trouble", "silent"))
    window.says("trouble", "the graph is silent")
    window.says("acting", "not known who acts")
    window.key("F6")
    window.key("Escape")
    window.says("words", "HOLD NOT CONFIRMED")

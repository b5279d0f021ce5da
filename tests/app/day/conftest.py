"""A working day's surroundings: a real graph, a screen, the real window, real keys and a real mouse."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import irevla_dds
from irevla.config import topics
from irevla.config.settings import Settings, load_settings
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.graph.supervisor import Supervisor

irevla_dds.activate()

import rclpy  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray  # noqa: E402
from rclpy.context import Context  # noqa: E402
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor  # noqa: E402

from irevla_msgs.msg import ArbiterStatus, RobotState  # noqa: E402
from irevla_nodes import qos  # noqa: E402

START_TIMEOUT_S = 90.0
TIMEOUT_S = 30.0
SMALL = (
    "policy.head_hidden=[16]",
    "policy.image_px=32",
    "session.max_steps=120",
    "rounds.batch_size=4",
    "rounds.save_every=2",
    "graph.respawn_delay_s=0.1",
    "dashboard.sound=false",
)
Place = tuple[float, float, float]  # of the tool, base frame [m]
_domains = itertools.count(os.getpid() * 5)


class Screen:
    """An X server without a screen; keys and mouse come from XTEST, as from a real keyboard."""

    def __init__(self) -> None:
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
        self._process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.name = f":{pipe.readline().strip()}"

    def do(self, *arguments: str) -> str:
        """Run xdotool."""
        environment = {**os.environ, "DISPLAY": self.name}
        done = subprocess.run(["xdotool", *arguments], env=environment, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Window:
    """The window's process. ``key`` and ``click`` are real events; ``look`` asks what a widget shows."""

    def __init__(self, screen: Screen, domain: int, overrides: list[str]) -> None:
        self._screen = screen
        self.slowest_s = 0.0  # of all answers to `look`: how long the window stood still at most
        environment = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "PYTHONUNBUFFERED": "1"}
        script = str(Path(__file__).parent / "window_process.py")
        self.process = subprocess.Popen(
            [sys.executable, script, str(domain), *overrides],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line(60.0) == "open"
        self._number = screen.do("search", "--sync", "--onlyvisible", "--name", "^irevla$").split()[0]
        self.focus()

    def look(self, name: str) -> dict[str, Any]:
        """Return what the widget shows."""
        answer = self._asked(name)
        assert answer["is_there"], f"no widget {name!r}; there are {answer['names']}"
        return answer

    def _asked(self, name: str) -> dict[str, Any]:
        """Ask the window, which must answer within seconds whatever the graph does."""
        assert self.process.stdin is not None
        asked_s = time.monotonic()
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._line(5.0))
        self.slowest_s = max(self.slowest_s, time.monotonic() - asked_s)
        return answer

    def focus(self) -> None:
        """Give the window the keyboard, as a window manager (there is none) does when a dialog closes."""
        self._screen.do("windowfocus", "--sync", self._number)

    def open(self, key: str, page: str) -> None:
        """Look at another page."""
        self.focus()
        self.key(key)
        self.until(page, lambda seen: seen["is_visible"])

    def key(self, *names: str) -> None:
        """Press and release keys, by X's names."""
        self._screen.do("key", *names)

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Hold a key down."""
        self._screen.do("keydown", key)
        try:
            yield
        finally:
            self._screen.do("keyup", key)

    def type(self, text: str) -> None:
        """Type letters."""
        self._screen.do("type", "--delay", "20", text)

    def click(self, name: str, times: int = 1) -> None:
        """Press the mouse's left button in the middle of a widget."""
        self.until(name, lambda seen: seen["is_visible"] and seen["is_enabled"])
        seen = self.look(name)
        self._screen.do(
            "mousemove", str(seen["x"]), str(seen["y"]), "click", "--repeat", str(times), "--delay", "200", "1"
        )

    def until(self, name: str, holds: Callable[[dict[str, Any]], Any], timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
        """Wait until the widget is there and shows what ``holds`` says."""
        end = time.monotonic() + timeout_s
        while not ((seen := self._asked(name))["is_there"] and holds(seen)):
            is_late = time.monotonic() > end
            assert not is_late, f"{name} after {timeout_s} s: {seen}; the foot line: {self.look('words')['text']!r}"
            time.sleep(0.03)
        return seen

    def says(self, name: str, words: str, timeout_s: float = TIMEOUT_S) -> None:
        """Wait until the widget's text holds ``words`` and can be seen."""
        self.until(name, lambda seen: words in seen["text"] and seen["is_visible"], timeout_s)

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        is_ended = self.process.poll() is not None
        self.process.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()
        assert is_ended, "the window did not end when it was closed"

    def _line(self, timeout_s: float) -> str:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(timeout_s), f"the window did not answer within {timeout_s} s"
        return self.process.stdout.readline().strip()


class Witness:
    """Hears beside the window what the arm does, and which model the policy node serves."""

    def __init__(self, domain: int) -> None:
        self.places: list[tuple[str, Place]] = []  # episode and place of each state
        self.holds: list[int] = []  # for each hold that began, how many states had come
        self.served = ""  # the model's hash
        self._is_held = False
        self._context = Context()
        rclpy.init(args=[], context=self._context, domain_id=domain)
        self._node = rclpy.create_node("witness", context=self._context)
        for kind, name, call, profile in (
            (RobotState, topics.ROBOT_STATE, self._see, qos.stream()),
            (ArbiterStatus, topics.ARBITER_STATUS, self._see_hold, qos.latched()),
            (DiagnosticArray, topics.DIAGNOSTICS, self._see_model, qos.stream()),
        ):
            self._node.create_subscription(kind, name, call, profile)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._thread = threading.Thread(target=self._spin, name="witness", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._executor.shutdown()
        self._thread.join(5.0)
        self._node.destroy_node()
        rclpy.shutdown(context=self._context)

    def _see(self, state: RobotState) -> None:
        place = state.tcp_pose.position
        self.places.append((state.episode_id, (place.x, place.y, place.z)))

    def _see_hold(self, status: ArbiterStatus) -> None:
        if status.hold and not self._is_held:
            self.holds.append(len(self.places))
        self._is_held = status.hold

    def _see_model(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if status.name == "policy":
                self.served = {item.key: item.value for item in status.values}["model_hash"]

    def _spin(self) -> None:
        with contextlib.suppress(ExternalShutdownException):
            self._executor.spin()


class Day:
    """One graph and one window on it."""

    def __init__(
        self, supervisor: Supervisor, settings: Settings, store: EpisodeStore, window: Window, witness: Witness
    ) -> None:
        self.supervisor, self.settings, self.store = supervisor, settings, store
        self.window, self.witness = window, witness

    def kill(self, node: str) -> None:
        """Kill a node as a crash would."""
        self.signal(node, signal.SIGKILL)

    @contextmanager
    def hanging(self, node: str) -> Iterator[None]:
        """Have a node hang: it lives, and does nothing."""
        self.signal(node, signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(node, signal.SIGCONT)

    def signal(self, node: str, number: signal.Signals) -> None:
        """Send a signal to a node's process."""
        pid = self.supervisor.poll()[node].pid
        assert pid is not None
        os.kill(pid, number)

    @staticmethod
    def until(holds: Callable[[], Any], timeout_s: float = TIMEOUT_S) -> None:
        """Wait for something outside the window, in the store say."""
        end = time.monotonic() + timeout_s
        while not holds():
            assert time.monotonic() < end, f"did not come true within {timeout_s} s"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """A screen for the windows of a file."""
    screen = Screen()
    yield screen
    screen.close()


@contextmanager
def open_day(screen: Screen, folder: Path, *more: str) -> Iterator[Day]:
    """Start the whole simulated graph, a person's labels, and the window; ``more`` settings."""
    domain = 1 + next(_domains) % 100
    overrides = [*SMALL, f"session.store={folder / 'store'}", "session.operator=manual", *more]
    settings = load_settings("sim", [*overrides, f"graph.domain_id={domain}"])
    with Supervisor(settings, folder / "run") as supervisor:
        supervisor.wait_ready(START_TIMEOUT_S)
        with contextlib.ExitStack() as stack:
            witness = Witness(domain)
            stack.callback(witness.close)
            window = Window(screen, domain, overrides)
            stack.callback(window.close)
            yield Day(supervisor, settings, EpisodeStore(folder / "store"), window, witness)


@pytest.fixture
def day(screen: Screen, tmp_path: Path) -> Iterator[Day]:
    """A graph and a window for one test."""
    with open_day(screen, tmp_path) as day:
        yield day


@pytest.fixture(scope="module")
def long_day(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A graph and a window for a whole file: episodes end when somebody ends them, the dead stay dead for a while."""
    slow = ("session.max_steps=10000", "graph.respawn_delay_s=4.0")
    with open_day(screen, tmp_path_factory.mktemp("day"), *slow) as day:
        yield day


@pytest.fixture
def early_window(screen: Screen, tmp_path: Path) -> Iterator[tuple[Window, Settings]]:
    """A window that was opened before its graph, and the settings to start that with."""
    domain = 1 + next(_domains) % 100
    overrides = [*SMALL, f"session.store={tmp_path / 'store'}", "session.operator=manual"]
    window = Window(screen, domain, overrides)
    try:
        yield window, load_settings("sim", [*overrides, f"graph.domain_id={domain}"])
    finally:
        window.close()

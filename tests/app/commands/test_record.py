"""`irevla record` as a process in a terminal of its own, against a session that the test plays."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import irevla_dds
from irevla.config import topics

irevla_dds.activate()

import rclpy  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node  # noqa: E402
from rclpy.qos import DurabilityPolicy, QoSProfile  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402

from irevla_msgs.msg import ArbiterStatus, EpisodeClosed, EpisodeState, TeleopButton, TeleopInput  # noqa: E402
from irevla_msgs.srv import LabelEpisode, StartEpisode  # noqa: E402

TIMEOUT_S = 30.0
IREVLA = str(Path(sys.executable).with_name("irevla"))


class FakeSession(Node):
    """The session's and the arbiter's services; an episode runs as soon as it is started."""

    def __init__(self) -> None:
        super().__init__("session")
        self.changed = threading.Condition()
        self.state = EpisodeState()
        self.episodes = 0
        self.labels: list[tuple[str, str, str]] = []
        self.holds = 0
        self.inputs: list[Any] = []
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.states = self.create_publisher(EpisodeState, topics.EPISODE_STATE, latched)
        self.arbiter = self.create_publisher(ArbiterStatus, topics.ARBITER_STATUS, latched)
        self.arbiter.publish(ArbiterStatus())
        self.closed = self.create_publisher(EpisodeClosed, topics.EPISODE_CLOSED, 10)
        self.buttons = self.create_publisher(TeleopButton, topics.TELEOP_BUTTON, 10)
        self.create_subscription(TeleopInput, topics.TELEOP_INPUT, self._on_input, 10)
        self.create_service(StartEpisode, topics.START_EPISODE, self._on_start)
        self.create_service(Trigger, topics.STOP_EPISODE, self._on_stop)
        self.create_service(LabelEpisode, topics.LABEL_EPISODE, self._on_label)
        self.create_service(Trigger, topics.HOLD, self._on_hold)
        self.timer = self.create_timer(0.1, lambda: self.states.publish(self.state))

    def wait(self, claim: Callable[[], Any], what: str) -> None:
        with self.changed:
            assert self.changed.wait_for(claim, TIMEOUT_S), f"did not come true: {what}"

    def enter(self, state: int, episode_id: str = "one") -> None:
        with self.changed:
            self.state = EpisodeState(
                state=state, episode_id=episode_id, task="press_button", mode="teleop", max_steps=60
            )
            self.states.publish(self.state)
            self.changed.notify_all()

    def _on_start(self, request: Any, response: Any) -> Any:
        assert (request.task, request.mode, request.kind) == ("press_button", "teleop", "demo")
        self.episodes += 1
        response.success, response.episode_id = True, f"episode{self.episodes}"
        self.enter(EpisodeState.RUNNING, response.episode_id)
        return response

    def _on_stop(self, request: Any, response: Any) -> Any:
        self.enter(EpisodeState.AWAITING_LABEL, self.state.episode_id)
        response.success = True
        return response

    def _on_label(self, request: Any, response: Any) -> Any:
        self.labels.append((request.episode_id, request.label, request.who))
        self.closed.publish(
            EpisodeClosed(episode_id=request.episode_id, task="press_button", kind="demo", label=request.label)
        )
        self.enter(EpisodeState.SAVED, request.episode_id)
        response.success = True
        return response

    def _on_hold(self, request: Any, response: Any) -> Any:
        with self.changed:
            self.holds += 1
            self.changed.notify_all()
        response.success, response.message = True, "held"
        return response

    def _on_input(self, message: Any) -> None:
        with self.changed:
            self.inputs.append(message)
            self.changed.notify_all()


class Terminal:
    """The command in a pseudo-terminal: what it shows, and the keys of the person before it."""

    def __init__(self, domain: int, *options: str) -> None:
        self._fd, inner = pty.openpty()
        environment = {**os.environ, "COLUMNS": "140", "TERM": "xterm"}
        argv = [IREVLA, "record", "press_button", "--who", "ada", "--domain", str(domain), *options]
        self.process = subprocess.Popen(argv, stdin=inner, stdout=inner, stderr=inner, env=environment)
        os.close(inner)
        self.shown = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def type(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def until(self, text: str) -> None:
        deadline_s = time.monotonic() + TIMEOUT_S
        while text not in self.shown:
            assert time.monotonic() < deadline_s, f"{text!r} was never shown, but: {self.shown[-3000:]}"
            time.sleep(0.02)

    def status(self) -> int:
        """Wait for the end and return the exit status."""
        status = self.process.wait(TIMEOUT_S)
        self._thread.join(5.0)
        return status

    def close(self) -> None:
        self.process.kill()
        self.process.wait(5.0)
        self._thread.join(5.0)
        os.close(self._fd)

    def _read(self) -> None:
        while True:
            try:
                ready, _, _ = select.select([self._fd], [], [], 0.2)
                if ready:
                    self.shown += os.read(self._fd, 4096).decode(errors="ignore")
                elif self.process.poll() is not None:
                    return
            except OSError:
                return  # the process has closed its end


@pytest.fixture
def domain(request: pytest.FixtureRequest) -> int:
    return 100 + (os.getpid() * 7 + sum(map(ord, request.node.name))) % 130


@pytest.fixture
def session(domain: int) -> Iterator[FakeSession]:
    rclpy.init(args=[], domain_id=domain)
    session, executor = FakeSession(), SingleThreadedExecutor()
    executor.add_node(session)
    thread = threading.Thread(target=executor.spin, name="session")
    thread.start()
    yield session
    executor.shutdown()
    thread.join(TIMEOUT_S)
    session.destroy_node()
    rclpy.shutdown()


@pytest.fixture
def open_terminal(domain: int) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*options: str) -> Terminal:
        opened.append(Terminal(domain, *options))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


def test_demonstrations_by_keys_and_buttons_until_there_are_enough(
    session: FakeSession, open_terminal: Callable[..., Terminal]
) -> None:
    terminal = open_terminal("--count", "2")
    session.wait(lambda: session.state.episode_id == "episode1", "the first episode runs")
    terminal.until("running, step 0 of 60")
    terminal.type("w")
    session.wait(lambda: any(message.axes[0] == 1.0 for message in session.inputs), "the arm is steered ahead")
    terminal.type("h")
    session.wait(lambda: session.holds == 1, "the arbiter is asked to hold")
    time.sleep(0.6)
    terminal.type("\n")
    session.wait(lambda: session.state.episode_id == "episode2", "the second episode runs")
    terminal.until("1 of 2 demonstrations of press_button")
    time.sleep(0.6)
    session.buttons.publish(TeleopButton(device="gamepad: Fake Pad", command="success"))
    assert terminal.status() == 0
    assert session.labels == [("episode1", "success", "ada"), ("episode2", "success", "ada")]
    assert "2 successful demonstrations of press_button" in terminal.shown


def test_an_interrupt_ends_the_episode_and_leaves_it_to_the_next_start(
    session: FakeSession, open_terminal: Callable[..., Terminal]
) -> None:
    first = open_terminal()
    first.until("running, step 0 of 60")
    first.process.send_signal(signal.SIGINT)
    assert first.status() == 130
    assert session.state.state == EpisodeState.AWAITING_LABEL
    assert "episode1 of press_button is stored and awaits its label" in first.shown
    second = open_terminal("--count", "1")
    second.until("an earlier episode of press_button awaits its label")
    second.type("\n")
    assert second.status() == 0
    assert session.labels == [("episode1", "success", "ada")]


def test_a_busy_session_is_left_alone_with_a_plain_message(
    session: FakeSession, open_terminal: Callable[..., Terminal]
) -> None:
    session.enter(EpisodeState.RUNNING, "somebody's")
    terminal = open_terminal()
    assert terminal.status() == 1
    assert "the session is busy" in terminal.shown
    assert "Traceback" not in terminal.shown
    assert session.episodes == 0


def test_a_lost_session_ends_it_with_a_plain_message(
    session: FakeSession, open_terminal: Callable[..., Terminal]
) -> None:
    terminal = open_terminal()
    terminal.until("running, step 0 of 60")
    session.timer.cancel()
    assert terminal.status() == 1
    assert "the session has been silent" in terminal.shown
    assert "Traceback" not in terminal.shown


def test_a_graph_that_is_not_there_is_a_plain_message(open_terminal: Callable[..., Terminal], domain: int) -> None:
    terminal = open_terminal()
    assert terminal.status() == 1
    assert f"on domain {domain}" in terminal.shown
    assert "Traceback" not in terminal.shown


@pytest.mark.parametrize(
    ("argument", "words"), [("pres_button", "did you mean 'press_button'"), ("press_button", "terminal")]
)
def test_a_wrong_task_or_no_terminal_is_said_before_anything_is_asked_for(argument: str, words: str) -> None:
    argv = [IREVLA, "record", argument]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr

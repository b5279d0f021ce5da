"""One child process: started so that it dies with its parent, its output in a log file and the last lines at hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO

from irevla.config.errors import GraphError
from irevla_nodes.graph.node_command import NodeCommand

TAIL_LINES = 12
READ_BYTES = 1 << 16
# Runs in the child before the node's own Python: the kernel kills it when the parent's thread ends, even by kill -9.
# A preexec_fn would do the same, but forks a process with threads.
BIND_TO_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class NodeProcess:
    """A process that can be started again; every method belongs to one thread."""

    def __init__(self, name: str, command: NodeCommand, log: Path, echo: Callable[[str], None] | None) -> None:
        """``echo`` gets each line of output with the node's name before it."""
        self.name = name
        self.restarts = -1
        self.started_at = 0.0
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._command = command
        self._log_path = log
        self._echo = echo
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._rest = b""
        self.has_output = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None else None

    @property
    def output_fd(self) -> int:
        """File descriptor its output comes from; only while it runs."""
        if self._process is None or self._process.stdout is None:
            raise GraphError(f"node {self.name} is not running: it has no output; start it first")
        return self._process.stdout.fileno()

    def start(self) -> None:
        """Start it (again), in its own process group; raises GraphError when the system cannot."""
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        if self._log is None:
            self._log = self._log_path.open("ab")
        argv = [sys.executable, "-I", "-S", "-c", BIND_TO_PARENT, str(os.getpid()), *self._command.argv]
        try:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._command.environment},
                start_new_session=True,
            )
        except OSError as error:
            raise GraphError(f"node {self.name}: cannot start {self._command.argv[0]}: {error}") from None
        os.set_blocking(self.output_fd, False)
        self.started_at = time.monotonic()
        self.restarts += 1
        self.has_output = True
        self._rest = b""

    def pump(self) -> list[str]:
        """Read what the process has written so far; returns the new whole lines."""
        try:
            data = os.read(self.output_fd, READ_BYTES)
        except BlockingIOError:
            return []
        self.has_output = bool(data)  # an empty read is the end: every holder of the pipe has closed it
        *whole, self._rest = (self._rest + data).split(b"\n")
        lines = [line.decode("utf-8", errors="replace").rstrip() for line in whole]
        for line in lines:
            self.note(line)
        return lines

    def note(self, line: str) -> None:
        """Write a line into the log, the tail and the console."""
        self.tail.append(line)
        if self._log is not None:
            self._log.write(line.encode() + b"\n")
            self._log.flush()
        if self._echo is not None:
            self._echo(f"[{self.name}] {line}")

    def send(self, line: str) -> None:
        """Write one line to its standard input; a process that is gone ignores it."""
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(line.encode() + b"\n")
                self._process.stdin.flush()
            except BrokenPipeError:
                pass

    def reap(self) -> str | None:
        """Return in words how it ended and forget the process; None while it still runs."""
        if self._process is None or (status := self._process.poll()) is None:
            return None
        while self.pump():
            pass
        if self._rest:
            self.note(self._rest.decode("utf-8", errors="replace"))
        self.kill()  # what it may have left behind in its group
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
        self._process = None
        return f"ended with status {status}" if status >= 0 else f"was killed by {signal.Signals(-status).name}"

    def close_log(self) -> None:
        """Close the log file; the process has ended for good."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def ask_to_end(self, number: signal.Signals) -> None:
        """Send it a signal that it may handle."""
        self._signal(number)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self._process.pid, number)
            elif self._process.poll() is None:
                self._process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            pass

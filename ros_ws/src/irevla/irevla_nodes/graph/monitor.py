"""The supervisor's thread: starts the processes, moves their output into logs, starts again what died.

One thread owns every process. That is also what ties the children's lives to ours: the kernel kills a child when the
*thread* that started it ends.
"""

from __future__ import annotations

import json
import selectors
import signal
import threading
import time
from collections.abc import Mapping

from irevla.config.graph import GraphSettings
from irevla_nodes.graph.back_off import BackOff
from irevla_nodes.graph.node_process import NodeProcess
from irevla_nodes.graph.node_status import Condition, NodeStatus

TICK_S = 0.1
HEARTBEAT_PREFIX = "@heartbeat "
HOLD_PREFIX = "@hold "


class Monitor(threading.Thread):
    """Runs ``processes`` until stop(); ``link`` hears the graph's heartbeats and can hold the arm."""

    def __init__(self, settings: GraphSettings, processes: Mapping[str, NodeProcess], link: NodeProcess) -> None:
        super().__init__(name="supervisor", daemon=True)
        self._settings = settings
        self._processes = dict(processes)
        self._link = link
        self._back_off = {
            name: BackOff(settings.respawn_delay_s, settings.respawn_max_delay_s) for name in (*processes, link.name)
        }
        self._due: dict[str, float] = {}  # when a dead process is started again
        self._heard: dict[str, tuple[int, str]] = {}  # pid and words of each node's last change of heartbeat
        self._ends: dict[str, str] = {}
        self._selector = selectors.DefaultSelector()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._statuses: dict[str, NodeStatus] = {}
        self._failure = ""

    @property
    def failure(self) -> str:
        """Why the whole graph ended, in words; empty while it runs or after an orderly stop."""
        with self._lock:
            return self._failure

    def statuses(self) -> dict[str, NodeStatus]:
        """Return every node's status by name."""
        with self._lock:
            return dict(self._statuses)

    def request_stop(self) -> None:
        """Ask the thread to end every process and then itself."""
        self._stopping.set()

    def run(self) -> None:
        """Run until a stop is requested or a node whose end ends the graph has ended."""
        try:
            for process in self._everything():
                self._start(process)
            while not self._stopping.is_set() and not self._failure:
                self._pump(TICK_S)
                self._reap()
                self._restart_due()
                self._publish()
        except Exception as error:
            self._fail(f"the supervisor failed: {error!r}")
            raise
        finally:
            self._end_all()
            self._publish()

    def _everything(self) -> list[NodeProcess]:
        return [self._link, *self._processes.values()]

    def _start(self, process: NodeProcess) -> None:
        process.start()
        self._selector.register(process.output_fd, selectors.EVENT_READ, process)

    def _pump(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            process: NodeProcess = key.data
            lines = process.pump()
            if not process.has_output:
                self._selector.unregister(key.fd)
            if process is self._link:
                self._hear(lines)

    def _hear(self, lines: list[str]) -> None:
        for line in lines:
            if line.startswith(HEARTBEAT_PREFIX):
                beat = json.loads(line.removeprefix(HEARTBEAT_PREFIX))
                self._heard[beat["node"]] = (int(beat["pid"]), str(beat["state"]))

    def _reap(self) -> None:
        for process in self._everything():
            if process.pid is None:
                continue
            fd, uptime_s = process.output_fd, time.monotonic() - process.started_at
            end = process.reap()
            if end is None:
                continue
            if fd in self._selector.get_map():
                self._selector.unregister(fd)
            self._ends[process.name] = end
            self._after_death(process, end, uptime_s)

    def _after_death(self, process: NodeProcess, end: str, uptime_s: float) -> None:
        name = process.name
        policy = "respawn" if process is self._link else self._settings.nodes[name].on_exit
        if policy == "shutdown":
            last = "\n".join(f"  [{name}] {line}" for line in process.tail)
            self._fail(f"node {name} {end}, and without it the graph cannot go on. Its last lines:\n{last}")
            return
        if policy == "leave":
            process.note(f"{end} after {uptime_s:.1f} s")
            return
        if policy == "hold":
            self._link.send(f"{HOLD_PREFIX}node {name} {end}")
        delay_s = self._back_off[name].next_delay_s(uptime_s)
        self._due[name] = time.monotonic() + delay_s
        held = ", the arm is held" if policy == "hold" else ""
        process.note(f"{end} after {uptime_s:.1f} s; starting again in {delay_s:.1f} s{held}")

    def _restart_due(self) -> None:
        for process in self._everything():
            if process.name in self._due and time.monotonic() >= self._due[process.name]:
                del self._due[process.name]
                self._start(process)

    def _fail(self, why: str) -> None:
        with self._lock:
            self._failure = self._failure or why

    def _end_all(self) -> None:
        """SIGINT to everybody, SIGKILL to whoever still lives after the time-out.

        A node that was not heard yet may be importing: it gets SIGTERM, which ends it without a traceback.
        """
        for process in self._everything():
            pid, _ = self._heard.get(process.name, (None, ""))
            process.ask_to_end(signal.SIGINT if pid == process.pid else signal.SIGTERM)
        deadline = time.monotonic() + self._settings.shutdown_timeout_s
        while any(process.pid for process in self._everything()) and time.monotonic() < deadline:
            self._pump(TICK_S / 2)
            self._reap_last()
        for process in self._everything():
            if process.pid is not None:
                process.note(f"did not end within {self._settings.shutdown_timeout_s:.1f} s: killed")
                process.kill()
        while any(process.pid for process in self._everything()):
            self._reap_last()
            time.sleep(0.01)
        for process in self._everything():
            process.close_log()
        self._selector.close()

    def _reap_last(self) -> None:
        for process in self._everything():
            if process.pid is None:
                continue
            fd = process.output_fd
            end = process.reap()
            if end is not None:
                self._ends[process.name] = end
                if fd in self._selector.get_map():
                    self._selector.unregister(fd)

    def _publish(self) -> None:
        found = {name: self._status(process) for name, process in self._processes.items()}
        with self._lock:
            self._statuses = found

    def _status(self, process: NodeProcess) -> NodeStatus:
        pid, words = self._heard.get(process.name, (None, ""))
        condition: Condition
        if process.pid is None:
            condition = "waiting" if process.name in self._due and not self._stopping.is_set() else "ended"
        else:
            condition = "running" if pid == process.pid else "starting"
        detail = words if condition == "running" else self._ends.get(process.name, "")
        return NodeStatus(process.name, condition, process.pid, process.restarts, detail, tuple(process.tail))

"""A graph of processes from the settings: start, wait until every node lives, watch, stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path

from irevla.config.errors import DeadlineError, GraphError, UnknownNameError
from irevla.config.settings import Settings
from irevla_nodes.graph.monitor import Monitor
from irevla_nodes.graph.node_command import (
    NodeCommand,
    Runner,
    environment,
    node_command,
    node_names,
    ros_arguments,
)
from irevla_nodes.graph.node_process import NodeProcess
from irevla_nodes.graph.node_status import NodeStatus
from irevla_nodes.graph.runtime import runtime_argv

LINK = "supervisor"
LINK_MODULE = "irevla_nodes.supervisor_node"
POLL_S = 0.05
STOP_MARGIN_S = 3.0


class Supervisor:
    """The processes of one graph; use as a context manager or call start() and stop()."""

    def __init__(
        self,
        settings: Settings,
        run_dir: Path,
        *,
        only: Collection[str] = (),
        headless: bool = True,
        echo: Callable[[str], None] | None = None,
        runner: Runner = runtime_argv,
    ) -> None:
        """Run the nodes of ``settings.graph`` (or ``only`` these); logs and parameter files go into ``run_dir``.

        ``headless`` leaves out the nodes that open a window, unless ``only`` names them.
        ``echo`` gets each line of output as ``[node] line``, from the supervisor's thread. Raises UnknownNameError for
        a node that is not in the settings. ``runner`` returns how a module is run.
        """
        for name in only:
            if name not in settings.graph.nodes:
                raise UnknownNameError("node", name, settings.graph.nodes)
        self._settings = settings
        self._run_dir = run_dir.absolute()
        self._echo = echo
        named = tuple(name for name in settings.graph.nodes if name in only)
        self._nodes = named or node_names(settings, headless=headless)
        self._runner = runner
        self._monitor: Monitor | None = None

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes it runs."""
        return self._nodes

    @property
    def failure(self) -> str:
        """Why the graph ended by itself, in words; empty while it runs or after stop()."""
        return self._monitor.failure if self._monitor is not None else ""

    def commands(self) -> dict[str, NodeCommand]:
        """Write the parameter files and return each node's command."""
        return {name: node_command(self._settings, name, self._run_dir, self._runner) for name in self._nodes}

    def start(self) -> None:
        """Start every process and return at once; raises GraphError when it runs already."""
        if self._monitor is not None:
            raise GraphError("the graph is already started; stop() it first")
        processes = {name: self._process(name, command, self._echo) for name, command in self.commands().items()}
        argv = (*self._runner(LINK_MODULE), "--ros-args", *ros_arguments(self._settings, LINK))
        link = self._process(LINK, NodeCommand(argv, environment(self._settings)), None)
        self._monitor = Monitor(self._settings.graph, processes, link)
        self._monitor.start()

    def poll(self) -> dict[str, NodeStatus]:
        """Return every node's status by name; raises GraphError when the graph ended by itself, saying why."""
        if self._monitor is None:
            raise GraphError("the graph is not started; call start() first")
        if self._monitor.failure:
            raise GraphError(self._monitor.failure)
        return self._monitor.statuses()

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until every node's heartbeat was heard.

        Raises GraphError with a node's last lines when it dies before, DeadlineError naming who is silent.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            statuses = self.poll()
            if len(statuses) == len(self._nodes) and all(item.condition == "running" for item in statuses.values()):
                return
            for item in statuses.values():
                if item.restarts > 0 or item.condition in ("waiting", "ended"):
                    raise GraphError(f"node {item.name} {item.detail} at its start. Its last lines:\n{_tail(item)}")
            if time.monotonic() > deadline:
                silent = [item for item in statuses.values() if item.condition != "running"]
                raise DeadlineError(
                    f"no heartbeat within {timeout_s:.0f} s of: {', '.join(item.name for item in silent)}; logs in "
                    f"{self._run_dir / 'logs'}. Last lines:\n" + "\n".join(_tail(item) for item in silent)
                )
            time.sleep(POLL_S)

    def wait(self, timeout_s: float) -> bool:
        """Wait up to ``timeout_s`` for the graph to end by itself; returns whether it has."""
        if self._monitor is None:
            return True
        self._monitor.join(timeout_s)
        return not self._monitor.is_alive()

    def stop(self) -> None:
        """End every process: SIGINT, then SIGKILL after ``graph.shutdown_timeout_s``; harmless when not running."""
        if self._monitor is None:
            return
        self._monitor.request_stop()
        self._monitor.join(self._settings.graph.shutdown_timeout_s + STOP_MARGIN_S)
        if self._monitor.is_alive():
            raise DeadlineError("the supervisor's thread did not end; kill its processes by hand (see ps)")

    def _process(self, name: str, command: NodeCommand, echo: Callable[[str], None] | None) -> NodeProcess:
        return NodeProcess(name, command, self._run_dir / "logs" / f"{name}.log", echo)


def _tail(status: NodeStatus) -> str:
    return "\n".join(f"  [{status.name}] {line}" for line in status.tail) or f"  [{status.name}] (no output)"

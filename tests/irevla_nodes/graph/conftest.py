"""Tiny fake nodes as modules on disk, and a supervisor that runs them without any middleware."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from irevla.config.graph import GraphSettings, NodeSettings
from irevla.config.settings import Settings, load_settings
from irevla_nodes.graph.supervisor import LINK, LINK_MODULE, Supervisor

NODE = """
import os, pathlib, signal, sys, time
name = sys.argv[sys.argv.index("-r") + 1].removeprefix("__node:=")
pathlib.Path("{folder}", name + ".pid").write_text(str(os.getpid()))
signal.signal(signal.SIGINT, {on_interrupt})
print("I am", name, flush=True)
{body}
"""
# Tells the supervisor of every pid file, as if it had heard a heartbeat; keeps what it is told to do.
FAKE_LINK = """
import json, pathlib, select, signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
seen = {{}}
while True:
    for path in pathlib.Path("{folder}").glob("*.pid"):
        pid = path.read_text()
        if pid and seen.get(path.stem) != pid:
            seen[path.stem] = pid
            print("@heartbeat " + json.dumps({{"node": path.stem, "pid": int(pid), "state": "ok"}}), flush=True)
    if select.select([sys.stdin], [], [], 0.02)[0]:
        with open("{folder}/told.txt", "a") as told:
            told.write(sys.stdin.readline())
"""
BODIES = {
    "steady": "time.sleep(60)",
    "short": 'time.sleep(0.3); print("out of fuel", flush=True); sys.exit(3)',
    "parent": 'import subprocess; subprocess.Popen(["sleep", "61.7"]); time.sleep(60)',
}

MakeSupervisor = Callable[..., Supervisor]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the fake nodes' modules and pid files are."""
    for name, body in BODIES.items():
        text = textwrap.dedent(NODE).format(folder=tmp_path, body=body, on_interrupt="lambda *_: sys.exit(0)")
        (tmp_path / f"fake_{name}.py").write_text(text)
    stubborn = textwrap.dedent(NODE).format(folder=tmp_path, body=BODIES["steady"], on_interrupt="signal.SIG_IGN")
    (tmp_path / "fake_stubborn.py").write_text(stubborn)
    (tmp_path / "fake_mute.py").write_text("import time; print('thinking', flush=True); time.sleep(60)")
    (tmp_path / "fake_at_once.py").write_text("import sys; print('no such camera', flush=True); sys.exit(4)")
    (tmp_path / "fake_link.py").write_text(FAKE_LINK.format(folder=tmp_path))
    return tmp_path


def fake_settings(nodes: dict[str, tuple[str, str]]) -> Settings:
    """Return the simulated rig's settings with ``nodes``: name -> (kind of fake, on_exit)."""
    settings = load_settings("sim")
    graph = GraphSettings(
        nodes={
            name: NodeSettings.model_validate({"module": f"fake_{kind}", "on_exit": on_exit})
            for name, (kind, on_exit) in nodes.items()
        },
        respawn_delay_s=0.2,
        respawn_max_delay_s=0.5,
        shutdown_timeout_s=1.0,
    )
    return settings.model_copy(update={"graph": graph})


@pytest.fixture
def supervise(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeSupervisor]:
    """Return a maker of supervisors over fake nodes; they are stopped at the end."""
    monkeypatch.setenv("PYTHONPATH", str(folder))
    made: list[Supervisor] = []

    def runner(module: str) -> list[str]:
        return [sys.executable, "-m", "fake_link" if module == LINK_MODULE else module]

    def make(nodes: dict[str, tuple[str, str]], **options: object) -> Supervisor:
        assert LINK not in nodes
        made.append(Supervisor(fake_settings(nodes), folder / "run", runner=runner, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()

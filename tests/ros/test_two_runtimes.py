"""One wire: nodes on the embedded runtime beside nodes on ROS 2, both directions; and the same episode on either."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.graph.runtime import without_ros

ARM = "robot,camera_front,camera_wrist,arbiter,teleop"
MIND = "policy,session,learner,sft"


class Rig:
    """Graphs started by `irevla up` in one domain, each on the runtime that its environment brings."""

    def __init__(self, terminal: Any, file: Path) -> None:
        self.terminal = terminal
        self.file = file
        self.folder = file.parent
        self._processes: list[subprocess.Popen[bytes]] = []

    def up(self, name: str, nodes: str = "", *, embedded: bool) -> None:
        """Start ``nodes`` (all without) and wait until they are ready."""
        irevla = shutil.which("irevla")
        assert irevla is not None
        log = self.folder / f"{name}.log"
        words = [irevla, "up", str(self.file), "--run-dir", str(self.folder / name), "--only", nodes]
        words += ["--domain", self.terminal.environment["ROS_DOMAIN_ID"]]
        environment = without_ros(self.terminal.environment) if embedded else self.terminal.environment
        with log.open("wb") as output:
            process = subprocess.Popen(
                words, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._processes.append(process)

        def is_ready() -> bool:
            assert process.poll() is None, log.read_text()
            return "nodes are ready" in log.read_text()

        self.terminal.until(is_ready, what=f"{name} is up")

    def down(self) -> None:
        while self._processes:
            self.terminal.end(self._processes.pop())

    def load_model(self) -> None:
        request = json.dumps({"path": str(self.folder / "model")})
        said = self.terminal.ros2("service", "call", "/policy/load_model", "irevla_msgs/srv/LoadModel", request)
        assert "success=True" in said

    def row(self, **goal: Any) -> list[str]:
        """Run a row by `ros2 action send_goal` and return the new episodes."""
        store = EpisodeStore(self.folder / "store")
        before = {record.meta.episode_id for record in store.records()}
        words = json.dumps({"task": "press_button", "record_images": True, **goal})
        send = ("action", "send_goal", "--feedback", "/session/run", "irevla_msgs/action/RunEpisodes")
        said = self.terminal.ros2(*send, words, timeout_s=120.0)
        assert "SUCCEEDED" in said and "Feedback:" in said, said
        return [record.meta.episode_id for record in store.records() if record.meta.episode_id not in before]


@pytest.fixture
def rig(terminal: Any, small_rig: Path) -> Iterator[Rig]:
    """A rig of which nothing runs yet."""
    made = Rig(terminal, small_rig)
    yield made
    made.down()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("embedded", "ros"), [(ARM, MIND), (MIND, ARM)], ids=["embedded arm", "embedded mind"])
def test_half_the_graph_on_each_runtime_runs_episodes(rig: Rig, embedded: str, ros: str) -> None:
    rig.up("embedded", embedded, embedded=True)
    rig.up("ros", ros, embedded=False)
    rig.load_model()
    (expert,) = rig.row(mode="expert", kind="demo", first_seed=1, episodes=1)
    (policy,) = rig.row(mode="policy", kind="zero_shot", first_seed=2, episodes=1, explore=True)
    store = EpisodeStore(rig.folder / "store")
    assert sorted(store.read(expert).images) == ["front", "wrist"]
    assert store.read(policy).latents is not None
    said = rig.terminal.ros2("param", "get", "/arbiter", "limits.step_m")
    assert "0.06" in said
    said = rig.terminal.ros2("param", "set", "/session", "session.max_steps", "7")
    assert "successful" in said
    (short,) = rig.row(mode="policy", kind="eval", first_seed=2, episodes=1)
    assert store.read(short).steps == 7


@pytest.mark.timeout(300)
def test_an_episode_is_the_same_bit_for_bit_on_either_runtime(rig: Rig) -> None:
    found: dict[bool, list[Any]] = {}
    for embedded in (True, False):
        rig.up(f"embedded-{embedded}", embedded=embedded)
        rig.load_model()
        names = rig.row(mode="expert", kind="demo", first_seed=5, episodes=1)
        names += rig.row(mode="policy", kind="zero_shot", first_seed=6, episodes=1, explore=True)
        rig.down()
        store = EpisodeStore(rig.folder / "store")
        found[embedded] = [store.read(name) for name in names]
    for ours, theirs in zip(found[True], found[False], strict=True):
        assert np.array_equal(ours.actions, theirs.actions)
        assert np.array_equal(ours.states, theirs.states)
        assert ours.label == theirs.label
        assert all(list(map(bytes, ours.images[name])) == list(map(bytes, theirs.images[name])) for name in ours.images)
        assert (ours.latents is None) == (theirs.latents is None)
        assert ours.latents is None or np.array_equal(ours.latents, theirs.latents)

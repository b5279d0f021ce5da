"""kill -9 at any moment loses no closed step and no label; several processes share one store."""

import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from irevla.training.store.episode_store import EpisodeStore

WRITER = Path(__file__).with_name("writer_process.py")
TIMEOUT_S = 60.0
WORDS = "ready", "open", "step", "closed", "label"  # what the writer has just done when its last moments begin


class Writing:
    """A writer process and all that it said."""

    def __init__(self, root: Path, name: str, *, episodes: int, steps: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(WRITER), str(root), name, str(episodes), str(steps)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[list[str]] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            for line in pipe:
                if line.endswith("\n"):
                    self.lines.append(line.split())

    def wait_for(self, word: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not any(line[0] == word for line in self.lines):
            assert time.monotonic() < deadline, f"the writer never said {word!r}"
            time.sleep(0.002)

    def kill(self) -> None:
        self.process.kill()
        self.join()

    def join(self) -> None:
        self.process.wait(TIMEOUT_S)
        self._thread.join(TIMEOUT_S)


def test_killed_ten_times_no_closed_step_and_no_label_is_lost(tmp_path: Path) -> None:
    root = tmp_path / "store"
    steps: dict[str, set[int]] = defaultdict(set)
    closed, labels = set(), {}
    moments = random.Random(1)
    for life in range(10):
        writing = Writing(root, f"life{life}", episodes=10_000, steps=8)
        writing.wait_for(WORDS[life % len(WORDS)])
        time.sleep(moments.uniform(0.0, 0.06))
        writing.kill()
        for word, *rest in writing.lines:
            if word == "step":
                steps[rest[0]].add(int(rest[1]))
            elif word == "closed":
                closed.add(rest[0])
            elif word == "label":
                labels[rest[0]] = rest[1]
        store = EpisodeStore(root)
        store.repair()
        assert store.verify() == []
        for episode_id, numbers in steps.items():
            episode = store.read(episode_id)
            # The process may die after a step is closed and before it says so, hence "at least".
            assert numbers <= set(episode.numbers.tolist()), episode_id
            np.testing.assert_array_equal(episode.states[:, 0], episode.numbers)
            assert episode.images["front"].shape == (episode.steps, 32, 32, 3)
        for episode_id in closed:
            assert store.record(episode_id).state == "closed"
            assert store.read(episode_id).steps == 8
        for episode_id, label in labels.items():
            assert store.record(episode_id).label == label
        trained = {found.episode_id for found in (*store.records(label="success"), *store.records(label="failure"))}
        assert all(store.record(episode_id).steps == 8 for episode_id in trained), "a torn episode is training data"
    assert sum(map(len, steps.values())) > 20, "the writer was always killed before it did anything"


def test_two_writers_and_a_reader_share_a_store(tmp_path: Path) -> None:
    root = tmp_path / "store"
    writers = [Writing(root, name, episodes=6, steps=4) for name in ("rig_a", "rig_b")]
    store = EpisodeStore(root)
    seen: list[tuple[int, str, str]] = []
    deadline = time.monotonic() + TIMEOUT_S
    while len(seen) < 12 and time.monotonic() < deadline:
        for change, episode_id, label in store.changes_since(seen[-1][0] if seen else 0):
            assert store.read(episode_id).steps == 4
            assert store.record(episode_id).label == label
            seen.append((change, episode_id, label))
        store.verify()
        time.sleep(0.02)
    for writer in writers:
        writer.join()
        assert writer.process.returncode == 0
    changes = [change for change, _, _ in seen]
    assert changes == sorted(set(changes)), "a change came late or twice"
    assert {episode_id for _, episode_id, _ in seen} == {f"rig_{x}_{k}" for x in "ab" for k in range(6)}
    assert store.verify() == []


def test_repair_leaves_an_episode_alone_while_its_writer_lives(tmp_path: Path) -> None:
    root = tmp_path / "store"
    writing = Writing(root, "alive", episodes=1, steps=100_000)
    try:
        writing.wait_for("step")
        store = EpisodeStore(root)
        assert store.repair() == []
        assert store.recover() == []
        assert store.verify() == []
        assert store.record("alive_0").state == "open"
        assert store.read("alive_0").steps >= 1
    finally:
        writing.kill()
    assert [problem.kind for problem in store.verify()] == ["torn"]
    assert "now closed with" in store.recover()[0]
    assert store.verify() == []

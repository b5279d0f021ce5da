"""The made-up graph's signs of life: heartbeats, statuses, log lines, and once a minute a node that dies."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Beat, Diagnosis, Fact, LogLine
from irevla.app.graph.fake.lineage import PROMOTED, model_hash
from irevla.app.graph.requests import Request

BEAT_S, DIAGNOSIS_S, LINE_S = 0.2, 1.0, 4.0
DEATH_EVERY_S, DEAD_S = 60.0, 3.0
FIRST_DEATH_S = 25.0
MORTAL = ("camera_wrist", "policy", "teleop", "learner", "sft")  # the others would stop the whole day
INFO, WARN = 20, 30
LINES = (
    ("session", INFO, "press_stiff_button, seed {number}: {steps} steps closed"),
    ("robot", INFO, "going home for press_stiff_button"),
    ("policy", INFO, "head version {number} of the learner from the next step on"),
    ("learner", INFO, "episode {number} taken in: {steps} updates"),
    ("arbiter", INFO, "resume: the arm may move again"),
    ("sft", INFO, "nothing to do"),
    ("camera_front", WARN, "14.2 pictures per second, expected 30 (camera.rate_hz); is the cable or bus busy?"),
    ("session", WARN, "the store is too slow: 1204 messages wait; one was dropped, its step stays open"),
    ("learner", WARN, "critic loss became nan at update {number}; nothing was changed by it."),
    ("policy", WARN, "head version {number} was ignored: it is for latents of 3fa2c1, the running model makes 99ab04"),
)
CHANCES = (30, 12, 12, 20, 4, 4, 3, 2, 1, 1)


@dataclass
class _Process:
    pid: int
    memory_mb: float
    dead_until_s: float = -math.inf


class FakeHealth:
    """Everything is told by the time since the first call, so the same clock and seed tell the same."""

    def __init__(self, nodes: Sequence[str], seed: int = 0, wall_clock: Callable[[], float] = time.time) -> None:
        self._random, self._wall_clock = Random(seed), wall_clock
        self._processes = {
            node: _Process(2000 + 37 * number, self._random.uniform(80, 240) + 900 * (node == "policy"))
            for number, node in enumerate(nodes)
        }
        self._mortal = [node for node in MORTAL if node in self._processes]
        self._start_s: float | None = None
        self._beats = self._diagnoses = self._lines = self._deaths = 0

    def facts(self, now_s: float) -> Sequence[Fact]:
        """Return what has become due."""
        if self._start_s is None:
            self._start_s = now_s
        age_s = now_s - self._start_s
        return [
            *self._die(now_s, age_s),
            *self._beat(now_s, age_s),
            *self._diagnose(now_s, age_s),
            *self._say(now_s, age_s),
        ]

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """Answer nothing."""
        return None

    def _alive(self, age_s: float) -> Iterator[tuple[str, _Process]]:
        return ((node, process) for node, process in self._processes.items() if age_s >= process.dead_until_s)

    def _die(self, now_s: float, age_s: float) -> Iterator[Fact]:
        if not self._mortal or age_s < FIRST_DEATH_S + self._deaths * DEATH_EVERY_S:
            return
        self._deaths += 1
        node = self._random.choice(self._mortal)
        process = self._processes[node]
        process.pid += 1000 + self._deaths
        process.dead_until_s = age_s + DEAD_S
        yield self._line(now_s, "supervisor", WARN, f"node {node} ended with status -11; starting again in 0.5 s")

    def _beat(self, now_s: float, age_s: float) -> Iterator[Fact]:
        due = int(age_s / BEAT_S) + 1
        if due > self._beats:
            self._beats = due
            for node, process in self._alive(age_s):
                yield Beat(received_s=now_s, node=node, pid=process.pid, state="ok")

    def _diagnose(self, now_s: float, age_s: float) -> Iterator[Fact]:
        due = int(age_s / DIAGNOSIS_S) + 1
        if due > self._diagnoses:
            self._diagnoses = due
            for node, process in self._alive(age_s):
                process.memory_mb += self._random.uniform(-0.5, 0.5)
                values = {**self._values(node, age_s), "memory_mb": f"{process.memory_mb:.0f}"}
                yield Diagnosis(received_s=now_s, name=node, level=0, message="ok", values=tuple(values.items()))

    def _values(self, node: str, age_s: float) -> dict[str, str]:
        draw = self._random.uniform
        if node.startswith("camera_"):
            return {"rate_hz": f"{draw(28.8, 30.2):.1f}", "age_s": f"{draw(0.005, 0.035):.3f}"}
        return {
            "robot": {"pace": "clock"},
            "arbiter": {"hold_reason": "", "nearest_wall_m": f"{0.12 + 0.06 * math.sin(age_s / 3):.3f}"},
            "policy": {
                "model": "runs/models/stage2-b",
                "model_hash": model_hash(PROMOTED),
                "weights_version": str(120 + int(age_s / 30)),
                "infer_s": f"{draw(0.038, 0.049):.4f}",
            },
            "teleop": {"keyboard": "off", "is_active": "False"},
            "session": {"backlog": str(self._random.randrange(4)), "free_mb": f"{48_213 - 0.4 * age_s:.0f}"},
            "learner": {"state": "learning", "updates_per_s": f"{draw(38, 44):.1f}"},
            "sft": {"round": ""},
        }.get(node, {})

    def _say(self, now_s: float, age_s: float) -> Iterator[Fact]:
        due = int(age_s / LINE_S) + 1
        if due > self._lines:
            self._lines = due
            node, level, words = self._random.choices(LINES, CHANCES)[0]
            numbers = {"number": self._random.randrange(80, 900), "steps": self._random.randrange(20, 61)}
            yield self._line(now_s, node, level, words.format(**numbers))

    def _line(self, now_s: float, node: str, level: int, words: str) -> LogLine:
        return LogLine(received_s=now_s, name=node, level=level, msg=words, stamp_s=self._wall_clock())

"""How every node fares: is it alive, is it the same process as before, what does it say of itself."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from irevla.app.graph.facts import Beat, Diagnosis, Fact
from irevla.app.models.rig import Rig
from irevla.config.settings import Settings

Light = Literal["good", "warn", "bad", "unknown"]
OK = "ok"  # what a well node's heartbeat says
DIAGNOSIS_S = 5.0  # one a second; an older one tells nothing
BEATS_KEPT = 20  # heartbeats at 5 Hz, for their rate
PIDS_KEPT = 8
DOUBLED_S = 3.0  # two processes of one name are told for so long after they were heard
LATE = 0.75  # of dashboard.silent_node_s: three heartbeats missing at the defaults


@dataclass(frozen=True)
class NodeRow:
    """One line of the table of nodes."""

    node: str
    light: Light
    heard: str  # "0.2 s"
    pid: str
    restarts: str
    rate: str  # heartbeats, Hz
    memory: str
    words: str  # what is wrong, else what it does


class NodeLife:
    """The heartbeats of one node."""

    def __init__(self) -> None:
        self.restarts = 0
        self._beats: deque[Beat] = deque(maxlen=BEATS_KEPT)
        self._pids: deque[int] = deque(maxlen=PIDS_KEPT)
        self._doubled_s = float("-inf")

    @property
    def beat(self) -> Beat | None:
        """The newest one."""
        return self._beats[-1] if self._beats else None

    def take(self, beat: Beat) -> None:
        """Note a heartbeat. A new pid is a restart; one that was here before is a second process of that name."""
        before = self.beat
        if before is not None and beat.pid != before.pid:
            if beat.pid in self._pids:
                self._doubled_s = beat.received_s
            else:
                self.restarts += 1
        if beat.pid not in self._pids:
            self._pids.append(beat.pid)
        self._beats.append(beat)

    def age_s(self, now_s: float) -> float:
        """Return how long it has been silent; infinite as long as it was never heard."""
        beat = self.beat
        return float("inf") if beat is None else now_s - beat.received_s

    def is_doubled(self, now_s: float) -> bool:
        """Return whether two processes go by this name."""
        return now_s - self._doubled_s < DOUBLED_S

    def rate_hz(self) -> float:
        """Return the heartbeats a second, over the last few seconds."""
        if len(self._beats) < 2:
            return 0.0
        span_s = self._beats[-1].received_s - self._beats[0].received_s
        return (len(self._beats) - 1) / span_s if span_s > 0 else 0.0


class Health:
    """What is known of all watched nodes."""

    def __init__(self, settings: Settings) -> None:
        self.nodes = watched_nodes(settings)
        self.silent_s = settings.dashboard.silent_node_s
        self._namespace = settings.graph.namespace.strip("/")
        self._lives = {node: NodeLife() for node in self.nodes}

    def take(self, fact: Fact) -> None:
        """Note a heartbeat; one of a node that the settings do not have is not ours."""
        if isinstance(fact, Beat) and fact.node in self._lives:
            self._lives[fact.node].take(fact)

    def life(self, node: str) -> NodeLife:
        """Return what is known of a node's heartbeats."""
        return self._lives[node]

    def diagnosis(self, rig: Rig, node: str, now_s: float) -> Diagnosis | None:
        """Return the newest status of a node, None where it is too old."""
        name = f"{self._namespace}/{node}" if self._namespace else node
        found = rig.diagnoses.get(name)
        return found if found is not None and now_s - found.received_s <= DIAGNOSIS_S else None

    def values(self, rig: Rig, node: str, now_s: float) -> Mapping[str, str]:
        """Return the numbers of a node's status; empty where it has told none lately."""
        found = self.diagnosis(rig, node, now_s)
        return {} if found is None else dict(found.values)

    def rows(self, rig: Rig, now_s: float) -> tuple[NodeRow, ...]:
        """Return the table of nodes, in the order of the settings."""
        return tuple(self._row(rig, node, now_s) for node in self.nodes)

    def judge(self, rig: Rig, node: str, now_s: float) -> tuple[Light, str]:
        """Return how a node does, and in words what is wrong; "unknown" as long as it was never heard."""
        life, told = self._lives[node], self.diagnosis(rig, node, now_s)
        beat, age_s = life.beat, life.age_s(now_s)
        if beat is None:
            return "unknown", "not heard yet: is the graph running?"
        if age_s > self.silent_s:
            return "bad", "silent"
        if life.is_doubled(now_s):
            return "bad", "two processes of this name: is a second graph running?"
        if beat.state != OK:
            return "bad", beat.state
        if told is not None and told.level == Diagnosis.ERROR:
            return "bad", told.message
        if age_s > LATE * self.silent_s:
            return "warn", "late"
        if told is not None and told.level == Diagnosis.WARN:
            return "warn", told.message
        return "good", ""

    def _row(self, rig: Rig, node: str, now_s: float) -> NodeRow:
        life, values = self._lives[node], self.values(rig, node, now_s)
        beat, age_s = life.beat, life.age_s(now_s)
        light, words = self.judge(rig, node, now_s)
        if beat is None:
            return NodeRow(node, light, "never", "", "", "", "", words)
        return NodeRow(
            node=node,
            light=light,
            heard=f"{max(0.0, age_s):.1f} s" if age_s < 60 else f"{age_s / 60:.0f} min",
            pid=str(beat.pid),
            restarts=str(life.restarts),
            rate="0" if age_s > self.silent_s else f"{life.rate_hz():.1f}",
            memory=memory_words(values.get("memory_mb", "")),
            words=words or figures(values),
        )


def watched_nodes(settings: Settings) -> tuple[str, ...]:
    """Return the nodes that must live; one with a window of its own may be closed at any time."""
    return tuple(name for name, node in settings.graph.nodes.items() if not node.window)


def silent_nodes(rig: Rig, settings: Settings, now_s: float) -> tuple[str, ...]:
    """Return the watched nodes that were heard and then fell silent."""
    beats = (rig.beats[node] for node in watched_nodes(settings) if node in rig.beats)
    return tuple(beat.node for beat in beats if now_s - beat.received_s > settings.dashboard.silent_node_s)


def number(values: Mapping[str, str], key: str) -> float | None:
    """Return a status's number, None where it is missing, no number or not finite."""
    try:
        value = float(values[key])
    except (KeyError, ValueError):
        return None
    return value if math.isfinite(value) else None


def memory_words(megabytes: str) -> str:
    """Return "412 MB" or "2.1 GB" for a number of megabytes in words."""
    size = number({"size": megabytes}, "size")
    if size is None:
        return ""
    return f"{size / 1000:.1f} GB" if size >= 1000 else f"{size:.0f} MB"


_FIGURES = (
    ("rate_hz", "{:.0f} pictures/s", 1.0),
    ("age_s", "{:.2f} s old", 1.0),
    ("infer_s", "{:.0f} ms a step", 1000.0),
    ("weights_version", "head {:.0f}", 1.0),
    ("updates_per_s", "{:.0f} updates/s", 1.0),
    ("free_mb", "{:.1f} GB free", 0.001),
    ("backlog", "{:.0f} waiting", 1.0),
    ("of_steps", "of {:.0f} steps", 1.0),
    ("nearest_wall_m", "{:.2f} m to a wall", 1.0),
)


def figures(values: Mapping[str, str]) -> str:
    """Return the numbers of a status that a person looks for, in words."""
    told = ((words, number(values, key), scale) for key, words, scale in _FIGURES)
    return ", ".join(words.format(value * scale) for words, value, scale in told if value is not None)

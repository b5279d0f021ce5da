"""What is wrong with the graph's nodes, in one line over every page."""

from __future__ import annotations

from irevla.app.models.health.health import Health
from irevla.app.models.rig import Rig

GRACE_S = 5.0  # discovery, and nodes that start one after the other
FIRST = ("arbiter", "session")  # without them nothing goes on
NAMED = 2
LONGEST_WORDS = 48  # some nodes tell a long story; the Health page has all of it
SILENT, UNWELL, UNHEARD = range(3)  # worst first


class Trouble:
    """Names the worst nodes; one that was never heard counts only a few seconds after the window was opened."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._nodes = sorted(health.nodes, key=lambda node: node not in FIRST)
        self._since_s: float | None = None

    def words(self, rig: Rig, now_s: float) -> str:
        """Return what is wrong, "" while all is well."""
        self._since_s = now_s if self._since_s is None else self._since_s
        is_early = now_s - self._since_s < GRACE_S
        silent_s = min(self._health.life(node).age_s(now_s) for node in self._nodes)
        if silent_s == float("inf"):
            return "looking for the graph" if is_early else "no graph is heard: start it (irevla up, or ros2 launch)"
        if silent_s > self._health.silent_s:
            return f"the graph is silent for {silent_s:.0f} s: no node is heard"
        found = [trouble for node in self._nodes if (trouble := self._of(rig, node, now_s)) is not None]
        words = [words for rank, words in sorted(found, key=lambda one: one[0]) if rank != UNHEARD or not is_early]
        more = len(words) - NAMED
        return ", ".join((*words[:NAMED], *([f"and {more} more: Health page"] if more > 0 else [])))

    def _of(self, rig: Rig, node: str, now_s: float) -> tuple[int, str] | None:
        """Return how bad a node's trouble is, and words for it; None for one that is well, late or only warns."""
        light, words = self._health.judge(rig, node, now_s)
        life = self._health.life(node)
        age_s = life.age_s(now_s)
        if light == "unknown":
            return UNHEARD, f"{node} was not heard yet"
        if age_s > self._health.silent_s:
            return SILENT, f"{node} is silent for {age_s:.0f} s"
        is_idle = node == "policy" and not _policy_acts(rig) and not life.is_doubled(now_s)
        if light != "bad" or is_idle:
            return None
        return UNWELL, f"{node}: {words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + '…'}"


def _policy_acts(rig: Rig) -> bool:
    """Say whether the policy is needed: who records demonstrations all day has no model, and nothing is wrong."""
    return rig.episode is not None and rig.episode.mode == "policy"

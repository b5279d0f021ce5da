"""What the next episode shall be."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from irevla.app.graph.facts import EpisodeNow
from irevla.app.graph.requests import StartEpisode

MODES = ("policy", "teleop", "expert")
KINDS = ("eval", "demo", "zero_shot", "rl")


@dataclass(frozen=True)
class Plan:
    """The fields of StartEpisode, edited by the person; the seed grows by one with each start."""

    task: str
    instruction: str = ""  # "" takes the task's own
    mode: str = "policy"
    kind: str = "eval"
    explore: bool = False
    seed: int = 0
    max_steps: int = 0  # 0 takes the configured number

    def request(self) -> StartEpisode:
        """Return what starts it."""
        return StartEpisode(**asdict(self))

    @property
    def words(self) -> str:
        """The plan in one line."""
        explores = ", explores" if self.explore else ""
        return f"{self.task}, {self.mode} ({self.kind}{explores}), seed {self.seed}"


def plan_of(episode: EpisodeNow) -> Plan:
    """Return the plan that an episode was started with."""
    return Plan(
        task=episode.task,
        instruction=episode.instruction,
        mode=episode.mode,
        kind=episode.kind,
        explore=episode.explore,
        seed=episode.seed,
        max_steps=episode.max_steps,
    )

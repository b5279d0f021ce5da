"""The newest of everything the graph has told."""

from __future__ import annotations

from irevla.app.graph.facts import (
    Arbiter,
    Arm,
    Beat,
    Command,
    Diagnosis,
    EpisodeNow,
    Fact,
    Learner,
    Phase,
    Picture,
    PolicyStep,
    Teleop,
)


class Rig:
    """What every page may look at; None or empty as long as nothing was heard."""

    def __init__(self, cameras: tuple[str, ...]) -> None:
        self.cameras = cameras
        self.pictures: dict[str, Picture] = {}
        self.beats: dict[str, Beat] = {}  # by node
        self.diagnoses: dict[str, Diagnosis] = {}  # by name
        self.arm: Arm | None = None
        self.arbiter: Arbiter | None = None
        self.episode: EpisodeNow | None = None
        self.policy: PolicyStep | None = None
        self.command: Command | None = None
        self.learner: Learner | None = None
        self.teleop: Teleop | None = None

    @property
    def phase(self) -> Phase:
        """The episode's; idle as long as nothing was heard."""
        return Phase.IDLE if self.episode is None else self.episode.phase

    @property
    def is_held(self) -> bool:
        """Whether the arbiter holds the arm, as far as is known."""
        return self.arbiter is not None and self.arbiter.hold

    def take(self, fact: Fact) -> None:
        """Keep a fact in place of the one before; what has a page of its own (log lines, say) is not kept here."""
        match fact:
            case Picture():
                self.pictures[fact.camera] = fact
            case Beat():
                self.beats[fact.node] = fact
            case Diagnosis():
                self.diagnoses[fact.name] = fact
            case Arm():
                self.arm = fact
            case Arbiter():
                self.arbiter = fact
            case EpisodeNow():
                self.episode = fact
            case PolicyStep():
                self.policy = fact
            case Command():
                self.command = fact
            case Learner():
                self.learner = fact
            case Teleop():
                self.teleop = fact
            case _:
                pass

"""Algorithm 1 of the paper, line by line, for any of the methods it is compared with.

Each pi on the disk is a checkpoint that appears whole or not at all, so what is there is what is done: a run that was
killed at any moment goes on from it, inside a stage from its last saved step, and ends with the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import UserError
from irevla.policies.manifest import Manifest
from irevla.training.algorithm1.method import Method
from irevla.training.algorithm1.progress import Progress
from irevla.training.algorithm1.random_start import random_start
from irevla.training.algorithm1.reinforcement import reinforce
from irevla.training.algorithm1.run import Cancelled, Run
from irevla.training.algorithm1.supervision import supervise
from irevla.training.frames import FrameSet
from irevla.training.rollout.lanes import Lanes
from irevla.training.suites.task import SuiteTask


class Algorithm1:
    """One method on one suite with one seed. Use it from one thread, and a folder from one process."""

    def __init__(
        self,
        method: Method,
        start_checkpoint: Path | None,
        expert: FrameSet | None,
        tasks: Sequence[SuiteTask],
        make_lanes: Callable[[SuiteTask], Lanes],
        settings: BenchmarkSettings,
        seed: int,
        folder: Path,
    ) -> None:
        """Take pi^0 (``start_checkpoint``; none for a random start), D_e (``expert``) and T (``tasks``).

        Raises UserError when pi^0 is missing, or when ``folder`` holds a run with other arguments.
        """
        if (start_checkpoint is None) != (method.start == "random"):
            raise UserError(f"{method.name} starts from {method.start} weights; start checkpoint: {start_checkpoint}")
        self.method, self.tasks, self.settings, self.seed, self.folder = method, tasks, settings, seed, folder
        self._start, self._expert, self._make_lanes = start_checkpoint, expert, make_lanes
        self.learnt: dict[str, Path] = {}
        """pi^2 after each task that ``run`` has done, by the task's name."""
        self._claim()

    def run(self, report: Callable[[Progress], None], is_cancelled: Callable[[], bool]) -> Path | None:
        """Return the last checkpoint, or None once cancelled: run again to go on.

        Raises TrainingError when learning went wrong (the last saved state stays), WorldError when a lane did.
        """
        run = Run(self.method, self.settings, self.seed, self._make_lanes, report, is_cancelled)
        try:
            return self._iterate(run)
        except Cancelled:
            return None

    def _iterate(self, run: Run) -> Path:
        """Alternate between the stages; the numbers are Algorithm 1's lines, and a pi is copied where it is loaded."""
        pi_2 = self._start
        online: list[tuple[SuiteTask, Path]] = []  #                                   1: D_RL <- {}
        for number, task in enumerate(self.tasks, 1):  #                               2: for T_i in T
            folder = self.folder / f"{number:02d}-{task.name}"
            if pi_2 is None or self.method.start == "random":  # from scratch means: each task for itself
                pi_2 = random_start(run, task, folder / "pi0")
            pi_1 = pi_2  #                                                             4: pi^1 <- pi^2
            if self.method.learner != "none":
                pi_1, found = reinforce(run, pi_2, task, folder)  #                    5: RL
                online.append((task, found))  #                                        6: D_RL <- D_RL u x_i
            pi_2 = supervise(run, pi_1, self._expert, online, task, folder)  #         8, 9: pi^2 <- pi^1, SL
            self.learnt[task.name] = pi_2
        if pi_2 is None:
            raise UserError("expected at least one task to learn, got none")
        return pi_2

    def _claim(self) -> None:
        """Make the folder this run's own, or find that it is."""
        identity = {
            "method": self.method.name,
            "seed": self.seed,
            "settings": self.settings.hash(),
            "start": Manifest.read(self._start)[1] if self._start is not None else "",
            "expert": self._expert.hash() if self._expert is not None else "",
            "tasks": [repr(task) for task in self.tasks],
        }
        path = self.folder / "run.json"
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
            other = [name for name, value in identity.items() if found.get(name) != value]
            if other:
                raise UserError(
                    f"{self.folder} holds a run of {found.get('method')} with seed {found.get('seed')} that differs in "
                    f"{', '.join(other)}; choose another folder, or go on with what it was begun with"
                )
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(identity, indent=1), encoding="utf-8")
        draft.rename(path)

"""Stage 1 of one task: waves, updates, and the successes that will join D_RL; resumable after every update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.training.algorithm1.online_learner import OnlineLearner
from irevla.training.algorithm1.progress import Progress
from irevla.training.rollout.episode import Episode
from irevla.training.rollout.episode_file import load_episodes, save_episodes
from irevla.training.rollout.lanes import Lanes
from irevla.training.rollout.seeds import episode_seeds
from irevla.training.rollout.wave import play
from irevla.training.training_state import load_state, save_state


class OnlineStage:
    """Runs a learner on a task for a number of updates, each of whole waves of whole episodes."""

    def __init__(
        self,
        learner: OnlineLearner,
        lanes: Lanes,
        task: str,
        settings: BenchmarkSettings,
        *,
        seed: int,
        folder: Path,
    ) -> None:
        """Go on from ``folder`` if a state is there; ``settings.rl_episodes`` are rounded up to whole updates."""
        self._settings = settings
        self._learner, self._lanes, self._task, self._seed, self._folder = learner, lanes, task, seed, folder
        self.episodes_an_update = learner.waves * lanes.num_envs
        self.updates = -(-settings.rl_episodes // self.episodes_an_update)
        self.update = 0
        self.env_steps = 0
        self._successes: list[bool] = []  # of the last solved_episodes
        saved = load_state(folder)
        if saved is not None:
            tensors, numbers = saved
            learner.load(tensors)
            self.update, self.env_steps = int(numbers["update"]), int(numbers["env_steps"])
            self._successes = numbers["successes"]

    @property
    def episodes(self) -> int:
        """Episodes played so far."""
        return self.update * self.episodes_an_update

    @property
    def is_over(self) -> bool:
        """Whether all episodes are played, or the task is solved: more of the same teaches little."""
        judged = self._settings.solved_episodes
        is_solved = len(self._successes) == judged and sum(self._successes) >= self._settings.solved_rate * judged
        return is_solved or self.update >= self.updates

    def run(self, report: Callable[[Progress], None], is_cancelled: Callable[[], bool]) -> bool:
        """Learn to the end and return True, or False once cancelled; what an unfinished update saw is played again.

        Raises what the lanes and the learner raise; the state stays that of the last whole update.
        """
        while not self.is_over:
            episodes = self._play(is_cancelled)
            if not episodes:
                return False
            losses = self._learner.learn(episodes)
            self._keep(episodes)
            self.update += 1
            self.env_steps += sum(map(len, episodes))
            flags = [*self._successes, *(episode.success for episode in episodes)]
            self._successes = flags[-self._settings.solved_episodes :]
            numbers = {"update": self.update, "env_steps": self.env_steps, "successes": self._successes}
            save_state(self._folder, self._learner.tensors(), numbers)
            self._forget_early()
            report(
                Progress(
                    task=self._task,
                    stage="rl",
                    step=self.update,
                    steps=self.updates,
                    episodes=self.episodes,
                    env_steps=self.env_steps,
                    success_rate=sum(episode.success for episode in episodes) / len(episodes),
                    losses=vars(losses),
                )
            )
        return True

    def late_successes(self) -> list[Episode]:
        """Return the successes of the last ``late_share`` of the updates so far, for D_RL."""
        return [episode for number in range(self._first_late, self.update) for episode in self._kept(number)]

    @property
    def _first_late(self) -> int:
        return round((1.0 - self._settings.late_share) * self.update)

    def _forget_early(self) -> None:
        """Delete what cannot be late any more, wherever stage 1 ends."""
        for number in range(self._first_late):
            self._file(number).unlink(missing_ok=True)

    def _play(self, is_cancelled: Callable[[], bool]) -> list[Episode]:
        """Return the episodes of one update; none once cancelled."""
        episodes: list[Episode] = []
        for wave in range(self.update * self._learner.waves, (self.update + 1) * self._learner.waves):
            if is_cancelled():
                return []
            first = wave * self._lanes.num_envs
            seeds = episode_seeds("training", self._seed, self._task, first, self._lanes.num_envs)
            episodes += play(self._lanes, seeds, self._learner.explorer(wave))
        return episodes

    def _keep(self, episodes: Sequence[Episode]) -> None:
        successes = [as_target(episode) for episode in episodes if episode.success]
        if successes:
            save_episodes(self._file(self.update), successes)

    def _kept(self, update: int) -> list[Episode]:
        path = self._file(update)
        return load_episodes(path) if path.exists() else []

    def _file(self, update: int) -> Path:
        return self._folder / f"successes-{update:05d}.npz"


def as_target(episode: Episode) -> Episode:
    """Return an episode as stage 2 imitates it: at each state, what the policy meant to do.

    The states are those that exploration led to; the noise itself would only be a worse target, for stage 2 learns from
    a few thousand steps and its loss is a squared error. What was good about the noise, stage 1 has put into the mean.
    """
    return replace(episode, actions=episode.extras["means"], extras={})

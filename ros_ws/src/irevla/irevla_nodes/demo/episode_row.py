"""Rows of episodes over several rigs: which seeds are still missing, who runs them, what came of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from irevla.config.errors import GraphError
from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.action import RunEpisodes
from irevla_nodes.demo.operator import Operator, PendingGoal, Rig

ATTEMPTS = 3  # an episode that was discarded (a hold, a restarted node) is run again this often


@dataclass(frozen=True)
class RowSpec:
    """What to run: one episode per seed."""

    task: str
    mode: str
    kind: str
    seeds: range
    model_hash: str = ""
    explore: bool = False
    record_images: bool = True
    wait_for_learner: bool = False


class EpisodeRow:
    """Runs the episodes of a RowSpec that the store does not hold yet; safe to call again after a kill."""

    def __init__(self, operator: Operator, rigs: list[Rig], store: EpisodeStore) -> None:
        self._operator = operator
        self._rigs = rigs
        self._store = store

    def labelled(self, spec: RowSpec) -> dict[int, EpisodeRecord]:
        """Return the finished episodes of ``spec`` by seed, in the order of their seeds."""
        found = {
            record.meta.seed: record
            for record in self._store.records(task=spec.task, kind=spec.kind)
            if record.label in ("success", "failure")
            and record.meta.seed in spec.seeds
            and (not spec.model_hash or record.meta.model_hash == spec.model_hash)
        }
        return dict(sorted(found.items()))

    def run(self, spec: RowSpec, on_progress: Callable[[int, int], None]) -> list[EpisodeRecord]:
        """Run what is missing; returns every finished episode of ``spec`` in the order of seeds.

        ``on_progress`` gets the numbers of finished and of successful episodes. Raises GraphError when episodes keep
        being discarded.
        """
        for _ in range(ATTEMPTS):
            done = self.labelled(spec)
            missing = [seed for seed in spec.seeds if seed not in done]
            if not missing:
                return list(done.values())
            counts = dict.fromkeys(self._rigs, (0, 0))
            before = (len(done), sum(record.label == "success" for record in done.values()))

            def report(rig: Rig, episodes: int, successes: int) -> None:
                counts[rig] = (episodes, successes)  # noqa: B023 - used only within this round of the loop
                on_progress(*(sum(column) for column in zip(before, *counts.values(), strict=True)))  # noqa: B023

            self._run_missing(spec, missing, report)
        done = self.labelled(spec)
        if len(done) < len(spec.seeds):
            raise GraphError(
                f"{len(spec.seeds) - len(done)} of {len(spec.seeds)} episodes of {spec.task} ({spec.kind}) "
                f"could not be finished in {ATTEMPTS} tries; see the nodes' logs"
            )
        return list(done.values())

    def _run_missing(self, spec: RowSpec, missing: list[int], report: Callable[[Rig, int, int], None]) -> None:
        queues = {rig: _runs(missing[index :: len(self._rigs)]) for index, rig in enumerate(self._rigs)}
        finished = dict.fromkeys(self._rigs, (0, 0))
        pending: dict[Rig, PendingGoal] = {}
        while pending or any(queues.values()):
            for rig in self._rigs:
                if rig not in pending and queues[rig]:
                    on_feedback = _counting_from(finished[rig], partial(report, rig))
                    pending[rig] = self._operator.run_episodes(rig, _goal(spec, queues[rig].pop(0)), on_feedback)
                elif rig in pending and pending[rig].is_done():
                    result = pending.pop(rig).wait()
                    finished[rig] = (finished[rig][0] + result.episodes, finished[rig][1] + result.successes)
            time.sleep(0.02)


def _counting_from(before: tuple[int, int], report: Callable[[int, int], None]) -> Callable[[Any], None]:
    return lambda feedback: report(before[0] + feedback.episodes, before[1] + feedback.successes)


def _runs(seeds: list[int]) -> list[range]:
    """Split ``seeds`` into ranges of equal stride, as few as a greedy walk finds."""
    runs: list[range] = []
    for seed in seeds:
        last = runs[-1] if runs else None
        if last is not None and len(last) == 1:
            runs[-1] = range(last[0], seed + 1, seed - last[0])
        elif last is not None and seed == last[-1] + last.step:
            runs[-1] = range(last[0], seed + 1, last.step)
        else:
            runs.append(range(seed, seed + 1))
    return runs


def _goal(spec: RowSpec, seeds: range) -> RunEpisodes.Goal:
    return RunEpisodes.Goal(
        task=spec.task,
        mode=spec.mode,
        kind=spec.kind,
        explore=spec.explore,
        first_seed=seeds[0],
        seed_stride=seeds.step,
        episodes=len(seeds),
        stop_after_successes=0,
        record_images=spec.record_images,
        wait_for_learner=spec.wait_for_learner,
    )


def successes(records: Iterable[EpisodeRecord]) -> list[str]:
    """Return the ids of the successful episodes, in the given order."""
    return [record.meta.episode_id for record in records if record.label == "success"]

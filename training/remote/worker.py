"""`python -m irevla.training.remote.worker SPEC.json`: a round on the cluster of the spec's rounds.remote.

Speaks like irevla.training.round_worker, so that nobody who follows a round need know where it runs.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from irevla.config.errors import WorldError
from irevla.training.remote.cluster import Cluster
from irevla.training.remote.remote_round import RemoteRound
from irevla.training.remote.round_package import RoundSources
from irevla.training.round_result import find_result, keep_result
from irevla.training.round_spec import RoundCancelled, RoundProgress, RoundResult, RoundSpec
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.worker_process import Report, run_worker

log = logging.getLogger("irevla.remote_worker")


def main(arguments: list[str]) -> int:
    """Run the round of the spec in ``arguments``; returns the exit status."""
    return run_worker(arguments, train_remotely)


def train_remotely(spec: RoundSpec, report: Report, is_cancelled: Callable[[], bool]) -> RoundResult | RoundCancelled:
    """Run a round on the cluster, or go on with it, or return the result it already has; lineage as in train_round."""
    done = find_result(spec)
    if done is not None:
        return done
    begun = time.perf_counter()
    report(RoundProgress.beginning(spec, "reading"))
    store = EpisodeStore(Path(spec.store), create=False)
    sources = RoundSources.gather(spec, store)
    store.add_round(
        spec.round_id,
        stage=spec.stage,
        parent_hash=sources.parent_hash,
        expert=spec.expert_episodes,
        online=spec.online_episodes,
    )
    with Cluster(spec.rounds.remote) as cluster:
        host = cluster.start_host()
        end = RemoteRound(spec, sources, host, report, is_cancelled).run()
        if isinstance(end, RoundCancelled):
            return end
        store.add_model(spec.out, end.model_hash, sources.parent_hash, spec.stage, sources.data_hash, {})
        end = end.model_copy(update={"wall_s": time.perf_counter() - begun})
        keep_result(spec, end)
        try:
            host.call("forget", timeout_s=spec.rounds.remote.silence_timeout_s)
        except WorldError as error:  # the model is here; a folder that stays there only takes room
            log.warning("the cluster kept the round's folder: %s", error)
    return end


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    # A thread that still waits for a cluster that hangs must not hold this process.
    os._exit(status)

"""Starts the rigs, runs the job on them and writes results.json and report.html."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from irevla.config.demo import DemoSettings
from irevla.config.settings import Settings
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.msg import LearnerStatus
from irevla_nodes.demo.console import JobConsole
from irevla_nodes.demo.job import WEIGHTS, Job
from irevla_nodes.demo.operator import Operator, Rig
from irevla_nodes.demo.progress_record import ProgressRecord
from irevla_nodes.demo.report import Report
from irevla_nodes.demo.results import Results
from irevla_nodes.graph.supervisor import Supervisor

READY_TIMEOUT_S = 60.0
LEARNING_NODES = ("learner", "sft")  # only the first rig learns; the others only run episodes
STATUS_FIELDS = ("updates", "online_episodes", "critic_loss", "actor_loss", "bc_loss", "q_mean", "entropy")


def run_demo(settings: Settings, sizes: DemoSettings, out: Path, *, resume: bool) -> Results:
    """Run the whole demo in ``out``; returns its figures. Interrupted, it goes on with ``resume``."""
    out.mkdir(parents=True, exist_ok=True)
    settings = _for_run(settings, sizes, out)
    record = ProgressRecord.open(out / "progress.json", _hash(settings, sizes), resume=resume)
    store = EpisodeStore(out / "store")
    rigs = [Rig(f"rig{index}") for index in range(sizes.rigs)]
    learner_log = out / "learner.jsonl"
    with JobConsole(WEIGHTS) as console, _graphs(settings, rigs, out):
        with Operator(rigs, lambda status: _log(learner_log, status)) as operator:
            job = Job(
                sizes,
                seed=settings.seed,
                out=out,
                operator=operator,
                rigs=rigs,
                store=store,
                record=record,
                console=console,
            )
            results = job.run()
    results.write(out / "results.json")
    Report(settings, results, record, store, learner_log).write(out / "report.html", " ".join(sys.argv))
    return results


def _for_run(settings: Settings, sizes: DemoSettings, out: Path) -> Settings:
    changes = {"store": str(out / "store"), "operator": "auto", "max_steps": sizes.max_steps}
    session = settings.session.model_copy(update=changes)
    return settings.model_copy(update={"session": session})


def _hash(settings: Settings, sizes: DemoSettings) -> str:
    return f"{settings.hash()}-{sizes.model_dump_json()}"


@contextlib.contextmanager
def _graphs(settings: Settings, rigs: list[Rig], out: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        supervisors = []
        for index, rig in enumerate(rigs):
            nodes = {
                name: node for name, node in settings.graph.nodes.items() if index == 0 or name not in LEARNING_NODES
            }
            graph = settings.graph.model_copy(update={"namespace": rig.namespace, "nodes": nodes})
            supervisor = Supervisor(settings.model_copy(update={"graph": graph}), out / rig.namespace)
            stack.callback(supervisor.stop)
            supervisor.start()
            supervisors.append(supervisor)
        for supervisor in supervisors:
            supervisor.wait_ready(READY_TIMEOUT_S)
        yield


def _log(path: Path, status: LearnerStatus) -> None:
    if not status.updates:
        return
    row = {name: getattr(status, name) for name in STATUS_FIELDS}
    with path.open("a") as file:
        file.write(json.dumps({"time_s": round(time.time(), 2), **row}) + "\n")

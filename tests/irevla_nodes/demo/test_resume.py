"""A demo that is killed twice, in stage 0 and in stage 1, ends as if nothing had happened. Real processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from irevla.training.store.episode_store import EpisodeStore

SMALL = [
    "demo.quick.expert_tasks=[press_button]",
    "demo.quick.rl_task=press_blue_button",
    "demo.quick.unseen_tasks=[pick_carrot]",
    "demo.quick.demos_per_task=8",
    "demo.quick.zero_shot_successes=1",
    "demo.quick.zero_shot_max_episodes=20",
    "demo.quick.rl_episodes=4",
    "demo.quick.eval_episodes=2",
    "demo.quick.rigs=1",
    "demo.quick.stage0_steps=120",
    "demo.quick.stage2_steps=20",
    "rounds.save_every=20",
    "rounds.threads=1",
    "learner.critic_warmup_updates=20",
    "learner.batch_size=32",
    "demo.quick.max_steps=20",
    "demo.quick.greedy_episodes=2",
]


def start(out: Path, domain: int, *, resume: bool) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("irevla")), "demo", "--quick", "--out", str(out), "--json"]
    for override in [*SMALL, f"graph.domain_id={domain}"]:
        command += ["--set", override]
    pipe = subprocess.PIPE
    return subprocess.Popen(command + ["--resume"] * resume, stdout=pipe, stderr=pipe, text=True, env=environment())


def environment() -> dict[str, str]:
    return {**os.environ, "MUJOCO_GL": os.environ.get("MUJOCO_GL", "osmesa"), "OMP_NUM_THREADS": "1"}


def kill_when(process: subprocess.Popen[str], happened: Callable[[], bool], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not happened():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            _, log = process.communicate(timeout=30)
            pytest.fail(f"the demo did not get so far within {timeout_s} s; it said:\n{log[-3000:]}")
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def record(out: Path) -> dict[str, Any]:
    path = out / "progress.json"
    phases: dict[str, Any] = json.loads(path.read_text())["phases"] if path.exists() else {}
    return phases


def episodes(out: Path, kind: str) -> int:
    if not (out / "store").exists():
        return 0
    return sum(item.label in ("success", "failure") for item in EpisodeStore(out / "store").records(kind=kind))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_demo_killed_in_stage_0_and_in_stage_1_goes_on_where_it_was(tmp_path: Path) -> None:
    out, domain = tmp_path / "run", 90 + os.getpid() % 50

    def training_has_saved() -> bool:
        return "expert demonstrations" in record(out) and any(out.rglob("*.safetensors"))

    kill_when(start(out, domain, resume=False), training_has_saved, 120.0)
    demos = record(out)["expert demonstrations"]
    assert "stage 0" not in record(out)

    kill_when(start(out, domain, resume=True), lambda: episodes(out, "rl") >= 2, 200.0)
    stage0 = record(out)["stage 0"]
    assert "stage 1" not in record(out)
    learnt_before = episodes(out, "rl")

    last = start(out, domain, resume=True)
    printed, log = last.communicate(timeout=200)
    assert last.returncode == 0, log[-3000:]
    phases, results = record(out), json.loads((out / "results.json").read_text())
    assert phases["expert demonstrations"] == demos, "finished demonstrations were collected again"
    assert phases["stage 0"] == stage0, "a finished stage was trained again"
    assert episodes(out, "rl") == 4 + 2, f"{learnt_before} of 4 online episodes were there before the kill"
    assert json.loads(printed) == results
    assert {task: row["role"] for task, row in results["tasks"].items()} == {
        "press_button": "expert",
        "press_blue_button": "rl",
        "pick_carrot": "unseen",
    }
    assert all(row[stage]["n"] == 2 for row in results["tasks"].values() for stage in ("stage0", "stage1", "stage2"))
    page = (out / "report.html").read_text()
    assert "data:image/webp" in page
    assert not re.search(r"""(src|href)=["']?https?:|url\(https?:""", page), "the report is one file"

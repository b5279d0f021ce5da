"""A Ray cluster of this machine, and a small round for it."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from irevla.config.policy import PolicySettings
from irevla.config.remote import RemoteSettings
from irevla.config.rounds import RoundSettings
from irevla.training.round_spec import RoundSpec
from irevla.training.store.episode_store import EpisodeStore

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 40.0


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a cluster with two CPUs; it asks for a token, as it listens on every interface."""
    # Not below pytest's folder: the path of a Unix socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    log, port = folder / "ray.log", free_port()
    command = [Path(sys.executable).with_name("ray"), "start", "--head", "--block", "--port=0", "--num-cpus=2"]
    command += ["--num-gpus=0", f"--ray-client-server-port={port}", "--object-store-memory=200000000"]
    command += ["--include-dashboard=false", "--disable-usage-stats", f"--temp-dir={folder}"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(16))
        patch.setenv("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "1")
        with log.open("wb") as stdout, subprocess.Popen(command, stdout=stdout, stderr=subprocess.STDOUT) as process:
            try:
                deadline = time.monotonic() + START_TIMEOUT_S
                while "Ray runtime started" not in log.read_text():
                    assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                    time.sleep(0.1)
                yield f"ray://127.0.0.1:{port}"
            finally:
                process.terminate()  # it ends all that it started
                process.wait(STOP_TIMEOUT_S)
                shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def spec(tmp_path: Path, store: EpisodeStore, record: Callable[..., str], tiny: PolicySettings) -> RoundSpec:
    """A round of stage 0 that is done in seconds, with a scratch of its own and no cluster yet."""
    remote = RemoteSettings(
        num_gpus=0, num_cpus=1, scratch=str(tmp_path / "scratch"), connect_timeout_s=60, silence_timeout_s=60
    )
    return RoundSpec(
        round_id="stage0",
        stage=0,
        out=str(tmp_path / "models" / "stage0"),
        store=str(store.root),
        expert_episodes=tuple(record(f"demo{n}", kind="demo", mode="expert") for n in range(2)),
        steps=30,
        policy=tiny,
        rounds=RoundSettings(batch_size=4, save_every=10, threads=1, shift_px=1, remote=remote),
    )

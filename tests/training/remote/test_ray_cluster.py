"""Rounds on a real Ray cluster of this machine: equal weights, kill and resume, cancel, and a cluster in trouble."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from irevla.config.errors import DeadlineError, TrainingError, UserError, WorldError
from irevla.policies.manifest import Manifest
from irevla.training.remote.cluster import Cluster
from irevla.training.remote.code_hash import code_hash
from irevla.training.remote.round_place import RoundPlace
from irevla.training.round_client import RoundClient
from irevla.training.round_spec import RoundProgress, RoundSpec
from irevla.training.saved_state import SavedState
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.train_round import train_round

Record = Callable[..., str]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def with_remote(spec: RoundSpec, **changes: Any) -> RoundSpec:
    remote = spec.rounds.remote.model_copy(update=changes)
    return spec.model_copy(update={"rounds": spec.rounds.model_copy(update={"remote": remote})})


@pytest.fixture
def there(spec: RoundSpec, cluster: str) -> RoundSpec:
    return with_remote(spec, address=cluster)


def start(spec: RoundSpec) -> RoundClient:
    place = RoundPlace.named("remote", spec.rounds.remote)
    return RoundClient(spec, silence_timeout_s=place.silence_timeout_s, command=place.command)


def run(spec: RoundSpec) -> list[RoundProgress]:
    with start(spec) as client:
        told = list(client.progress())
        assert client.result is not None
        assert (client.result.path, client.result.model_hash) == (spec.out, Manifest.read(Path(spec.out))[1])
    return told


def made(out: str) -> dict[str, Any]:
    """All that a checkpoint holds, bit for bit, except when it was written; safetensors orders its header by chance."""
    manifest = asdict(Manifest.read(Path(out))[0])
    weights = {name for name in manifest["files"] if name.endswith(".safetensors")}
    for name in weights:
        tensors = load_file(Path(out) / name)
        manifest["files"][name] = {key: value.numpy().tobytes() for key, value in tensors.items()}
    assert weights
    return {name: value for name, value in manifest.items() if name != "created"}


def made_here(spec: RoundSpec) -> dict[str, Any]:
    here = spec.model_copy(update={"out": f"{spec.out}-here"})
    train_round(here, lambda _: None, lambda: False)
    return made(here.out)


def phases(told: list[RoundProgress]) -> list[str]:
    return list(dict.fromkeys(message.phase for message in told))


def test_a_round_gives_the_same_weights_there_and_a_second_one_sends_nothing_again(
    there: RoundSpec, store: EpisodeStore, record: Record, tmp_path: Path
) -> None:
    there = with_remote(there, cost_per_hour=3600.0)  # one a second
    told = run(there)
    assert made(there.out) == made_here(there)
    assert phases(told) == ["reading", "uploading", "training", "downloading"]
    assert [message.step for message in told if message.phase == "training"][-1] == there.steps
    assert 0 < told[-1].cost < 120
    assert [model.path for model in store.models()] == [there.out, f"{there.out}-here"]
    assert not list((tmp_path / "scratch" / "rounds").iterdir())
    with start(there) as client:
        assert list(client.progress()) == []  # done is done
    second = there.model_copy(
        update={
            "round_id": "stage2",
            "stage": 2,
            "parent": there.out,
            "out": str(tmp_path / "models" / "stage2"),
            "online_episodes": (record("rl0"),),
        }
    )
    run(second)
    assert made(second.out) == made_here(second)
    blobs = {path.name for path in (tmp_path / "scratch" / "blobs").iterdir()}
    third = second.model_copy(update={"round_id": "again", "out": str(tmp_path / "models" / "again"), "seed": 1})
    assert phases(run(third)) == ["reading", "training", "downloading"]
    assert {path.name for path in (tmp_path / "scratch" / "blobs").iterdir()} == blobs


def test_a_killed_worker_resumes_on_the_same_scratch(there: RoundSpec, tmp_path: Path) -> None:
    there = with_remote(there, save_back_every_s=0).model_copy(update={"steps": 400})
    with start(there) as client:
        for message in client.progress():
            if message.phase == "training" and message.step > 20:
                break
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(TrainingError, match="run the same spec again"):
            client.wait()
    assert SavedState.find(there.state_dir) is None
    told = run(there)
    assert next(message.step for message in told if message.phase == "training") > 20
    assert "uploading" not in phases(told)
    assert made(there.out) == made_here(there)


def test_a_cancelled_round_comes_back_with_its_state_and_goes_on_here(there: RoundSpec) -> None:
    there = there.model_copy(update={"steps": 200})
    with start(there) as client:
        for message in client.progress():
            if message.phase == "training":
                client.cancel()
        assert client.result is None
        saved = SavedState.find(there.state_dir)
        assert saved is not None and saved.step == client.resumes_at
    assert 0 < saved.step < there.steps
    steps = []
    train_round(there, lambda message: steps.append((message.phase, message.step)), lambda: False)
    assert min(step for phase, step in steps if phase == "training") > saved.step
    assert made(there.out) == made_here(there)


def test_trouble_on_the_cluster_comes_back_in_irevlas_own_errors(there: RoundSpec) -> None:
    with Cluster(there.rounds.remote) as cluster:
        host = cluster.start_host()
        assert host.call("identify", timeout_s=30) == code_hash()
        with pytest.raises(TrainingError, match=r"on the cluster, `missing` failed"):
            host.call("missing", [], timeout_s=30)  # nothing was opened
        with pytest.raises(UserError, match="plain name"):
            host.call("open", "/tmp", _package("../x"), 1.0, timeout_s=30)
        with pytest.raises(DeadlineError, match=r"`messages` had no answer within 0\.2 s"):
            host.call("messages", 5.0, timeout_s=0.2)


def _package(key: str) -> Any:
    from irevla.training.remote.round_package import RoundPackage

    return RoundPackage(key, "{}", (), ())


def test_resources_that_nobody_has_are_waited_for_no_longer_than_told(there: RoundSpec) -> None:
    greedy = with_remote(there, num_cpus=64, connect_timeout_s=10)
    with start(greedy) as client, pytest.raises(DeadlineError, match=r"num_cpus=64 free within 10 s"):
        client.wait()


def test_an_address_where_nobody_listens_is_refused(spec: RoundSpec) -> None:
    with start(with_remote(spec, address="ray://127.0.0.1:1", connect_timeout_s=5)) as client:
        with pytest.raises(WorldError, match=r"nobody answers at ray://127\.0\.0\.1:1 .*ray start --head"):
            client.wait()


def test_a_port_that_says_nothing_is_given_up_within_the_connect_time_out(spec: RoundSpec) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"ray://127.0.0.1:{listener.getsockname()[1]}"
        with start(with_remote(spec, address=address, connect_timeout_s=2)) as client:
            with pytest.raises(DeadlineError, match="within 2 s"):
                client.wait()

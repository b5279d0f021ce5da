"""A remote round without Ray: its host is an object in this process, so every trouble can be arranged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from irevla.config.errors import CheckpointError, UserError, WorldError
from irevla.policies.manifest import Manifest
from irevla.training.remote.remote_round import RemoteRound
from irevla.training.remote.round_host import RoundHost
from irevla.training.remote.round_package import RoundSources
from irevla.training.round_spec import RoundCancelled, RoundProgress, RoundResult, RoundSpec
from irevla.training.saved_state import SavedState
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.train_round import train_round

Record = Callable[..., str]


class HereHost:
    """A RoundHost that is called directly; ``answers`` replaces what a method returns."""

    def __init__(self, **answers: Callable[[Any], Any]) -> None:
        self._host = RoundHost()
        self._answers = answers
        self.calls: list[str] = []

    def close(self) -> None:
        """Let go of the round's folder, as the actor's end does."""
        if "open" in self.calls:
            self._host._scratch.close()

    def call(self, method: str, *arguments: Any, timeout_s: float) -> Any:
        self.calls.append(method)
        answer = getattr(self._host, method)(*arguments)
        return self._answers[method](answer) if method in self._answers else answer


def remote_round(
    spec: RoundSpec,
    store: EpisodeStore,
    host: HereHost,
    report: Callable[[RoundProgress], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    **clock: Callable[[], float],
) -> RoundResult | RoundCancelled:
    spec.state_dir.mkdir(parents=True, exist_ok=True)
    try:
        return RemoteRound(spec, RoundSources.gather(spec, store), host, report, is_cancelled, **clock).run()
    finally:
        host.close()


def with_remote(spec: RoundSpec, **changes: Any) -> RoundSpec:
    remote = spec.rounds.remote.model_copy(update=changes)
    return spec.model_copy(update={"rounds": spec.rounds.model_copy(update={"remote": remote})})


def test_another_irevla_there_is_refused_before_anything_is_sent(spec: RoundSpec, store: EpisodeStore) -> None:
    host = HereHost(identify=lambda _: "0" * 64)
    with pytest.raises(WorldError, match=r"another irevla \(code 000000000000.*install the same version"):
        remote_round(spec, store, host)
    assert host.calls == ["identify"]


def test_an_episode_that_is_no_success_is_refused_before_anything_is_sent(
    spec: RoundSpec, store: EpisodeStore, record: Record
) -> None:
    wrong = spec.model_copy(update={"expert_episodes": (record("lost", label="failure"),)})
    with pytest.raises(UserError, match=r"lost is failure; supervised rounds learn from successes only"):
        remote_round(wrong, store, HereHost())


def test_a_file_that_changed_since_it_was_recorded_is_not_trained_on(spec: RoundSpec, store: EpisodeStore) -> None:
    path = store.path(spec.expert_episodes[0])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(WorldError, match="another sha256 than was announced"):
        remote_round(spec, store, HereHost())


def test_a_cancel_while_uploading_keeps_what_was_sent(
    spec: RoundSpec, store: EpisodeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irevla.training.remote.transfer.PIECE_BYTES", 1000)
    told: list[RoundProgress] = []
    end = remote_round(spec, store, HereHost(), told.append, lambda: len(told) >= 3)
    assert end == RoundCancelled(step=0)
    (part,) = Path(spec.rounds.remote.scratch).glob("rounds/*/incoming/*")
    assert part.stat().st_size == 3000
    assert part.stat().st_size < store.path(spec.expert_episodes[0]).stat().st_size
    assert told[-1].phase == "uploading"


@pytest.mark.slow
def test_a_round_begun_here_goes_on_there_and_ends_bit_equal(spec: RoundSpec, store: EpisodeStore) -> None:
    stop = iter([False] * 17 + [True])
    assert train_round(spec, lambda _: None, lambda: next(stop)) == RoundCancelled(step=17)
    told: list[RoundProgress] = []
    end = remote_round(spec, store, HereHost(), told.append)
    assert isinstance(end, RoundResult)
    assert min(message.step for message in told if message.phase == "training") > 17
    straight = spec.model_copy(update={"out": f"{spec.out}-straight"})
    train_round(straight, lambda _: None, lambda: False)
    made, expected = Manifest.read(Path(spec.out))[0], Manifest.read(Path(straight.out))[0]
    assert made.latent_key == expected.latent_key
    assert made.files["model.safetensors"] == expected.files["model.safetensors"]


@pytest.mark.slow
def test_an_error_there_keeps_its_class(spec: RoundSpec, store: EpisodeStore, tmp_path: Path) -> None:
    policy = spec.policy.model_copy(update={"backbone": "blip2", "backbone_dir": str(tmp_path / "nowhere")})
    with pytest.raises(CheckpointError, match=r"on the cluster: .*nowhere"):
        remote_round(spec.model_copy(update={"policy": policy}), store, HereHost())


@pytest.mark.slow
def test_a_round_that_costs_its_limit_is_stopped_with_its_state_kept(spec: RoundSpec, store: EpisodeStore) -> None:
    """At 3600 an hour, one a second."""
    dear = with_remote(spec, cost_per_hour=3600.0, max_cost=12.0).model_copy(update={"steps": 1_000_000})
    told: list[RoundProgress] = []

    def now_s() -> float:
        return 120.5 if told and told[-1].phase == "training" else 100.0

    with pytest.raises(UserError, match=r"it has cost 20\.50 of at most 12; its state is kept: raise"):
        remote_round(dear, store, HereHost(), told.append, now_s=now_s)
    saved = SavedState.find(dear.state_dir)
    assert saved is not None and saved.step > 0
    host = HereHost()
    with pytest.raises(UserError, match="of at most 12"):
        remote_round(dear, store, host)  # what it cost before counts
    assert host.calls == []


@pytest.mark.slow
def test_a_checkpoint_that_arrives_damaged_is_not_put_in_its_place(spec: RoundSpec, store: EpisodeStore) -> None:
    def other(data: bytes) -> bytes:
        return data.replace(b"stage0", b"stage2") if data.startswith(b"{") else data

    with pytest.raises(CheckpointError, match="expected model"):
        remote_round(spec, store, HereHost(read=other))
    with pytest.raises(CheckpointError, match=r"config.json is truncated or changed"):
        remote_round(spec, store, HereHost(outputs=lambda sizes: {**sizes, "config.json": 10}))
    assert not Path(spec.out).exists()

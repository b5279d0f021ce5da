"""The round's worker process: progress, cancel, kill -9 and resume, errors by their own names, silence."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from irevla.config.errors import CheckpointError, DeadlineError, TrainingError, UserError, WrongStateError
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.policies.checkpoint import load_checkpoint
from irevla.training import round_worker
from irevla.training.round_client import RoundClient
from irevla.training.round_spec import RoundFailed, RoundProgress, RoundSpec, parse_message
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.train_round import train_round
from irevla.training.training_state import load_state

Record = Callable[..., str]


@pytest.fixture
def spec(tmp_path: Path, store: EpisodeStore, record: Record, tiny: PolicySettings) -> RoundSpec:
    return RoundSpec(
        round_id="stage0",
        stage=0,
        out=str(tmp_path / "models" / "stage0"),
        store=str(store.root),
        expert_episodes=tuple(record(f"demo{n}", kind="demo", mode="expert") for n in range(2)),
        steps=150,
        policy=tiny,
        rounds=RoundSettings(batch_size=4, save_every=10, threads=1, shift_px=1),
    )


def fake_worker(text: str) -> tuple[str, ...]:
    """A worker that runs these lines of Python."""
    return (sys.executable, "-c", text)


@pytest.mark.slow
def test_killed_with_nine_then_cancelled_then_resumed_it_ends_bit_equal(spec: RoundSpec, tmp_path: Path) -> None:
    straight = spec.model_copy(update={"out": str(tmp_path / "models" / "straight")})
    train_round(straight, lambda _: None, lambda: False)
    with RoundClient(spec) as client:
        deadline = time.monotonic() + 90
        while not (spec.state_dir / "state.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(TrainingError, match="run the same spec again"):
            client.wait()
    saved = load_state(spec.state_dir)
    assert saved is not None
    assert 10 <= saved[1]["step"] < spec.steps
    with RoundClient(spec) as client:
        client.cancel()
        with pytest.raises(WrongStateError, match="resume"):
            client.wait()
    with RoundClient(spec) as client:
        told = list(client.progress())
    assert client.result is not None
    assert told[-1].step == spec.steps
    one, other = load_checkpoint(Path(straight.out)).vla, load_checkpoint(Path(spec.out), client.result.model_hash).vla
    assert one.backbone_hash() == other.backbone_hash()
    for name, value in one.head.state_dict().items():
        assert torch.equal(value, other.head.state_dict()[name])


@pytest.fixture
def signals_restored() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals_restored")
def test_the_worker_says_errors_under_their_own_name(
    spec: RoundSpec, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(spec.model_copy(update={"parent": "nowhere"}).model_dump_json())
    assert round_worker.main([str(path)]) == CheckpointError.exit_status
    message = parse_message(capsys.readouterr().out)
    assert isinstance(message, RoundFailed)
    assert message.error == "CheckpointError"
    assert "nowhere" in message.message
    assert round_worker.main([]) == UserError.exit_status
    path.write_text("{}")
    assert round_worker.main([str(path)]) == UserError.exit_status


def test_the_client_raises_the_workers_error(spec: RoundSpec) -> None:
    line = RoundFailed(error="CheckpointError", message="head is torn").model_dump_json()
    with RoundClient(spec, command=fake_worker(f"print({line!r})")) as client:
        with pytest.raises(CheckpointError, match="head is torn"):
            client.wait()


def test_a_silent_worker_is_stopped(spec: RoundSpec) -> None:
    with RoundClient(spec, silence_timeout_s=0.3, command=fake_worker("import time; time.sleep(60)")) as client:
        with pytest.raises(DeadlineError, match=r"said nothing for 0\.3 s"):
            client.wait()


def test_a_dead_worker_is_named_with_its_last_words(spec: RoundSpec) -> None:
    with RoundClient(spec, command=fake_worker("import sys; sys.exit('out of memory')")) as client:
        with pytest.raises(TrainingError, match="out of memory"):
            client.wait()


def test_noise_on_stdout_is_no_message() -> None:
    with pytest.raises(UserError, match="expected a JSON message"):
        parse_message("Loading weights…")
    line = RoundProgress(step=1, steps=2, loss=0.5, samples_per_s=3.0, eta_s=1.0).model_dump_json()
    assert parse_message(line) == RoundProgress(step=1, steps=2, loss=0.5, samples_per_s=3.0, eta_s=1.0)


def test_a_senseless_spec_starts_no_process(spec: RoundSpec) -> None:
    with pytest.raises(UserError, match="expert data"):
        RoundClient(spec.model_copy(update={"expert_episodes": ()}))

"""Promotion and roll-back: checks first, then the policy node, then the log."""

from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.errors import CheckpointError, GateError, GraphError, StoreError, UserError, WrongStateError
from irevla.config.lineage import LineageSettings
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.lineage.gate import Gate
from irevla_nodes.lineage.model_book import Model
from irevla_nodes.lineage.promoter import Promoter

MakeModel = Callable[..., str]
Compare = Callable[..., None]


class FakePolicy:
    """Serves what it is given, or refuses."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.refuses = ""

    def load(self, model: Model) -> None:
        if self.refuses:
            raise GraphError(self.refuses)
        self.served.append(model.model_hash)


@pytest.fixture
def policy() -> FakePolicy:
    return FakePolicy()


@pytest.fixture
def promoter(store: EpisodeStore, policy: FakePolicy) -> Promoter:
    return Promoter(store, Gate(LineageSettings(min_pairs=2)), policy.load)


def test_the_first_model_needs_no_comparison_and_the_second_does(
    promoter: Promoter, store: EpisodeStore, policy: FakePolicy, make_model: MakeModel, compare: Compare
) -> None:
    old, new = make_model("old"), make_model("new")
    assert promoter.promote(old, "ann", "").previous_hash == ""
    with pytest.raises(GateError, match=r"0 labelled pairs, expected 2 or more .* run lineage/compare"):
        promoter.promote(new, "ann", "")
    compare(new, old, "11 11")
    with pytest.raises(GateError, match="0 labelled pairs"):
        promoter.promote(new, "ann", "a comparison the other way round is none")
    compare(old, new, "11 01")
    entry = promoter.promote(new, " ann ", "better")
    assert (entry.model_hash, entry.previous_hash, entry.who, entry.why) == (new, old, "ann", "better")
    assert policy.served == [old, new]
    assert store.promotions.line() == [old, new]


def test_an_override_needs_a_reason_and_the_log_says_what_was_overridden(
    promoter: Promoter, make_model: MakeModel
) -> None:
    old, new = make_model("old"), make_model("new")
    promoter.promote(old, "ann", "first", override_gate=True)
    with pytest.raises(UserError, match="why: expected 1 to 1000 characters"):
        promoter.promote(new, "ann", "  ", override_gate=True)
    entry = promoter.promote(new, "ann", "demo day", override_gate=True)
    assert entry.why.startswith("demo day (gate overridden: 0 labelled pairs")


def test_an_override_does_not_make_up_for_files(promoter: Promoter, make_model: MakeModel, tmp_path: Path) -> None:
    old, gone, changed = make_model("old"), make_model("gone"), make_model("changed")
    promoter.promote(old, "ann", "")
    (tmp_path / "models" / "gone" / "manifest.json").unlink()
    with pytest.raises(CheckpointError, match=r"there is no checkpoint at .*gone; copy its directory back"):
        promoter.promote(gone, "ann", "why not", override_gate=True)
    manifest = tmp_path / "models" / "changed" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"stage0"', '"stage2"'))
    with pytest.raises(CheckpointError, match="holds another model now"):
        promoter.promote(changed, "ann", "why not", override_gate=True)


def test_a_model_that_the_policy_refuses_is_not_promoted(
    promoter: Promoter, store: EpisodeStore, policy: FakePolicy, make_model: MakeModel
) -> None:
    policy.refuses = "model.safetensors is truncated"
    with pytest.raises(GraphError, match="truncated"):
        promoter.promote(make_model("torn"), "ann", "")
    assert store.promotions.records() == []


def test_a_log_that_cannot_be_written_leaves_the_promoted_model_served(
    promoter: Promoter, store: EpisodeStore, policy: FakePolicy, make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = make_model("old"), make_model("new")
    promoter.promote(old, "ann", "")

    def fail(*_: object, **__: object) -> None:
        raise StoreError("disk full")

    monkeypatch.setattr(store.promotions, "add", fail)
    with pytest.raises(StoreError):
        promoter.promote(new, "ann", "now", override_gate=True)
    assert policy.served == [old, new, old]


def test_rolling_back_goes_one_model_back_each_time(
    promoter: Promoter, policy: FakePolicy, make_model: MakeModel
) -> None:
    hashes = [make_model(name) for name in "abc"]
    with pytest.raises(WrongStateError, match="nothing to roll back to: no model was ever promoted"):
        promoter.roll_back("ann", "")
    for model_hash in hashes:
        promoter.promote(model_hash, "ann", "now", override_gate=True)
    with pytest.raises(WrongStateError, match="is the promoted one already"):
        promoter.promote(hashes[2], "ann", "now", override_gate=True)
    assert [promoter.roll_back("bob", "it shakes").model_hash for _ in range(2)] == [hashes[1], hashes[0]]
    assert policy.served == [*hashes, hashes[1], hashes[0]]
    with pytest.raises(WrongStateError, match=f"nothing to roll back to: only {hashes[0][:12]} is left"):
        promoter.roll_back("bob", "")
    promoted = promoter.promoted()
    assert promoted is not None and promoted.model_hash == hashes[0]


def test_nobody_promotes_without_a_name(promoter: Promoter, make_model: MakeModel) -> None:
    with pytest.raises(UserError, match="who: expected 1 to 1000 characters"):
        promoter.promote(make_model("old"), " ", "")

"""Models once, with their newest evaluations, found by the start of their hash."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from irevla.config.errors import UnknownNameError, UserError
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.lineage.model_book import ModelBook

MakeModel = Callable[..., str]
Compare = Callable[..., None]


def row(success: float, n: int) -> dict[str, float | int]:
    return {"success": success, "n": n, "low": 0.0, "high": 1.0}


def test_a_model_is_listed_once_where_it_is_now(store: EpisodeStore, make_model: MakeModel, tmp_path: Path) -> None:
    first, second = make_model("m0"), make_model("m1", parent="m0")
    copy = tmp_path / "elsewhere"
    shutil.move(tmp_path / "models" / "m0", copy)
    store.add_model(str(copy), first, "", 0, "d", {})
    shutil.rmtree(tmp_path / "models" / "m1")
    models = ModelBook.read(store).models
    assert [(model.model_hash, model.path, model.exists) for model in models] == [
        (first, str(copy), True),
        (second, str(tmp_path / "models" / "m1"), False),
    ]
    assert [model.record.number for model in models] == [1, 2]


def test_the_newest_evaluation_of_each_task_is_shown(
    store: EpisodeStore, make_model: MakeModel, compare: Compare
) -> None:
    old, new = make_model("old"), make_model("new")
    store.add_model("there", old, "", 0, "d", {"press_button": row(0.9, 50), "open_drawer": row(0.8, 50)})
    compare(old, new, "10 11 01 00")
    compare(old, new, "10 10")
    found = {model.model_hash: model.evaluations for model in ModelBook.read(store).models}
    counts = {task: (rate.successes, rate.n) for task, rate in found[old].items()}
    assert counts == {"press_button": (2, 2), "open_drawer": (40, 50)}
    assert {task: (rate.successes, rate.n) for task, rate in found[new].items()} == {"press_button": (0, 2)}


def test_pairs_follow_their_labels_and_the_newest_comparison_of_each_task(
    store: EpisodeStore, make_model: MakeModel, compare: Compare
) -> None:
    old, new = make_model("old"), make_model("new")
    compare(old, new, "10 10 10")
    compare(old, new, "01 01", task="open_drawer")
    compare(old, new, "11 10")
    compare(new, old, "00 00")
    outcomes = ModelBook.read(store).outcomes(old, new)
    assert (len(outcomes), outcomes.only_old, outcomes.only_new) == (4, 1, 2)
    (pair,) = [pair for pair in store.comparisons.records()[2].pairs if pair.seed == 1]
    store.label(pair.new_episode, "success", "ann")
    assert ModelBook.read(store).outcomes(old, new).only_old == 0, "a relabel counts"
    store.label(pair.new_episode, "discard", "ann")
    assert len(ModelBook.read(store).outcomes(old, new)) == 3, "a discarded episode has no pair"


def test_a_model_is_found_by_the_start_of_its_hash(store: EpisodeStore, make_model: MakeModel) -> None:
    hashes = [make_model(name) for name in ("m0", "m1")]
    book = ModelBook.read(store)
    assert book.model(hashes[1][:6]).model_hash == hashes[1]
    with pytest.raises(UserError, match="too short a name: expected 6 characters"):
        book.model(hashes[0][:2])
    wrong = ("f" if hashes[0][0] != "f" else "e") + hashes[0][1:12]
    with pytest.raises(UnknownNameError, match=f"did you mean '{hashes[0][:12]}'"):
        book.model(wrong)
    with pytest.raises(UnknownNameError, match="unknown model ''"):
        book.model("")


def test_a_round_is_shown_with_what_it_made(store: EpisodeStore, tmp_path: Path) -> None:
    for name in ("r0", "r1"):
        store.add_round(name, stage=0, parent_hash="", expert=[], online=[])
    data_hash = store.rounds()[1].data_hash
    store.add_model(str(tmp_path / "models" / "r1"), "b" * 64, "", 0, data_hash, {})
    book = ModelBook.read(store)
    assert [book.made_by(made) for made in book.rounds] == ["", "b" * 64]

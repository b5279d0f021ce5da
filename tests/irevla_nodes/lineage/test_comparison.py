"""A comparison on a rig that exists in words only: pairs, order, repeats, time-outs, cancel."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from irevla.config.errors import DeadlineError, GraphError, IrevlaError, UnknownNameError, UserError, WrongStateError
from irevla.config.lineage import LineageSettings
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.lineage.lineage import ModelRecord
from irevla_nodes.lineage.comparison import Comparison, ComparisonSpec, EpisodeOutcome, Progress, checked_spec
from irevla_nodes.lineage.model_book import Model, ModelBook

MakeModel = Callable[..., str]


def model(name: str) -> Model:
    return Model(ModelRecord(1, f"models/{name}", name, "", 0, "", {}, 0), True, {})


OLD, NEW = model("old_hash"), model("new_hash")


@dataclass
class FakeRig:
    """Every episode ends at once with the next label of ``labels``, or else a success; its clock runs when asked."""

    labels: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    script: list[Progress] = field(default_factory=list)  # before "over"
    acts: str = ""  # the model that really acts, if not the loaded one
    now_s: float = 0.0
    served: str = ""
    mended: int = 0
    episodes: list[tuple[str, str, int]] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    def load(self, model: Model) -> None:
        self.served = model.model_hash

    def start(self, task: str, seed: int) -> str:
        if self.refusals:
            raise WrongStateError(self.refusals.pop(0))
        self.episodes.append((self.served, task, seed))
        return f"e{len(self.episodes)}"

    def mend(self) -> None:
        self.mended += 1

    def progress(self, episode_id: str, timeout_s: float) -> Progress:
        self.now_s += 10.0
        return self.script.pop(0) if self.script else "over"

    def outcome(self, episode_id: str) -> EpisodeOutcome:
        return EpisodeOutcome(self.labels.pop(0) if self.labels else "success", self.acts or self.served, 0)

    def discard(self, episode_id: str) -> None:
        self.discarded.append(episode_id)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class Told:
    """What an operator is told while it runs, and the wish to cancel."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, str, str]] = []
        self.is_cancelled = False

    def hear(self, done: int, task: str, episode_id: str) -> None:
        self.progress.append((done, task, episode_id))


def begin(rig: FakeRig, told: Told, pairs: int = 1, tasks: tuple[str, ...] = ("press_button",)) -> Comparison:
    return Comparison(
        ComparisonSpec(OLD, NEW, tasks, pairs, 100, "ann"),
        rig,
        LineageSettings(repeats=2, start_timeout_s=5.0, episode_timeout_s=60.0, label_timeout_s=100.0),
        is_cancelled=lambda: told.is_cancelled,
        on_progress=told.hear,
        now_s=lambda: rig.now_s,
        sleep=rig.sleep,
    )


def test_either_model_acts_once_from_each_start_in_a_drawn_order() -> None:
    rig, told = FakeRig(), Told()
    comparison = begin(rig, told, pairs=12, tasks=("press_button", "open_drawer"))
    assert comparison.run()
    assert len(comparison.pairs) == 24 and comparison.of_episodes == 48
    acted = {f"e{number}": episode for number, episode in enumerate(rig.episodes, 1)}
    for pair in comparison.pairs:
        assert acted[pair.old_episode] == ("old_hash", pair.task, pair.seed)
        assert acted[pair.new_episode] == ("new_hash", pair.task, pair.seed)
    assert [(pair.task, pair.seed) for pair in comparison.pairs[::12]] == [("press_button", 100), ("open_drawer", 100)]
    first = [rig.episodes[index][0] for index in range(0, 48, 2)]
    assert 4 < first.count("new_hash") < 20, "the order is drawn"
    again = FakeRig()
    begin(again, Told(), pairs=12, tasks=("press_button", "open_drawer")).run()
    assert again.episodes == rig.episodes, "and repeats"


def test_what_the_operator_hears_names_no_model() -> None:
    rig, told = FakeRig(), Told()
    begin(rig, told, pairs=2).run()
    assert [done for done, _, _ in told.progress] == [0, 1, 1, 2, 2, 3, 3, 4]
    assert "hash" not in str(told.progress)


def test_a_discarded_episode_is_run_again_with_the_same_model_and_start() -> None:
    rig = FakeRig(labels=["discard", "", "failure"])
    comparison = begin(rig, Told())
    assert comparison.run()
    assert len(set(rig.episodes[:3])) == 1
    (pair,) = comparison.pairs
    assert {pair.old_episode, pair.new_episode} == {"e3", "e4"}


def test_an_episode_that_keeps_coming_to_nothing_ends_it() -> None:
    rig = FakeRig(labels=["discard"] * 3)
    with pytest.raises(GraphError, match=r"3 episodes in a row came to nothing .* e3: its label is 'discard'"):
        begin(rig, Told()).run()


def test_an_episode_in_which_another_model_acted_does_not_count() -> None:
    with pytest.raises(GraphError, match="another model or head acted"):
        begin(FakeRig(acts="foreign"), Told()).run()


def test_a_refused_start_is_tried_again_for_a_while() -> None:
    rig = FakeRig(refusals=["the arm is held"] * 3)
    assert begin(rig, Told()).run()
    assert rig.mended == 3
    with pytest.raises(DeadlineError, match=r"no episode could start for 5 s .*: the arm is held"):
        begin(FakeRig(refusals=["the arm is held"] * 50), Told()).run()


@pytest.mark.parametrize(
    ("script", "message", "is_discarded"),
    [
        (["running"] * 20, "did not end within 60 s", True),
        (["running", *["awaiting_label"] * 20], "nobody labelled episode e1 within 100 s", False),
    ],
)
def test_every_wait_ends(script: list[Progress], message: str, is_discarded: bool) -> None:
    rig = FakeRig(script=script)
    with pytest.raises(DeadlineError, match=message):
        begin(rig, Told()).run()
    assert rig.discarded == ["e1"] * is_discarded


@pytest.mark.parametrize(("state", "discarded"), [("running", ["e3"]), ("awaiting_label", [])])
def test_a_cancel_ends_the_running_episode_and_keeps_whole_pairs(state: Progress, discarded: list[str]) -> None:
    rig, told = FakeRig(), Told()

    def hear(done: int, task: str, episode_id: str) -> None:
        if episode_id == "e3":
            told.is_cancelled = True
            rig.script = [state] * 3

    told.hear = hear  # type: ignore[method-assign]
    comparison = begin(rig, told, pairs=5)
    assert not comparison.run()
    assert (len(comparison.pairs), rig.discarded) == (1, discarded)


def test_a_cancel_while_the_start_is_refused_ends_it() -> None:
    rig, told = FakeRig(refusals=["busy"] * 3), Told()
    rig.mend = lambda: setattr(told, "is_cancelled", True)  # type: ignore[method-assign]
    assert not begin(rig, told).run()
    assert rig.episodes == []


def test_a_comparison_that_cannot_be_is_refused_in_words(store: EpisodeStore, make_model: MakeModel) -> None:
    old, new = make_model("old"), make_model("new")

    def check(**changes: object) -> ComparisonSpec:
        values = {"old_hash": old, "new_hash": new, "tasks": ["press_button"], "pairs": 2, "first_seed": 0}
        return checked_spec(ModelBook.read(store), **{**values, "who": "ann", **changes})  # type: ignore[arg-type]

    assert check(tasks=["press_button", "open_drawer"]).tasks == ("press_button", "open_drawer")
    wrong: list[tuple[dict[str, object], type[IrevlaError], str]] = [
        ({"new_hash": old}, UserError, "expected two models"),
        ({"new_hash": "abc"}, UnknownNameError, "unknown model"),
        ({"tasks": []}, UserError, "expected one or more"),
        ({"tasks": ["press_button"] * 2}, UserError, "each once"),
        ({"tasks": ["press_buton"]}, UnknownNameError, "did you mean 'press_button'"),
        ({"pairs": 0}, UserError, "pairs: expected 1"),
        ({"who": ""}, UserError, "who: expected 1"),
    ]
    for changes, kind, message in wrong:
        with pytest.raises(kind, match=message):
            check(**changes)

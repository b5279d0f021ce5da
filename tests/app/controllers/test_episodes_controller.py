"""The episodes page without a widget: a fake view of the list, a fake player, the made-up store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.episodes_controller import EpisodesController
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import Fact
from irevla.app.graph.fake.store import FakeStore
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.graph.requests import GetEpisode, GetPictures, LabelEpisode, ListEpisodes, ListModels, Request
from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings


class FakeView:
    """Keeps what it is told to show, and what to call when a person wishes something: any ``on_x``, ``set_x``."""

    def __init__(self, folder: Path) -> None:
        self.shown: dict[str, Any] = {}
        self.wish: dict[str, Callable[..., None]] = {}
        self.copied: list[str] = []
        self.opened: list[str] = []
        self.knows_mcap = True
        self.folder = folder

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        kind, _, field = name.partition("_")
        if kind == "set":
            return lambda value: self.shown.__setitem__(field, value)
        if kind == "on":
            return lambda call: self.wish.__setitem__(field, call)
        raise AttributeError(name)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def open_file(self, path: str) -> bool:
        self.opened.append(path)
        return self.knows_mcap

    def choose_file(self, name: str, call: Callable[[Path], None]) -> None:
        call(self.folder / name)


class Locked:
    """A part that refuses while it is locked."""

    def __init__(self) -> None:
        self.is_locked = False
        self.refuses: type[Request] | None = None

    def facts(self, now_s: float) -> Sequence[Fact]:
        return ()

    def answer(self, request: Request, now_s: float) -> Answer | None:
        is_refused = self.is_locked or (self.refuses is not None and isinstance(request, self.refuses))
        return Answer(False, "the store is locked by another process") if is_refused else None


class Bench:
    """The page on a desk with a made-up store."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 0.0
        self.told: list[tuple[str, str]] = []
        self.store, self.lock = FakeStore(seed=0, wall_s=1_750_000_000.0), Locked()
        self.bridge = FakeBridge(lambda: self.now_s, [self.lock, self.store])
        desk = Desk(
            self.bridge,
            Rig(self.bridge.cameras),
            load_settings("sim"),
            ("pick_carrot",),
            "ben",
            lambda tone, words: self.told.append((tone, words)),
        )
        self.view, self.player = FakeView(folder), FakeView(folder)
        self.page = EpisodesController(desk, self.view, self.player)  # type: ignore[arg-type]

    def live(self, seconds: float = 1.5) -> None:
        for _ in range(round(seconds / 0.05)):
            self.now_s += 0.05
            for fact in self.bridge.take():
                self.page.take(fact)
            self.page.show(self.now_s)

    def asked(self, kind: type[Request]) -> list[Any]:
        return [request for request in self.bridge.asked if isinstance(request, kind)]

    @property
    def rows(self) -> list[str]:
        return [row.episode_id for row in self.view.shown["rows"]]

    def choose(self, wanted: ListEpisodes) -> str:
        result = self.store.answer(wanted, 0.0)
        assert result is not None
        episode_id: str = result.result.episodes[0].episode_id  # type: ignore[union-attr]
        self.view.wish["select"](episode_id)
        self.live()
        return episode_id


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.page.opened()
    bench.live()
    return bench


def test_opening_the_page_lists_the_store_once(bench: Bench) -> None:
    assert bench.asked(ListEpisodes) == [EpisodeFilter().request(0)]
    assert len(bench.asked(ListModels)) == 1
    assert len(bench.rows) == 100
    assert bench.view.shown["extent"] == "1 to 100 of 240"
    assert not bench.player.shown["is_open"]
    assert bench.told == []  # nobody answers ListModels here, which is no trouble


def test_a_filter_is_asked_for_and_shown(bench: Bench) -> None:
    bench.view.wish["filter"](EpisodeFilter(task="open_drawer"))
    bench.live()
    assert bench.view.shown["extent"] == "1 to 25 of 25"
    assert bench.view.shown["filters"].task == "open_drawer"


def test_the_next_page_is_asked_for(bench: Bench) -> None:
    bench.view.wish["turn"](1)
    bench.live()
    assert bench.asked(ListEpisodes)[-1].offset == 100
    assert bench.view.shown["extent"] == "101 to 200 of 240"


def test_an_episode_is_fetched_with_the_pictures_of_both_cameras(bench: Bench) -> None:
    episode_id = bench.choose(ListEpisodes())
    assert bench.asked(GetEpisode) == [GetEpisode(episode_id=episode_id)]
    assert [request.camera for request in bench.asked(GetPictures)] == ["front", "wrist"]
    assert bench.player.shown["title"] == "pick up the carrot"
    assert [bool(shown.picture) for shown in bench.player.shown["cameras"]] == [True, True]


def test_it_plays_ten_steps_a_second_and_follows_a_jump(bench: Bench) -> None:
    bench.choose(ListEpisodes())
    bench.player.wish["toggle"]()
    bench.live(1.0)
    assert bench.player.shown["row"] == 10
    bench.player.wish["jump"](3)
    assert bench.player.shown["is_playing"]
    bench.player.wish["step"](2)
    bench.live(1.0)
    assert (bench.player.shown["row"], bench.player.shown["is_playing"]) == (5, False)


def test_a_relabel_changes_row_log_and_label_and_is_confirmed(bench: Bench) -> None:
    bench.view.wish["filter"](EpisodeFilter(kind="rl", label="failure"))
    bench.live()
    episode_id = bench.choose(ListEpisodes(kind="rl", label="failure"))
    bench.player.wish["label"]("success")
    bench.live()
    assert bench.asked(LabelEpisode) == [LabelEpisode(label="success", who="ben", episode_id=episode_id)]
    assert bench.told == [("good", f"{episode_id}: failure → success")]
    assert bench.player.shown["label"] == ("success · ben", "good")
    assert bench.player.shown["confirmation"] == "✓ was failure"
    assert len(bench.player.shown["history"]) == 2
    assert episode_id not in bench.rows  # it no longer is a failure
    assert bench.player.shown["is_open"]
    bench.player.wish["label"]("undo")
    bench.live()
    assert bench.told[-1] == ("good", f"{episode_id}: success taken back")
    assert bench.player.shown["label"][0].startswith("failure")
    assert episode_id in bench.rows


def test_a_refused_label_is_told_and_can_be_given_again(bench: Bench) -> None:
    bench.choose(ListEpisodes(kind="rl", label="failure"))
    bench.lock.refuses = LabelEpisode
    bench.player.wish["label"]("success")
    bench.live()
    assert bench.told == [("bad", "not labelled: the store is locked by another process")]
    assert bench.player.shown["label"][0].startswith("failure")
    assert bench.player.shown["can_label"]


def test_an_impatient_second_press_labels_once(bench: Bench) -> None:
    bench.choose(ListEpisodes(kind="rl", label="failure"))
    bench.player.wish["label"]("success")
    bench.player.wish["label"]("success")
    bench.live()
    assert len(bench.asked(LabelEpisode)) == 1


def test_without_an_episode_nothing_is_labelled(bench: Bench) -> None:
    bench.player.wish["label"]("success")
    bench.live()
    assert bench.asked(LabelEpisode) == []
    assert bench.told[0][0] == "bad"


def test_a_label_from_elsewhere_reaches_table_and_player(bench: Bench) -> None:
    episode_id = bench.choose(ListEpisodes(label="unlabelled"))
    bench.store.answer(LabelEpisode(label="discard", who="anna", episode_id=episode_id), bench.now_s)
    bench.live()
    assert bench.player.shown["label"] == ("discard · anna", "muted")
    row = bench.view.shown["rows"][bench.rows.index(episode_id)]
    assert row.cells[3] == "discard · anna"


def test_a_locked_store_leaves_the_page_usable(bench: Bench) -> None:
    before = bench.rows
    bench.lock.is_locked = True
    bench.view.wish["refresh"]()
    bench.view.wish["select"](before[0])
    bench.live()
    assert bench.rows == before
    assert "locked by another process" in bench.view.shown["trouble"]
    assert "locked by another process" in bench.player.shown["trouble"]
    bench.lock.is_locked = False
    bench.live(6.0)
    assert bench.view.shown["trouble"] == ""


def test_a_damaged_episode_says_so_and_the_next_one_opens(bench: Bench) -> None:
    damaged = next(info for info in bench.store._episodes.values() if info.state == "damaged")
    bench.view.wish["select"](damaged.episode_id)
    bench.live()
    assert "checksum is wrong" in bench.player.shown["trouble"]
    bench.choose(ListEpisodes())
    assert bench.player.shown["trouble"] == ""


def test_closing_the_player_asks_for_nothing_more(bench: Bench) -> None:
    bench.choose(ListEpisodes())
    bench.view.wish["select"]("")
    count = len(bench.bridge.asked)
    bench.live()
    assert not bench.player.shown["is_open"]
    assert len(bench.bridge.asked) == count


def test_exports_write_what_is_shown(bench: Bench, tmp_path: Path) -> None:
    episode_id = bench.choose(ListEpisodes())
    bench.player.wish["export"]()
    bench.view.wish["export"]()
    steps = bench.player.shown["rows"]
    assert len((tmp_path / f"{episode_id}.csv").read_text().splitlines()) == steps + 1
    assert len((tmp_path / "episodes.csv").read_text().splitlines()) == 101
    assert bench.told == [
        ("good", f"wrote {steps} steps to {tmp_path / episode_id}.csv"),
        ("good", f"wrote 100 of 240 episodes, the rows of this page, to {tmp_path / 'episodes.csv'}"),
    ]


def test_an_export_that_cannot_be_written_is_told(bench: Bench, tmp_path: Path) -> None:
    bench.choose(ListEpisodes())
    for view in (bench.view, bench.player):
        view.folder = tmp_path / "nowhere"
        view.wish["export"]()
    assert [tone for tone, _ in bench.told] == ["bad", "bad"]


def test_the_path_is_copied_and_a_missing_file_is_told(bench: Bench) -> None:
    episode_id = bench.choose(ListEpisodes())
    path = f"/data/irevla/store/episodes/{episode_id}.mcap"
    bench.player.wish["copy_path"]()
    bench.player.wish["open_file"]()
    assert bench.player.copied == [path]
    assert bench.player.opened == []
    assert bench.told[-1] == ("bad", f"the file is not on this machine; on the session's machine it is {path}")


def test_a_file_that_is_here_is_opened(bench: Bench, tmp_path: Path, make_episode: Callable[..., Any]) -> None:
    file = tmp_path / "here.mcap"
    file.touch()
    bench.store.add(make_episode("here", path=str(file)))
    bench.view.wish["select"]("here")
    bench.live()
    bench.player.wish["open_file"]()
    bench.player.knows_mcap = False
    bench.player.wish["open_file"]()
    assert bench.player.opened == [str(file), str(file)]
    assert [tone for tone, _ in bench.told] == ["info", "bad"]
    assert "install Foxglove" in bench.told[-1][1]

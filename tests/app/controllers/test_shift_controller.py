"""The shift page without Qt: what it writes down, and that a second window goes on with it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.shift_controller import ShiftController
from irevla.app.graph.facts import Beat, EpisodeClosed, EpisodeNow, Fact, Phase
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.models.rig import Rig
from irevla.app.models.shift.page_state import Table, Tile, Timeline
from irevla.config.settings import load_settings

NOON_S = datetime(2026, 3, 14, 12).timestamp()


class FakeView:
    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.export: Callable[[Path], None] = lambda _: None

    def on_export(self, call: Callable[[Path], None]) -> None:
        self.export = call

    def set_title(self, words: str) -> None:
        self.shown["title"] = words

    def set_tiles(self, tiles: tuple[Tile, ...]) -> None:
        self.shown["tiles"] = {tile.name: tile.value for tile in tiles}

    def set_timeline(self, timeline: Timeline) -> None:
        self.shown["uses"] = [bar.segment.use for bar in timeline.bars]

    def set_tasks(self, table: Table) -> None:
        self.shown["tasks"] = table.rows

    def set_labels(self, table: Table) -> None:
        self.shown["labels"] = table.rows

    def set_down(self, table: Table) -> None:
        self.shown["down"] = table.rows

    def set_trouble(self, words: str) -> None:
        self.shown["trouble"] = words


class Window:
    """One opening of the window."""

    def __init__(self, folder: Path | None, wall_s: float = NOON_S) -> None:
        self.wall_s = wall_s
        self.told: list[tuple[str, str]] = []
        rig, bridge = Rig(("front",)), FakeBridge(lambda: self.wall_s, [], [])
        self.desk = Desk(bridge, rig, load_settings("sim"), (), "Ada", lambda *told: self.told.append(told))
        self.view = FakeView()
        self.controller = ShiftController(self.desk, self.view, folder, wall_clock=lambda: self.wall_s)

    def tell(self, fact: Fact, after_s: float = 0.0) -> None:
        self.wall_s += after_s
        self.desk.rig.take(fact)
        self.controller.take(fact)

    def work(self, episode_id: str) -> None:
        """Do an episode: 5 s of reset, 20 s of run, 2 s until its label."""
        for phase, after_s in ((Phase.RESETTING, 1.0), (Phase.RUNNING, 5.0), (Phase.AWAITING_LABEL, 20.0)):
            self.tell(_now(phase, episode_id), after_s)
        self.tell(_closed(episode_id), 2.0)
        self.tell(_now(Phase.SAVED, episode_id))

    def show(self) -> dict[str, Any]:
        self.controller.opened()
        self.controller.show(self.wall_s)
        return self.view.shown


def _now(phase: Phase, episode_id: str) -> EpisodeNow:
    return EpisodeNow(
        received_s=0.0,
        state=int(phase),
        episode_id=episode_id,
        task="open_drawer",
        instruction="",
        mode="policy",
        explore=True,
        kind="rl",
        seed=1,
        step=0,
        max_steps=60,
        detail="",
        weights_version=1,
    )


def _closed(episode_id: str) -> EpisodeClosed:
    return EpisodeClosed(
        received_s=0.0,
        episode_id=episode_id,
        task="open_drawer",
        kind="rl",
        label="success",
        steps=20,
        terminated=True,
        weights_version=1,
        relabel=False,
    )


def test_an_episode_is_counted_and_timed(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.work("e1")
    shown = window.show()
    assert shown["tasks"] == (("open_drawer", "1", "100 %", "5.0 s", "20.0 s", "2.0 s", "0 of 1", "0.0 %"),)
    assert shown["uses"] == ["away", "reset", "run", "label"]


def test_a_window_that_is_opened_again_goes_on_with_the_shift(tmp_path: Path) -> None:
    first = Window(tmp_path)
    first.work("e1")
    second = Window(tmp_path, first.wall_s + 600)
    assert second.show()["tiles"]["episodes"] == "1"
    second.work("e2")
    assert second.show()["tiles"]["episodes"] == "2"
    assert second.show()["uses"] == ["away", "reset", "run", "label", "away", "reset", "run", "label"]


def test_a_new_day_is_a_new_shift(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.work("e1")
    window.tell(_now(Phase.IDLE, ""), 24 * 3600.0)
    assert window.show()["tiles"]["episodes"] == "0"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_node_that_falls_silent_is_down_time(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.tell(_now(Phase.IDLE, ""))
    for at_s, node in ((0.0, "policy"), (0.5, "robot"), (3.0, "robot"), (3.0, "robot"), (13.0, "policy")):
        window.wall_s = NOON_S + at_s
        window.tell(Beat(received_s=at_s, node=node, pid=1, state="ok"))
    assert ("node silent: policy", "1", "10 s") in window.show()["down"]


def test_a_damaged_file_is_told_on_the_page_and_gone_on_with(tmp_path: Path) -> None:
    Window(tmp_path).work("e1")
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes() + b'{"stamp_s": 17')
    window = Window(tmp_path, NOON_S + 100)
    shown = window.show()
    assert shown["tiles"]["episodes"] == "1"
    assert shown["trouble"].startswith("1 line of ") and shown["trouble"].endswith("could not be read")


def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    window = Window(tmp_path / "file")
    window.work("e1")
    assert window.show()["tiles"]["episodes"] == "1"
    assert "cannot be written" in window.show()["trouble"]


def test_without_a_folder_the_shift_is_kept_in_the_window() -> None:
    window = Window(None)
    window.work("e1")
    assert (window.show()["tiles"]["episodes"], window.show()["trouble"]) == ("1", "")


@pytest.mark.parametrize(
    ("name", "tone"), [("a.html", "good"), ("a.csv", "good"), ("a.pdf", "bad"), ("x/a.csv", "bad")]
)
def test_an_export_is_confirmed_or_its_failure_told(tmp_path: Path, name: str, tone: str) -> None:
    window = Window(None)
    window.work("e1")
    window.view.export(tmp_path / name)
    assert [told for told, _ in window.told] == [tone]
    assert (tmp_path / name).exists() == (tone == "good")


def test_the_page_adds_up_once_a_second(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.controller.show(100.0)
    window.work("e1")
    window.controller.show(100.9)
    assert window.view.shown["tiles"]["episodes"] == "0"
    window.controller.show(101.0)
    assert window.view.shown["tiles"]["episodes"] == "1"

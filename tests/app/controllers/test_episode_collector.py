"""Every page, each episode once, and only the newest question counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from irevla.app.controllers.episode_collector import PAGE, EpisodeCollector
from irevla.app.graph.fake_bridge import FakeBridge
from irevla.app.graph.records import EpisodeInfo
from irevla.app.graph.requests import ListEpisodes

MakeEpisode = Callable[..., EpisodeInfo]


class Desk:
    def __init__(self, shelf: Any) -> None:
        self.bridge = FakeBridge(lambda: 0.0, [shelf])
        self.found: list[tuple[str, ...]] = []
        self.refused: list[str] = []
        self.collector = EpisodeCollector(
            self.bridge,
            lambda found: self.found.append(tuple(episode.episode_id for episode in found)),
            self.refused.append,
        )

    def settle(self) -> None:
        for _ in range(20):
            self.bridge.take()


def test_all_pages_of_all_questions_are_gathered(make_shelf: Any, make_episode_info: MakeEpisode) -> None:
    kinds = ("demo",) * (2 * PAGE + 1) + ("rl",) * 3
    desk = Desk(make_shelf([make_episode_info(str(number), kind=kind) for number, kind in enumerate(kinds)]))
    desk.collector.collect([ListEpisodes(kind="demo"), ListEpisodes(kind="rl")])
    desk.settle()
    assert desk.found == [tuple(str(number) for number in range(2 * PAGE + 4))]
    assert [request.offset for request in desk.bridge.asked if isinstance(request, ListEpisodes)] == [
        0,
        PAGE,
        2 * PAGE,
        0,
    ]


def test_an_episode_that_slides_onto_the_next_page_is_counted_once(
    make_shelf: Any, make_episode_info: MakeEpisode
) -> None:
    shelf = make_shelf([make_episode_info(str(number)) for number in range(PAGE + 1)])
    desk = Desk(shelf)
    desk.collector.collect([ListEpisodes()])
    desk.bridge.take()
    shelf.episodes.insert(0, make_episode_info("new"))  # newest first: everything moves by one
    desk.settle()
    assert len(desk.found[0]) == len(set(desk.found[0])) == PAGE + 1


def test_a_late_answer_to_an_older_question_is_dropped(make_shelf: Any, make_episode_info: MakeEpisode) -> None:
    desk = Desk(make_shelf([make_episode_info("a", task="x"), make_episode_info("b", task="y")]))
    desk.collector.collect([ListEpisodes(task="x")])
    desk.collector.collect([ListEpisodes(task="y")])
    desk.settle()
    assert desk.found == [("b",)]


def test_a_refusal_ends_it(make_shelf: Any) -> None:
    desk = Desk(make_shelf(refusal="the store cannot be read"))
    desk.collector.collect([ListEpisodes(), ListEpisodes()])
    desk.settle()
    assert (desk.refused, desk.found) == (["the store cannot be read"], [])


def test_nothing_to_ask_is_nothing_found(make_shelf: Any) -> None:
    desk = Desk(make_shelf())
    desk.collector.collect([])
    assert desk.found == [()]

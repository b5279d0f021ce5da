"""The list of episodes: when it asks, what it drops, what it says."""

from __future__ import annotations

from collections.abc import Callable

from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.records import EpisodeInfo, EpisodePage
from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.models.episodes.episode_list import EMPTY_QUEUE, NO_EPISODES, EpisodeList

Make = Callable[..., EpisodeInfo]


def ask(episodes: EpisodeList, now_s: float) -> tuple[int, ListEpisodes]:
    wanted = episodes.request(now_s)
    assert wanted is not None
    return wanted


def filled(make_episode: Make, count: int = 3, total: int = 3) -> EpisodeList:
    episodes = EpisodeList(("pick_carrot",))
    episodes.refresh()
    number, _ = ask(episodes, 0.0)
    episodes.take(number, EpisodePage(total, tuple(make_episode(f"e{place}") for place in range(count))))
    return episodes


def closed(episode_id: str, label: str) -> EpisodeClosed:
    return EpisodeClosed(
        received_s=0.0,
        episode_id=episode_id,
        task="pick_carrot",
        kind="rl",
        label=label,
        steps=4,
        terminated=True,
        weights_version=40,
        relabel=True,
    )


def test_nothing_is_asked_before_somebody_looks() -> None:
    assert EpisodeList(()).request(0.0) is None


def test_one_question_at_a_time_and_at_most_one_a_second(make_episode: Make) -> None:
    episodes = EpisodeList(())
    episodes.refresh()
    number, _ = ask(episodes, 10.0)
    episodes.refresh()
    assert episodes.request(20.0) is None  # the answer is still out
    episodes.take(number, EpisodePage(0, ()))
    episodes.refresh()
    assert episodes.request(10.5) is None
    assert episodes.request(11.0) is not None


def test_a_late_answer_to_an_older_filter_is_dropped(make_episode: Make) -> None:
    episodes = EpisodeList(())
    episodes.refresh()
    old, _ = ask(episodes, 0.0)
    episodes.narrow(EpisodeFilter(kind="demo"))
    new, request = ask(episodes, 0.1)  # at once: a person waits for it
    assert request.kind == "demo"
    episodes.take(new, EpisodePage(1, (make_episode("new"),)))
    episodes.take(old, EpisodePage(1, (make_episode("old"),)))
    episodes.fail(old, "timed out")
    state = episodes.state()
    assert [row.episode_id for row in state.rows] == ["new"]
    assert state.trouble == ""


def test_a_new_filter_begins_at_the_first_page(make_episode: Make) -> None:
    episodes = filled(make_episode, count=100, total=240)
    episodes.turn(1)
    assert ask(episodes, 0.1)[1].offset == 100
    episodes.narrow(EpisodeFilter(label="success"))
    assert ask(episodes, 0.2)[1].offset == 0


def test_pages_end_where_the_store_ends(make_episode: Make) -> None:
    episodes = filled(make_episode, count=100, total=150)
    state = episodes.state()
    assert (state.extent, state.can_go_back, state.can_go_on) == ("1 to 100 of 150", False, True)
    episodes.turn(-1)
    assert episodes.offset == 0
    episodes.turn(1)
    number, _ = ask(episodes, 0.1)
    episodes.take(number, EpisodePage(150, tuple(make_episode(f"f{place}") for place in range(50))))
    state = episodes.state()
    assert (state.extent, state.can_go_back, state.can_go_on) == ("101 to 150 of 150", True, False)
    episodes.turn(1)
    assert episodes.offset == 100


def test_a_page_that_went_away_leads_to_the_last_one(make_episode: Make) -> None:
    episodes = filled(make_episode, count=100, total=240)
    episodes.turn(2)
    number, _ = ask(episodes, 0.1)
    episodes.take(number, EpisodePage(130, ()))
    assert ask(episodes, 0.1)[1].offset == 100


def test_a_relabel_shows_at_once_and_is_asked_for(make_episode: Make) -> None:
    episodes = filled(make_episode)
    episodes.note_closed(closed("e1", "success"))
    assert [row.tone for row in episodes.state().rows] == ["bad", "good", "bad"]
    assert episodes.request(1.0) is not None


def test_an_episode_that_closed_elsewhere_is_asked_for(make_episode: Make) -> None:
    episodes = filled(make_episode)
    assert episodes.request(5.0) is None
    episodes.note_closed(closed("e9", "success"))
    assert episodes.request(5.0) is not None


def test_news_of_an_episode_keep_its_thumbnail(make_episode: Make) -> None:
    episodes = EpisodeList(())
    episodes.refresh()
    number, _ = ask(episodes, 0.0)
    episodes.take(number, EpisodePage(1, (make_episode("e0", thumbnail=b"jpeg"),)))
    episodes.update(make_episode("e0", label="success", label_by="ben"))
    row = episodes.state().rows[0]
    assert (row.cells[3], row.thumbnail) == ("success · ben", b"jpeg")


def test_the_same_rows_are_the_same_object(make_episode: Make) -> None:
    episodes = filled(make_episode)
    assert episodes.state().rows is episodes.state().rows


def test_a_refusal_keeps_the_rows_and_is_tried_again(make_episode: Make) -> None:
    episodes = filled(make_episode)
    episodes.refresh()
    number, _ = ask(episodes, 1.0)
    episodes.fail(number, "the store is locked by another process")
    state = episodes.state()
    assert len(state.rows) == 3
    assert state.trouble == "The list may be old: the store is locked by another process"
    assert episodes.request(5.9) is None
    number, _ = ask(episodes, 6.0)
    episodes.take(number, EpisodePage(0, ()))
    assert episodes.state().trouble == ""


def test_an_empty_list_says_why_and_what_to_do() -> None:
    episodes = EpisodeList(())
    assert "asking" in episodes.state().notice
    episodes.refresh()
    episodes.fail(ask(episodes, 0.0)[0], "nobody answered in 5 s")
    assert "nobody answered in 5 s" in episodes.state().notice
    episodes.take(ask(episodes, 5.0)[0], EpisodePage(0, ()))
    assert episodes.state().notice == NO_EPISODES
    episodes.narrow(EpisodeFilter(is_queue=True))
    assert "asking" in episodes.state().notice
    episodes.take(ask(episodes, 6.0)[0], EpisodePage(0, ()))
    assert episodes.state().notice == EMPTY_QUEUE
    episodes.narrow(EpisodeFilter(task="pick_carrot", is_queue=True))
    episodes.take(ask(episodes, 7.0)[0], EpisodePage(0, ()))
    assert "No episode in the queue matches: task pick_carrot." in episodes.state().notice


def test_filters_offer_what_was_seen_once_each(make_episode: Make) -> None:
    episodes = filled(make_episode)
    episodes.know_models(("fff", "abcdef0123", ""))
    state = episodes.state()
    assert state.tasks == ("pick_carrot",)
    assert state.models == ("abcdef0123", "fff")

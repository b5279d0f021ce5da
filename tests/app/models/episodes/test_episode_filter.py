"""Which episodes the store is asked for."""

from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.episodes.episode_filter import EpisodeFilter


def test_every_condition_reaches_the_request() -> None:
    wanted = EpisodeFilter("pick_carrot", "rl", "unlabelled", "abc", "  e1 ", only_interventions=True)
    assert wanted.request(200) == ListEpisodes(
        task="pick_carrot",
        kind="rl",
        label="unlabelled",
        model_hash="abc",
        search="e1",
        only_interventions=True,
        thumbnails=True,
        offset=200,
        limit=100,
    )


def test_the_queue_asks_for_the_worst_disagreements_first() -> None:
    request = EpisodeFilter(is_queue=True).request(0)
    assert (request.order, request.min_disagreement) == ("disagreement", 0.5)


def test_clearing_leaves_the_queue_on() -> None:
    assert EpisodeFilter("pick_carrot", search="x", is_queue=True).cleared() == EpisodeFilter(is_queue=True)


def test_conditions_are_told_in_plain_words() -> None:
    wanted = EpisodeFilter("pick_carrot", model_hash="abcdef0123", search="x", only_interventions=True, is_queue=True)
    assert wanted.words() == "task pick_carrot, policy abcdef, interventions, “x”"
    assert EpisodeFilter(is_queue=True).words() == ""

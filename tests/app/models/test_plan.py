"""The plan of the next episode."""

from collections.abc import Callable

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.graph.requests import StartEpisode
from irevla.app.models.plan import Plan, plan_of


def test_a_plan_is_the_request_that_starts_it() -> None:
    plan = Plan("press_button", instruction="push it", mode="teleop", kind="demo", explore=True, seed=5, max_steps=40)
    assert plan.request() == StartEpisode(
        task="press_button", instruction="push it", mode="teleop", kind="demo", explore=True, seed=5, max_steps=40
    )


def test_the_words_say_who_acts_and_for_what() -> None:
    assert Plan("press_button", seed=5, explore=True).words == "press_button, policy (eval, explores), seed 5"


def test_an_episode_tells_the_plan_it_was_started_with(make_episode_now: Callable[..., EpisodeNow]) -> None:
    episode = make_episode_now(Phase.RUNNING, mode="teleop", kind="demo", seed=9)
    assert plan_of(episode) == Plan("pick_red_block", "pick up the red block", "teleop", "demo", False, 9, 60)

"""What is drawn of an episode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from irevla.app.graph.records import EpisodeDetail
from irevla.app.models.episodes.episode_curves import Span, actor, episode_curves

Make = Callable[..., EpisodeDetail]


def test_rows_with_the_same_actor_are_one_span(make_detail: Make) -> None:
    assert episode_curves(make_detail()).spans == (
        Span(0, 0, "policy", False),
        Span(1, 2, "person", True),
        Span(3, 3, "policy", False),
    )


def test_limited_rows_are_marked(make_detail: Make) -> None:
    assert episode_curves(make_detail()).limited_rows.tolist() == [3]


def test_an_episode_without_a_critic_has_no_curve_of_it(make_detail: Make) -> None:
    detail = make_detail()
    assert episode_curves(detail).has_critic
    blind = replace(detail, q_values=np.full(4, np.nan, np.float32))
    assert not episode_curves(blind).has_critic


def test_an_unknown_source_is_no_error() -> None:
    assert (actor(4), actor(9)) == ("expert", "source 9")

"""One step in numbers."""

from __future__ import annotations

from collections.abc import Callable

from irevla.app.graph.records import EpisodeDetail
from irevla.app.models.episodes.readout import readout

Make = Callable[..., EpisodeDetail]


def test_the_state_is_in_millimetres_and_degrees(make_detail: Make) -> None:
    shown = readout(make_detail(), 0)
    assert shown.state == ("500", "-100", "250", "0.0", "0.0", "28.6", "80")
    assert shown.action == ("+0.10", "-0.20", "+0.30", "+0.00", "+0.00", "+0.00", "+1.00")
    assert shown.words == "policy acts   Q 0.50   log p 2.50"


def test_an_intervention_and_limits_are_named(make_detail: Make) -> None:
    assert readout(make_detail(), 1).words.startswith("person acts (intervention)   Q ")
    assert readout(make_detail(), 3).words.endswith("limited: workspace, speed")

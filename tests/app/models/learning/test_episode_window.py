"""The newest episodes, and relabels of them."""

from irevla.app.models.learning.episode_window import EpisodeWindow, Outcome


def test_the_oldest_episode_goes() -> None:
    window = EpisodeWindow(2)
    for name, is_success in (("a", True), ("b", False), ("c", True)):
        window.add(name, Outcome(is_success, 0, 10))
    assert (window.successes, window.episodes) == (1, 2)
    window.relabel("a", "failure")
    assert (window.successes, window.episodes) == (1, 2)


def test_a_relabel_changes_the_count_and_a_discard_takes_the_episode_out() -> None:
    window = EpisodeWindow(5)
    window.add("a", Outcome(False, 2, 10))
    window.add("b", Outcome(False, 0, 30))
    window.relabel("a", "success")
    assert (window.successes, window.episodes) == (1, 2)
    assert window.intervention_rate == 0.05  # 2 of 40 steps
    window.relabel("a", "discard")
    assert (window.successes, window.episodes) == (0, 1)


def test_without_steps_nobody_intervened() -> None:
    assert EpisodeWindow(3).intervention_rate == 0.0

"""The one line over every page that names the nodes which are silent or unwell."""

from dataclasses import replace

import pytest

from irevla.app.graph.facts import Beat, EpisodeNow, Phase
from irevla.app.models.health.health import Health
from irevla.app.models.health.trouble import GRACE_S, LONGEST_WORDS, Trouble
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings

EPISODE = EpisodeNow(
    received_s=0.0,
    state=Phase.RUNNING,
    episode_id="e1",
    task="press_button",
    instruction="",
    mode="teleop",
    explore=False,
    kind="demo",
    seed=0,
    step=0,
    max_steps=60,
    detail="",
    weights_version=0,
)


class Head:
    """The line, and the graph it is about; the window was opened at 0 s."""

    def __init__(self) -> None:
        self.rig, self._health = Rig(()), Health(load_settings("sim"))
        self.nodes = self._health.nodes
        self._trouble = Trouble(self._health)
        self.at(0.0)

    def beat(self, now_s: float, *, but: tuple[str, ...] = (), pid: int = 1, **states: str) -> None:
        for node in self.nodes:
            if node not in but:
                self._health.take(Beat(received_s=now_s, node=node, pid=pid, state=states.get(node, "ok")))

    def at(self, now_s: float) -> str:
        return self._trouble.words(self.rig, now_s)


@pytest.fixture
def head() -> Head:
    return Head()


def test_all_well_is_no_trouble(head: Head) -> None:
    head.beat(1.0)
    assert head.at(1.2) == ""


def test_any_node_that_falls_silent_is_named_within_a_second_of_its_last_sign(head: Head) -> None:
    for node in head.nodes:
        head.beat(10.0)
        head.beat(10.9, but=(node,))
        assert head.at(10.95) == f"{node} is silent for 1 s"
    head.beat(11.0)
    assert head.at(11.0) == ""


def test_the_worst_comes_first_and_the_rest_is_counted(head: Head) -> None:
    head.beat(10.0)
    head.beat(13.0, but=("learner", "arbiter", "sft"), camera_front="no such camera")
    words = "arbiter is silent for 3 s, learner is silent for 3 s, and 2 more: Health page"
    assert head.at(13.0) == words
    head.beat(13.0, but=("learner",), camera_front="no such camera")
    assert head.at(13.0) == "learner is silent for 3 s, camera_front: no such camera"


def test_a_node_that_was_never_heard_counts_only_some_seconds_after_the_window_was_opened(head: Head) -> None:
    head.beat(GRACE_S - 0.1, but=("learner",))
    assert head.at(GRACE_S - 0.1) == ""
    head.beat(GRACE_S, but=("learner",))
    assert head.at(GRACE_S) == "learner was not heard yet"


def test_a_graph_that_is_not_there_at_all_is_said_in_one_line(head: Head) -> None:
    assert head.at(1.0) == "looking for the graph"
    assert head.at(GRACE_S) == "no graph is heard: start it (irevla up, or ros2 launch)"
    head.beat(20.0)
    assert head.at(20.0) == ""
    assert head.at(24.0) == "the graph is silent for 4 s: no node is heard"


def test_a_policy_without_a_model_is_no_trouble_until_it_acts(head: Head) -> None:
    head.rig.take(EPISODE)
    head.beat(10.0, policy="no model loaded")
    assert head.at(10.0) == ""
    head.rig.take(replace(EPISODE, mode="policy"))
    assert head.at(10.0) == "policy: no model loaded"


def test_two_processes_of_one_name_are_told_of_a_policy_that_does_not_act_too(head: Head) -> None:
    others = tuple(node for node in head.nodes if node != "policy")
    head.beat(10.0)
    for pid in (2, 1):
        head.beat(10.1, but=others, pid=pid)
    assert head.at(10.2).startswith("policy: two processes of this name")


def test_a_long_story_is_cut(head: Head) -> None:
    head.beat(10.0, sft="x" * 500)
    assert len(head.at(10.0)) == len("sft: ") + LONGEST_WORDS

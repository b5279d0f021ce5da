"""What the table of nodes says about heartbeats and statuses."""

from hypothesis import given
from hypothesis import strategies as st

from irevla.app.graph.facts import Beat, Diagnosis
from irevla.app.models.health.health import Health, NodeRow, figures, memory_words, silent_nodes
from irevla.app.models.rig import Rig
from irevla.config.settings import load_settings


class Graph:
    """A rig and its health, told together."""

    def __init__(self, *overrides: str) -> None:
        self.rig, self.health = Rig(("front", "wrist")), Health(load_settings("sim", overrides))

    def beat(self, node: str, received_s: float, pid: int = 10, state: str = "ok") -> None:
        self._take(Beat(received_s=received_s, node=node, pid=pid, state=state))

    def diagnose(self, name: str, received_s: float, level: int = 0, message: str = "ok", **values: str) -> None:
        told = tuple(values.items())
        self._take(Diagnosis(received_s=received_s, name=name, level=level, message=message, values=told))

    def row(self, node: str, now_s: float) -> NodeRow:
        return next(row for row in self.health.rows(self.rig, now_s) if row.node == node)

    def _take(self, fact: Beat | Diagnosis) -> None:
        self.rig.take(fact)
        self.health.take(fact)


def test_every_node_has_a_row_in_the_settings_order_but_one_with_a_window_of_its_own() -> None:
    graph = Graph()
    nodes = load_settings("sim").graph.nodes
    assert nodes["viewer"].window
    assert [row.node for row in graph.health.rows(graph.rig, 0.0)] == [node for node in nodes if node != "viewer"]
    assert {row.light for row in graph.health.rows(graph.rig, 0.0)} == {"unknown"}


def test_a_silent_node_is_late_first_and_bad_within_a_second() -> None:
    graph = Graph()
    graph.beat("policy", 10.0)
    assert graph.row("policy", 10.5).light == "good"
    assert graph.row("policy", 10.7).light == "warn"
    assert graph.row("policy", 10.81).light == "bad"
    assert graph.row("policy", 10.81).words == "silent"
    assert graph.row("policy", 10.81).rate == "0"
    assert silent_nodes(graph.rig, load_settings("sim"), 10.81) == ("policy",)


def test_a_window_that_was_closed_is_no_silent_node() -> None:
    graph = Graph()
    graph.beat("viewer", 1.0)
    assert silent_nodes(graph.rig, load_settings("sim"), 9.0) == ()


def test_what_a_heartbeat_says_is_wrong_is_shown() -> None:
    graph = Graph()
    graph.beat("policy", 10.0, state="no model loaded: call policy/load_model")
    row = graph.row("policy", 10.1)
    assert (row.light, row.words) == ("bad", "no model loaded: call policy/load_model")


def test_a_new_pid_is_a_restart_and_the_old_one_again_is_a_second_process() -> None:
    graph = Graph()
    for received_s, pid in ((1.0, 10), (2.0, 20), (2.2, 20)):
        graph.beat("policy", received_s, pid)
    assert (graph.row("policy", 2.3).restarts, graph.row("policy", 2.3).light) == ("1", "good")
    graph.beat("policy", 2.4, 10)
    row = graph.row("policy", 2.4)
    assert (row.restarts, row.light) == ("1", "bad")
    assert "two processes" in row.words


def test_a_second_process_that_ended_is_forgotten() -> None:
    graph = Graph()
    for received_s, pid in ((1.0, 10), (1.1, 20), (1.2, 10), (5.0, 10)):
        graph.beat("policy", received_s, pid)
    assert graph.row("policy", 5.0).light == "good"


def test_the_rate_is_that_of_the_heartbeats() -> None:
    graph = Graph()
    for tick in range(30):  # 5 Hz
        graph.beat("policy", 0.2 * tick)
    assert graph.row("policy", 5.9).rate == "5.0"


def test_a_warning_of_a_status_shows_until_it_is_old() -> None:
    graph = Graph()
    graph.beat("camera_wrist", 10.0)
    graph.diagnose("camera_wrist", 10.0, level=1, message="9.0 pictures per second, expected 30")
    assert graph.row("camera_wrist", 10.1).light == "warn"
    graph.beat("camera_wrist", 16.0)
    assert graph.row("camera_wrist", 16.0).light == "good"


def test_figures_and_memory_are_in_words() -> None:
    graph = Graph()
    graph.beat("session", 10.0)
    graph.diagnose("session", 10.0, free_mb="48213", backlog="3", memory_mb="412")
    row = graph.row("session", 10.1)
    assert (row.words, row.memory) == ("48.2 GB free, 3 waiting", "412 MB")
    assert memory_words("2104") == "2.1 GB"


def test_a_status_of_another_namespace_is_not_ours() -> None:
    graph = Graph("graph.namespace=rig1")
    graph.diagnose("rig2/session", 10.0, free_mb="1")
    assert graph.health.values(graph.rig, "session", 10.0) == {}
    graph.diagnose("rig1/session", 10.0, free_mb="2")
    assert graph.health.values(graph.rig, "session", 10.0) == {"free_mb": "2"}


@given(st.dictionaries(st.sampled_from(["rate_hz", "age_s", "infer_s", "free_mb", "backlog"]), st.text()))
def test_values_that_are_no_numbers_do_no_harm(values: dict[str, str]) -> None:
    figures(values)
    memory_words(values.get("free_mb", ""))

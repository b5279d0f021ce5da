"""The lineage node in a whole simulated graph: two real models compared, promoted, rolled back, and a policy killed."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from rclpy.action import ActionClient

from irevla.config import topics
from irevla.config.policy import PolicySettings
from irevla.policies.checkpoint import save_checkpoint
from irevla.policies.create import create_vla
from irevla_msgs.action import CompareModels
from irevla_msgs.srv import ListModels, PromoteModel, RollBackModel

OVERRIDES = ("lineage.min_pairs=2",)


def ask(graph: Any, kind: Any, name: str, **fields: Any) -> Any:
    client = graph.client.node.create_client(kind, name)
    assert client.wait_for_service(timeout_sec=30.0)
    return graph.result_of(client.call_async(kind.Request(**fields)))


def kill(graph: Any, node: str) -> None:
    os.kill(graph.supervisor.poll()[node].pid, signal.SIGKILL)


def compare(graph: Any, hashes: tuple[str, str], pairs: int, on_feedback: Any = None) -> Any:
    """Begin a comparison and return its goal handle."""
    client = ActionClient(graph.client.node, CompareModels, topics.COMPARE_MODELS)
    assert client.wait_for_server(timeout_sec=30.0)
    goal = CompareModels.Goal(tasks=[graph.task], pairs=pairs, first_seed=3, who="ada")
    goal.old_hash, goal.new_hash = hashes
    return graph.result_of(client.send_goal_async(goal, feedback_callback=on_feedback))


@pytest.fixture(scope="module")
def hashes(graph: Any) -> tuple[str, str]:
    """The graph's own model, and another one, both in the store."""
    other = graph.folder / "models" / "other"
    other_hash = save_checkpoint(other, create_vla(PolicySettings(**graph.settings.policy.model_dump()), seed=1))
    for path, model_hash in ((graph.model, graph.model_hash), (other, other_hash)):
        graph.store.add_model(str(path), model_hash, "", 0, "", {})
    return graph.model_hash, other_hash


def test_two_models_are_compared_and_the_better_or_equal_one_is_promoted(graph: Any, hashes: tuple[str, str]) -> None:
    old, new = hashes
    assert ask(graph, PromoteModel, topics.PROMOTE_MODEL, model_hash=old, who="ada").success
    handle = compare(graph, hashes, pairs=2)
    result = graph.result_of(handle.get_result_async(), 90.0).result
    assert result.success, result.message
    assert new[:12] not in graph.log("policy") + graph.log("session") + graph.log("lineage"), "it was not blind"
    assert [item.episodes for item in (*result.old_model, *result.new_model)] == [2, 2]
    episodes = graph.store.records(kind="eval")
    acted = sorted((record.meta.model_hash, record.meta.seed) for record in episodes)
    assert acted == sorted((model_hash, seed) for model_hash in hashes for seed in (3, 4))
    assert result.passes_gate is (result.message == "")
    promoted = ask(graph, PromoteModel, topics.PROMOTE_MODEL, model_hash=new[:8], who="ada", why="as good")
    assert promoted.success is result.passes_gate, promoted.message


def test_a_killed_policy_node_comes_back_with_the_promoted_model(graph: Any, hashes: tuple[str, str]) -> None:
    old, _ = hashes
    back = ask(graph, RollBackModel, topics.ROLL_BACK_MODEL, who="ada", why="for the test")
    assert (back.success, back.model_hash) == (True, old), back.message
    listed = ask(graph, ListModels, topics.LIST_MODELS)
    assert [model.is_promoted for model in listed.models] == [True, False]
    trial = graph.folder / "models" / "other"
    assert graph.client.ask(topics.LOAD_MODEL, path=str(trial), sha256="").success
    kill(graph, "policy")
    graph.until(
        lambda: f"the policy node serves {old[:12]} again" in graph.log("lineage").rpartition("for the test")[2],
        timeout_s=90.0,
        what="the promoted model is served again",
    )
    assert graph.log("policy").rpartition("serving ")[2].startswith(str(graph.model))


def test_a_killed_lineage_node_ends_its_comparison_with_the_promoted_model(graph: Any, hashes: tuple[str, str]) -> None:
    feedback: list[Any] = []
    compare(graph, hashes, 50, feedback.append)
    graph.until(lambda: len(feedback) > 2, what="the comparison is at work")
    kill(graph, "lineage")
    graph.until(
        lambda: f"the policy node serves {hashes[0][:12]} again" in graph.log("lineage").rpartition("compares")[2],
        timeout_s=90.0,
        what="the promoted model is served again",
    )
    assert graph.log("policy").rpartition("serving ")[2].startswith(str(graph.model))

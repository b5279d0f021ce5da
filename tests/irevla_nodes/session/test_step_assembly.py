"""Whatever the order of arrival, and however often a message comes, the stored episode is the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irevla.training.store.episode import Step

SHARED_FIXTURE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_text(step: Step | None) -> str:
    if step is None:
        return "none"
    fields = {name: getattr(step, name) for name in Step.__dataclass_fields__}
    return repr({name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in fields.items()})


def stored(graph: SimpleNamespace, parts: list[Any]) -> tuple[Any, ...]:
    bench = graph.bench()
    bench.start(graph.plan(max_steps=4))
    bench.feed(parts)
    writer = bench.store.writers["episode0"]
    assert bench.phase == "saved"
    return (
        [as_text(step) for step in writer.steps],
        as_text(writer.final),
        writer.terminated,
        bench.store.labels["episode0"],
    )


def truncated_episode(graph: SimpleNamespace) -> list[Any]:
    steps = [part for step in range(4) for part in graph.whole_step("episode0", step)]
    return [*steps, *graph.observation("episode0", 4)]


def successful_episode(graph: SimpleNamespace) -> list[Any]:
    """Two steps, success seen at step 2; the graph runs on for a step before it hears of the end."""
    steps = [part for step in range(2) for part in graph.whole_step("episode0", step)]
    return [*steps, *graph.whole_step("episode0", 2, success=True), *graph.observation("episode0", 3, success=True)]


@given(order=st.randoms(use_true_random=False), repeats=st.integers(0, 10))
@SHARED_FIXTURE
def test_a_truncated_episode_is_the_same_in_any_order(graph: SimpleNamespace, order: Any, repeats: int) -> None:
    parts = truncated_episode(graph)
    mixed = parts + [order.choice(parts) for _ in range(repeats)]
    order.shuffle(mixed)
    steps, final, terminated, label = stored(graph, mixed)
    assert (steps, final, terminated, label) == stored(graph, parts)
    assert len(steps) == 4
    assert "'step': 4" in final
    assert (terminated, label) == (False, "failure")


@given(order=st.randoms(use_true_random=False), repeats=st.integers(0, 10))
@SHARED_FIXTURE
def test_a_success_is_the_same_in_any_order(graph: SimpleNamespace, order: Any, repeats: int) -> None:
    parts = successful_episode(graph)
    mixed = parts + [order.choice(parts) for _ in range(repeats)]
    order.shuffle(mixed)
    steps, final, terminated, label = stored(graph, mixed)
    assert (steps, final, terminated, label) == stored(graph, parts)
    assert (len(steps), final, terminated, label) == (2, "none", True, "success")


def test_messages_of_another_episode_never_enter(graph: SimpleNamespace) -> None:
    foreign = [part for step in range(4) for part in graph.whole_step("episode9", step)]
    mixed = [part for pair in zip(foreign, truncated_episode(graph), strict=False) for part in pair]
    rest = truncated_episode(graph)[len(foreign) :]
    assert stored(graph, [*mixed, *rest]) == stored(graph, truncated_episode(graph))


def test_a_step_holds_what_was_executed_and_what_was_proposed(graph: SimpleNamespace) -> None:
    bench = graph.bench()
    bench.start(graph.plan(max_steps=4))
    bench.feed([*graph.whole_step("episode0", 0), *graph.observation("episode0", 1), *graph.decision("episode0", 1, 2)])
    first, second = bench.store.writers["episode0"].steps
    assert second.action.tolist() == [np.float32(0.01)] * 7
    assert second.mean is not None and second.mean.tolist() == [np.float32(0.1)] * 7
    assert (first.intervention, second.intervention) == (False, True)
    assert (second.source, second.weights_version, second.latent_key) == (2, 3, "key")
    assert second.images["wrist"][0, 0, 0] == 11


def test_an_expert_episode_waits_for_no_latent(graph: SimpleNamespace) -> None:
    bench = graph.bench()
    bench.start(graph.plan(mode="expert"))
    bench.feed([*graph.observation("episode0", 0, latent=False), graph.decision("episode0", 0, 4)[1]])
    (step,) = bench.store.writers["episode0"].steps
    assert (step.latent, step.mean, step.intervention) == (None, None, False)


def test_without_pictures_none_is_waited_for_and_none_is_kept(graph: SimpleNamespace) -> None:
    bench = graph.bench()
    bench.start(graph.plan(kind="eval", record_images=False))
    state, sim, *_ = graph.observation("episode0", 0)
    bench.feed([state, sim, *graph.decision("episode0", 0)])
    (step,) = bench.store.writers["episode0"].steps
    assert (step.images, step.latent) == ({}, None)
    assert bench.store.writers["episode0"].meta.images is False

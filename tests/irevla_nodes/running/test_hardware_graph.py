"""The real-world rig at work over a fake arm and films: home, a policy's episode, a person's label, the store."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from irevla.config import topics
from irevla.policies.base import Observation
from irevla.policies.policy import Policy

READY, AWAITING_LABEL, SAVED = 2, 4, 5  # EpisodeState
STEPS = 6


def test_a_policys_episode_is_stored_with_exactly_the_pictures_that_the_policy_saw(
    hardware_graph: Any, franka_server: Any
) -> None:
    graph, client = hardware_graph, hardware_graph.client
    answer = client.ask(
        topics.START_EPISODE, task=graph.task, mode="policy", kind="rl", explore=True, seed=3, max_steps=STEPS
    )
    assert answer.success, answer.message
    graph.until(lambda: client.episodes[-1].state == READY, 60.0, "the arm at home")
    assert client.episodes[-1].detail == "put the objects back, then confirm"
    waited = len(client.arms)
    graph.until(lambda: len(client.arms) > waited + 2 * STEPS, what="the arm's clock goes on while a person works")
    assert client.episodes[-1].state == READY
    confirmed_ns = time.time_ns()
    confirmed = client.ask(topics.CONFIRM_RESET)
    assert confirmed.success, confirmed.message
    graph.until(
        lambda: client.episodes[-1].state == AWAITING_LABEL,
        60.0,
        "the end of the episode",
    )
    assert client.episodes[-1].detail == f"time is up after {STEPS} steps"
    assert client.ask(topics.LABEL_EPISODE, label="success", who="ada").success
    graph.until(lambda: client.episodes[-1].state == SAVED, what="the label in the store")

    episode = graph.store.read(answer.episode_id)
    assert episode.label == "success"
    assert episode.stamps_ns[0] > confirmed_ns, "nothing of the time when hands were in the picture"
    record = graph.store.record(answer.episode_id)
    assert record.reset_s is not None and record.run_s is not None and record.label_delay_s is not None
    assert record.reset_s > 2 * STEPS / graph.settings.robot.policy_hz, "the person's part is in it"
    assert episode.steps > 0 and episode.numbers.max() < STEPS
    assert episode.latents is not None
    policy = Policy(graph.model, graph.settings.policy, graph.model_hash)
    for index in range(episode.steps):
        images = {name: pictures[index] for name, pictures in episode.images.items()}
        seen = policy.infer(Observation(images, episode.states[index], episode.meta.instruction), False)
        np.testing.assert_allclose(episode.latents[index], seen.latent, atol=2e-3)
    assert len({picture.tobytes() for picture in episode.images["front"]}) > 1
    limits = graph.settings.limits
    poses = np.array(franka_server.poses)[:, :3]
    assert (poses[-1] >= np.array(limits.workspace_min_m) - 1e-6).all()
    assert (poses[-1] <= np.array(limits.workspace_max_m) + 1e-6).all()

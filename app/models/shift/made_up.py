"""A morning that nobody worked, for `irevla dashboard --demo`."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from irevla.app.graph.facts import Phase
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.shift import MARK_S
from irevla.app.models.shift.shift_log import ShiftLog

LENGTH_S = 3.2 * 3600
TASKS = ("press_stiff_button", "open_drawer", "pick_red_block")
REASONS = (
    "no picture of camera wrist for 0.7 s (at most 0.5 s)",
    "arbiter/hold was called",
    "arbiter/hold was called",
    "the arm reports: cartesian_reflex",
)


def write_morning(log: ShiftLog, now_s: float, seed: int = 0) -> None:
    """Write the events of the hours before ``now_s``; raises StoreError as ShiftLog does."""
    for event in morning(now_s, seed):
        log.append(event)


def morning(now_s: float, seed: int = 0) -> Iterator[ShiftEvent]:
    """Yield the events in order: episodes, now and then a hold, a silent node, a pause; marks in between."""
    at_s = now_s - LENGTH_S
    for event in _work(Random(seed), at_s, now_s):
        while event.stamp_s - at_s > MARK_S:
            at_s += MARK_S
            yield ShiftEvent(stamp_s=at_s, kind="mark")
        at_s = event.stamp_s
        yield event


def _work(random: Random, at_s: float, now_s: float) -> Iterator[ShiftEvent]:
    number = 0
    yield ShiftEvent(stamp_s=at_s, kind="opened")
    while at_s < now_s - 240:
        number += 1
        for event in _episode(random, at_s, f"morning-{number:03}", TASKS[number // 25 % len(TASKS)]):
            yield event
            at_s = event.stamp_s
        at_s += random.uniform(240, 700) if number % 40 == 0 else random.expovariate(1 / 6)


def _episode(random: Random, at_s: float, episode_id: str, task: str) -> Iterator[ShiftEvent]:
    steps = random.randint(25, 60)
    is_success = random.random() < 0.72
    helped = random.randint(4, 15) if random.random() < 0.14 else 0
    ways = (
        (Phase.RESETTING, random.uniform(4, 7)),
        (Phase.READY, random.uniform(3, 25)),
        (Phase.RUNNING, steps / 10),
        (Phase.AWAITING_LABEL, random.uniform(1, 5)),
    )
    for phase, lasts_s in ways:
        acted = (steps, helped) if phase == Phase.AWAITING_LABEL else (0, 0)
        yield _phase(at_s, phase, episode_id, task, acted)
        if phase == Phase.READY and random.random() < 0.07:
            yield ShiftEvent(stamp_s=at_s + 1, kind="hold", reason=random.choice(REASONS))
            at_s += random.uniform(15, 90)
            yield ShiftEvent(stamp_s=at_s, kind="hold")
        elif phase == Phase.RESETTING and random.random() < 0.03:
            yield ShiftEvent(stamp_s=at_s + 1, kind="silent", reason="policy")
            at_s += random.uniform(5, 20)
            yield ShiftEvent(stamp_s=at_s, kind="silent")
        at_s += lasts_s
    label = "success" if is_success else "failure" if random.random() < 0.85 else "discard"
    kind = "eval" if random.random() < 0.2 else "rl"
    yield ShiftEvent(stamp_s=at_s, kind="label", episode_id=episode_id, task=task, episode_kind=kind, label=label)
    yield _phase(at_s, Phase.SAVED, episode_id, task, (steps, helped))


def _phase(at_s: float, phase: Phase, episode_id: str, task: str, acted: tuple[int, int]) -> ShiftEvent:
    return ShiftEvent(
        stamp_s=at_s,
        kind="phase",
        phase=int(phase),
        episode_id=episode_id,
        task=task,
        mode="policy",
        episode_kind="rl",
        steps=acted[0],
        teleop_steps=acted[1],
    )

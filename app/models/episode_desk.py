"""What the operator can do about the episode now, in plain words."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from irevla.app.graph.facts import EpisodeNow, Phase
from irevla.app.graph.records import EpisodeInfo
from irevla.app.models.plan import Plan
from irevla.app.models.rig import Rig
from irevla.config.dashboard import KeySettings

GUIDE_WORDS = "put the objects back"  # EpisodeState.detail while a guided reset waits for the person
FLASH_S = 3.0
STARTS = (Phase.IDLE, Phase.SAVED)
STOPS = (Phase.RESETTING, Phase.READY, Phase.RUNNING)
LABELS = ("success", "failure", "discard")
TAKE_OVER = MappingProxyType(
    {
        "policy": "keys w a s d r f ... take over from the policy while held",
        "teleop": "you steer: w a s d r f move, u o i k j l turn, space is the gripper",
        "expert": "the scripted expert acts",
    }
)


@dataclass(frozen=True)
class Controls:
    """Which buttons mean something, and what the go button does now."""

    go: str
    can_go: bool
    can_stop: bool
    can_label: bool
    can_undo: bool


@dataclass(frozen=True)
class Flash:
    """What was just done, large and for a moment; ``tone`` is a role of the theme."""

    tone: Literal["good", "bad", "warn", "accent"]
    words: str


@dataclass(frozen=True)
class EpisodeState:
    """The episode's panel."""

    situation: str  # readable from two metres
    hint: str
    controls: Controls
    flash: Flash | None
    plan: Plan
    next_by_itself: bool
    last: str  # how long the last episode took


def is_guided(episode: EpisodeNow | None) -> bool:
    """Say whether a guided reset waits for the person to put the objects back."""
    return episode is not None and episode.phase == Phase.READY and episode.detail.startswith(GUIDE_WORDS)


def controls(rig: Rig, *, has_label: bool, asked: Collection[str]) -> Controls:
    """Return what can be done; ``asked``: the kinds of request ("go", "stop", "label") that wait for their answer."""
    guided = is_guided(rig.episode)
    return Controls(
        go="confirm" if guided else "start",
        can_go="go" not in asked and (guided or rig.phase in STARTS),
        can_stop="stop" not in asked and rig.phase in STOPS,
        can_label="label" not in asked and rig.phase in (Phase.RUNNING, Phase.AWAITING_LABEL),
        can_undo="label" not in asked and has_label,
    )


def not_now(rig: Rig, keys: KeySettings) -> str:
    """Return why nothing can be started, "" when the episode is over and labelled."""
    return {
        Phase.RESETTING: "not now: the arm is being reset",
        Phase.READY: "not now: the episode is about to begin",
        Phase.RUNNING: f"not now: the episode is running ({keys.stop} stops it)",
        Phase.AWAITING_LABEL: f"not now: label the episode first ({label_words(keys)})",
    }.get(rig.phase, "")


def label_words(keys: KeySettings) -> str:
    """Return the label keys and what they mean."""
    return f"{keys.success} success, {keys.failure} failure, {keys.discard} discard"


def situation(rig: Rig, plan: Plan, keys: KeySettings) -> tuple[str, str]:
    """Return where the episode is in a few large words, and what the person does about it."""
    episode = rig.episode
    starts = f"{keys.go} starts {plan.words}"
    if episode is None or rig.phase == Phase.IDLE:
        why = episode.detail if episode is not None else ""
        return "ready to start", f"{why}; {starts}" if why else starts
    return {
        Phase.RESETTING: ("the arm is reset", "keep clear of it"),
        Phase.READY: (
            ("put the objects back", f"then {keys.go}")
            if is_guided(episode)
            else ("about to begin", episode.detail or "waiting for the first pictures")
        ),
        Phase.RUNNING: (f"step {episode.step} of {episode.max_steps}", TAKE_OVER.get(episode.mode, "")),
        Phase.AWAITING_LABEL: ("did it work?", episode.detail),
        Phase.SAVED: (f"saved: {episode.detail.partition(':')[0]}", starts),
    }[rig.phase]


def flash_of(label: str, undo_key: str) -> Flash:
    """Return the confirmation of a label."""
    tones: dict[str, Literal["good", "bad", "warn"]] = {"success": "good", "failure": "bad", "discard": "warn"}
    word = "DISCARDED" if label == "discard" else f"{label.upper()} saved"
    return Flash(tones[label], f"{word}, {undo_key} takes it back")


def timing_words(info: EpisodeInfo) -> str:
    """Return how long the parts of an episode took, as far as they were measured."""
    parts = (
        ("labelled after {:.1f} s", info.label_delay_s),
        ("ran {:.0f} s", info.run_s),
        ("reset {:.0f} s", info.reset_s),
    )
    return ", ".join(words.format(seconds) for words, seconds in parts if math.isfinite(seconds))

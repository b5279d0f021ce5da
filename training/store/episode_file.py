"""One episode's file: its name, what its metadata says, how much of it is closed."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from irevla.config.errors import StoreError, UserError
from irevla.training.store.episode import Episode, EpisodeMeta
from irevla.training.store.mcap_file import McapContent, parse
from irevla.training.store.step_codec import FINAL_TOPIC, STEP_TOPIC, StepDecoder, camera_of

META_RECORD = "irevla_episode"
CLOSING_RECORD = "irevla_closing"
SUFFIX = ".mcap"


@dataclass(frozen=True)
class Closing:
    """How an episode ended; stands in its file, so that the index can be made again."""

    state: str  # "closed" | "aborted"
    terminated: bool
    truncated: bool
    reason: str = ""
    reset_s: float | None = None  # from the request to the first step; None where not measured, here and below
    run_s: float | None = None  # from the first step to the end

    def as_strings(self) -> dict[str, str]:
        """Return every field as text."""
        return {
            "state": self.state,
            "terminated": str(self.terminated).lower(),
            "truncated": str(self.truncated).lower(),
            "reason": self.reason,
            "reset_s": "" if self.reset_s is None else f"{self.reset_s:.3f}",
            "run_s": "" if self.run_s is None else f"{self.run_s:.3f}",
        }


class EpisodeFile:
    """The readable part of an episode's file, whole or torn; raises StoreError if it cannot be read or is no MCAP."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.data = path.read_bytes()
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be read: {error}; `irevla episodes verify` says what is missing"
            ) from None
        self.content: McapContent = parse(self.data, path)

    @cached_property
    def meta(self) -> EpisodeMeta | None:
        """What the file says it is; None without a whole, valid record (another program's, or torn at birth)."""
        values, _, _ = self.content.metadata.get(META_RECORD, ({}, 0, 0))
        try:
            return EpisodeMeta.from_strings(values)
        except (KeyError, ValueError, UserError):
            return None

    @property
    def closing(self) -> Closing | None:
        """How the episode ended; None as long as it is open, or when its writer died."""
        if CLOSING_RECORD not in self.content.metadata:
            return None
        values, _, _ = self.content.metadata[CLOSING_RECORD]
        return Closing(
            state="closed" if values.get("state") == "closed" else "aborted",
            terminated=values.get("terminated") == "true",
            truncated=values.get("truncated") == "true",
            reason=values.get("reason", ""),
            reset_s=_seconds(values.get("reset_s", "")),
            run_s=_seconds(values.get("run_s", "")),
        )

    @property
    def step_count(self) -> int:
        """Number of closed steps."""
        return sum(message.topic == STEP_TOPIC for message in self.content.messages)

    @property
    def sha256(self) -> str:
        """Hash of the whole file."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def cameras(self) -> tuple[str, ...]:
        """Cameras with pictures, in the order they were recorded."""
        return tuple(camera for entry in self.content.channels.values() if (camera := camera_of(entry.topic)))

    @property
    def closed_end(self) -> int:
        """Byte after the last thing that is complete: a step, the final observation or a metadata record."""
        ends = [message.end for message in self.content.messages if message.topic in (STEP_TOPIC, FINAL_TOPIC)]
        return max(ends + [end for _, _, end in self.content.metadata.values()], default=0)

    def decoder(self) -> StepDecoder:
        """Return the reader of the file's steps."""
        return StepDecoder(self.data, self.content, self.path)

    def episode(self, label: str, closing: Closing, *, images: bool) -> Episode:
        """Return the closed steps as arrays."""
        if self.meta is None:
            raise StoreError(f"{self.path}: no {META_RECORD} record; it is not an episode of this store")
        decoder = self.decoder()
        return Episode.stack(
            self.meta,
            label,
            decoder.steps(images=images),
            decoder.final(images=images),
            terminated=closing.terminated,
            truncated=closing.truncated,
        )


def _seconds(text: str) -> float | None:
    """Return a time that ``as_strings`` wrote; None for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None

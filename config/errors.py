"""The one error tree.

IrevlaError
├── UserError               the caller can mend it: a wrong name, value, file or moment
│   ├── ConfigError         a setting is unknown, missing or out of range
│   ├── UnknownNameError    a task, scene, node or command that does not exist
│   ├── WrongStateError     the request is valid, but not now
│   ├── GateError           a model was not shown to be no worse than the promoted one
│   ├── CheckpointError     a model directory is truncated, foreign or of another shape
│   └── StaleLatentError    latents that another backbone made
├── WorldError              the world failed; the same request may work later
│   ├── DeviceError         a camera or arm is missing or answers wrongly
│   ├── GraphError          a node, topic or service is not there, or not alone
│   ├── DeadlineError       a wait ran past its time-out
│   ├── ProposalError       a proposed motion is none: NaN, a wrong shape
│   └── StoreError          the episode store cannot be read or written
└── TrainingError           learning went wrong: NaN loss, a frozen weight moved

Each message says what was expected, what came, what is available and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class IrevlaError(Exception):
    """Anything irevla raises on purpose; commands print its message and no traceback."""

    exit_status = 1


class UserError(IrevlaError):
    """The caller can mend it."""

    exit_status = 2


class ConfigError(UserError):
    """A setting is unknown, missing or out of range."""


class UnknownNameError(UserError):
    """A task, scene, node or command that does not exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(f"unknown {kind} {name[:80]!r}{nearest(name, names)}; available: {', '.join(names)}")


class WrongStateError(UserError):
    """The request is valid, but not in the present state."""


class GateError(UserError):
    """A model was not shown to be no worse than the promoted one; a person may override that with a reason."""


class CheckpointError(UserError):
    """A model directory is truncated, foreign or of another shape; the running model stays."""


class StaleLatentError(UserError):
    """Latents were made by another backbone, LoRA, preprocessing or prompt."""


class WorldError(IrevlaError):
    """The world failed; the same request may work later."""


class DeviceError(WorldError):
    """A camera or arm is missing or answers wrongly."""


class GraphError(WorldError):
    """A node, topic or service is not there, or not alone."""


class DeadlineError(WorldError):
    """A wait ran past its time-out."""


class ProposalError(WorldError):
    """A proposed motion is none: it holds a NaN or has a wrong shape; the arm holds."""


class StoreError(WorldError):
    """The episode store cannot be read or written."""


class TrainingError(IrevlaError):
    """Learning went wrong: a NaN loss, or a frozen weight that moved."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the closest known name, or an empty string."""
    match = get_close_matches(name, list(known), n=1)
    return f" (did you mean {match[0]!r}?)" if match else ""

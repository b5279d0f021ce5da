"""When the policy node is due the promoted model: it has just started, has none, or was left with a compared one."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from irevla_nodes.serving.served_model import UNNAMED

FILE = "policy_pid"
LEARNER_GRACE_S = 20.0  # a graph's learner starts beside the policy node, and may go on with a task of its own
RETRY_S = 30.0


class PolicyWatch:
    """Follows the policy node's process and what it serves; a model that somebody loads later is on purpose.

    The process's number is kept in ``state_dir``, so that a restart of the lineage node is none of the policy node.
    """

    def __init__(self, state_dir: str) -> None:
        self._file = Path(state_dir) / FILE if state_dir else None
        self._pid = self._read()
        self._is_new = False
        self._new_since_s = -math.inf
        self._served: str | None = None  # None: it has not said it yet
        self._next_try_s = -math.inf

    def beat(self, pid: int, now_s: float) -> None:
        """Take a heartbeat of the policy node."""
        if pid == self._pid:
            return
        self._served = None  # first: is_due may be asked at the same time
        self._pid, self._is_new, self._new_since_s = pid, True, now_s
        if self._file is not None:
            with contextlib.suppress(OSError):  # without it a restart of the lineage node is taken for the policy's
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_text(str(pid), encoding="utf-8")

    def serves(self, model_hash: str) -> None:
        """Take what the policy node says it serves: a hash, "" for no model, or UNNAMED."""
        if self._served not in (None, model_hash):
            self._is_new = False  # somebody has loaded another one meanwhile
        self._served = model_hash

    def is_due(self, promoted_hash: str, now_s: float, *, learner_task: str | None) -> bool:
        """Say whether the policy node should be given the promoted model now, while no comparison runs.

        A process with a model is judged once, when it has said what it serves; what it is given later stays.
        ``learner_task``: what the learner works on, with a model of its own; "" for nothing, None before it says so.
        """
        if self._served is None or (learner_task is None and now_s - self._new_since_s < LEARNER_GRACE_S):
            return False
        is_new, self._is_new = self._is_new, False
        if not promoted_hash or self._served == promoted_hash or learner_task or now_s < self._next_try_s:
            return False
        return is_new or self._served in ("", UNNAMED)

    def note_try(self, now_s: float) -> None:
        """Note that it was given; it is not tried again at once if it was in vain."""
        self._next_try_s = now_s + RETRY_S

    def _read(self) -> int:
        try:
            return int(self._file.read_text(encoding="utf-8")) if self._file is not None else 0
        except (OSError, ValueError):
            return 0

"""Where a supervised round can run: here, or on the cluster of rounds.remote."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from irevla.config.errors import UnknownNameError, UserError
from irevla.config.remote import RemoteSettings
from irevla.training.round_client import WORKER
from irevla.training.worker_process import ATTENDED

LOCAL, REMOTE = "local", "remote"
REMOTE_WORKER = (sys.executable, "-m", "irevla.training.remote.worker", ATTENDED)
MARGIN_S = 30.0


@dataclass(frozen=True)
class RoundPlace:
    """How to start a round's worker there, and how long it may say nothing."""

    command: tuple[str, ...] = WORKER
    silence_timeout_s: float = 180.0

    @classmethod
    def named(cls, where: str, remote: RemoteSettings) -> RoundPlace:
        """Return the place of a goal; raises UserError for "remote" when no cluster is configured."""
        if where in ("", LOCAL):
            return cls()
        if where != REMOTE:
            raise UnknownNameError("place of a round", where, (LOCAL, REMOTE))
        if not remote.address:
            raise UserError(
                "a remote round needs a cluster, and rounds.remote.address is empty; set it in the rig file or with "
                "--set rounds.remote.address=ray://HOST:10001 (docs/remote.md), or run the round here"
            )
        # The worker's own time-outs come first and say more.
        return cls(REMOTE_WORKER, max(remote.connect_timeout_s, remote.silence_timeout_s) + MARGIN_S)

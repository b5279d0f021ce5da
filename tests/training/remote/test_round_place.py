"""Where a round runs: here unless asked, on a cluster only if one is configured."""

from __future__ import annotations

import pytest

from irevla.config.errors import UnknownNameError, UserError
from irevla.config.remote import RemoteSettings
from irevla.training.remote.round_place import REMOTE_WORKER, RoundPlace
from irevla.training.round_client import WORKER

CLUSTER = RemoteSettings(address="ray://box:10001", connect_timeout_s=300, silence_timeout_s=100)


@pytest.mark.parametrize("where", ["", "local"])
def test_a_round_runs_here_unless_asked(where: str) -> None:
    assert RoundPlace.named(where, CLUSTER).command == WORKER


def test_a_remote_round_may_be_silent_for_longer_than_its_own_time_outs() -> None:
    assert RoundPlace.named("remote", CLUSTER) == RoundPlace(REMOTE_WORKER, 330.0)


def test_a_remote_round_without_a_cluster_is_refused() -> None:
    with pytest.raises(UserError, match=r"rounds\.remote\.address is empty"):
        RoundPlace.named("remote", RemoteSettings())


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"'remot' \(did you mean 'remote'\?\); available: local, remote"):
        RoundPlace.named("remot", CLUSTER)


def test_a_limit_without_a_price_is_refused() -> None:
    with pytest.raises(ValueError, match="give both"):
        RemoteSettings(max_cost=5)

"""A connection to a Ray cluster, and one actor on it. The only module that imports ray.

Ray's protocol carries Python objects (cloudpickle) both ways, and whoever reaches its port may run anything on the
cluster; so a cluster is trusted like this machine and belongs on a private network.
"""

from __future__ import annotations

import importlib
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError  # not the built-in one before Python 3.11
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import urlsplit

from irevla.config.errors import DeadlineError, IrevlaError, TrainingError, UserError, WorldError
from irevla.config.remote import RemoteSettings
from irevla.training.remote.round_host import RoundHost

SHUTDOWN_TIMEOUT_S = 5.0
KEPT = "the round's state is kept; run the same round again to resume"


class Host(Protocol):
    """A RoundHost somewhere."""

    def call(self, method: str, *arguments: Any, timeout_s: float) -> Any:
        """Call a method there; raises its error, DeadlineError after ``timeout_s``, WorldError when it is gone."""


class Cluster:
    """The cluster of the settings. Use as a context manager: leaving it ends what was started there."""

    def __init__(self, settings: RemoteSettings) -> None:
        """Connect; raises UserError without ray, WorldError or DeadlineError when the cluster does not answer."""
        self._settings = settings
        self._ray = _ray()
        _knock(settings.address, settings.connect_timeout_s)
        try:
            _within(settings.connect_timeout_s, self._connect)
        except TimeoutError:
            raise DeadlineError(
                f"no answer from the Ray cluster at {settings.address} within {settings.connect_timeout_s:g} s; "
                "look there with `ray status`, and if it asks for a token, set RAY_AUTH_MODE and RAY_AUTH_TOKEN here"
            ) from None
        except (OSError, RuntimeError, ValueError, self._ray.exceptions.RayError) as error:
            raise WorldError(
                f"no connection to the Ray cluster at {settings.address}: {_brief(error)}; "
                "expected a cluster of the same Python and Ray (`ray --version`), its token in RAY_AUTH_TOKEN"
            ) from None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect; Ray ends the actor, now or after its grace for lost connections."""
        try:
            _within(SHUTDOWN_TIMEOUT_S, self._ray.shutdown)
        except TimeoutError:
            pass  # the process ends soon, and with it the connection

    def start_host(self) -> RemoteHost:
        """Start a RoundHost with the settings' resources; raises WorldError when none are free in time."""
        wanted = self._settings
        actor = self._ray.remote(RoundHost).options(num_cpus=wanted.num_cpus, num_gpus=wanted.num_gpus).remote()
        return RemoteHost(self._ray, actor, wanted.address)

    def _connect(self) -> None:
        for is_last in (False, True):
            try:
                self._ray.init(self._settings.address, log_to_driver=False, logging_level="ERROR", namespace="irevla")
                return
            except (
                ConnectionAbortedError
            ):  # it could not start the process that serves us: now and then, when it is busy
                if is_last:
                    raise
                self._ray.shutdown()


class RemoteHost:
    """The actor; errors come as irevla's own."""

    def __init__(self, ray: ModuleType, actor: Any, address: str) -> None:
        self._ray = ray
        self._actor = actor
        self._address = address

    def call(self, method: str, *arguments: Any, timeout_s: float) -> Any:
        """Call a method there, see Host."""
        errors = self._ray.exceptions
        # Pieces go through the object store: Ray Client sends arguments in one message each.
        sent = [self._ray.put(value) if isinstance(value, bytes) else value for value in arguments]
        try:
            return self._ray.get(getattr(self._actor, method).remote(*sent), timeout=timeout_s)
        except errors.GetTimeoutError:
            raise DeadlineError(f"{self._address}: `{method}` had no answer within {timeout_s:g} s; {KEPT}") from None
        except errors.RayTaskError as error:
            raise _own(error.cause, method) from None
        except (errors.RayError, ConnectionError, RuntimeError) as error:
            if "No module named 'irevla" in str(error):
                raise WorldError(
                    f"{self._address}: irevla is not installed there; install the version of this machine"
                ) from None
            raise WorldError(
                f"{self._address}: the round's process or the connection is lost ({_brief(error)}); {KEPT}"
            ) from None


def _ray() -> ModuleType:
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError:
        raise UserError("remote rounds need Ray, which is not installed; pip install 'irevla[remote]'") from None


def _knock(address: str, timeout_s: float) -> None:
    """Raise WorldError when nobody listens at a ray:// address: Ray itself would try for half a minute."""
    parts = urlsplit(address)
    if parts.scheme != "ray":
        return
    try:
        port = parts.port or 10001
        with socket.create_connection((parts.hostname or "", port), timeout=timeout_s):
            pass
    except (OSError, ValueError) as error:
        raise WorldError(
            f"nobody answers at {address} ({error}); expected a Ray cluster there: start one with `ray start --head`, "
            "or correct rounds.remote.address (docs/remote.md)"
        ) from None


def _within(timeout_s: float, do: Callable[[], object]) -> None:
    """Do it, or raise TimeoutError; its thread then runs on."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ray")
    try:
        executor.submit(do).result(timeout_s)
    except FutureTimeoutError:
        raise TimeoutError from None
    finally:
        executor.shutdown(wait=False)


def _own(cause: BaseException, method: str) -> IrevlaError:
    if isinstance(cause, IrevlaError):
        return cause
    return TrainingError(f"on the cluster, `{method}` failed: {type(cause).__name__}: {_brief(cause)}")


def _brief(error: BaseException) -> str:
    """Return what an error says without the traceback that Ray puts in the middle."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " … ".join(line.strip()[:300] for line in dict.fromkeys((lines[0], lines[-1])))

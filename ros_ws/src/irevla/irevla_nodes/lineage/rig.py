"""The graph as promotions and comparisons need it: models loaded, evaluation episodes started, followed and ended."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from typing import Any

from std_srvs.srv import Trigger

from irevla.config import topics
from irevla.config.errors import CheckpointError, GraphError, IrevlaError, UnknownNameError, WrongStateError
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.msg import EpisodeState
from irevla_msgs.srv import LabelEpisode, LoadModel, StartEpisode
from irevla_nodes.answer import ask
from irevla_nodes.lineage.comparison import EpisodeOutcome, Progress
from irevla_nodes.lineage.model_book import Model

ANSWER_TIMEOUT_S = 15.0  # session/start waits for the arm's reset service
SILENT_S = 30.0  # a session that was killed is back by then
LOST_S = 3.0  # the session speaks of another episode, or of none, for so long: ours is over
STOP_TIMEOUT_S = 5.0
WHO = "lineage"
AT_WORK = (EpisodeState.RESETTING, EpisodeState.READY, EpisodeState.RUNNING)


class Rig:
    """Asks the session and the policy node; its calls block, so other threads must spin the node."""

    def __init__(self, node: Any, group: Any, store: EpisodeStore, *, load_timeout_s: float, resumes: bool) -> None:
        """``group``: a callback group that never waits; ``resumes``: whether a held arm may go on without a person."""
        self._store = store
        self._load_timeout_s = load_timeout_s
        self._resumes = resumes
        self.is_closed = False
        self._policy_pid = 0
        self._changed = threading.Condition()
        self._state = EpisodeState()
        self._heard_s = -math.inf  # monotonic, as below
        self._episode_id = ""  # ours
        self._ours_heard_s = 0.0
        kinds = {
            topics.LOAD_MODEL: LoadModel,
            topics.START_EPISODE: StartEpisode,
            topics.STOP_EPISODE: Trigger,
            topics.LABEL_EPISODE: LabelEpisode,
            topics.RESUME: Trigger,
        }
        self._clients = {name: node.create_client(kind, name, callback_group=group) for name, kind in kinds.items()}

    def close(self) -> None:
        """Ask nothing more: the node is ending, and no answer would be heard."""
        self.is_closed = True

    def on_policy(self, pid: int) -> None:
        """Take the policy node's process: what another one was asked is answered no more."""
        self._policy_pid = pid

    def on_episode(self, state: EpisodeState) -> None:
        """Take the session's state."""
        with self._changed:
            self._state, self._heard_s = state, time.monotonic()
            if state.episode_id == self._episode_id:
                self._ours_heard_s = self._heard_s
            self._changed.notify_all()

    def why_busy(self, *, with_label: bool = False) -> str:
        """Return that an episode is under way, or ``with_label`` still awaits one; "" when the session is free."""
        with self._changed:
            state, silence_s = self._state, time.monotonic() - self._heard_s
        if silence_s > LOST_S:
            return ""
        if state.state in AT_WORK:
            return f"episode {state.episode_id} is under way; stop it, or wait for its end"
        if with_label and state.state == EpisodeState.AWAITING_LABEL:
            return f"episode {state.episode_id} awaits its label; label it first"
        return ""

    def serve(self, model: Model) -> None:
        """Have the policy node serve ``model``; it keeps the one it has when this raises."""
        self._load(model, is_unnamed=False)

    def load(self, model: Model) -> None:
        """Have the policy node serve ``model``, and not say which one it is."""
        self._load(model, is_unnamed=True)

    def start(self, task: str, seed: int) -> str:
        """Start an evaluation episode of ``task``; returns its id. Raises WrongStateError while it is refused."""
        request = StartEpisode.Request(task=task, mode="policy", kind="eval", explore=False, seed=seed)
        response = self._ask(topics.START_EPISODE, request)
        if not response.success:
            raise WrongStateError(response.message)
        with self._changed:
            self._episode_id, self._ours_heard_s = str(response.episode_id), time.monotonic()
        return self._episode_id

    def mend(self) -> None:
        """Ask the arbiter to go on, on a rig where nobody else would."""
        if self._resumes:
            with contextlib.suppress(IrevlaError):  # start() says what is still wrong
                self._ask(topics.RESUME, Trigger.Request())

    def progress(self, episode_id: str, timeout_s: float) -> Progress:
        """Return where the episode is, as soon as it is over or after ``timeout_s``.

        Raises GraphError when the session has been silent for too long.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_over(episode_id), timeout_s)
            silence_s = time.monotonic() - max(self._heard_s, self._ours_heard_s)
            if silence_s > SILENT_S:
                raise GraphError(f"the session has been silent for {silence_s:.0f} s; is its node running?")
            if self._is_over(episode_id):
                return "over"
            is_ended = self._state.episode_id == episode_id and self._state.state == EpisodeState.AWAITING_LABEL
            return "awaiting_label" if is_ended else "running"

    def outcome(self, episode_id: str) -> EpisodeOutcome:
        """Return what the store says of the episode."""
        try:
            record = self._store.record(episode_id)
        except UnknownNameError:
            return EpisodeOutcome("", "", 0)  # it did not come to its first step
        return EpisodeOutcome(record.label, record.meta.model_hash, record.meta.weights_version)

    def discard(self, episode_id: str) -> None:
        """End the episode if it runs, so that it counts for nothing."""
        if not self._ask(topics.STOP_EPISODE, Trigger.Request()).success:
            return  # it has just ended by itself
        with self._changed:
            self._changed.wait_for(lambda: self._state.state not in AT_WORK, STOP_TIMEOUT_S)
            is_kept = self._state.episode_id == episode_id
        if is_kept:
            # The automatic operator calls what was stopped a failure, which it was not.
            self._ask(topics.LABEL_EPISODE, LabelEpisode.Request(episode_id=episode_id, label="discard", who=WHO))

    def _load(self, model: Model, *, is_unnamed: bool) -> None:
        if busy := self.why_busy():
            raise WrongStateError(f"no model is changed inside an episode: {busy}")
        request = LoadModel.Request(path=model.path, sha256=model.model_hash, is_unnamed=is_unnamed)
        response = self._ask(topics.LOAD_MODEL, request, self._load_timeout_s)
        if not response.success:
            raise CheckpointError(f"the policy node did not take the model: {response.message}")

    def _ask(self, name: str, request: Any, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        if self.is_closed:
            raise GraphError(f"service {name} is asked nothing more: the node is ending")
        pid = self._policy_pid
        return ask(
            self._clients[name],
            request,
            timeout_s,
            lambda: self.is_closed or (name == topics.LOAD_MODEL and self._policy_pid != pid),
        )

    def _is_over(self, episode_id: str) -> bool:
        if self._state.episode_id == episode_id:
            return bool(self._state.state == EpisodeState.SAVED)
        return self._heard_s > self._ours_heard_s + LOST_S

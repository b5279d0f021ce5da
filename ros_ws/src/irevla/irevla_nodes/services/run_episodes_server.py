"""The action session/run on the session node: a row of episodes, with the automatic operator or a person."""

from __future__ import annotations

import threading
from typing import Any, Protocol, cast

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from std_srvs.srv import Trigger

from irevla.config import topics
from irevla.config.errors import IrevlaError, WrongStateError
from irevla.config.session import SessionSettings
from irevla_msgs.action import RunEpisodes
from irevla_msgs.msg import LearnerStatus
from irevla_nodes import qos
from irevla_nodes.answer import ask
from irevla_nodes.session.episode_plan import EpisodePlan
from irevla_nodes.session.phase import Phase
from irevla_nodes.session.row import LearnerProgress, Row, RowResult, RowSpec
from irevla_nodes.session.session_worker import SessionWorker
from irevla_nodes.session.snapshot import EpisodeEnd

RESUME_TIMEOUT_S = 2.0
ASK_TIMEOUT_S = 5.0


class EpisodeHost(Protocol):
    """What a row needs of the session node, beside all that any node offers."""

    settings: SessionSettings
    worker: SessionWorker
    requests: Any
    """The callback group of everything that may wait."""

    def begin(self, plan: EpisodePlan) -> str:
        """Start an episode and the arm's reset; returns its id."""

    def plan(self, **fields: Any) -> EpisodePlan:
        """Return a checked plan, with the settings' own numbers where ``fields`` names none."""

    def create_client(self, *args: Any, **options: Any) -> Any:
        """As every node's."""

    def create_subscription(self, *args: Any, **options: Any) -> Any:
        """As every node's."""

    def get_logger(self) -> Any:
        """As every node's."""


class RunEpisodesServer:
    """Runs one row at a time in a thread of the executor; is the row's RowPort."""

    def __init__(self, node: EpisodeHost) -> None:
        self._node = node
        self._busy = threading.Lock()
        self._learner: LearnerProgress | None = None
        self.hold_reason_now = ""
        self._resume = node.create_client(Trigger, topics.RESUME, callback_group=node.requests)
        node.create_subscription(LearnerStatus, topics.LEARNER_STATUS, self._on_learner, qos.stream())
        self._server = ActionServer(
            cast(Any, node),
            RunEpisodes,
            topics.RUN_EPISODES,
            self._execute,
            goal_callback=self._on_goal,
            cancel_callback=lambda _: CancelResponse.ACCEPT,
            callback_group=node.requests,
        )

    def begin(self, plan: EpisodePlan) -> str:
        """Start an episode and the arm's reset; returns its id."""
        return self._node.begin(plan)

    def wait_end(self, episode_id: str, timeout_s: float) -> EpisodeEnd | None:
        """Wait for the end of an episode; None when it has not ended within ``timeout_s``."""
        return self._node.worker.wait_end(episode_id, timeout_s)

    def discard(self, reason: str) -> None:
        """End the running episode and throw it away; harmless when none runs."""
        try:
            self._node.worker.ask(lambda session, now: session.stop(reason, now, discard=True), ASK_TIMEOUT_S)
        except WrongStateError:
            pass  # it has just ended by itself

    def unlabelled(self) -> str:
        """Return the id of the episode that awaits its label, "" when none does."""
        snapshot = self._node.worker.snapshot
        return snapshot.episode_id if snapshot.phase == Phase.AWAITING_LABEL else ""

    def hold_reason(self) -> str:
        """Return why the arbiter holds the arm, "" when it does not."""
        return self.hold_reason_now

    def resume(self) -> str:
        """Ask the arbiter to go on; returns why it refuses, "" when it does not."""
        try:
            response = ask(self._resume, Trigger.Request(), RESUME_TIMEOUT_S)
        except IrevlaError as error:
            return str(error)
        return "" if response.success else response.message or "refused without a reason"

    def learner(self) -> LearnerProgress | None:
        """Return the learner's newest status, None when none has come."""
        return self._learner

    def _on_learner(self, status: LearnerStatus) -> None:
        self._learner = LearnerProgress(
            status.task, int(status.online_episodes), int(status.weights_version), int(status.updates)
        )

    def _on_goal(self, goal: RunEpisodes.Goal) -> GoalResponse:
        if self._busy.locked():
            self._node.get_logger().warn("a row of episodes was refused: another one is running; cancel it first")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    def _execute(self, handle: ServerGoalHandle) -> RunEpisodes.Result:
        goal = handle.request
        if not self._busy.acquire(blocking=False):
            result = RowResult(message="another row of episodes is running; cancel it first")
        else:
            try:
                result = self._run(goal, handle)
            except IrevlaError as error:
                result = RowResult(message=str(error))
            finally:
                self._busy.release()
        if handle.is_cancel_requested:
            handle.canceled()
        elif result.message:
            self._node.get_logger().warn(f"the row of episodes ended early: {result.message}")
            handle.abort()
        else:
            handle.succeed()
        return RunEpisodes.Result(
            episodes=len(result.episode_ids),
            successes=result.successes,
            episode_ids=result.episode_ids,
            labels=result.labels,
            message=result.message,
        )

    def _run(self, goal: RunEpisodes.Goal, handle: ServerGoalHandle) -> RowResult:
        plan = self._node.plan(
            task=goal.task,
            mode=goal.mode,
            kind=goal.kind,
            explore=goal.explore,
            seed=int(goal.first_seed),
            record_images=goal.record_images,
        )
        spec = RowSpec(
            plan,
            episodes=int(goal.episodes),
            seed_stride=int(goal.seed_stride) or 1,
            stop_after_successes=int(goal.stop_after_successes),
            wait_for_learner=goal.wait_for_learner,
            # A person at the arm holds it for a reason, and has their hands at the objects in a guided reset.
            resumes_arm=self._node.settings.operator == "auto" and self._node.settings.reset == "automatic",
            learner_timeout_s=self._node.settings.learner_timeout_s,
        )

        def report(result: RowResult, episode_id: str) -> None:
            handle.publish_feedback(
                RunEpisodes.Feedback(
                    episodes=len(result.episode_ids), successes=result.successes, episode_id=episode_id
                )
            )

        return Row(spec, self, is_cancelled=lambda: handle.is_cancel_requested, on_progress=report).run()

"""Which model the rig uses: promotion behind a gate, roll-back, blind comparison; and the store's models, listed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.action import ActionServer, CancelResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from irevla.config import topics
from irevla.config.errors import GateError, IrevlaError, WrongStateError
from irevla.config.lineage import LineageSettings
from irevla.config.session import SessionSettings
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.lineage.promotions import PromotionRecord
from irevla_msgs.action import CompareModels
from irevla_msgs.msg import EpisodeState, LearnerStatus
from irevla_msgs.msg import Heartbeat as HeartbeatMessage
from irevla_msgs.srv import ListModels, PromoteModel, RollBackModel
from irevla_nodes import qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.lineage import to_ros
from irevla_nodes.lineage.comparison import Comparison, ComparisonSpec, checked_spec
from irevla_nodes.lineage.gate import Gate
from irevla_nodes.lineage.model_book import Model, ModelBook, paired
from irevla_nodes.lineage.policy_watch import PolicyWatch
from irevla_nodes.lineage.promoter import Promoter
from irevla_nodes.lineage.rig import Rig
from irevla_nodes.lineage.turn import Turn
from irevla_nodes.parameters import STATE_DIR, declare_section, declare_value
from irevla_nodes.spin import run_node

THREADS = 5  # a comparison, a request that is refused beside it, a list, the graph's news, the heartbeat
LOOK_PERIOD_S = 1.0
WARN_EVERY_S = 10.0
POLICY = "policy"


class LineageNode(Node):
    """Wiring: requests go to the promoter or to a comparison, one at a time; the store is read for each."""

    def __init__(self) -> None:
        super().__init__("lineage")
        self._settings = declare_section(self, "lineage", LineageSettings)
        session = declare_section(self, "session", SessionSettings)
        self._watch = PolicyWatch(str(declare_value(self, "state_dir", "", STATE_DIR)))
        self._store = EpisodeStore(Path(session.store))
        self._gate = Gate(self._settings)
        self._turn = Turn()
        self._learner_task: str | None = None
        self._comparison, self._trouble = "", ""
        requests = ReentrantCallbackGroup()
        self._rig = Rig(
            self,
            requests,
            self._store,
            load_timeout_s=self._settings.load_timeout_s,
            resumes=session.operator == "auto",
        )
        self._promoter = Promoter(self._store, self._gate, self._serve)
        self._promoted_hash = ModelBook.read(self._store).promoted_hash
        self._subscribe()
        for kind, name, callback in (
            (ListModels, topics.LIST_MODELS, self._on_list),
            (PromoteModel, topics.PROMOTE_MODEL, self._on_promote),
            (RollBackModel, topics.ROLL_BACK_MODEL, self._on_roll_back),
        ):
            self.create_service(kind, name, callback, callback_group=requests)
        self._server = ActionServer(
            self,
            CompareModels,
            topics.COMPARE_MODELS,
            self._execute,
            cancel_callback=lambda _: CancelResponse.ACCEPT,
            callback_group=requests,
        )
        self.create_timer(
            LOOK_PERIOD_S,
            self._look_at_policy,
            callback_group=MutuallyExclusiveCallbackGroup(),
            clock=Clock(clock_type=ClockType.STEADY_TIME),
        )
        self._heartbeat = Heartbeat(self)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, warning=lambda: self._trouble)

    def _subscribe(self) -> None:
        news = MutuallyExclusiveCallbackGroup()
        for kind, name, callback, profile in (
            (EpisodeState, topics.EPISODE_STATE, self._rig.on_episode, qos.latched()),
            (LearnerStatus, topics.LEARNER_STATUS, self._on_learner, qos.stream()),
            (HeartbeatMessage, topics.HEARTBEAT, self._on_heartbeat, qos.stream()),
            (DiagnosticArray, topics.DIAGNOSTICS, self._on_diagnostics, qos.stream()),
        ):
            self.create_subscription(kind, name, callback, profile, callback_group=news)

    def _facts(self) -> Facts:
        return {"promoted": self._promoted_hash, "comparison": self._comparison}

    def _on_learner(self, status: LearnerStatus) -> None:
        self._learner_task = str(status.task)

    def _on_heartbeat(self, beat: HeartbeatMessage) -> None:
        if beat.node == POLICY:
            self._rig.on_policy(int(beat.pid))
            self._watch.beat(int(beat.pid), time.monotonic())

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        policy = f"{self.get_namespace()}/{POLICY}".lstrip("/")
        for status in message.status:
            if status.name == policy:
                self._watch.serves({item.key: item.value for item in status.values}.get("model_hash", ""))

    def _look_at_policy(self) -> None:
        """Have a policy node that has just started, or has no model, serve the promoted one."""
        if self._turn.is_taken:
            return
        now_s = time.monotonic()
        if not self._watch.is_due(self._promoted_hash, now_s, learner_task=self._learner_task):
            return
        if busy := self._rig.why_busy():
            why = f"the policy node does not serve the promoted model, and is left so: {busy}"
            self.get_logger().warn(why, throttle_duration_sec=WARN_EVERY_S)
            return
        self._watch.note_try(now_s)
        try:
            with self._turn.take("the promoted model is being loaded again; try again in a moment"):
                self._trouble = self._load_promoted(None)
        except WrongStateError:
            pass  # a request was faster

    def _serve(self, model: Model) -> None:
        self._rig.serve(model)
        self._watch.serves(model.model_hash)  # what the policy node said last is old

    def _load_promoted(self, otherwise: Model | None) -> str:
        """Have the promoted model served, or ``otherwise`` while there is none; returns why it is not."""
        try:
            model = self._promoter.promoted() or otherwise
            if model is not None:
                self._serve(model)
                self.get_logger().info(f"the policy node serves {model.model_hash[:12]} again")
        except IrevlaError as error:
            self.get_logger().error(f"the promoted model is not served: {error}")
            return f"the promoted model is not served: {error}"
        return ""

    def _on_list(self, request: ListModels.Request, response: ListModels.Response) -> ListModels.Response:
        try:
            book = ModelBook.read(self._store)
            response.models, response.rounds = to_ros.models(book), to_ros.rounds(book)
            response.promotions = to_ros.promotions(book)
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
        return response

    def _on_promote(self, request: PromoteModel.Request, response: PromoteModel.Response) -> PromoteModel.Response:
        try:
            with self._turn.take("a promotion is under way; try again when it is done"):
                self._refuse_beside_learner()
                self._note(
                    self._promoter.promote(
                        request.model_hash, request.who, request.why, override_gate=request.override_gate
                    )
                )
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
            response.needs_override = isinstance(error, GateError)
            self.get_logger().warn(f"a promotion was refused: {error}")
        return response

    def _on_roll_back(self, request: RollBackModel.Request, response: RollBackModel.Response) -> RollBackModel.Response:
        try:
            with self._turn.take("a roll-back is under way; try again when it is done"):
                self._note(self._promoter.roll_back(request.who, request.why))
            response.success, response.model_hash = True, self._promoted_hash
        except IrevlaError as error:
            response.message = str(error)
            self.get_logger().warn(f"a roll-back was refused: {error}")
        return response

    def _note(self, entry: PromotionRecord) -> None:
        self._promoted_hash, self._trouble = entry.model_hash, ""
        did = "rolled back to" if entry.is_rollback else "promoted"
        self.get_logger().info(f"{entry.who} {did} model {entry.model_hash[:12]}: {entry.why or 'no reason given'}")

    def _refuse_beside_learner(self) -> None:
        if self._learner_task:
            raise WrongStateError(
                f"stage 1 of {self._learner_task} is under way on a model of its own; call learner/finish_task first"
            )

    def _execute(self, handle: ServerGoalHandle) -> CompareModels.Result:
        result = CompareModels.Result(p_value=1.0)
        try:
            with self._turn.take("a comparison is running; cancel it first"):
                self._compare(handle, result)
        except IrevlaError as error:
            result.message = str(error)
        if result.success:
            handle.succeed()
        elif handle.is_cancel_requested:
            handle.canceled()
        else:
            self.get_logger().error(f"the comparison ended early: {result.message}")
            handle.abort()
        return result

    def _compare(self, handle: ServerGoalHandle, result: CompareModels.Result) -> None:
        """Run the comparison and fill ``result``; the promoted model is served afterwards, however it ended."""
        spec = self._checked(handle.request)

        def report(done: int, task: str, episode_id: str) -> None:
            self._comparison = f"{done} of {comparison.of_episodes} episodes"
            handle.publish_feedback(
                CompareModels.Feedback(
                    episodes=done, of_episodes=comparison.of_episodes, task=task, episode_id=episode_id
                )
            )

        comparison = Comparison(
            spec,
            self._rig,
            self._settings,
            is_cancelled=lambda: handle.is_cancel_requested or self._rig.is_closed,
            on_progress=report,
        )
        self.get_logger().info(f"{spec.who} compares two models: {comparison.of_episodes} episodes")
        try:
            result.success = comparison.run()
            if result.success:
                self._store.comparisons.add(spec.old.model_hash, spec.new.model_hash, spec.who, comparison.pairs)
            else:
                result.message = f"cancelled after {len(comparison.pairs)} whole pairs; it does not count for the gate"
        finally:
            self._comparison = ""
            self._trouble = self._load_promoted(spec.old)
            self._report(spec, comparison, result)

    def _checked(self, goal: CompareModels.Goal) -> ComparisonSpec:
        self._refuse_beside_learner()
        if busy := self._rig.why_busy(with_label=True):
            raise WrongStateError(busy)
        return checked_spec(
            ModelBook.read(self._store),
            old_hash=goal.old_hash,
            new_hash=goal.new_hash,
            tasks=list(goal.tasks),
            pairs=int(goal.pairs),
            first_seed=int(goal.first_seed),
            who=goal.who,
        )

    def _report(self, spec: ComparisonSpec, comparison: Comparison, result: CompareModels.Result) -> None:
        book = ModelBook.read(self._store)
        outcomes = paired(book.labels, comparison.pairs)
        result.old_model, result.new_model = to_ros.evaluations(outcomes)
        result.only_old, result.only_new, result.p_value = outcomes.only_old, outcomes.only_new, outcomes.p_value
        objection = self._gate.objection(book.outcomes(spec.old.model_hash, spec.new.model_hash))
        result.passes_gate = not objection and book.promoted_hash in ("", spec.old.model_hash)
        if result.success:
            result.message = objection
            self.get_logger().info(f"compared on {len(outcomes)} pairs: {objection or 'no worse than the old model'}")

    def close(self) -> None:
        """Ask the graph nothing more, so that a comparison ends with the node."""
        self._rig.close()


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(LineageNode, threads=THREADS)


if __name__ == "__main__":
    sys.exit(main())

"""Supervised rounds (stage 0 and 2) in a worker process, here or on a cluster: progress, cancel, resume, lineage."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node

from irevla.config import topics
from irevla.config.errors import IrevlaError, UserError
from irevla.config.policy import PolicySettings
from irevla.config.rounds import RoundSettings
from irevla.config.session import SessionSettings
from irevla.policies.manifest import Manifest
from irevla.training.remote.round_place import RoundPlace
from irevla.training.round_client import RoundClient
from irevla.training.round_spec import RoundResult, RoundSpec
from irevla.training.store.episode import EPISODE_ID
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.action import TrainRound
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import Heartbeat
from irevla_nodes.parameters import declare_section
from irevla_nodes.spin import run_node

THREADS = 3  # the round, its cancel, the heartbeat


class SftNode(Node):
    """Runs one round at a time; the worker's process group is this node's, so it ends with it."""

    def __init__(self) -> None:
        super().__init__("sft")
        self._policy = declare_section(self, "policy", PolicySettings)
        self._rounds = declare_section(self, "rounds", RoundSettings)
        session = declare_section(self, "session", SessionSettings)
        self._store_dir = Path(session.store).absolute()
        self._models_dir = self._store_dir.parent / "models"
        self._busy = threading.Lock()
        self._client: RoundClient | None = None
        self._progress: Facts = {"round": ""}
        self._server = ActionServer(
            self,
            TrainRound,
            topics.TRAIN_ROUND,
            self._execute,
            goal_callback=lambda _: GoalResponse.REJECT if self._busy.locked() else GoalResponse.ACCEPT,
            cancel_callback=self._on_cancel,
            callback_group=ReentrantCallbackGroup(),
        )
        self._heartbeat = Heartbeat(self)
        self._diagnostics = Diagnostics(self, self._heartbeat, lambda: self._progress)

    def close(self) -> None:
        """End the worker; its round resumes from its last saved step."""
        if self._client is not None:
            self._client.close(timeout_s=2.0)

    def _on_cancel(self, handle: ServerGoalHandle) -> CancelResponse:
        if self._client is not None:
            self._client.cancel()
        return CancelResponse.ACCEPT

    def _execute(self, handle: ServerGoalHandle) -> TrainRound.Result:
        began_s = time.monotonic()
        result = TrainRound.Result()
        if not self._busy.acquire(blocking=False):
            result.message = "another round is running; cancel it or wait for its end"
            handle.abort()
            return result
        try:
            done, resumes_at = self._train(handle)
        except IrevlaError as error:
            result.message = str(error)
            self.get_logger().error(f"round {handle.request.round_id}: {error}")
            handle.abort()
            return result
        finally:
            self._client, self._progress = None, {"round": ""}
            self._busy.release()
        result.wall_s = time.monotonic() - began_s
        if done is None:
            result.message = f"cancelled at step {resumes_at}; the same round_id goes on from there"
            handle.canceled()
            return result
        result.success, result.path, result.model_hash, result.loss = True, done.path, done.model_hash, done.loss
        handle.succeed()
        return result

    def _train(self, handle: ServerGoalHandle) -> tuple[RoundResult | None, int | None]:
        """Run the round; returns its result, or None and the step it resumes at after a cancel."""
        spec = self._spec(handle.request)
        spec.check()
        place = RoundPlace.named(handle.request.where, self._rounds.remote)
        store = EpisodeStore(self._store_dir)
        parent_hash = Manifest.read(Path(spec.parent))[1] if spec.parent else ""
        record = store.add_round(
            spec.round_id,
            stage=spec.stage,
            parent_hash=parent_hash,
            expert=spec.expert_episodes,
            online=spec.online_episodes,
        )
        self.get_logger().info(f"round {spec.round_id}: stage {spec.stage}, {spec.total_steps} steps")
        with RoundClient(spec, silence_timeout_s=place.silence_timeout_s, command=place.command) as client:
            self._client = client
            for progress in client.progress():
                self._progress = {
                    "round": spec.round_id,
                    "phase": progress.phase,
                    "step": progress.step,
                    "of_steps": progress.steps,
                }
                handle.publish_feedback(
                    TrainRound.Feedback(
                        step=progress.step,
                        steps=progress.steps,
                        loss=progress.loss,
                        samples_per_s=progress.samples_per_s,
                        eta_s=progress.eta_s,
                        phase=progress.phase,
                        cost=progress.cost,
                    )
                )
                if handle.is_cancel_requested:
                    client.cancel()
            if client.result is None:
                return None, client.resumes_at
            done = client.result
        if all(model.model_hash != done.model_hash for model in store.models()):
            store.add_model(done.path, done.model_hash, parent_hash, spec.stage, record.data_hash, {})
        self.get_logger().info(f"round {spec.round_id}: {done.path} (model {done.model_hash[:12]})")
        return done, None

    def _spec(self, goal: TrainRound.Goal) -> RoundSpec:
        if not EPISODE_ID.fullmatch(goal.round_id):
            raise UserError(
                f"round_id {goal.round_id[:80]!r}: expected 1 to 128 letters, digits, '_', '-', '.'; it names a folder"
            )
        if goal.stage not in (0, 2):
            raise UserError(f"stage {goal.stage}: expected 0 or 2; stage 1 is learner/start_task")
        return RoundSpec(
            round_id=goal.round_id,
            stage=0 if goal.stage == 0 else 2,
            parent=goal.parent,
            out=str(self._models_dir / goal.round_id),
            store=str(self._store_dir),
            expert_episodes=tuple(goal.expert_episodes),
            online_episodes=tuple(goal.online_episodes),
            steps=int(goal.steps),
            seed=int(goal.seed),
            policy=self._policy,
            rounds=self._rounds,
        )


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(SftNode, threads=THREADS)


if __name__ == "__main__":
    sys.exit(main())

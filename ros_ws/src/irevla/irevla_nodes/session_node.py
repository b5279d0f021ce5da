"""The session: owns the episode, writes the store, takes labels, runs rows of episodes."""

from __future__ import annotations

import sys
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_srvs.srv import Trigger

from irevla.config import topics
from irevla.config.errors import GraphError, IrevlaError
from irevla.config.policy import PolicySettings
from irevla.config.robot import RobotSettings
from irevla.config.session import SessionSettings
from irevla.training.store.episode_store import EpisodeStore
from irevla_msgs.msg import (
    Action,
    ArbiterStatus,
    EpisodeClosed,
    EpisodeState,
    Latent,
    MotionCommand,
    RobotState,
    Sight,
    SimState,
)
from irevla_msgs.srv import LabelEpisode, ResetRobot, StartEpisode
from irevla_nodes import qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import CAMERA_NAMES, declare_section, declare_value
from irevla_nodes.services.library_services import LibraryServices
from irevla_nodes.services.run_episodes_server import RunEpisodesServer
from irevla_nodes.session import from_ros
from irevla_nodes.session.episode_plan import EpisodePlan, checked_plan
from irevla_nodes.session.parts import Part
from irevla_nodes.session.session import Rig, Session
from irevla_nodes.session.session_worker import SessionWorker
from irevla_nodes.session.snapshot import ClosedEpisode, Snapshot
from irevla_nodes.spin import run_node

STATE_PERIOD_S = 0.5
ASK_TIMEOUT_S = 5.0
LABEL_TIMEOUT_S = 11.0  # a store that another process holds says so after ten
THREADS = 5  # messages, two requests, a look into the store and a row of episodes at the same time
LONGEST_BACKLOG = 1000  # messages; pictures of a minute at 10 Hz


class SessionNode(Node):
    """Wiring: messages and requests go to the session's own thread, its changes come back as messages."""

    def __init__(self) -> None:
        super().__init__("session")
        self.settings = declare_section(self, "session", SessionSettings, self._change)
        self._robot = declare_section(self, "robot", RobotSettings)
        self._policy = declare_section(self, "policy", PolicySettings)
        cameras = tuple(declare_value(self, "camera_names", ["front", "wrist"], CAMERA_NAMES))
        self._store = store = EpisodeStore(Path(self.settings.store))
        for sentence in store.recover():
            self.get_logger().warn(f"store: {sentence}")
        rig = Rig(
            cameras,
            self._robot.is_simulated,
            self._robot.lockstep,
            self._policy.always_encode,
            round(self._robot.picture_age_s * from_ros.NS),
        )
        session = Session(self.settings, rig, store, _new_id, time.time_ns)
        self._state_publisher = self.create_publisher(EpisodeState, topics.EPISODE_STATE, qos.latched())
        self._closed_publisher = self.create_publisher(EpisodeClosed, topics.EPISODE_CLOSED, qos.stream())
        self.worker = SessionWorker(session, self._publish_state, self._publish_closed)
        self._subscribe(cameras)
        self.requests = ReentrantCallbackGroup()
        self._reset = self.create_client(ResetRobot, topics.RESET_ROBOT, callback_group=self.requests)
        for kind, name, callback in (
            (StartEpisode, topics.START_EPISODE, self._on_start),
            (Trigger, topics.STOP_EPISODE, self._on_stop),
            (Trigger, topics.CONFIRM_RESET, self._on_confirm),
            (LabelEpisode, topics.LABEL_EPISODE, self._on_label),
        ):
            self.create_service(kind, name, callback, callback_group=self.requests)
        self._library = LibraryServices(self, store)
        self._row = RunEpisodesServer(self)
        self.create_timer(STATE_PERIOD_S, self._on_timer, clock=Clock(clock_type=ClockType.STEADY_TIME))
        self.worker.start()
        self._publish_state(self.worker.snapshot)
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts, warning=self._warning)

    def begin(self, plan: EpisodePlan) -> str:
        """Start an episode and ask for the arm's reset; returns the episode's id at once."""
        episode_id = self.worker.ask(lambda session, now: session.start(plan, now), ASK_TIMEOUT_S)
        self._reset_arm(episode_id, plan, for_episode="" if self.settings.reset == "guided" else episode_id)
        return episode_id

    def plan(self, **fields: Any) -> EpisodePlan:
        """Return the checked plan of an episode; zero ``max_steps`` takes the configured number."""
        fields["max_steps"] = fields.get("max_steps") or self.settings.max_steps
        return checked_plan(max_instruction_chars=self._policy.max_instruction_chars, **fields)

    def close(self) -> None:
        """End the session's thread; an open episode is kept as far as it came."""
        self.worker.stop()

    def _reset_arm(self, episode_id: str, plan: EpisodePlan, *, for_episode: str) -> None:
        """Ask the arm to go home and count the steps of ``for_episode``; the session hears the answer."""
        request = ResetRobot.Request(episode_id=for_episode, task=plan.task, seed=plan.seed)
        if not self._reset.wait_for_service(timeout_sec=ASK_TIMEOUT_S):
            why = f"service {self._reset.srv_name} is not there; is the robot node running?"
            self._on_reset(episode_id, False, why)
            raise GraphError(why)
        future = self._reset.call_async(request)
        future.add_done_callback(partial(self._on_reset_answer, episode_id))

    def _change(self, settings: SessionSettings) -> None:
        self.settings = settings
        self.worker.post(lambda session, _: session.configure(settings))

    def _facts(self) -> Facts:
        snapshot = self.worker.snapshot
        return {
            "phase": snapshot.phase.words,
            "episode": snapshot.episode_id,
            "steps": snapshot.steps,
            "backlog": self.worker.backlog,
            "free_mb": round(self._store.free_mb()),
        }

    def _warning(self) -> str:
        free_mb, least_mb = self._store.free_mb(), self.settings.min_free_mb
        if free_mb >= least_mb:
            return ""
        return f"{free_mb:.0f} MB free, expected {least_mb} (session.min_free_mb): no episode can start"

    def _subscribe(self, cameras: tuple[str, ...]) -> None:
        group = MutuallyExclusiveCallbackGroup()
        readers = [
            (RobotState, topics.ROBOT_STATE, from_ros.state_part),
            (SimState, topics.SIM_STATE, from_ros.sim_part),
            (Latent, topics.POLICY_LATENT, from_ros.latent_part),
            (Action, topics.POLICY_ACTION, from_ros.proposal_part),
            (MotionCommand, topics.COMMAND, from_ros.command_part),
            *([] if self._robot.is_simulated else [(Sight, topics.POLICY_SIGHT, from_ros.sight_part)]),
            *((Image, topics.camera_image(name), partial(from_ros.image_part, name)) for name in cameras),
        ]
        images = qos.images(lockstep=self._robot.lockstep)
        for kind, name, read in readers:
            profile = images if kind is Image else qos.stream()
            self.create_subscription(kind, name, partial(self._on_message, read), profile, callback_group=group)
        self.create_subscription(
            ArbiterStatus, topics.ARBITER_STATUS, self._on_arbiter, qos.latched(), callback_group=group
        )

    def _on_message(self, read: Any, message: Any) -> None:
        try:
            part: Part | None = read(message)
        except ValueError as error:
            self.get_logger().warn(f"a {type(message).__name__} was dropped: {error}", throttle_duration_sec=5.0)
            return
        if self.worker.backlog > LONGEST_BACKLOG:
            why = f"the store is too slow: {self.worker.backlog} messages wait; one was dropped, its step stays open"
            self.get_logger().error(why, throttle_duration_sec=5.0)
        elif part is not None:
            self.worker.post(lambda session, now: session.feed(part, now))

    def _on_arbiter(self, status: ArbiterStatus) -> None:
        reason = (status.reason or "no reason given") if status.hold else ""
        self._row.hold_reason_now = reason
        is_policys = status.blamed == Action.SOURCE_POLICY
        self.worker.post(lambda session, now: session.set_hold(reason, now, is_policys=is_policys))

    def _on_reset_answer(self, episode_id: str, future: Any) -> None:
        answer = future.result()
        if answer is not None:  # None: the node is ending
            self._on_reset(episode_id, answer.success, answer.message)

    def _on_reset(self, episode_id: str, success: bool, message: str) -> None:
        self.worker.post(lambda session, now: session.reset_finished(episode_id, success, message, now))

    def _on_start(self, request: StartEpisode.Request, response: StartEpisode.Response) -> StartEpisode.Response:
        try:
            plan = self.plan(
                task=request.task,
                instruction=request.instruction,
                mode=request.mode,
                kind=request.kind,
                explore=request.explore,
                seed=int(request.seed),
                max_steps=int(request.max_steps),
            )
            response.episode_id = self.begin(plan)
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
        return response

    def _on_confirm(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        try:
            snapshot = self.worker.ask(lambda session, now: session.confirm(now), ASK_TIMEOUT_S)
            if snapshot.plan is not None:
                self._reset_arm(snapshot.episode_id, snapshot.plan, for_episode=snapshot.episode_id)
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
        return response

    def _on_stop(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        try:
            self.worker.ask(lambda session, now: session.stop("stopped on request", now), ASK_TIMEOUT_S)
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
        return response

    def _on_label(self, request: LabelEpisode.Request, response: LabelEpisode.Response) -> LabelEpisode.Response:
        try:
            self.worker.ask(
                lambda session, now: session.label(request.episode_id, request.label, request.who, now), LABEL_TIMEOUT_S
            )
            response.success = True
        except IrevlaError as error:
            response.message = str(error)
        return response

    def _on_timer(self) -> None:
        if self.worker.failure is not None:
            raise GraphError(f"the session's thread ended: {self.worker.failure!r}")
        self._publish_state(self.worker.snapshot)

    def _health(self) -> str:
        return OK if self.worker.failure is None else f"the session's thread ended: {self.worker.failure!r}"

    def _publish_state(self, snapshot: Snapshot) -> None:
        message = EpisodeState(state=int(snapshot.phase), episode_id=snapshot.episode_id, detail=snapshot.detail)
        message.header.stamp = self.get_clock().now().to_msg()
        if (plan := snapshot.plan) is not None:
            message.task, message.instruction, message.mode = plan.task, plan.instruction, plan.mode
            message.kind, message.explore, message.seed = plan.kind, plan.explore, plan.seed
            message.step, message.max_steps = snapshot.steps, plan.max_steps
            message.pin_weights = plan.pinned_version is not None
            message.weights_version = plan.pinned_version or 0
        self._state_publisher.publish(message)

    def _publish_closed(self, closed: ClosedEpisode) -> None:
        message = EpisodeClosed(**vars(closed))
        message.header.stamp = self.get_clock().now().to_msg()
        self._closed_publisher.publish(message)


def _new_id(plan: EpisodePlan) -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{plan.task}-{plan.seed}-{uuid.uuid4().hex[:6]}"


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(SessionNode, threads=THREADS)


if __name__ == "__main__":
    sys.exit(main())

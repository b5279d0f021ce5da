"""Serves the VLA: one pass of the VLM an observation, heads swapped between steps, whole models on request."""

from __future__ import annotations

import hashlib
import sys
import threading
from array import array
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.node import Node
from sensor_msgs.msg import Image

from irevla.config import topics
from irevla.config.errors import IrevlaError
from irevla.config.policy import PolicySettings
from irevla.config.robot import RobotSettings
from irevla.policies.base import Observation
from irevla.policies.policy import Inference, Policy
from irevla_msgs.msg import Action, EpisodeState, Latent, RobotState, Weights
from irevla_msgs.msg import Sight as SightMessage
from irevla_msgs.srv import LoadModel
from irevla_nodes import arm_messages, qos
from irevla_nodes.diagnostics import Diagnostics, Facts
from irevla_nodes.heartbeat import OK, Heartbeat
from irevla_nodes.parameters import CAMERA_NAMES, STATE_DIR, declare_section, declare_value
from irevla_nodes.serving.head_shelf import HeadData, HeadShelf
from irevla_nodes.serving.newest_pictures_matcher import NewestPicturesMatcher
from irevla_nodes.serving.observation_matcher import ObservationMatcher, SeenState, Sight
from irevla_nodes.serving.served_model import UNNAMED, ServedModel
from irevla_nodes.session import from_ros
from irevla_nodes.spin import run_node

NO_MODEL = "no model loaded: call policy/load_model"
THREADS = 3  # observations, a model that is being loaded, and the heartbeat
WARN_EVERY_S = 5.0


class PolicyNode(Node):
    """Wiring: a state and its pictures in, a latent and a proposal out."""

    def __init__(self) -> None:
        super().__init__("policy")
        self._settings = declare_section(self, "policy", PolicySettings)
        self._robot = declare_section(self, "robot", RobotSettings)
        cameras = tuple(declare_value(self, "camera_names", ["front", "wrist"], CAMERA_NAMES))
        torch.set_num_threads(self._settings.threads)
        self._policy: Policy | None = None
        self._trouble = ""
        self._is_unnamed = False
        self._changing = threading.Lock()
        self._shelf = HeadShelf()
        self._matcher = (
            ObservationMatcher(cameras, every=self._robot.lockstep)
            if self._robot.is_simulated
            else NewestPicturesMatcher(cameras, round(self._robot.picture_age_s * from_ros.NS))
        )
        self._episode = EpisodeState()
        self._sight: Sight | None = None  # the newest one, until it is answered
        self._answered: tuple[Latent, Action, SightMessage | None] | None = None
        self._memory = ServedModel(str(declare_value(self, "state_dir", "", STATE_DIR)))
        self._last_model = self._memory.read()
        self._latents = self.create_publisher(Latent, topics.POLICY_LATENT, qos.stream())
        self._actions = self.create_publisher(Action, topics.POLICY_ACTION, qos.stream())
        self._sights: Any = None
        if not self._robot.is_simulated:
            self._sights = self.create_publisher(SightMessage, topics.POLICY_SIGHT, qos.stream())
        steps = MutuallyExclusiveCallbackGroup()
        for kind, name, callback, profile in (
            (RobotState, topics.ROBOT_STATE, self._on_state, qos.stream()),
            (EpisodeState, topics.EPISODE_STATE, self._on_episode, qos.latched()),
            (Weights, topics.WEIGHTS, self._on_weights, qos.latched()),
        ):
            self.create_subscription(kind, name, callback, profile, callback_group=steps)
        for camera in cameras:
            self.create_subscription(
                Image,
                topics.camera_image(camera),
                partial(self._on_image, camera),
                qos.images(lockstep=self._robot.lockstep),
                callback_group=steps,
            )
        self.create_service(
            LoadModel, topics.LOAD_MODEL, self._on_load_model, callback_group=MutuallyExclusiveCallbackGroup()
        )
        self._heartbeat = Heartbeat(self, self._health)
        self._diagnostics = Diagnostics(self, self._heartbeat, self._facts)
        self._load_last_model()

    def _health(self) -> str:
        return (NO_MODEL if self._policy is None else self._trouble) or OK

    def _facts(self) -> Facts:
        policy, answered = self._policy, self._answered
        if policy is None:
            return {"model_hash": ""}
        path = self._last_model.path if self._last_model is not None else ""
        names = {"model": path, "model_hash": policy.model_hash, "latent_key": policy.latent_key}
        return {
            **(dict.fromkeys(names, UNNAMED) if self._is_unnamed else names),
            "weights_version": policy.weights_version,
            "infer_s": answered[1].infer_s if answered is not None else "",
        }

    def _on_episode(self, state: EpisodeState) -> None:
        if state.episode_id != self._episode.episode_id:
            self._trouble = ""
        self._episode = state
        self._consider()

    def _on_state(self, message: RobotState) -> None:
        part = from_ros.state_part(message)
        if self._answered is not None and _is_of(self._answered[1], part.episode_id, part.step):
            self._publish(self._answered)  # the step came again: somebody missed the answer
            return
        self._see(self._matcher.add_state(SeenState(part.episode_id, part.step, part.stamp_ns, part.state)))

    def _on_image(self, camera: str, message: Image) -> None:
        try:
            image = from_ros.rgb_image(message)
        except ValueError as error:
            self.get_logger().warn(f"camera {camera}: {error}", throttle_duration_sec=WARN_EVERY_S)
            return
        self._see(self._matcher.add_image(camera, from_ros.stamp_ns(message), image))

    def _see(self, sight: Sight | None) -> None:
        if sight is not None:
            self._sight = sight
            self._consider()

    def _consider(self) -> None:
        """Answer the newest observation, if the episode runs and its head is here; else it waits for these."""
        episode, sight = self._episode, self._sight
        acts = episode.mode == "policy" or self._settings.always_encode
        if sight is None or episode.state != EpisodeState.RUNNING or not acts:
            return
        if sight.state.episode_id == episode.episode_id:
            self._answer(sight, episode)

    def _answer(self, sight: Sight, episode: EpisodeState) -> None:
        with self._changing:
            if self._policy is None or not self._take_due_head(self._policy, episode):
                return
            observation = Observation(sight.images, sight.state.state, episode.instruction)
            generator = torch.Generator().manual_seed(noise_seed(int(episode.seed), sight.state.step))
            try:
                inference = self._policy.infer(observation, bool(episode.explore), generator)
            except IrevlaError as error:
                self._trouble = str(error)
                self.get_logger().error(self._trouble, throttle_duration_sec=WARN_EVERY_S)
                return
        self._trouble, self._sight = "", None
        self._answered = (self._latent(sight, inference), self._action(sight, inference), self._looked_at(sight))
        self._publish(self._answered)

    def _publish(self, answer: tuple[Latent, Action, SightMessage | None]) -> None:
        if answer[2] is not None:
            self._sights.publish(answer[2])
        self._latents.publish(answer[0])
        if self._episode.mode == "policy":
            self._actions.publish(answer[1])

    def _take_due_head(self, policy: Policy, episode: EpisodeState) -> bool:
        """Swap the head if another one is due; False when the episode's head has not come yet."""
        pinned = int(episode.weights_version) if episode.pin_weights else None
        due = self._shelf.due(policy.weights_version, pinned)
        if due.warning:
            self.get_logger().warn(due.warning, throttle_duration_sec=WARN_EVERY_S)
        if due.waits:
            why = f"waiting for head version {pinned} of the learner, running {policy.weights_version}"
            self.get_logger().info(why, throttle_duration_sec=WARN_EVERY_S)
        if due.head is not None:
            try:
                policy.swap_head(due.head.data, due.head.version, due.head.latent_key, due.head.sha256)
            except IrevlaError as error:
                self._shelf.clear()
                self.get_logger().error(f"a head was refused, the running one stays: {error}")
        return not due.waits

    def _on_weights(self, message: Weights) -> None:
        policy = self._policy
        if policy is None or message.latent_key != policy.latent_key:
            self.get_logger().warn(
                f"head version {message.version} was ignored: it is for latents of {message.latent_key[:12]}, the "
                f"running model makes {policy.latent_key[:12] if policy else '(no model)'}"
            )
            return
        head = HeadData(int(message.version), message.latent_key, message.sha256, bytes(message.data))
        if not head.data or head.version < policy.weights_version:
            self._start_over(policy)
        if head.data:
            self._shelf.put(head)
        self._consider()

    def _start_over(self, policy: Policy) -> None:
        """Serve the checkpoint's own head again: the learner's task began or ended."""
        with self._changing:
            self._shelf.clear()
            if policy.weights_version > 0 and (model := self._last_model) is not None:
                self.get_logger().info("the learner's task began or ended: back to the checkpoint's own head")
                policy.load(Path(model.path), model.sha256)

    def _on_load_model(self, request: LoadModel.Request, response: LoadModel.Response) -> LoadModel.Response:
        try:
            # A second model beside the running one; it takes over when it is whole and checked.
            fresh = Policy(Path(request.path), self._settings, request.sha256)
        except IrevlaError as error:
            response.message = f"{error}; " + ("the running model stays" if self._policy else NO_MODEL)
            self.get_logger().error(response.message)
            return response
        with self._changing:
            self._policy, self._answered, self._is_unnamed = fresh, None, bool(request.is_unnamed)
            self._shelf.clear()
            self._last_model = self._memory.write(request.path, fresh.model_hash)
        # Whoever asked may begin an episode at once, and the arbiter must not still believe that there is no model.
        self._heartbeat.beat()
        name = UNNAMED if request.is_unnamed else f"{request.path} (model {fresh.model_hash[:12]})"
        self.get_logger().info(f"serving {name}")
        response.success, response.model_hash, response.latent_key = True, fresh.model_hash, fresh.latent_key
        return response

    def _load_last_model(self) -> None:
        """Go on with the model that was served when this process ended."""
        model = self._last_model
        if model is None:
            self.get_logger().info(NO_MODEL)
            return
        try:
            self._policy = Policy(Path(model.path), self._settings, model.sha256)
        except IrevlaError as error:
            self.get_logger().error(f"the model served last cannot be loaded: {error}")

    def _latent(self, sight: Sight, inference: Inference) -> Latent:
        tokens, width = inference.latent.shape
        message = Latent(
            episode_id=sight.state.episode_id,
            step=sight.state.step,
            key=inference.latent_key,
            tokens=tokens,
            width=width,
            data=array("B", inference.latent.astype("<f2").tobytes()),
        )
        _set_stamp(message, sight, self._robot.base_frame)
        return message

    def _action(self, sight: Sight, inference: Inference) -> Action:
        message = Action(
            episode_id=sight.state.episode_id,
            step=sight.state.step,
            source=Action.SOURCE_POLICY,
            action=_floats(inference.action),
            mean=_floats(inference.mean),
            log_prob=inference.log_prob,
            q_value=inference.q_value,
            weights_version=inference.weights_version,
            model_hash=inference.model_hash,
            infer_s=inference.infer_s,
        )
        _set_stamp(message, sight, self._robot.base_frame)
        return message

    def _looked_at(self, sight: Sight) -> SightMessage | None:
        if self._sights is None:
            return None
        message = SightMessage(
            episode_id=sight.state.episode_id, step=sight.state.step, cameras=list(sight.image_stamps_ns)
        )
        message.stamps = [arm_messages.to_stamp(stamp_ns) for stamp_ns in sight.image_stamps_ns.values()]
        _set_stamp(message, sight, self._robot.base_frame)
        return message


def noise_seed(episode_seed: int, step: int) -> int:
    """Return the seed of one step's exploration noise, so that an episode with the same seed repeats."""
    digest = hashlib.sha256(f"{episode_seed}:{step}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def _is_of(action: Action, episode_id: str, step: int) -> bool:
    return bool(action.episode_id == episode_id and action.step == step)


def _floats(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> array[float]:
    return array("f", values.astype(np.float32).tobytes())


def _set_stamp(message: Latent | Action | SightMessage, sight: Sight, frame_id: str) -> None:
    seconds, nanoseconds = divmod(sight.state.stamp_ns, from_ros.NS)
    message.header.stamp.sec, message.header.stamp.nanosec = seconds, nanoseconds
    message.header.frame_id = frame_id


def main() -> int:
    """Run the node until it is told to end."""
    return run_node(PolicyNode, threads=THREADS)


if __name__ == "__main__":
    sys.exit(main())

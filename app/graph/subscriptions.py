"""What the window listens to. It asks for best effort where much is said: a window that hangs holds nobody up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import Log
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image

from irevla.app.graph import facts, from_messages
from irevla.app.graph.facts import Fact
from irevla.app.graph.inbox import Inbox
from irevla.config import topics
from irevla_msgs import msg

Read = Callable[[Any, float], Fact | Sequence[Fact] | None]


def subscribe(node: Any, cameras: tuple[str, ...], inbox: Inbox) -> None:
    """Have everything that the graph says put into the inbox."""
    newest, stream = _profile(depth=1), _profile(depth=50)
    reliable = _profile(depth=100, is_reliable=True)
    latched = _profile(depth=1, is_reliable=True, is_latched=True)
    readers: list[tuple[Any, str, Read, QoSProfile]] = [
        (msg.RobotState, topics.ROBOT_STATE, from_messages.arm, newest),
        (msg.ArbiterStatus, topics.ARBITER_STATUS, partial(from_messages.fact, facts.Arbiter), latched),
        (msg.EpisodeState, topics.EPISODE_STATE, partial(from_messages.fact, facts.EpisodeNow), latched),
        (msg.EpisodeClosed, topics.EPISODE_CLOSED, partial(from_messages.fact, facts.EpisodeClosed), reliable),
        (msg.Action, topics.POLICY_ACTION, partial(from_messages.fact, facts.PolicyStep), stream),
        (msg.MotionCommand, topics.COMMAND, partial(from_messages.fact, facts.Command), stream),
        (msg.LearnerStatus, topics.LEARNER_STATUS, partial(from_messages.fact, facts.Learner), reliable),
        (msg.TeleopStatus, topics.TELEOP_STATUS, partial(from_messages.fact, facts.Teleop), stream),
        (msg.TeleopButton, topics.TELEOP_BUTTON, partial(from_messages.fact, facts.Button), reliable),
        (msg.Heartbeat, topics.HEARTBEAT, partial(from_messages.fact, facts.Beat), stream),
        (DiagnosticArray, topics.DIAGNOSTICS, from_messages.diagnoses, reliable),
        (Log, topics.ROSOUT, from_messages.log_line, reliable),
        *((Image, topics.camera_image(name), partial(from_messages.picture, name), newest) for name in cameras),
    ]
    for kind, name, read, profile in readers:
        node.create_subscription(kind, name, partial(_hear, inbox, read), profile)


def _hear(inbox: Inbox, read: Read, message: Any) -> None:
    heard = read(message, time.monotonic())
    if isinstance(heard, Fact):
        inbox.put(heard)
    elif heard is not None:
        inbox.put(*heard)


def _profile(*, depth: int, is_reliable: bool = False, is_latched: bool = False) -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=depth,
        reliability=ReliabilityPolicy.RELIABLE if is_reliable else ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if is_latched else DurabilityPolicy.VOLATILE,
    )

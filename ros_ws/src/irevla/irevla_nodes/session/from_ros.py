"""Messages of the graph as parts of a step; reads attributes only, so any runtime's messages do."""

from __future__ import annotations

from typing import Any

import numpy as np

from irevla.policies.base import Image, state_vector
from irevla_nodes.session.parts import (
    CommandPart,
    ImagePart,
    LatentPart,
    ProposalPart,
    SightPart,
    SimPart,
    StatePart,
    half_matrix,
)

NS = 1_000_000_000


def stamp_ns(message: Any) -> int:
    """Return the header's stamp [ns]."""
    return _time_ns(message.header.stamp)


def state_part(message: Any) -> StatePart:
    """Return what a RobotState says."""
    position, orientation = message.tcp_pose.position, message.tcp_pose.orientation
    return StatePart(
        message.episode_id,
        int(message.step),
        stamp_ns(message),
        state_vector(
            np.array([position.x, position.y, position.z]),
            np.array([orientation.x, orientation.y, orientation.z, orientation.w]),
            float(message.gripper_width_m),
        ),
        np.array(message.joint_position_rad, np.float64),
    )


def sim_part(message: Any) -> SimPart:
    """Return what a SimState says."""
    qpos = np.array(message.qpos, np.float64)
    return SimPart(message.episode_id, int(message.step), stamp_ns(message), qpos, bool(message.success))


def image_part(camera: str, message: Any) -> ImagePart:
    """Return the picture of a sensor_msgs/Image; raises ValueError unless it is a whole rgb8."""
    return ImagePart(camera, stamp_ns(message), rgb_image(message))


def rgb_image(message: Any) -> Image:
    """Return uint8 ``(H, W, 3)`` of a sensor_msgs/Image; raises ValueError unless it is a whole rgb8."""
    height, width, row = int(message.height), int(message.width), int(message.step)
    data = np.frombuffer(message.data, np.uint8)
    if message.encoding != "rgb8" or row < 3 * width or data.size != height * row:
        raise ValueError(
            f"expected a whole rgb8 picture, got {data.size} bytes of {message.encoding!r} for {width} x {height}, "
            f"{row} a row"
        )
    return np.ascontiguousarray(data.reshape(height, row)[:, : 3 * width]).reshape(height, width, 3)


def sight_part(message: Any) -> SightPart:
    """Return which pictures a Sight names; raises ValueError when there is not one stamp a camera."""
    names, stamps = list(message.cameras), list(message.stamps)
    if len(names) != len(stamps):
        raise ValueError(f"expected one stamp a camera, got {len(stamps)} for {', '.join(names)}")
    stamps_ns = {name: _time_ns(stamp) for name, stamp in zip(names, stamps, strict=True)}
    return SightPart(message.episode_id, int(message.step), stamps_ns)


def latent_part(message: Any) -> LatentPart:
    """Return what a Latent says; raises ValueError when its size is not tokens x width."""
    latent = half_matrix(np.frombuffer(message.data, np.uint8), int(message.tokens), int(message.width))
    return LatentPart(message.episode_id, int(message.step), message.key, latent)


def proposal_part(message: Any) -> ProposalPart:
    """Return what the policy's Action says."""
    return ProposalPart(
        message.episode_id,
        int(message.step),
        np.array(message.mean, np.float32),
        float(message.log_prob),
        float(message.q_value),
        int(message.weights_version),
        message.model_hash,
    )


def command_part(message: Any) -> CommandPart | None:
    """Return what a MotionCommand says; None for a hold, which closes no step."""
    if message.hold:
        return None
    action = np.array(message.action, np.float32)
    return CommandPart(message.episode_id, int(message.step), action, int(message.source), int(message.limited))


def _time_ns(time: Any) -> int:
    return int(time.sec) * NS + int(time.nanosec)

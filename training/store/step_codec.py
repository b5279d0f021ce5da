"""A step as ROS 2 messages, and back: Step, one CompressedImage (lossless PNG) a camera, Latent.

All messages of a step carry its number as their MCAP sequence and its stamp. The Step message comes last: the step is
closed once that message is whole. The observation after the last action is written alike, as `FINAL_TOPIC`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rosbags.typesys.store import Typestore

from irevla.config.errors import StoreError, UserError
from irevla.config.topics import POLICY_LATENT, camera_image
from irevla.training.store.episode import Image, Step
from irevla.training.store.mcap_file import McapContent, MessageAt
from irevla.training.store.message_types import COMPRESSED_IMAGE, LATENT, STEP, own_types, types_of_schema

STEP_TOPIC = "/episode/step"
FINAL_TOPIC = "/episode/final"
LATENT_TOPIC = f"/{POLICY_LATENT}"
BASE_FRAME = "panda_link0"
PNG_LEVEL = (cv2.IMWRITE_PNG_COMPRESSION, 1)
CAMERA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")  # a part of a ROS topic's name
NS = 1_000_000_000


@dataclass(frozen=True)
class Encoded:
    """One message, ready for the file."""

    topic: str
    message_type: str
    data: bytes


def image_topic(camera: str) -> str:
    """Return the topic that holds a camera's pictures in an episode's file."""
    return f"/{camera_image(camera)}/compressed"


def camera_of(topic: str) -> str:
    """Return whose pictures a topic of an episode's file holds; "" for any other topic."""
    parts = topic.split("/")
    return parts[2] if len(parts) == 5 and topic == image_topic(parts[2]) else ""


def encode(step: Step, episode_id: str, *, images: bool, topic: str = STEP_TOPIC) -> Iterator[Encoded]:
    """Yield the messages of a step, its closing message last; raises UserError for a wrong shape or type."""
    types = own_types().types
    if images:
        for camera, image in step.images.items():
            header = _header(step.stamp_ns, f"{camera}_optical_frame")
            message = types[COMPRESSED_IMAGE](header, "rgb8; png compressed bgr8", _png(camera, image))
            yield _encoded(image_topic(camera), COMPRESSED_IMAGE, message)
    header = _header(step.stamp_ns, BASE_FRAME)
    if step.latent is not None:
        if step.latent.ndim != 2:
            raise UserError(f"latent: expected (m, d), got {step.latent.shape}")
        tokens, width = step.latent.shape
        data = np.frombuffer(step.latent.astype("<f2").tobytes(), np.uint8)
        message = types[LATENT](header, episode_id, step.step, step.latent_key, tokens, width, data)
        yield _encoded(LATENT_TOPIC, LATENT, message)
    message = types[STEP](
        header=header,
        episode_id=episode_id,
        step=step.step,
        state=_vector("state", step.state, np.float32),
        action=_vector("action", step.action, np.float32),
        source=step.source,
        intervention=step.intervention,
        limited=step.limited,
        mean=np.zeros(0, np.float32) if step.mean is None else _vector("mean", step.mean, np.float32),
        log_prob=step.log_prob,
        q_value=step.q_value,
        weights_version=step.weights_version,
        joint_position_rad=_vector("joint_position_rad", step.joint_position_rad, np.float64),
        qpos=np.ascontiguousarray(step.qpos, np.float64).reshape(-1),
    )
    yield _encoded(topic, STEP, message)


class StepDecoder:
    """Reads the steps of one parsed file; types come from the file's own schemas."""

    def __init__(self, data: bytes, content: McapContent, path: Path) -> None:
        self._data = memoryview(data)
        self._content = content
        self._path = path
        self._types: dict[str, tuple[Typestore, str]] = {}
        self._of_step: defaultdict[int, list[MessageAt]] = defaultdict(list)
        for message in content.messages:
            self._of_step[message.sequence].append(message)

    def steps(self, *, images: bool) -> list[Step]:
        """Return every closed step in order."""
        return [self._step(at, images) for at in self._content.messages if at.topic == STEP_TOPIC]

    def pictures(self, camera: str, rows: slice) -> Iterator[tuple[int, Image]]:
        """Yield (stamp_ns, picture) of the closed steps ``rows``; a step without that camera's picture is left out."""
        for at in [at for at in self._content.messages if at.topic == STEP_TOPIC][rows]:
            for picture in self._of_step[at.sequence]:
                if picture.topic == image_topic(camera):
                    stamp = self._decode(picture).header.stamp
                    yield stamp.sec * NS + stamp.nanosec, self._pixels(picture)

    def final(self, *, images: bool) -> Step | None:
        """Return the observation after the last action, if it was recorded."""
        found = [at for at in self._content.messages if at.topic == FINAL_TOPIC]
        return self._step(found[-1], images) if found else None

    def _step(self, at: MessageAt, images: bool) -> Step:
        message = self._decode(at)
        beside = {other.topic: other for other in self._of_step[at.sequence]}
        latent, key = self._latent(beside.get(LATENT_TOPIC))
        stamp = message.header.stamp
        try:
            return Step(  # copies, since a view of one vector would keep the whole file in memory
                step=int(message.step),
                stamp_ns=stamp.sec * NS + stamp.nanosec,
                state=message.state.copy(),
                action=message.action.copy(),
                source=message.source,
                intervention=message.intervention,
                limited=message.limited,
                mean=message.mean.copy() if len(message.mean) else None,
                log_prob=message.log_prob,
                q_value=message.q_value,
                weights_version=message.weights_version,
                joint_position_rad=message.joint_position_rad.copy(),
                qpos=message.qpos.copy(),
                images=self._images(beside) if images else {},
                latent=latent,
                latent_key=key,
            )
        except AttributeError as error:
            raise StoreError(f"{self._path}: its Step message has other fields than this irevla's: {error}") from None

    def _latent(self, at: MessageAt | None) -> tuple[Any, str]:
        if at is None:
            return None, ""
        message = self._decode(at)
        halves = np.frombuffer(message.data.tobytes(), "<f2").astype(np.float16)
        return halves.reshape(message.tokens, message.width), message.key

    def _images(self, beside: dict[str, MessageAt]) -> dict[str, Image]:
        images = {}
        for topic, at in beside.items():
            if camera := camera_of(topic):
                images[camera] = self._pixels(at)
        return images

    def _pixels(self, at: MessageAt) -> Image:
        pixels = cv2.imdecode(self._decode(at).data, cv2.IMREAD_COLOR)
        if pixels is None:
            raise StoreError(f"{self._path}: the picture of {at.topic} at step {at.sequence} is no PNG")
        rgb: Image = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
        return rgb

    def _decode(self, at: MessageAt) -> Any:
        if at.topic not in self._types:
            schema = self._content.schema_of(at.topic)
            self._types[at.topic] = types_of_schema(schema.name, schema.data.decode()), schema.name
        types, name = self._types[at.topic]
        return types.deserialize_cdr(self._data[at.begin : at.end], name)


def _encoded(topic: str, message_type: str, message: Any) -> Encoded:
    return Encoded(topic, message_type, bytes(own_types().serialize_cdr(message, message_type)))


def _header(stamp_ns: int, frame_id: str) -> Any:
    types = own_types().types
    seconds, nanoseconds = divmod(stamp_ns, NS)
    return types["std_msgs/msg/Header"](types["builtin_interfaces/msg/Time"](seconds, nanoseconds), frame_id)


def _vector(name: str, values: Any, dtype: Any) -> Any:
    array = np.ascontiguousarray(values, dtype)
    if array.shape != (7,):
        raise UserError(f"{name}: expected shape (7,), got {array.shape}")
    return array


def _png(camera: str, image: Image) -> Any:
    if not CAMERA_NAME.fullmatch(camera):
        raise UserError(f"camera {camera[:80]!r}: expected a letter, then letters, digits and '_'")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise UserError(f"picture of {camera}: expected uint8 (H, W, 3), got {image.dtype} {image.shape}")
    _, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), PNG_LEVEL)
    return data

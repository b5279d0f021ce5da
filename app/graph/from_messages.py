"""ROS messages to facts and records, by the names that both share."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np

from irevla.app.graph import facts
from irevla.app.graph.records import EpisodeDetail

Made = TypeVar("Made")
CHANNELS = 3
PER_STEP = ("states", "actions")  # of EpisodeDetail: T x 7, row-major


def fact(cls: type[Made], message: Any, received_s: float) -> Made:
    """Return a fact whose fields are the message's of the same names."""
    return _fill(cls, message, received_s=received_s)


def record(cls: type[Made], message: Any) -> Made:
    """Return a record whose fields are the message's of the same names; nested ones too."""
    return _fill(cls, message)


def picture(camera: str, message: Any, received_s: float) -> facts.Picture | None:
    """Return the picture of a sensor_msgs/Image, None when it is no rgb8 picture of the size it says."""
    height, width = int(message.height), int(message.width)
    data = np.asarray(message.data, dtype=np.uint8)
    if message.encoding != "rgb8" or message.step != CHANNELS * width or data.size != height * message.step:
        return None
    image = data.reshape(height, width, CHANNELS)
    return facts.Picture(received_s=received_s, camera=camera, stamp_s=seconds(message.header.stamp), image=image)


def arm(message: Any, received_s: float) -> facts.Arm:
    """Return the fact of a RobotState."""
    tool = message.tcp_pose.position
    position_m = (float(tool.x), float(tool.y), float(tool.z))
    return _fill(facts.Arm, message, received_s=received_s, position_m=position_m)


def diagnoses(message: Any, received_s: float) -> list[facts.Diagnosis]:
    """Return one fact for each status of a DiagnosticArray; its level is a byte in rclpy, an int embedded."""
    return [
        facts.Diagnosis(
            received_s=received_s,
            name=status.name,
            level=status.level[0] if isinstance(status.level, bytes) else int(status.level),
            message=status.message,
            values=tuple((value.key, value.value) for value in status.values),
        )
        for status in message.status
    ]


def log_line(message: Any, received_s: float) -> facts.LogLine:
    """Return the fact of a rcl_interfaces/Log."""
    return _fill(facts.LogLine, message, received_s=received_s, stamp_s=seconds(message.stamp))


def detail(message: Any) -> EpisodeDetail:
    """Return the record of a GetEpisode response."""
    shaped = {name: np.asarray(getattr(message, name), np.float32).reshape(-1, 7) for name in PER_STEP}
    return _fill(EpisodeDetail, message, **shaped)


def seconds(time: Any) -> float:
    """Return builtin_interfaces/Time in seconds."""
    return float(time.sec) + float(time.nanosec) * 1e-9


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    return get_type_hints(cls)


def _fill(cls: type[Made], message: Any, **given: Any) -> Made:
    hints = _hints(cast(Hashable, cls))
    names = [field.name for field in fields(cls) if field.name not in given]  # type: ignore[arg-type]
    return cls(**given, **{name: _value(hints[name], getattr(message, name)) for name in names})


def _value(hint: Any, value: Any) -> Any:
    """Return a message's field as the type that a fact or record has for it."""
    origin = get_origin(hint)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(_value(item, one) for one in _plain(value))
    if origin is np.ndarray:
        return np.asarray(value, dtype=get_args(get_args(hint)[1])[0])
    if is_dataclass(hint):
        return _fill(hint, value)  # type: ignore[arg-type]
    if hint is bytes:  # sensor_msgs/CompressedImage
        return bytes(value.data)
    if hint is float and hasattr(value, "nanosec"):
        return seconds(value)
    return hint(value)


def _plain(values: Any) -> Sequence[Any]:
    tolist = getattr(values, "tolist", None)  # numpy and array.array
    plain: Sequence[Any] = values if tolist is None else tolist()
    return plain

"""Quality of service: what a reader asks for and a writer offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from rclpy.duration import Duration


class InvalidQoSProfileException(Exception):
    """The profile lacks a depth, or has an impossible one."""


class HistoryPolicy(IntEnum):
    """How many samples are kept for a reader that is slower than its writer."""

    SYSTEM_DEFAULT = 0
    KEEP_LAST = 1
    KEEP_ALL = 2
    UNKNOWN = 3


class ReliabilityPolicy(IntEnum):
    """Whether lost samples are sent again."""

    SYSTEM_DEFAULT = 0
    RELIABLE = 1
    BEST_EFFORT = 2
    UNKNOWN = 3


class DurabilityPolicy(IntEnum):
    """Whether a late joiner gets what was sent before."""

    SYSTEM_DEFAULT = 0
    TRANSIENT_LOCAL = 1
    VOLATILE = 2
    UNKNOWN = 3


class LivelinessPolicy(IntEnum):
    """How a writer shows that it lives."""

    SYSTEM_DEFAULT = 0
    AUTOMATIC = 1
    MANUAL_BY_TOPIC = 3
    UNKNOWN = 4


QoSHistoryPolicy = HistoryPolicy
QoSReliabilityPolicy = ReliabilityPolicy
QoSDurabilityPolicy = DurabilityPolicy
QoSLivelinessPolicy = LivelinessPolicy


@dataclass(kw_only=True)
class QoSProfile:
    """By default reliable, volatile, keep last ``depth``. A duration of zero means: none."""

    depth: int = 0
    history: HistoryPolicy = HistoryPolicy.KEEP_LAST
    reliability: ReliabilityPolicy = ReliabilityPolicy.RELIABLE
    durability: DurabilityPolicy = DurabilityPolicy.VOLATILE
    lifespan: Duration = field(default_factory=Duration)
    deadline: Duration = field(default_factory=Duration)
    liveliness: LivelinessPolicy = LivelinessPolicy.AUTOMATIC
    liveliness_lease_duration: Duration = field(default_factory=Duration)
    avoid_ros_namespace_conventions: bool = False

    def __post_init__(self) -> None:
        if self.history == HistoryPolicy.KEEP_LAST and self.depth < 1:
            raise InvalidQoSProfileException(f"KEEP_LAST needs a depth of at least 1, got {self.depth}")

    @classmethod
    def of(cls, profile: QoSProfile | int) -> QoSProfile:
        """Return ``profile``, or the default one with that depth."""
        if isinstance(profile, QoSProfile):
            return profile
        if isinstance(profile, bool) or not isinstance(profile, int) or profile < 1:
            raise ValueError(f"expected a QoSProfile or a depth of at least 1, got {profile!r}")
        return cls(depth=profile)


qos_profile_system_default = QoSProfile(depth=10)
qos_profile_default = QoSProfile(depth=10)
qos_profile_sensor_data = QoSProfile(depth=5, reliability=ReliabilityPolicy.BEST_EFFORT)
# rmw keeps ten, and loses the eleventh request of a burst without a word.
qos_profile_services_default = QoSProfile(depth=1000)
qos_profile_parameters = QoSProfile(depth=1000)
qos_profile_parameter_events = QoSProfile(depth=1000)
qos_profile_action_status_default = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
qos_profile_rosout_default = QoSProfile(
    depth=1000, durability=DurabilityPolicy.TRANSIENT_LOCAL, lifespan=Duration(seconds=10)
)

"""rclpy's QoS profiles as Cyclone's policies, set as rmw_cyclonedds sets them, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cyclonedds.qos import Policy, Qos

if TYPE_CHECKING:
    from rclpy.qos import QoSProfile

INFINITE_NS = 2**63 - 1
# How long a reliable writer waits for a reader that does not keep up, before the write fails.
MAX_BLOCKING_NS = 200_000_000


def to_dds(profile: QoSProfile, user_data: str, *, ignore_own: bool = False) -> Qos:
    """Return Cyclone's QoS of one reader or writer; ``user_data`` carries type hash and client id."""
    keep = (
        Policy.History.KeepAll if profile.history.name == "KEEP_ALL" else Policy.History.KeepLast(max(1, profile.depth))
    )
    policies: list[Any] = [
        keep,
        Policy.WriterDataLifecycle(autodispose=False),
        Policy.DataRepresentation(use_cdrv0_representation=True),
        Policy.Userdata(user_data.encode()),
    ]
    if profile.reliability.name == "BEST_EFFORT":
        policies.append(Policy.Reliability.BestEffort)
    else:
        policies.append(Policy.Reliability.Reliable(MAX_BLOCKING_NS))
    if profile.durability.name == "TRANSIENT_LOCAL":
        policies += [Policy.Durability.TransientLocal, Policy.DurabilityService(0, keep, -1, -1, -1)]
    else:
        policies.append(Policy.Durability.Volatile)
    if profile.deadline.nanoseconds:
        policies.append(Policy.Deadline(profile.deadline.nanoseconds))
    if profile.lifespan.nanoseconds:
        policies.append(Policy.Lifespan(profile.lifespan.nanoseconds))
    lease = profile.liveliness_lease_duration.nanoseconds or INFINITE_NS
    manual = profile.liveliness.name == "MANUAL_BY_TOPIC"
    policies.append(Policy.Liveliness.ManualByTopic(lease) if manual else Policy.Liveliness.Automatic(lease))
    if ignore_own:
        policies.append(Policy.IgnoreLocal.Participant)
    return Qos(*policies)


def user_data(qos: Qos) -> dict[str, str]:
    """Return the ``key=value;`` pairs of USER_DATA."""
    policy = qos[Policy.Userdata]
    text = policy.data.decode(errors="replace") if policy is not None else ""
    return dict(part.split("=", 1) for part in text.split(";") if "=" in part)

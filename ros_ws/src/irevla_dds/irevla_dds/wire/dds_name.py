"""How ROS names become DDS topic names, and back."""

from __future__ import annotations

TOPIC, REQUEST, REPLY = "rt", "rq", "rr"


def topic(name: str) -> str:
    """Return the DDS topic of the ROS topic ``name`` (fully qualified)."""
    return f"{TOPIC}{name}"


def request(name: str) -> str:
    """Return the DDS topic that carries the requests of service ``name``."""
    return f"{REQUEST}{name}Request"


def reply(name: str) -> str:
    """Return the DDS topic that carries the replies of service ``name``."""
    return f"{REPLY}{name}Reply"


def ros_topic(dds: str) -> str | None:
    """Return the ROS topic of a DDS topic, None if it is none."""
    return dds[len(TOPIC) :] if dds.startswith(f"{TOPIC}/") else None


def ros_service(dds: str) -> str | None:
    """Return the ROS service that the DDS topic ``dds`` carries requests of, None if it does not."""
    if dds.startswith(f"{REQUEST}/") and dds.endswith("Request"):
        return dds[len(REQUEST) : -len("Request")]
    return None


def ros_type(dds: str) -> str:
    """Return ``package/kind/Name`` of rosidl's DDS type name; others come back as they are."""
    return dds.replace("::dds_::", "::").rstrip("_").replace("::", "/") if "::dds_::" in dds else dds

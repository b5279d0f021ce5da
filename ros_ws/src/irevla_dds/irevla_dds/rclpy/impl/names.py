"""ROS names: what a valid one is, what a relative one means, and what it is remapped to."""

from __future__ import annotations

import re

from rclpy.exceptions import InvalidNameException
from rclpy.impl.arguments import Arguments

_NODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOPIC = re.compile(r"(~(?=/|$)|/)?[A-Za-z0-9_{}/]*")
_QUALIFIED = re.compile(r"(/[A-Za-z_][A-Za-z0-9_]*)+")


def validate_node_name(name: str) -> str:
    """Return ``name``; InvalidNameException."""
    if not _NODE.fullmatch(name) or len(name) > 255:
        raise InvalidNameException(f"node name: expected letters, digits and _, not a digit first, got {name[:80]!r}")
    return name


def validate_namespace(namespace: str) -> str:
    """Return ``namespace`` with one slash in front and none behind ("/" for none); InvalidNameException."""
    namespace = f"/{namespace.strip('/')}"
    if namespace != "/" and not _QUALIFIED.fullmatch(namespace):
        raise InvalidNameException(f"namespace: expected /word/word, got {namespace[:80]!r}")
    return namespace


def qualify(name: str, node: str, namespace: str) -> str:
    """Return the fully qualified form of a topic or service name; ``~`` is the node's own; InvalidNameException."""
    own = f"{namespace.rstrip('/')}/{node}"
    if not name or not _TOPIC.fullmatch(name):
        raise InvalidNameException(f"name: expected letters, digits, _, / and a leading ~, got {name[:80]!r}")
    name = name.replace("{node}", node).replace("{namespace}", namespace).replace("{ns}", namespace)
    if name.startswith("~"):
        name = f"{own}{name[1:]}"
    elif not name.startswith("/"):
        name = f"{namespace.rstrip('/')}/{name}"
    if not _QUALIFIED.fullmatch(name) or "__" in name:
        raise InvalidNameException(f"name: expected /word/word (no digit first, no __), got {name[:80]!r}")
    return name


def resolve(name: str, node: str, namespace: str, arguments: Arguments) -> str:
    """Return the fully qualified and remapped form of a name."""
    qualified = qualify(name, node, namespace)
    for remap in arguments.remaps:
        if remap.source in ("__node", "__ns") or remap.node not in ("", node):
            continue
        if qualify(remap.source, node, namespace) == qualified:
            return qualify(remap.target, node, namespace)
    return qualified

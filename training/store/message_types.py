"""ROS 2 message types and their CDR encoding, from the .msg files that rosidl also builds."""

from __future__ import annotations

from functools import cache, lru_cache

from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from irevla.config.interface_files import interface_folder

STEP = "irevla_msgs/msg/Step"
LATENT = "irevla_msgs/msg/Latent"
COMPRESSED_IMAGE = "sensor_msgs/msg/CompressedImage"

SECTION = "=" * 80 + "\n"  # between the definitions of one ros2msg schema


@cache
def own_types() -> Typestore:
    """Return Jazzy's types with this checkout's Step and Latent, for writing."""
    store = get_typestore(Stores.ROS2_JAZZY)
    for name in (STEP, LATENT):
        store.register(get_types_from_msg(_definition(name), name))
    return store


@cache
def schema_text(name: str) -> str:
    """Return the ros2msg schema of a type: its own definition (ours with comments) and all it is made of."""
    text, _ = own_types().generate_msgdef(name, ros_version=2)
    if name not in (STEP, LATENT):
        return text
    _, separator, parts = text.partition(SECTION)
    return _definition(name).rstrip("\n") + "\n" + separator + parts


@lru_cache(maxsize=32)
def types_of_schema(name: str, text: str) -> Typestore:
    """Return the types of a schema found in a file, so that old files are read as they were written."""
    store = get_typestore(Stores.EMPTY)
    store.register(get_types_from_msg(text, name))
    return store


def _definition(name: str) -> str:
    return (interface_folder() / "msg" / f"{name.rpartition('/')[2]}.msg").read_text(encoding="utf-8")

"""The one type that Cyclone is told of: any bytes, under the name that ROS gives them."""

from __future__ import annotations

from typing import Any

from cyclonedds.idl import make_idl_struct, types


def opaque_type(dds_name: str) -> Any:
    """Return a Cyclone type of that name whose samples are any bytes.

    Cyclone walks each sample by its type; a structure of one byte lets every other byte pass untouched.
    """
    return make_idl_struct("Opaque", dds_name, {"first": types.uint8})

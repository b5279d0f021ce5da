"""Where the files of irevla_msgs lie (.msg, .srv, .action), the ones that rosidl also builds."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

from irevla.config.errors import UserError

PACKAGE = "irevla_msgs"


def interface_folder() -> Path:
    """Return irevla_msgs' folder: this checkout's, an ament prefix's or the installed wheel's; raises UserError."""
    prefixes = [*filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)), sysconfig.get_path("data")]
    places = [
        Path(__file__).resolve().parents[1] / "ros_ws" / "src" / PACKAGE,
        *(Path(prefix) / "share" / PACKAGE for prefix in prefixes),
    ]
    for place in places:
        if (place / "msg" / "Step.msg").is_file():
            return place
    raise UserError(
        f"expected {PACKAGE}'s message files in one of {', '.join(map(str, places))}, found them in none; install "
        "irevla again, or source the ROS workspace that built irevla_msgs"
    )

"""Who collides with whom, as MuJoCo's bit masks: a pair does when a ``contype`` meets the other's ``conaffinity``."""

from __future__ import annotations

from typing import Any

Mask = dict[str, Any]

TABLE: Mask = {"contype": 1, "conaffinity": 1}
HAND: Mask = {"contype": 7, "conaffinity": 0}  # table, things, cable, fixtures; never itself
THING: Mask = {"contype": 3, "conaffinity": 1}  # whatever can be grasped
FIXTURE: Mask = {"contype": 0, "conaffinity": 2}  # stuck to the table, so it need not feel it
CABLE: Mask = {"contype": 3, "conaffinity": 4}  # like a thing, but its links ignore each other
NOTHING: Mask = {"contype": 0, "conaffinity": 0}

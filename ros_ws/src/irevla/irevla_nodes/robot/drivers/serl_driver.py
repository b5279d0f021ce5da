"""SERL's franka_server over HTTP: two threads poll the state and deliver set points, so that no caller waits.

Protocol: rail-berkeley/serl, serl_robot_infra/robot_servers/franka_server.py. POST only; m, rad; base frame; x y z w.
"""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from irevla.config.errors import ConfigError, DeviceError
from irevla.config.hardware import SerlSettings
from irevla_nodes.arbiter.target import Target
from irevla_nodes.robot.drivers.driver import Measurement
from irevla_nodes.sim.arm_state import ArmState

FIELDS = {"pose": 7, "vel": 6, "q": 7, "dq": 7}  # of /getstate, with their lengths
CLOSE_TIMEOUT_S = 2.0
SEND_TROUBLE_S = 1.0
"""A failed delivery counts for so long: it is not repeated, since the arm may stand elsewhere by then."""
POSE = "/pose"


class SerlDriver:
    """One server. The threads end with `close`; what goes wrong in them is raised by the next `read`."""

    reflex_hint = "clear the way, release the user stop and reset again, which sends /clearerr"

    def __init__(self, settings: SerlSettings) -> None:
        """Raise ConfigError for an address that is none; the server itself may come later."""
        self._settings = settings
        url = urlsplit(settings.url)
        if url.scheme != "http" or not url.hostname or url.path not in ("", "/"):
            raise ConfigError(f"robot.serl.url: expected http://host:port, got {settings.url!r}")
        self._host, self._port = url.hostname, url.port or 80
        self._lock = threading.Condition()
        self._measured: tuple[ArmState, float] | None = None
        self._read_trouble = f"no answer from {settings.url} yet; is franka_server running?"
        self._send_trouble, self._send_failed_s = "", -math.inf
        self._requests: dict[str, object] = {}  # path: body, in the order of delivery
        self._is_closing = False
        self._closed = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"serl {name}", daemon=True)
            for name, work in (("reader", self._poll), ("sender", self._deliver))
        ]
        for thread in self._threads:
            thread.start()

    def read(self) -> Measurement:
        """Return the newest state.

        Its age counts from the last answer that differed from the one before: the server repeats its last state for
        ever when the arm's driver behind it has died, while the joints of a living arm never measure twice the same.
        """
        with self._lock:
            has_failed = time.monotonic() - self._send_failed_s < SEND_TROUBLE_S
            trouble = self._read_trouble or (self._send_trouble if has_failed else "")
            if trouble or self._measured is None:
                raise DeviceError(trouble)
            arm, measured_s = self._measured
            return Measurement(arm, time.monotonic() - measured_s)

    def move_to(self, target: Target) -> None:
        """Send the pose to /pose; one that was not sent yet is replaced."""
        self._queue(POSE, {"arr": [*target.position_m.tolist(), *target.quaternion_xyzw.tolist()]})

    def grip(self, *, is_open: bool) -> None:
        """Send /open_gripper or /close_gripper (for a Franka Hand a grasp with force, which /move_gripper is not)."""
        self._queue("/open_gripper" if is_open else "/close_gripper")

    def recover(self) -> None:
        """Send /clearerr."""
        self._queue("/clearerr")

    def close(self) -> None:
        """Deliver the last set point and end the threads; waits two seconds at most."""
        with self._lock:
            self._is_closing = True
            self._lock.notify_all()
        self._closed.set()
        for thread in self._threads:
            thread.join(CLOSE_TIMEOUT_S)

    def _queue(self, path: str, body: object = None) -> None:
        with self._lock:
            # One that waits is replaced where it stands, so that set points hold nothing up.
            self._requests[path] = body
            self._lock.notify_all()

    def _poll(self) -> None:
        while not self._closed.is_set():
            began_s = time.monotonic()
            try:
                arm, trouble = self._arm_state(self._ask("/getstate")), ""
            except DeviceError as error:
                arm, trouble = None, str(error)
            with self._lock:
                self._read_trouble = trouble
                if arm is not None and not (self._measured and _is_same(arm, self._measured[0])):
                    self._measured = (arm, began_s)
            self._closed.wait(max(0.0, began_s + 1.0 / self._settings.poll_hz - time.monotonic()))

    def _deliver(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._requests or self._is_closing)
                if not self._requests:
                    return
                path = next(iter(self._requests))
                body = self._requests.pop(path)
            try:
                self._ask(path, body)
            except DeviceError as error:
                with self._lock:
                    self._send_trouble, self._send_failed_s = str(error), time.monotonic()
                    if self._is_closing:
                        return

    def _ask(self, path: str, body: object = None) -> bytes:
        """POST and return the answer; raises DeviceError when none, or another than 200, comes in time."""
        where = f"{self._settings.url.rstrip('/')}{path}"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._settings.timeout_s)
        try:
            text = None if body is None else json.dumps(body)
            connection.request("POST", path, text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
        except TimeoutError:
            limit_s = self._settings.timeout_s
            raise DeviceError(f"{where}: no answer within {limit_s} s (robot.serl.timeout_s)") from None
        except (OSError, http.client.HTTPException) as error:
            raise DeviceError(f"{where}: {error or type(error).__name__}; is franka_server running there?") from None
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            hint = "is its impedance controller running (/startimp)?"
            raise DeviceError(f"{where}: expected HTTP 200, got {answer.status} {answer.reason}; {hint}")
        return content

    def _arm_state(self, content: bytes) -> ArmState:
        where = f"{self._settings.url.rstrip('/')}/getstate"
        try:
            state = json.loads(content)
            values = {name: np.array(state[name], dtype=np.float64) for name in FIELDS}
            opening = float(state["gripper_pos"])
        except (ValueError, TypeError, KeyError) as error:
            raise DeviceError(f"{where}: expected {', '.join(FIELDS)} and gripper_pos, got {error!r}") from None
        for name, length in FIELDS.items():
            if values[name].shape != (length,) or not np.isfinite(values[name]).all():
                raise DeviceError(f"{where}: expected {length} finite numbers as {name}, got {values[name]}")
        pose = values["pose"]
        if not math.isfinite(opening) or abs(float(np.linalg.norm(pose[3:])) - 1.0) > 0.01:
            raise DeviceError(f"{where}: expected a unit quaternion and a gripper_pos, got {pose[3:]} and {opening}")
        return ArmState(
            time_s=time.time(),
            joint_position_rad=values["q"],
            joint_velocity_rad_s=values["dq"],
            joint_effort_nm=np.full(7, np.nan),  # the server does not tell
            tcp_position_m=pose[:3],
            tcp_quaternion_xyzw=pose[3:] / np.linalg.norm(pose[3:]),
            tcp_twist=values["vel"],
            gripper_width_m=min(max(opening, 0.0), 1.0) * self._settings.gripper_stroke_m,
        )


def _is_same(arm: ArmState, before: ArmState) -> bool:
    names: tuple[str, ...] = ("joint_position_rad", "joint_velocity_rad_s", "tcp_position_m", "tcp_twist")
    pairs: list[tuple[Any, Any]] = [(getattr(arm, name), getattr(before, name)) for name in names]
    return all(np.array_equal(now, then) for now, then in pairs)

"""3Dconnexion's devices by pyspacemouse, which reads their HID reports."""

from __future__ import annotations

from typing import Any

from irevla.config.errors import DeviceError
from irevla.config.teleop.devices import SPACEMOUSE_AXES
from irevla_nodes.teleop.device import Controls

MOST_REPORTS = 200  # more than come in a second


class SpaceMouse:
    """One device; ``hid`` is pyspacemouse's, opened without blocking."""

    def __init__(self, hid: Any, hid_error: type[Exception], silence_s: float) -> None:
        self._hid = hid
        self._error = hid_error
        self._silence_s = silence_s
        self._report: object = None  # when the newest report was read, by the library's clock
        self._reported_s = 0.0

    @property
    def name(self) -> str:
        """As pyspacemouse calls the model."""
        return str(self._hid.name)

    def controls(self, now_s: float) -> Controls:
        """Return where the cap is; after ``silence_s`` without a report it counts as let go."""
        state = self._newest(now_s)
        pressed = frozenset(f"button_{number}" for number, is_down in enumerate(state.buttons, 1) if is_down)
        is_heard = now_s - self._reported_s <= self._silence_s
        return Controls({name: getattr(state, name) if is_heard else 0.0 for name in SPACEMOUSE_AXES}, pressed)

    def close(self) -> None:
        """Give it back."""
        self._hid.close()

    def _newest(self, now_s: float) -> Any:
        """Read all reports that wait: one a call would follow the hand by seconds."""
        try:
            for _ in range(MOST_REPORTS):
                state = self._hid.read()
                if state.t == self._report:
                    break
                self._report, self._reported_s = state.t, now_s
        # IndexError: a report shorter than the model's description says.
        except (self._error, IndexError) as error:
            raise DeviceError(f"the SpaceMouse {self.name} cannot be read any more: {error}") from None
        return state


class SpaceMice:
    """Looks for SpaceMice; loads the HID library at the first look."""

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s

    def open(self) -> SpaceMouse | None:
        """Return the first SpaceMouse; DeviceError when the system's HID library or the right to read it is missing."""
        try:
            import easyhid
            import pyspacemouse

            if not pyspacemouse.get_connected_devices():
                return None
        # RuntimeError: pyspacemouse looked for a function of a library that is not there.
        except (ImportError, OSError, RuntimeError) as error:
            raise DeviceError(
                f"a SpaceMouse cannot be used: the HID library does not load ({error}); "
                "install it: apt-get install libhidapi-hidraw0"
            ) from None
        try:
            hid = pyspacemouse.open(axis_convention=pyspacemouse.AxisConvention.ROS)
        except RuntimeError as error:
            raise DeviceError(
                f"a SpaceMouse is plugged in but cannot be opened ({error}); "
                "may this user read /dev/hidraw*? docs/teleop.md has the udev rule"
            ) from None
        return SpaceMouse(hid, easyhid.HIDException, self._silence_s)

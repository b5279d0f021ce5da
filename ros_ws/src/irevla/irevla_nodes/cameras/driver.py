"""What a real camera's driver does."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class CameraDriver(Protocol):
    """One opened device; used by one thread."""

    def read(self, timeout_s: float) -> NDArray[np.uint8]:
        """Return the next picture ``(H, W, 3)`` RGB; raises DeviceError when none comes within ``timeout_s``."""

    def close(self) -> None:
        """Free the device; may be called twice."""

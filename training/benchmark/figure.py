"""One figure of a benchmark, with the baseline it is compared with in the same run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A measured value; where a baseline was measured too, ``ratio`` is how many times better the value is."""

    name: str
    value: float
    unit: str
    baseline: str = ""
    baseline_value: float | None = None
    higher_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """Times better than the baseline (above 1 is better), or None without one."""
        if self.baseline_value is None:
            return None
        return self.value / self.baseline_value if self.higher_is_better else self.baseline_value / self.value

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as JSON values, ratio included."""
        return {**asdict(self), "ratio": self.ratio}

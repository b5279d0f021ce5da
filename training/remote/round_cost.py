"""What the cluster's time has cost, over all the times a round was resumed."""

from __future__ import annotations

from pathlib import Path

from irevla.config.remote import RemoteSettings

SECONDS = "cluster_s"


class RoundCost:
    """Counts while the round holds resources; an estimate, as only the cluster's owner knows the bill."""

    def __init__(self, settings: RemoteSettings, folder: Path) -> None:
        self._settings = settings
        self._path = folder / SECONDS
        self._before_s = _read(self._path)
        self._began_s: float | None = None
        self.total_s = self._before_s

    @property
    def cost(self) -> float:
        """So far, in the currency of the settings."""
        return self.total_s / 3600.0 * self._settings.cost_per_hour

    @property
    def is_spent(self) -> bool:
        """Whether the round has cost what it may."""
        return 0 < self._settings.max_cost <= self.cost

    def update(self, now_s: float) -> None:
        """Count up to now, from the first call on, and keep the sum for a resumed round."""
        self._began_s = now_s if self._began_s is None else self._began_s
        self.total_s = self._before_s + now_s - self._began_s
        draft = self._path.with_suffix(".part")
        draft.write_text(f"{self.total_s:.3f}\n", encoding="utf-8")
        draft.rename(self._path)


def _read(path: Path) -> float:
    try:
        return max(0.0, float(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return 0.0

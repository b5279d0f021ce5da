"""The demo's figures: success before, after stage 1 and after stage 2, with n and Wilson intervals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.table import Table

from irevla.training.success_rate import SuccessRate

Role = Literal["expert", "rl", "unseen"]
STAGES = ("stage0", "stage1", "stage2")


@dataclass(frozen=True)
class Results:
    """Success by task and stage."""

    roles: dict[str, Role]
    rates: dict[str, dict[str, SuccessRate]]  # task -> stage -> rate
    wall_s: float
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Return the content of results.json."""
        return {
            "tasks": {
                task: {"role": role, **{stage: rate.as_dict() for stage, rate in self.rates[task].items()}}
                for task, role in self.roles.items()
            },
            "wall_s": round(self.wall_s, 1),
            "seed": self.seed,
        }

    def write(self, path: Path) -> None:
        """Write results.json."""
        path.write_text(json.dumps(self.as_dict(), indent=1) + "\n")

    def table(self) -> Table:
        """Return the table that ends the demo."""
        table = Table(title=f"success rate [Wilson 95 %], seed {self.seed}")
        for column in ("task", "role", "stage 0 (SFT)", "stage 1 (SACfD)", "stage 2 (SFT on D_e ∪ D_RL)"):
            table.add_column(column, overflow="fold")
        for task, role in self.roles.items():
            table.add_row(task, role, *(str(self.rates[task].get(stage, "–")) for stage in STAGES))
        return table

"""One self-contained HTML file about a demo: table, curves, clips, configuration and hashes."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml
from jinja2 import Environment, PackageLoader

from irevla.config.settings import Settings
from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.episode_store import EpisodeStore
from irevla_nodes.demo import charts
from irevla_nodes.demo.progress_record import ProgressRecord
from irevla_nodes.demo.results import STAGES, Results

TITLES = ("stage 0 (SFT)", "stage 1 (SACfD)", "stage 2 (D_e ∪ D_RL)")
LEARNER_CURVES = {
    "critic: mean Q over the batch": ("q_mean",),
    "losses": ("critic_loss", "bc_loss"),
    "policy entropy [nat]": ("entropy",),
}


@dataclass(frozen=True)
class Report:
    """Where a report's facts come from."""

    settings: Settings
    results: Results
    record: ProgressRecord
    store: EpisodeStore
    learner_log: Path

    def write(self, path: Path, command: str) -> None:
        """Render the report to ``path``."""
        page = Environment(loader=PackageLoader("irevla_nodes", "demo"), autoescape=True).get_template(
            "report.html.jinja"
        )
        rl_task = next(task for task, role in self.results.roles.items() if role == "rl")
        online = [record for record in self.store.records(task=rl_task, kind="rl") if record.meta.explore]
        labels = [record.label == "success" for record in online if record.label in ("success", "failure")]
        path.write_text(
            page.render(
                results=self.results,
                stages=STAGES,
                stage_titles=TITLES,
                command=command,
                machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
                bars=charts.success_bars(self.results.rates, STAGES),
                curve=charts.reinforcement_curve(labels, self.results.rates[rl_task]["stage0"]),
                learner_charts=self._learner_charts(),
                loss_charts=self._loss_charts(),
                clips=self._clips(),
                hashes=self._hashes(),
                wall_s=self.record.wall_s,
                configuration=yaml.safe_dump(self.settings.model_dump(mode="json"), sort_keys=False),
            )
        )

    def _learner_charts(self) -> list[tuple[str, str]]:
        if not self.learner_log.exists():
            return []
        rows = [json.loads(line) for line in self.learner_log.read_text().splitlines()]
        updates = [row["updates"] for row in rows]
        return [
            (title, charts.line_chart({name: (updates, [row[name] for row in rows]) for name in names}, "updates"))
            for title, names in LEARNER_CURVES.items()
        ]

    def _loss_charts(self) -> list[tuple[str, str]]:
        pictures = []
        for stage in ("stage 0", "stage 2"):
            steps, losses = zip(*(self.record.result(stage) or {}).get("loss") or [(0, 1.0)], strict=True)
            pictures.append((f"{stage}: MSE", charts.line_chart({"MSE": (steps, losses)}, "gradient step", log=True)))
        return pictures

    def _clips(self) -> list[tuple[str, str]]:
        pictures = []
        for task, role in self.results.roles.items():
            kind = {"expert": "demo", "rl": "rl"}.get(role, "eval")
            wanted: Sequence[tuple[str, Callable[[EpisodeRecord], bool]]] = (
                (f"{task}: a success ({kind})", lambda record: record.label == "success"),
                (f"{task}: a failure ({kind})", lambda record: record.label == "failure"),
            )
            records = [record for record in self.store.records(task=task, kind=kind) if record.meta.images]
            for title, chosen in wanted if role == "rl" else wanted[:1]:
                record = next(filter(chosen, reversed(records)), None)
                if record is not None:
                    views = list(self.store.read(record.meta.episode_id).images.values())
                    pictures.append((title, charts.clip(views, rate_hz=self.settings.robot.policy_hz)))
        return pictures

    def _hashes(self) -> dict[str, str]:
        hashes = {"settings": self.settings.hash(), "irevla": version("irevla")}
        for stage in ("stage 0", "stage 1", "stage 2"):
            hashes[f"model after {stage}"] = str((self.record.result(stage) or {}).get("sha256", "–"))
        demos = self.record.result("expert demonstrations") or []
        hashes["D_e"] = self.store.data_hash(demos)
        return hashes

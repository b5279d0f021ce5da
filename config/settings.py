"""Loads the settings: `default.yaml` is complete, a rig file holds only what differs, overrides come last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from irevla.config.cameras import CameraSettings
from irevla.config.dashboard import DashboardSettings
from irevla.config.demo import DemoSizes
from irevla.config.errors import ConfigError, UnknownNameError
from irevla.config.graph import GraphSettings
from irevla.config.layers.layered_values import merge, override, read_values, validated
from irevla.config.learner import LearnerSettings
from irevla.config.limits import LimitsSettings
from irevla.config.lineage import LineageSettings
from irevla.config.policy import PolicySettings
from irevla.config.robot import RobotSettings
from irevla.config.rounds import RoundSettings
from irevla.config.section import Section
from irevla.config.session import SessionSettings
from irevla.config.teleop.settings import TeleopSettings

FOLDER = Path(__file__).parent


class Settings(Section):
    """Everything a person may change."""

    seed: int = Field(0, ge=0, description="seed of a run")
    robot: RobotSettings = RobotSettings()
    cameras: dict[str, CameraSettings]
    limits: LimitsSettings = LimitsSettings()
    policy: PolicySettings = PolicySettings()
    rounds: RoundSettings = RoundSettings()
    learner: LearnerSettings = LearnerSettings()
    session: SessionSettings = SessionSettings()
    lineage: LineageSettings = LineageSettings()
    teleop: TeleopSettings = TeleopSettings()
    dashboard: DashboardSettings = DashboardSettings()
    graph: GraphSettings
    demo: DemoSizes

    def hash(self) -> str:
        """Return the sha256 of the settings, equal for equal values."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def rigs() -> dict[str, Path]:
    """Return the rig files that ship with irevla, by name; `default` is what they differ from."""
    return {path.stem: path for path in FOLDER.glob("*.yaml") if path.stem not in ("tasks",)}


def load_settings(rig: str = "sim", overrides: Iterable[str] = ()) -> Settings:
    """Load default.yaml, then ``rig`` (a shipped name or a path), then ``key.path=value`` overrides.

    Raises ConfigError naming the file, the key, what was expected and the nearest valid name.
    """
    values = read_values(FOLDER / "default.yaml")
    path = rigs().get(rig) or Path(rig)
    if not path.is_file():
        if path.suffix or "/" in rig:
            raise ConfigError(
                f"no settings file {rig!r}; shipped: {', '.join(sorted(rigs()))}, or give a path to a YAML"
            )
        raise UnknownNameError("rig", rig, rigs())
    merge(values, read_values(path))
    override(values, overrides)
    return validated(Settings, values, path)

"""Loads the settings: `default.yaml` is complete, a rig file holds only what differs, overrides come last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from irevla.config.cameras import CameraSettings
from irevla.config.dashboard import DashboardSettings
from irevla.config.demo import DemoSizes
from irevla.config.errors import ConfigError, UnknownNameError, nearest
from irevla.config.graph import GraphSettings
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
    values = _read(FOLDER / "default.yaml")
    path = rigs().get(rig) or Path(rig)
    if not path.is_file():
        if path.suffix or "/" in rig:
            raise ConfigError(
                f"no settings file {rig!r}; shipped: {', '.join(sorted(rigs()))}, or give a path to a YAML"
            )
        raise UnknownNameError("rig", rig, rigs())
    _merge(values, _read(path))
    for override in overrides:
        key, found, text = override.partition("=")
        if not found:
            raise ConfigError(f"override {override[:80]!r} should read key.path=value, e.g. learner.batch_size=128")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ConfigError(f"override {override[:80]!r}: the value is not YAML: {error}") from None
        _merge(values, _nest(key.split("."), value))
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: not readable as YAML: {error}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected a mapping of settings, got {type(values).__name__}")
    return values


def _merge(base: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def _nest(keys: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _names_beside(problem["loc"])
            lines.append(
                f"unknown setting {where!r}{nearest(str(problem['loc'][-1]), known)}; available: {', '.join(known)}"
            )
        else:
            lines.append(f"{where}: {problem['msg']}, got {str(problem['input'])[:80]!r}")
    return "; ".join(lines)


def _names_beside(loc: tuple[int | str, ...]) -> list[str]:
    model: Any = Settings
    for part in loc[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        if field is not None:
            model = field.annotation
        if getattr(model, "__origin__", None) is dict and field is None:
            model = model.__args__[1]
    return sorted(getattr(model, "model_fields", {}))

"""YAML files over each other, `key.path=value` overrides last, then one strict model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from irevla.config.errors import ConfigError, nearest
from irevla.config.section import Section

Model = TypeVar("Model", bound=Section)


def read_values(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file, empty for an empty file; raises ConfigError for anything else."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: not readable as YAML: {error}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected a mapping of settings, got {type(values).__name__}")
    return values


def merge(base: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Put ``changes`` into ``base``, mappings key by key, everything else whole."""
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = value


def override(values: dict[str, Any], overrides: Iterable[str]) -> None:
    """Put ``key.path=value`` texts into ``values``; raises ConfigError for one that does not read so."""
    for text in overrides:
        key, found, yaml_text = text.partition("=")
        if not found:
            raise ConfigError(f"override {text[:80]!r} should read key.path=value, e.g. learner.batch_size=128")
        try:
            value = yaml.safe_load(yaml_text)
        except yaml.YAMLError as error:
            raise ConfigError(f"override {text[:80]!r}: the value is not YAML: {error}") from None
        merge(values, _nest(key.split("."), value))


def validated(model: type[Model], values: Mapping[str, Any], source: object) -> Model:
    """Return ``values`` as ``model``; raises ConfigError naming ``source``, the key and the nearest valid name."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{source}: {_explain(error, model)}") from None


def _nest(keys: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def _explain(error: ValidationError, model: type[Section]) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _names_beside(problem["loc"], model)
            lines.append(
                f"unknown setting {where!r}{nearest(str(problem['loc'][-1]), known)}; available: {', '.join(known)}"
            )
        else:
            lines.append(f"{where}: {problem['msg']}, got {str(problem['input'])[:80]!r}")
    return "; ".join(lines)


def _names_beside(loc: tuple[int | str, ...], top: type[Section]) -> list[str]:
    model: Any = top
    for part in loc[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        if field is not None:
            model = field.annotation
        if getattr(model, "__origin__", None) is dict and field is None:
            model = model.__args__[1]
    return sorted(getattr(model, "model_fields", {}))

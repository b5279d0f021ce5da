"""Every setting with its value and what it means, as rows for people and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from irevla.config.section import Section


@dataclass(frozen=True)
class SettingRow:
    """One setting: its key for ``--set``, its value, and its description with the unit."""

    key: str
    value: Any
    description: str


def setting_rows(section: Section, prefix: str = "") -> Iterator[SettingRow]:
    """Yield every setting below ``section`` in the order of its declaration."""
    for name, field in type(section).model_fields.items():
        yield from _rows(f"{prefix}{name}", getattr(section, name), field.description or "")


def _rows(key: str, value: Any, description: str) -> Iterator[SettingRow]:
    if isinstance(value, Section):
        yield from setting_rows(value, f"{key}.")
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _rows(f"{key}.{name}", part, description)
    else:
        yield SettingRow(key, list(value) if isinstance(value, tuple) else value, description)

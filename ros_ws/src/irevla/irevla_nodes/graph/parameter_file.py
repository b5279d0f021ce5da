"""Turns settings into the ROS parameter file of one node; a launch file and `irevla up` write the same one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from irevla.config.errors import ConfigError
from irevla.config.section import Section
from irevla.config.settings import Settings


class QuotingDumper(yaml.SafeDumper):
    """Quotes every text: ROS reads YAML 1.1 in full, where a bare y, no or off is a truth value (PyYAML's y is not)."""


QuotingDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


def node_parameters(settings: Settings, node: str) -> dict[str, Any]:
    """Return the parameters of the node called ``node`` as nested plain values, ready for YAML.

    Section ``robot`` becomes ``{"robot": {...}}``; ``cameras.front`` becomes ``{"camera": {..., "name": "front"}}``.
    Raises ConfigError for a section that is not in the settings.
    """
    values: dict[str, Any] = {"seed": settings.seed, "camera_names": list(settings.cameras)}
    for path in settings.graph.nodes[node].sections:
        head, _, camera = path.partition(".")
        if head == "cameras" and camera in settings.cameras:
            values["camera"] = {**_plain(settings.cameras[camera]), "name": camera}
        elif not camera and isinstance(section := getattr(settings, head, None), Section):
            values[head] = _plain(section)
        else:
            known = [name for name in type(settings).model_fields if isinstance(getattr(settings, name), Section)]
            raise ConfigError(
                f"graph.nodes.{node}.sections: no section {path!r}; available: "
                f"{', '.join([*known, *(f'cameras.{name}' for name in settings.cameras)])}"
            )
    return values


def write_parameter_file(settings: Settings, node: str, run_dir: Path) -> Path:
    """Write ``<run_dir>/params/<node>.yaml`` and return its path.

    Parameter ``state_dir`` is where the node keeps what it must know again after a restart.
    """
    path = run_dir / "params" / f"{node}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {**node_parameters(settings, node), "state_dir": str(run_dir / "state" / node)}
    text = yaml.dump({"/**": {"ros__parameters": values}}, Dumper=QuotingDumper, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def _plain(section: Section) -> dict[str, Any]:
    return {key: value for key, value in section.model_dump(mode="json").items() if value is not None}

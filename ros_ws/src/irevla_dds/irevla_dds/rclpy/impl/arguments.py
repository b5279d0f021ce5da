"""ROS's part of a command line: remappings, parameters, parameter files, log levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from irevla.config.errors import ConfigError

WILDCARDS = {"/**", "/*", "**", "*"}
FLAGS = {
    "--enable-rosout-logs": ("rosout", True),
    "--disable-rosout-logs": ("rosout", False),
    "--enable-stdout-logs": ("console", True),
    "--disable-stdout-logs": ("console", False),
}


@dataclass(frozen=True)
class Remap:
    """``node:from:=to``; ``node`` empty for every node."""

    node: str
    source: str
    target: str


@dataclass(frozen=True)
class Arguments:
    """What ``--ros-args`` said; later entries win."""

    remaps: tuple[Remap, ...] = ()
    parameters: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (node pattern, values)
    log_level: str = ""
    logger_levels: Mapping[str, str] = field(default_factory=dict)
    rosout: bool = True
    console: bool = True
    rest: tuple[str, ...] = ()  # what was not ROS's

    def node_name(self, name: str) -> str:
        """Return the name after ``__node``."""
        return next((r.target for r in reversed(self.remaps) if r.source == "__node" and r.node in ("", name)), name)

    def namespace(self, name: str, namespace: str) -> str:
        """Return the namespace after ``__ns``."""
        found = (r.target for r in reversed(self.remaps) if r.source == "__ns" and r.node in ("", name))
        return next(found, namespace)

    def values(self, name: str, qualified_name: str) -> dict[str, Any]:
        """Return the parameter values given for the node ``name`` (/namespace/name)."""
        values: dict[str, Any] = {}
        for pattern, given in self.parameters:
            if pattern in WILDCARDS or pattern.lstrip("/") in (name, qualified_name.lstrip("/")):
                values |= given
        return values


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read ``argv``; ConfigError says what is wrong with which argument."""
    remaps: list[Remap] = []
    parameters: list[tuple[str, Mapping[str, Any]]] = []
    levels: dict[str, str] = {}
    switches = {"rosout": True, "console": True}
    rest: list[str] = []
    words = iter(argv)
    ours = False
    for word in words:
        if not ours:
            ours = word == "--ros-args"
            if not ours:
                rest.append(word)
        elif word == "--ros-args":
            continue
        elif word == "--":
            ours = False
        elif word in ("-r", "--remap"):
            remaps.append(_remap(_value(word, words)))
        elif word in ("-p", "--param"):
            parameters.append(_parameter(_value(word, words)))
        elif word == "--params-file":
            parameters += read_parameter_file(Path(_value(word, words)))
        elif word == "--log-level":
            name, _, level = _value(word, words).rpartition(":=")
            levels[name] = level.lower()
        elif word in ("-e", "--enclave", "--log-config-file"):
            _value(word, words)
        elif word in FLAGS:
            switches[FLAGS[word][0]] = FLAGS[word][1]
        elif ":=" in word:
            remaps.append(_remap(word))
        else:
            raise ConfigError(
                f"unknown ROS argument {word!r}; after --ros-args come -r from:=to, -p name:=value, "
                "--params-file FILE, --log-level LEVEL"
            )
    level = levels.pop("", "")
    return Arguments(tuple(remaps), tuple(parameters), level, levels, rest=tuple(rest), **switches)


def read_parameter_file(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Read ``{node: {ros__parameters: {...}}}``, with namespaces nested at will; ConfigError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"parameter file {path}: {error.strerror or error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"parameter file {path} is no YAML: {error}") from error
    if content is None:
        return []
    found = list(_sections(content, "")) if isinstance(content, dict) else []
    if not found:
        raise ConfigError(f"parameter file {path}: expected node names with ros__parameters under them")
    return found


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as dotted names."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def _sections(content: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in content.items():
        if key == "ros__parameters":
            yield path or "/**", flatten(value or {})
        elif isinstance(value, dict):
            yield from _sections(value, f"{path}/{str(key).strip('/')}")


def _remap(text: str) -> Remap:
    source, separator, target = text.partition(":=")
    if not separator or not source or not target:
        raise ConfigError(f"remapping: expected from:=to, got {text!r}")
    node, colon, name = source.partition(":")
    # rostopic:// and rosservice:// prefixes name the kind, not a node.
    if colon and not name.startswith("//"):
        return Remap(node, name, target)
    return Remap("", name.removeprefix("//") if colon else source, target)


def _parameter(text: str) -> tuple[str, Mapping[str, Any]]:
    name, separator, value = text.partition(":=")
    if not separator or not name:
        raise ConfigError(f"parameter: expected name:=value, got {text!r}")
    node, _, short = name.rpartition(":")
    try:
        return node or "/**", {short: yaml.safe_load(value)}
    except yaml.YAMLError as error:
        raise ConfigError(f"parameter {name}: {value!r} is no YAML value") from error


def _value(option: str, words: Iterator[str]) -> str:
    value = next(words, None)
    if value is None:
        raise ConfigError(f"{option} needs a value after it")
    return value

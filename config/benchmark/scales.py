"""Loads an experiment's sizes: what a suite's scales share, then the scale, overrides last."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from irevla.config.benchmark.settings import BenchmarkSettings
from irevla.config.errors import ConfigError, UnknownNameError
from irevla.config.layers.layered_values import merge, override, read_values, validated

FOLDER = Path(__file__).parent
SUITES = ("metaworld", "kitchen")
SCALES = ("smoke", "small", "paper")


def load_benchmark(suite: str, scale: str, overrides: Iterable[str] = ()) -> BenchmarkSettings:
    """Return the settings of ``suite`` at ``scale`` with ``key.path=value`` overrides.

    Raises UnknownNameError for a suite or scale that does not exist, ConfigError for a value that makes no sense.
    """
    for kind, name, known in (("suite", suite, SUITES), ("scale", scale, SCALES)):
        if name not in known:
            raise UnknownNameError(kind, name, known)
    path = FOLDER / f"{suite}.yaml"
    values = read_values(path)
    scales = values.pop("scales")
    merge(values, scales[scale])
    override(values, overrides)
    settings = validated(BenchmarkSettings, {**values, "suite": suite, "scale": scale}, path)
    tasks = list(chain.from_iterable(settings.tasks.values()))
    twice = sorted({task for task in tasks if tasks.count(task) > 1})
    if twice:
        raise ConfigError(f"{path}: a task is of one kind, expert, rl or unseen; named twice: {', '.join(twice)}")
    for kind, names in settings.tasks.items():
        if not names:
            raise ConfigError(f"{path}: {kind}_tasks is empty; an experiment needs all three kinds of task")
    return settings

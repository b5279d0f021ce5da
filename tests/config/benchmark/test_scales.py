"""Every shipped scale loads; what does not exist is named with its nearest."""

from __future__ import annotations

import pytest

from irevla.config.benchmark.scales import SCALES, SUITES, load_benchmark
from irevla.config.errors import ConfigError, UnknownNameError


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("scale", SCALES)
def test_every_scale_of_every_suite_has_all_three_kinds(suite: str, scale: str) -> None:
    settings = load_benchmark(suite, scale)
    assert (settings.suite, settings.scale) == (suite, scale)
    assert settings.expert_tasks and settings.rl_tasks and settings.unseen_tasks


def test_the_papers_sizes() -> None:
    settings = load_benchmark("metaworld", "paper")
    sizes = [len(tasks) for tasks in (settings.expert_tasks, settings.rl_tasks, settings.unseen_tasks)]
    assert (sizes, settings.demos_per_task) == ([25, 5, 10], 50)


def test_overrides_reach_nested_numbers() -> None:
    settings = load_benchmark("metaworld", "smoke", ["ppo.epochs=7", "unseen_tasks=[door-open-white]"])
    assert settings.ppo.epochs == 7
    assert settings.unseen_tasks == ("door-open-white",)
    assert settings.hash() != load_benchmark("metaworld", "smoke").hash()


@pytest.mark.parametrize(
    ("suite", "scale", "override", "words"),
    [
        ("metaword", "smoke", "lanes=2", "unknown suite 'metaword' .did you mean 'metaworld'"),
        ("metaworld", "smal", "lanes=2", "unknown scale 'smal' .did you mean 'small'"),
    ],
)
def test_unknown_names_come_with_the_nearest(suite: str, scale: str, override: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        load_benchmark(suite, scale, [override])


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("lane=2", "unknown setting 'lane' .did you mean 'lanes'"),
        ("ppo.epoch=2", "unknown setting 'ppo.epoch' .did you mean 'epochs'"),
        ("lanes=none", "lanes: "),
        ("lanes", "should read key.path=value"),
        ("rl_tasks=[]", "rl_tasks is empty"),
        ("rl_tasks=[button-press]", "named twice: button-press"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(override: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_benchmark("metaworld", "smoke", [override])

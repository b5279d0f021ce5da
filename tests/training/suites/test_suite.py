"""Suites and tasks by name."""

from __future__ import annotations

import pytest

from irevla.config.errors import UnknownNameError
from irevla.training.suites.suite import by_name, suite
from irevla.training.suites.task import SuiteTask


def test_an_unknown_suite_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown suite 'metawrld' \(did you mean 'metaworld'\?\).*kitchen"):
        suite("metawrld")


def test_an_unknown_task_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'drawer-open-new'"):
        suite("metaworld").task("drawer-open-newer")


def test_two_tasks_of_one_name_are_refused() -> None:
    task = SuiteTask("open", "expert", "drawer-open", "open the drawer")
    with pytest.raises(ValueError, match="share a name"):
        by_name(task, task)

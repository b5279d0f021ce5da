"""What the README and the docs promise is there: paths, commands, tasks."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from irevla.config.tasks import tasks

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_linked_file_exists(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_the_two_commands_come_by_line_15_and_the_readme_stays_short() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert {"make demo", "make test"} <= {line.split("  ")[0] for line in lines[:15]}
    assert len(lines) <= 150


def test_every_command_the_readme_shows_is_installed() -> None:
    shown = set(re.findall(r"irevla (\w+)", (ROOT / "README.md").read_text()))
    installed = {entry.name for entry in entry_points(group="irevla.commands")}
    commands = {word for word in shown if word in installed}
    assert {"demo", "up", "scene", "episodes", "bench"} <= commands


def test_every_task_the_readme_names_exists() -> None:
    named = set(re.findall(r"\b(?:pick|place|open|press|route)_\w+", (ROOT / "README.md").read_text()))
    assert named <= set(tasks())


def test_every_dependency_has_a_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    project = (ROOT / "pyproject.toml").read_text()
    for requirement in re.findall(r'^    "([A-Za-z0-9_-]+)[><=]', project, flags=re.MULTILINE):
        assert requirement in reasons, f"docs/dependencies.md does not say why {requirement} is there"

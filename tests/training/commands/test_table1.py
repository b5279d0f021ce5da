"""`irevla bench table1` and `report` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from irevla.config.errors import ConfigError, UnknownNameError, UserError
from irevla.training.commands.report import report
from irevla.training.commands.table1 import parse_seeds, table1


@pytest.fixture
def cli() -> typer.Typer:
    app = typer.Typer()
    app.command()(table1)
    app.command()(report)
    return app


def run(cli: typer.Typer, *arguments: str) -> None:
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None:
        raise result.exception


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("metaworlds",), "unknown suite 'metaworlds' .did you mean 'metaworld'"),
        (("metaworld", "--scale", "papers"), "unknown scale 'papers' .did you mean 'paper'"),
        (("metaworld", "--methods", "irevla,ire-vla"), "unknown method 'ire-vla' .did you mean 'irevla'"),
        (
            ("metaworld", "--set", "rl_tasks=[door-opn-new]"),
            "unknown metaworld task 'door-opn-new' .did you mean 'door-",
        ),
    ],
)
def test_unknown_names_come_with_the_nearest_and_nothing_is_begun(
    cli: typer.Typer, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(UnknownNameError, match=words):
        run(cli, "table1", *arguments, "--results", str(tmp_path / "results"))
    assert not (tmp_path / "results").exists()


def test_a_folder_without_a_benchmark_has_no_report(cli: typer.Typer, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no benchmark"):
        run(cli, "report", str(tmp_path))


@pytest.mark.parametrize("text", ["", "a", "-1", "0;1", "0.5", "²"])
def test_seeds_are_whole_numbers(text: str) -> None:
    with pytest.raises(UserError, match="--seeds"):
        parse_seeds(text)


def test_a_seed_named_twice_is_one() -> None:
    assert parse_seeds("0, 2,0") == [0, 2]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_smoke_scale_runs_metaworld_to_its_page(cli: typer.Typer, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    run(cli, "table1", "metaworld", "--scale", "smoke", "--results", str(folder))
    run(cli, "report", str(folder))
    text = (folder / "report.html").read_text()
    assert "not finished" not in text
    assert "not run" not in text

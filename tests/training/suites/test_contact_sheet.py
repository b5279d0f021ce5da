"""The sheet shows every task once, with as many starts as asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from irevla.config.errors import UnknownNameError, UserError
from irevla.training.commands.sheet import sheet
from irevla.training.suites.contact_sheet import contact_sheet
from irevla.training.suites.metaworld.scene import MetaworldScene
from irevla.training.suites.metaworld.tasks import METAWORLD
from irevla.training.suites.suite import Suite

COMMAND = typer.Typer()
COMMAND.command()(sheet)


def test_each_task_has_a_card_with_its_starts() -> None:
    names = ("drawer-open", "drawer-open-new")
    suite = Suite("two", {name: METAWORLD.task(name) for name in names}, MetaworldScene)
    drawn: list[str] = []
    sheet = np.asarray(contact_sheet(suite, image_px=40, starts=2, report=drawn.append))
    assert drawn == list(names)
    assert sheet.shape == (12 + 40 + 40 + 12, 12 + 4 * (80 + 12), 3)
    known, new = (sheet[52:92, left : left + 80].astype(int) for left in (12, 12 + 92))
    greener = [int((card[..., 1] > card[..., 0] + 20).sum()) for card in (known, new)]
    assert greener[0] > greener[1] + 100  # the known drawer is green, the new one red
    assert np.abs(known[:, :40] - known[:, 40:]).max() > 50  # two starts


def test_another_kind_of_file_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    result = CliRunner().invoke(COMMAND, ["metaworld", "--out", str(tmp_path / "sheet.docx")])
    assert isinstance(result.exception, UserError)
    assert not list(tmp_path.iterdir())


def test_an_unknown_suite_is_named() -> None:
    result = CliRunner().invoke(COMMAND, ["kitchn"])
    assert isinstance(result.exception, UnknownNameError)
    assert "did you mean 'kitchen'" in str(result.exception)


def test_the_command_writes_the_file_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = Suite("two", {"drawer-open": METAWORLD.task("drawer-open")}, MetaworldScene)
    monkeypatch.setattr("irevla.training.suites.suite.suite", lambda _: two)
    out = tmp_path / "deep" / "sheet.png"
    result = CliRunner().invoke(
        COMMAND, ["two", "--out", str(out), "--image-px", "32", "--starts", "1"], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    with Image.open(out) as drawn:
        assert drawn.width == 12 + 4 * (32 + 12)

"""`irevla scene`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from irevla.config.errors import ConfigError, DeviceError, UnknownNameError
from irevla.config.tasks import tasks
from irevla_nodes.commands.scene import app

RUNNER = CliRunner()


def test_list_names_every_task() -> None:
    done = RUNNER.invoke(app, ["--list", "--json"])
    assert done.exit_code == 0
    assert set(json.loads(done.stdout)) == set(tasks())
    assert "pick_eggplant" in RUNNER.invoke(app, ["--list"]).stdout


def test_render_writes_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    done = RUNNER.invoke(app, ["press_button", "--render", str(path), "--side-px", "32", "--count", "2", "--seed", "7"])
    assert done.exit_code == 0
    assert path.stat().st_size > 0
    assert "seeds 7 to 8" in done.stdout


def test_expert_writes_an_animation(tmp_path: Path) -> None:
    path = tmp_path / "expert.gif"
    done = RUNNER.invoke(app, ["press_button", "--expert", "--render", str(path), "--side-px", "32"])
    assert done.exit_code == 0
    assert "success" in done.stdout
    assert path.read_bytes()[:3] == b"GIF"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["press_buton", "--render", "a.png"], UnknownNameError),
        (["press_button"], ConfigError),
        (["press_button", "--render", "a.pdf"], UnknownNameError),
        (["press_button", "--expert", "--render", "a.png"], UnknownNameError),
        (["press_button", "--view"], DeviceError),
    ],
)
def test_wrong_use_is_a_named_error(
    arguments: list[str], error: type[Exception], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, error)
    assert list(tmp_path.iterdir()) == []

"""The message files are found in a checkout, under an ament prefix and beside an installed wheel."""

import sysconfig
from pathlib import Path

import pytest

from irevla.config import interface_files
from irevla.config.errors import UserError
from irevla.config.interface_files import interface_folder

ROOT = Path(__file__).parents[2]


def share(prefix: Path) -> Path:
    folder = prefix / "share" / "irevla_msgs"
    (folder / "msg").mkdir(parents=True)
    (folder / "msg" / "Step.msg").touch()
    return folder


@pytest.fixture
def no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface_files, "__file__", str(tmp_path / "site-packages" / "config" / "interface_files.py"))
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "venv"))
    monkeypatch.delenv("AMENT_PREFIX_PATH", raising=False)


def test_a_checkout_uses_its_own_files() -> None:
    assert interface_folder() == ROOT / "ros_ws" / "src" / "irevla_msgs"


@pytest.mark.usefixtures("no_checkout")
def test_an_ament_prefix_comes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = share(tmp_path / "venv")
    assert interface_folder() == wheel
    ament = share(tmp_path / "install")
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"/nowhere:{tmp_path / 'install'}")
    assert interface_folder() == ament


@pytest.mark.usefixtures("no_checkout")
def test_none_at_all_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=str(tmp_path / "venv" / "share")):
        interface_folder()

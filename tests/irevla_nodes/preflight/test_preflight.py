"""What a rig lacks, in words; and a rig that lacks nothing. The arm is a fake server, the cameras are films."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from irevla.config.errors import DeviceError
from irevla.config.settings import Settings, load_settings
from irevla_nodes.commands.preflight import app
from irevla_nodes.commands.up import app as up
from irevla_nodes.preflight.preflight import preflight


@pytest.fixture
def overrides(tmp_path: Path, franka_server: Any) -> list[str]:
    """A complete rig: a server that answers, two films, a disk with space."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (64, 64))
    writer.write(np.zeros((64, 64, 3), dtype=np.uint8))
    writer.release()
    cameras = [f"cameras.{name}={{backend: opencv, source: {path}}}" for name in ("front", "wrist")]
    return [*cameras, f"robot.serl.url={franka_server.url}", f"session.store={tmp_path / 'store'}"]


def troubles(settings: Settings, **options: Any) -> dict[str, str]:
    findings = preflight(settings, None, **{"arm_wait_s": 1.0, **options})
    return {finding.what: finding.trouble for finding in findings}


def test_a_complete_rig_lacks_nothing_and_is_not_moved(overrides: list[str], franka_server: Any) -> None:
    found = troubles(load_settings("real_world", overrides))
    assert found == {"camera front": "", "camera wrist": "", "disk of the episode store": "", "arm": ""}
    assert franka_server.paths() == []


def test_what_is_not_filled_in_yet_is_named(overrides: list[str]) -> None:
    found = troubles(load_settings("real_world", overrides[2:]))
    assert "SET-SERIAL-FRONT" in found["camera front"]
    assert "write its serial number into the rig file" in found["camera wrist"]


def test_a_missing_camera_says_which_are_there(overrides: list[str]) -> None:
    settings = load_settings("real_world", [*overrides, "cameras.wrist.source=/dev/video97"])
    assert "available devices" in troubles(settings)["camera wrist"]


def test_an_arm_that_does_not_answer_says_what_to_start(overrides: list[str], franka_server: Any) -> None:
    franka_server.die()
    assert "is franka_server running there?" in troubles(load_settings("real_world", overrides))["arm"]
    assert "arm" not in troubles(load_settings("real_world", overrides), with_arm=False)


def test_an_arm_whose_measurements_stand_still_is_too_old(overrides: list[str], franka_server: Any) -> None:
    franka_server.is_frozen = True
    assert "too old" in troubles(load_settings("real_world", overrides))["arm"]


def test_a_full_disk_is_seen_before_the_first_episode(overrides: list[str]) -> None:
    settings = load_settings("real_world", [*overrides, "session.min_free_mb=1000000000"])
    assert "expected 1000000000 (session.min_free_mb)" in troubles(settings)["disk of the episode store"]


def test_the_command_tells_all_and_its_exit_status_says_whether_it_is_enough(overrides: list[str]) -> None:
    cli = typer.Typer()
    cli.add_typer(app, name="preflight")
    words = [word for override in overrides for word in ("--set", override)]
    domain = ["--domain", "57"]
    good = CliRunner().invoke(cli, ["preflight", "real_world", *words, *domain, "--json"], catch_exceptions=False)
    assert good.exit_code == 0
    assert [finding["trouble"] for finding in json.loads(good.output)] == [""] * 4
    bad = CliRunner().invoke(cli, ["preflight", *words[4:], *domain], catch_exceptions=False)
    assert bad.exit_code == 1
    assert "MISSING camera front" in bad.output


def test_irevla_up_starts_nothing_of_an_incomplete_rig(overrides: list[str], tmp_path: Path) -> None:
    words = [word for override in overrides[2:] for word in ("--set", override)]
    cli = typer.Typer()
    cli.add_typer(up, name="up")
    with pytest.raises(DeviceError, match=r"nothing was started.*camera front"):
        CliRunner().invoke(
            cli, ["up", "real_world", *words, "--domain", "58", "--run-dir", str(tmp_path)], catch_exceptions=False
        )
    assert not (tmp_path / "logs").exists()

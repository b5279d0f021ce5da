"""Settings: complete defaults, strict names, nearest valid name, no silent edits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from irevla.config.errors import ConfigError, UnknownNameError
from irevla.config.settings import load_settings, rigs
from irevla.config.tasks import task, tasks


@pytest.mark.parametrize("rig", sorted(rigs()))
def test_every_shipped_rig_loads(rig: str) -> None:
    assert load_settings(rig).graph.nodes["arbiter"].on_exit == "shutdown"


@pytest.mark.parametrize(
    ("override", "hint"),
    [
        ("learner.batchsize=1", "batch_size"),
        ("cameras.front.widht_px=64", "width_px"),
        ("limts.step_m=0.1", "limits"),
        ("graph.nodes.robot.modul=x", "module"),
        ("demo.full.rl_tsk=pick_carrot", "rl_task"),
    ],
)
def test_a_wrong_key_names_its_nearest_neighbour(override: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=f"did you mean '{hint}'"):
        load_settings("sim", [override])


def test_a_wrong_key_in_a_file_names_the_file(tmp_path: Path) -> None:
    rig = tmp_path / "mine.yaml"
    rig.write_text("robot: {polcy_hz: 5}\n")
    with pytest.raises(ConfigError, match=r"mine\.yaml: unknown setting 'robot\.polcy_hz' \(did you mean 'policy_hz'"):
        load_settings(str(rig))


@pytest.mark.parametrize("text", ["- a list", "robot: [", "\x00\x01", "robot: 3"])
def test_a_broken_file_is_a_config_error(tmp_path: Path, text: str) -> None:
    rig = tmp_path / "broken.yaml"
    rig.write_text(text)
    with pytest.raises(ConfigError, match=r"broken\.yaml"):
        load_settings(str(rig))


@pytest.mark.parametrize("text", ["seed=[", "=", "seed", "robot=3", "seed=\x00", "a.b.c={"])
def test_a_malformed_override_is_a_config_error(text: str) -> None:
    with pytest.raises(ConfigError):
        load_settings("sim", [text])


@given(st.text(max_size=40))
def test_no_override_text_raises_anything_but_a_config_error(text: str) -> None:
    try:
        load_settings("sim", [text])
    except ConfigError:
        pass


def test_a_value_out_of_range_says_which_and_what_came() -> None:
    with pytest.raises(ConfigError, match=r"limits\.step_m: .*less than or equal to 0\.2, got '3\.0'"):
        load_settings("sim", ["limits.step_m=3.0"])


def test_an_empty_workspace_is_refused() -> None:
    with pytest.raises(ConfigError, match="must be below workspace_max_m"):
        load_settings("sim", ["limits.workspace_min_m=[0.8, 0, 0]"])


def test_an_unknown_rig_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'sim'.*default, real_world, sim"):
        load_settings("simm")


def test_settings_are_frozen_and_their_hash_follows_their_values() -> None:
    settings = load_settings("sim")
    with pytest.raises(ValidationError):
        settings.limits.step_m = 1.0  # type: ignore[misc]
    assert settings.hash() == load_settings("sim").hash()
    assert settings.hash() != load_settings("sim", ["seed=1"]).hash()


def test_an_unknown_task_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'pick_eggplant'.*pick_carrot"):
        task("pick_egplant")


def test_the_demo_names_only_tasks_that_exist() -> None:
    demo = load_settings("sim").demo
    for sizes in (demo.full, demo.quick):
        assert {*sizes.expert_tasks, sizes.rl_task, *sizes.unseen_tasks} <= set(tasks())
        assert sizes.rl_task not in sizes.expert_tasks


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("cameras.front.mount_quaternion_xyzw=[0, 0, 0, 2]", "expected a unit quaternion x y z w"),
        ("cameras.front.parent_frame=table", "expected none for a simulated camera"),
    ],
)
def test_a_mount_that_is_none_is_refused(override: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_settings("sim", [override])

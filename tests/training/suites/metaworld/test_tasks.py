"""The list of tasks is the paper's, and each variation is one."""

from __future__ import annotations

import numpy as np
import pytest

from irevla.training.suites.metaworld.model import task_model
from irevla.training.suites.metaworld.tasks import METAWORLD

VARIED = [task for task in METAWORLD.tasks.values() if task.kind != "expert"]


def test_there_are_25_expert_five_online_and_ten_unseen_tasks() -> None:
    assert [len(METAWORLD.names(kind)) for kind in ("expert", "rl", "unseen")] == [25, 5, 10]
    assert METAWORLD.names("rl") == tuple(
        f"{base}-new" for base in ("button-press", "drawer-open", "door-open", "window-open", "window-close")
    )


def test_only_expert_tasks_are_not_varied() -> None:
    assert {task.name for task in METAWORLD.tasks.values() if task.variation.is_none} == set(METAWORLD.names("expert"))


def test_a_new_task_differs_in_colour_shape_and_position() -> None:
    for name in METAWORLD.names("rl"):
        variation = METAWORLD.task(name).variation
        assert variation.colors and variation.stretch and any(variation.shift_m)


def test_a_varied_task_is_told_what_the_known_one_is_told() -> None:
    assert all(task.instruction == METAWORLD.task(task.base).instruction for task in VARIED)


@pytest.mark.parametrize("name", METAWORLD.names("rl"))
def test_the_compiled_model_shows_the_variation(name: str) -> None:
    task = METAWORLD.task(name)
    known, new = task_model(METAWORLD.task(task.base)), task_model(task)
    for material, rgba in task.variation.colors.items():
        np.testing.assert_allclose(new.material(material).rgba, rgba, atol=1e-6)
        assert np.abs(new.material(material).rgba - known.material(material).rgba).max() > 0.1
    (body,) = task.variation.stretch
    assert np.abs(_sizes(new, body) - _sizes(known, body)).max() > 0.01
    np.testing.assert_array_equal(new.jnt_range, known.jnt_range)


def _sizes(model: object, body: str) -> np.ndarray:
    """Half the extents of everything a body holds [m]."""
    root = model.body(body).id
    inside = [geom for geom in range(model.ngeom) if model.body_rootid[model.geom_bodyid[geom]] == root]
    return np.stack([model.geom_aabb[geom, 3:] for geom in inside])

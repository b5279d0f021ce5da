"""The kitchen's model: lean, and changed by a variation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irevla.config.errors import DeviceError, UnknownNameError
from irevla.training.suites.kitchen import model as models
from irevla.training.suites.kitchen.parts import PARTS
from irevla.training.suites.kitchen.tasks import KITCHEN
from irevla.training.suites.task import Variation

KNOWN = KITCHEN.task("slide-door-open")
RED = (0.7, 0.1, 0.1, 1.0)


def test_a_colour_paints_its_part_and_nothing_else() -> None:
    known = models.task_model(KNOWN)
    varied = models.task_model(replace(KNOWN, variation=Variation(colors={"slide_door": RED})))
    painted = varied.material("slide_door").id
    np.testing.assert_allclose(varied.mat_rgba[painted], RED, atol=1e-6)
    others = np.arange(varied.nmat) != painted
    np.testing.assert_array_equal(varied.mat_rgba[others], known.mat_rgba[others])


@pytest.mark.parametrize("name", PARTS)
def test_every_part_is_drawn_in_its_own_material(name: str) -> None:
    model = models.task_model(KNOWN)
    assert (model.geom_matid == model.material(name).id).any()


def test_a_stretch_changes_the_shape() -> None:
    known = models.task_model(KNOWN)
    varied = models.task_model(replace(KNOWN, variation=Variation(stretch={"microdoorroot": (1.0, 1.0, 0.5)})))
    known_z, varied_z = (model.site("microhandle_site").pos[2] for model in (known, varied))
    assert varied_z == pytest.approx(0.5 * known_z)
    assert not np.array_equal(known.geom_size, varied.geom_size)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="slide_door"):
        models.task_model(replace(KNOWN, variation=Variation(colors={"slide_dor": RED})))


def test_each_model_is_the_callers_own() -> None:
    first, second = models.task_model(KNOWN), models.task_model(KNOWN)
    first.body("oven").pos[0] += 1.0
    assert second.body("oven").pos[0] != first.body("oven").pos[0]


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda _: None)
    with pytest.raises(DeviceError, match="pip install 'gymnasium-robotics"):
        models.kitchen_spec()


def test_the_model_is_lean_to_draw_and_to_hold() -> None:
    model = models.task_model(KNOWN)
    assert (model.vis.quality.shadowsize, model.vis.quality.offsamples, model.ntex) == (0, 0, 0)
    assert model.nmeshface < 8000  # 140 000 as it comes
    assert model.vis.global_.offwidth * model.vis.global_.offheight * 13 < 6e6  # bytes of a context's buffer

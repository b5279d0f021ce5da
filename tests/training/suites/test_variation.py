"""Variations on a small MJCF whose numbers are worked out by hand."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
import pytest

from irevla.config.errors import UnknownNameError
from irevla.training.suites.task import Variation
from irevla.training.suites.variation import vary

MJCF = """
<mujoco>
  <compiler angle="radian"/>
  <asset>
    <material name="paint" rgba="1 0 0 1"/>
    <mesh name="wedge" vertex="0 0 0  1 0 0  0 1 0  0 0 1"/>
  </asset>
  <worldbody>
    <body name="box" pos="1 1 1">
      <geom name="wall" type="box" size=".1 .2 .3" pos=".5 0 .4" material="paint"/>
      <geom name="rod" type="capsule" size=".02 .2" euler="1.5707963 0 0" rgba="0 1 0 1"/>
      <geom name="ball" type="sphere" size=".1" rgba="0 1 0 1"/>
      <body name="lid" pos="0 .2 .4" euler="0 0 1.5707963">
        <joint name="slide" type="slide" axis="0 1 0" range="-.1 0" limited="true"/>
        <site name="knob" pos=".1 0 0"/>
        <geom name="plate" type="box" size=".1 .2 .3"/>
        <geom name="corner" type="mesh" mesh="wedge"/>
      </body>
    </body>
  </worldbody>
</mujoco>
"""


def compiled(variation: Variation) -> Any:
    spec = mujoco.MjSpec.from_string(MJCF)
    vary(spec, variation)
    return spec.compile()


def tetrahedron_volume(model: Any) -> float:
    corner, *others = model.mesh_vert.astype(np.float64)
    return float(abs(np.linalg.det(np.array(others) - corner)) / 6.0)


def test_a_material_takes_the_colour() -> None:
    model = compiled(Variation(colors={"paint": (0.0, 0.0, 1.0, 1.0)}))
    np.testing.assert_allclose(model.material("paint").rgba, (0, 0, 1, 1))
    np.testing.assert_allclose(model.geom("rod").rgba, (0, 1, 0, 1))


def test_a_geom_without_material_takes_the_colour() -> None:
    model = compiled(Variation(colors={"rod": (0.0, 0.0, 1.0, 1.0)}))
    np.testing.assert_allclose(model.geom("rod").rgba, (0, 0, 1, 1))
    np.testing.assert_allclose(model.geom("ball").rgba, (0, 1, 0, 1))


def test_a_stretched_body_carries_what_it_holds() -> None:
    model = compiled(Variation(stretch={"box": (4.0, 1.0, 0.5)}))
    np.testing.assert_allclose(model.body("box").pos, (1, 1, 1))
    np.testing.assert_allclose(model.geom("wall").pos, (2.0, 0, 0.2))
    np.testing.assert_allclose(model.geom("wall").size, (0.4, 0.2, 0.15))
    # The rod lies along y: its length stays, its round section takes the geometric mean of 4 and 0.5.
    np.testing.assert_allclose(model.geom("rod").size[:2], (0.02 * np.sqrt(2.0), 0.2), atol=1e-8)
    assert model.geom("ball").size[0] == pytest.approx(0.1 * 2.0 ** (1 / 3))


def test_a_turned_part_is_stretched_along_the_axes_of_the_body() -> None:
    model = compiled(Variation(stretch={"box": (4.0, 1.0, 0.5)}))
    np.testing.assert_allclose(model.body("lid").pos, (0, 0.2, 0.2))
    np.testing.assert_allclose(model.geom("plate").size, (0.1, 0.8, 0.15), atol=1e-6)  # its y is the box's x
    np.testing.assert_allclose(model.site("knob").pos, (0.1, 0, 0), atol=1e-6)
    assert tetrahedron_volume(model) == pytest.approx(4.0 * 1.0 * 0.5 / 6.0)


def test_a_stretch_leaves_the_range_of_a_joint() -> None:
    model = compiled(Variation(stretch={"box": (4.0, 3.0, 0.5)}))
    np.testing.assert_allclose(model.joint("slide").range, (-0.1, 0))


def test_a_mesh_and_a_geom_can_be_stretched_alone() -> None:
    model = compiled(Variation(stretch={"plate": (2.0, 1.0, 1.0), "wedge": (1.0, 1.0, 3.0)}))
    np.testing.assert_allclose(model.geom("plate").size, (0.2, 0.2, 0.3))
    assert tetrahedron_volume(model) == pytest.approx(3.0 / 6.0)
    np.testing.assert_allclose(model.geom("wall").size, (0.1, 0.2, 0.3))


@pytest.mark.parametrize(
    ("variation", "near"),
    [
        (Variation(colors={"pain": (1.0, 1.0, 1.0, 1.0)}), "did you mean 'paint'"),
        (Variation(stretch={"lidd": (1.0, 1.0, 2.0)}), "did you mean 'lid'"),
    ],
)
def test_a_name_that_the_mjcf_lacks_is_refused_and_the_nearest_one_named(variation: Variation, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        compiled(variation)

"""Several OpenGL contexts in one process keep out of each other's way."""

from __future__ import annotations

import mujoco
import numpy as np

from irevla.training.suites.offscreen import Offscreen

MJCF = """
<mujoco>
  <worldbody>
    <light pos="0 0 3"/>
    <camera name="eye" pos="0 0 3"/>
    <geom type="box" size=".5 .5 .5" rgba="{rgba}"/>
  </worldbody>
</mujoco>
"""


def test_a_context_that_is_dropped_takes_nothing_of_another_one() -> None:
    eyes, drawn = [], []
    for rgba in ("1 0 0 1", "0 1 0 1"):
        model = mujoco.MjModel.from_xml_string(MJCF.format(rgba=rgba))
        data = mujoco.MjData(model)
        mujoco.mj_forward(model, data)
        eyes.append(Offscreen(model, "eye", 32, 32))
        drawn.append(eyes[-1].draw(data))
    assert drawn[0][16, 16, 0] > 100 > drawn[0][16, 16, 1]
    assert drawn[1][16, 16, 1] > 100 > drawn[1][16, 16, 0]
    del eyes[0]  # not closed
    np.testing.assert_array_equal(eyes[0].draw(data), drawn[1])
    eyes[0].close()
    eyes[0].close()

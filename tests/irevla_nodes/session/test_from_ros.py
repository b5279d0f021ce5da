"""Messages as parts of a step; any object with the attributes will do."""

from __future__ import annotations

from array import array
from types import SimpleNamespace

import numpy as np
import pytest

from irevla_nodes.session import from_ros

HEADER = SimpleNamespace(stamp=SimpleNamespace(sec=2, nanosec=500))


def image(**changes: object) -> SimpleNamespace:
    pixels = np.arange(2 * 4 * 3, dtype=np.uint8)
    fields = {"header": HEADER, "height": 2, "width": 4, "step": 12, "encoding": "rgb8", "data": pixels}
    return SimpleNamespace(**{**fields, **changes})


def test_an_image_keeps_rows_columns_and_colours() -> None:
    part = from_ros.image_part("front", image())
    assert (part.camera, part.stamp_ns, part.image.shape) == ("front", 2_000_000_500, (2, 4, 3))
    assert part.image[1, 2].tolist() == [18, 19, 20]


def test_padding_at_the_end_of_a_row_is_cut_off() -> None:
    data = array("B", range(28))
    assert from_ros.rgb_image(image(step=14, data=data))[1, 0].tolist() == [14, 15, 16]


@pytest.mark.parametrize("changes", [{"encoding": "bgr8"}, {"height": 3}, {"step": 11}, {"data": b""}])
def test_a_picture_that_is_not_whole_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected a whole rgb8 picture"):
        from_ros.rgb_image(image(**changes))


def test_a_latent_is_read_row_by_row_and_its_size_is_checked() -> None:
    values = np.arange(6, dtype="<f2")
    message = SimpleNamespace(episode_id="a", step=1, key="k", tokens=2, width=3, data=array("B", values.tobytes()))
    assert from_ros.latent_part(message).latent.tolist() == [[0, 1, 2], [3, 4, 5]]
    message.tokens = 3
    with pytest.raises(ValueError, match="reshape"):
        from_ros.latent_part(message)


def test_a_hold_closes_no_step() -> None:
    command = SimpleNamespace(episode_id="a", step=1, action=[0.0] * 7, source=1, limited=4, hold=False)
    part = from_ros.command_part(command)
    assert part is not None and (part.source, part.limited) == (1, 4)
    command.hold = True
    assert from_ros.command_part(command) is None


def test_a_state_is_what_the_vla_sees() -> None:
    message = SimpleNamespace(
        header=HEADER,
        episode_id="a",
        step=1,
        joint_position_rad=array("d", range(7)),
        gripper_width_m=0.04,
        tcp_pose=SimpleNamespace(
            position=SimpleNamespace(x=0.5, y=0.1, z=0.2), orientation=SimpleNamespace(x=1.0, y=0.0, z=0.0, w=0.0)
        ),
    )
    part = from_ros.state_part(message)
    assert part.state == pytest.approx([0.5, 0.1, 0.2, 0, 0, 0, 0.04])
    assert part.joint_position_rad.tolist() == [0, 1, 2, 3, 4, 5, 6]

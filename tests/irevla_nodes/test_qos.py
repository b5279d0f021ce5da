"""Which profile readers of pictures ask for."""

import irevla_dds

irevla_dds.activate()

from rclpy.qos import ReliabilityPolicy  # noqa: E402

from irevla_nodes import qos  # noqa: E402


def test_a_picture_is_never_lost_in_lockstep_and_never_waited_for_otherwise() -> None:
    assert qos.images(lockstep=True).reliability == ReliabilityPolicy.RELIABLE
    assert qos.images(lockstep=False).reliability == ReliabilityPolicy.BEST_EFFORT

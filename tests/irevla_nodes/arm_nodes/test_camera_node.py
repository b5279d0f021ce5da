"""The camera node with a real camera's driver: a file plays, a missing device is told and does not hang."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import irevla_dds
from irevla.config import topics

irevla_dds.activate()

from tf2_msgs.msg import TFMessage  # noqa: E402

from irevla_nodes import qos  # noqa: E402


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "green.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(5):
        writer.write(np.full((48, 64, 3), (0, 250, 0), dtype=np.uint8))
    writer.release()
    return path


def test_a_file_plays_and_a_missing_camera_says_so_in_its_heartbeat(
    make_rig: Callable[..., Any], make_probe: Callable[..., Any], video: Path
) -> None:
    rig = make_rig(
        "cameras.front.backend=opencv",
        f"cameras.front.source={video}",
        "cameras.front.rate_hz=20",
        "cameras.front.parent_frame=table",
        "cameras.front.mount_position_m=[1.0, 0.5, 0.25]",
        "cameras.front.mount_quaternion_xyzw=[1.0, 0.0, 0.0, 0.0]",
        "cameras.wrist.backend=opencv",
        "cameras.wrist.source=/dev/video97",
    )
    rig.start("camera_front")
    rig.start("camera_wrist")
    probe = make_probe(rig)
    mounts: list[Any] = []
    probe.create_subscription(TFMessage, topics.TF_STATIC, lambda one: mounts.extend(one.transforms), qos.latched())
    probe.wait(lambda: len(probe.heard[topics.camera_image("front")]) > 5, 40.0, "pictures from the file")
    picture = probe.last(topics.camera_image("front"))
    assert (picture.height, picture.width, picture.encoding) == (96, 96, "rgb8")
    assert np.frombuffer(picture.data, np.uint8).reshape(-1, 3)[:, 1].mean() > 200

    def words() -> list[str]:
        return [
            m.state for m in probe.heard[topics.HEARTBEAT] if m.node == "camera_wrist" and "/dev/video97" in m.state
        ]

    assert "available devices" in probe.wait(words, 40.0, "the missing camera's heartbeat")[-1]
    probe.wait(lambda: mounts, what="the configured mount")
    (mount,) = mounts
    assert (mount.header.frame_id, mount.child_frame_id) == ("table", "front_optical_frame")
    assert (mount.transform.translation.x, mount.transform.rotation.x) == (1.0, 1.0)
    assert rig.log("camera_wrist").read_text().count("camera.parent_frame is empty") == 1
    assert rig.processes["camera_wrist"].poll() is None
    assert any(m.node == "camera_front" and m.state == "ok" for m in probe.heard[topics.HEARTBEAT])

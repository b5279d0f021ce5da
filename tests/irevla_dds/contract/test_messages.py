"""Message classes behave as rosidl's."""

import copy

import numpy as np
import pytest


def test_every_field_has_a_default_and_nested_messages_are_made() -> None:
    from irevla_msgs.msg import RobotState

    state = RobotState()
    assert (state.step, state.error, state.gripper_width_m) == (0, "", 0.0)
    assert state.header.stamp.sec == 0
    assert state.tcp_pose.orientation.w == 1.0  # geometry_msgs gives this default
    assert list(state.joint_position_rad) == [0.0] * 7


def test_two_messages_share_nothing() -> None:
    from irevla_msgs.msg import RobotState

    first, second = RobotState(), RobotState()
    first.header.frame_id = "panda_link0"
    first.joint_position_rad[0] = 1.0
    assert second.header.frame_id == ""
    assert second.joint_position_rad[0] == 0.0


def test_keyword_arguments_set_fields_and_unknown_ones_are_refused() -> None:
    from irevla_msgs.msg import EpisodeState

    state = EpisodeState(state=EpisodeState.RUNNING, episode_id="e1", step=3)
    assert (state.state, state.episode_id, state.step) == (3, "e1", 3)
    with pytest.raises((TypeError, AssertionError, AttributeError)):
        EpisodeState(stat=1)
    with pytest.raises(AttributeError):
        state.stat = 1


def test_constants_are_attributes_of_the_class() -> None:
    from irevla_msgs.msg import Action, EpisodeState, MotionCommand

    assert (EpisodeState.IDLE, EpisodeState.RUNNING, EpisodeState.SAVED) == (0, 3, 5)
    assert Action.SOURCE_EXPERT == 4
    assert MotionCommand.LIMIT_RANGE == 16


def test_bytes_become_the_data_of_an_image() -> None:
    from sensor_msgs.msg import Image

    image = Image(height=1, width=2, step=6, encoding="rgb8", data=bytes(range(6)))
    assert np.frombuffer(image.data, np.uint8).tolist() == [0, 1, 2, 3, 4, 5]


def test_equality_compares_fields_arrays_included() -> None:
    from irevla_msgs.msg import SimState

    first = SimState(qpos=[1.0, 2.0], task="pick")
    assert first == SimState(qpos=[1.0, 2.0], task="pick")
    assert first != SimState(qpos=[1.0, 3.0], task="pick")
    assert first != "pick"


def test_a_deep_copy_is_independent() -> None:
    from irevla_msgs.msg import RobotState

    state = RobotState(joint_position_rad=[0.1] * 7)
    other = copy.deepcopy(state)
    other.joint_position_rad[0] = 9.0
    assert state.joint_position_rad[0] == 0.1


def test_fields_can_be_listed() -> None:
    from irevla_msgs.msg import Latent

    fields = Latent.get_fields_and_field_types()
    assert fields["data"] == "sequence<uint8>"
    assert list(fields)[:3] == ["header", "episode_id", "step"]


def test_a_fixed_array_refuses_another_length() -> None:
    from irevla_msgs.msg import Step

    with pytest.raises((ValueError, AssertionError)):
        Step(action=[0.0] * 6)


def test_services_and_actions_have_their_parts() -> None:
    from irevla_msgs.action import RunEpisodes
    from irevla_msgs.srv import LabelEpisode

    assert LabelEpisode.Request(label="success").label == "success"
    assert LabelEpisode.Response().success is False
    assert RunEpisodes.Goal(episodes=3).episodes == 3
    assert RunEpisodes.Result(labels=[True, False]).successes == 0
    assert RunEpisodes.Feedback().episode_id == ""


def test_an_unknown_message_type_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="Sting"):
        from std_msgs.msg import Sting  # noqa: F401


def test_serialized_messages_come_back() -> None:
    from rclpy.serialization import deserialize_message, serialize_message

    from irevla_msgs.msg import EpisodeState

    data = serialize_message(EpisodeState(episode_id="e1", step=3))
    assert data[:4] == b"\x00\x01\x00\x00"
    message = deserialize_message(data, EpisodeState)
    assert (message.episode_id, message.step) == ("e1", 3)

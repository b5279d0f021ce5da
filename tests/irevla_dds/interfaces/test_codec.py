"""Messages to bytes and back, and what happens to values and bytes that do not fit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from irevla.config.errors import UnknownNameError
from irevla.config.interface_files import interface_folder
from irevla_dds.interfaces.codec import CodecError
from irevla_dds.interfaces.interface_store import InterfaceStore

STORE = InterfaceStore()
FLOATS = st.floats(allow_nan=False, width=32)


def kind(name: str) -> Any:
    return STORE.load(*name.split("/"))


@given(
    qpos=hnp.arrays(np.float64, st.integers(0, 30), elements=st.floats(allow_nan=False)),
    qvel=st.lists(FLOATS, max_size=9),
    task=st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])),
    seed=st.integers(0, 2**64 - 1),
    success=st.booleans(),
)
def test_any_sim_state_survives_the_round_trip(
    qpos: Any, qvel: list[float], task: str, seed: int, success: bool
) -> None:
    sim_state = kind("irevla_msgs/msg/SimState")
    message = sim_state(qpos=qpos, qvel=qvel, task=task, seed=seed, success=success)
    data = sim_state.codec.encode(message)
    assert len(data) % 4 == 0
    assert sim_state.codec.decode(bytes(data)) == message


@settings(max_examples=300)
@given(data=st.binary(max_size=200), name=st.sampled_from(["Step", "RobotState", "EpisodeClosed", "Weights", "Latent"]))
def test_arbitrary_bytes_are_a_message_or_a_codec_error(data: bytes, name: str) -> None:
    message = kind(f"irevla_msgs/msg/{name}")
    for payload in (data, b"\x00\x01\x00\x00" + data):
        try:
            decoded = message.codec.decode(payload)
        except CodecError as error:
            assert name in str(error)
        else:
            assert isinstance(decoded, message)


@given(cut=st.integers(0, 400))
def test_a_truncated_message_is_a_codec_error(cut: int) -> None:
    state = kind("irevla_msgs/msg/RobotState")
    data = bytes(state.codec.encode(state(episode_id="e" * 30, error="x" * 50)))
    if cut < len(data) - 3:  # the last three may be padding
        with pytest.raises(CodecError):
            state.codec.decode(data[:cut])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("step", -1, "RobotState.step holds uint32"),
        ("step", 1.5, "RobotState.step holds uint32"),
        ("step", 2**32, "RobotState.step holds uint32"),
        ("error", None, "RobotState.error holds a string"),
        ("gripper_width_m", "wide", "RobotState.gripper_width_m holds float64"),
        ("header", 3, "RobotState.header holds a std_msgs/msg/Header"),
    ],
)
def test_a_value_that_does_not_fit_is_named_when_it_is_sent(field: str, value: Any, reason: str) -> None:
    state = kind("irevla_msgs/msg/RobotState")()
    setattr(state, field, value)
    with pytest.raises(TypeError, match=reason):
        state.codec.encode(state)


def test_a_nested_misfit_is_found() -> None:
    state = kind("irevla_msgs/msg/RobotState")()
    state.header.stamp.nanosec = -1
    with pytest.raises(TypeError, match=r"builtin_interfaces/msg/Time.nanosec holds uint32"):
        state.codec.encode(state)


@pytest.mark.parametrize("value", [[256], [-1], np.array([1.5]), ["a"], np.array([300])])
def test_bytes_outside_a_byte_are_refused_at_once(value: Any) -> None:
    with pytest.raises((TypeError, OverflowError)):
        kind("sensor_msgs/msg/Image")(data=value)


@pytest.mark.parametrize(
    "value",
    [b"\x01\x02", bytearray(b"\x01\x02"), memoryview(b"\x01\x02"), [1, 2], (1, 2), np.array([[1], [2]], np.uint8)],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_bytes_is_taken(value: Any) -> None:
    assert kind("sensor_msgs/msg/Image")(data=value).data.tolist() == [1, 2]


def test_an_array_of_the_right_type_is_not_copied() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert np.shares_memory(kind("sensor_msgs/msg/Image")(data=pixels).data, pixels)


def test_a_sliced_array_is_sent_as_it_looks() -> None:
    image = kind("sensor_msgs/msg/Image")
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)[:, ::-1]
    assert image.codec.decode(bytes(image.codec.encode(image(data=pixels)))).data.tolist() == pixels.ravel().tolist()


def test_decoded_arrays_are_writable_aligned_and_private() -> None:
    state = kind("irevla_msgs/msg/SimState")
    data = bytes(state.codec.encode(state(qpos=[1.0, 2.0], episode_id="abc")))
    first, second = state.codec.decode(data), state.codec.decode(data)
    first.qpos[0] = 9.0
    assert second.qpos[0] == 1.0
    assert first.qpos.flags.aligned


def test_the_file_formats_errors_are_clear() -> None:
    from irevla_dds.interfaces.definition import parse_service

    with pytest.raises(ValueError, match="expected 2 sections"):
        parse_service("x/srv/Y", "int32 a\n")
    with pytest.raises(UnknownNameError, match="did you mean 'RobotState'"):
        STORE.load("irevla_msgs", "msg", "RobotStat")


def test_all_our_interfaces_can_be_made_and_encoded() -> None:
    names = [(path.parent.name, path.stem) for path in sorted(interface_folder().glob("*/*.*"))]
    assert len(names) > 15
    for folder, name in names:
        made: Any = STORE.load("irevla_msgs", folder, name)
        parts = {"msg": [made]}.get(folder) or [
            getattr(made, part) for part in ("Request", "Response", "Goal", "Result", "Feedback") if hasattr(made, part)
        ]
        for part in parts:
            assert part.codec.decode(bytes(part.codec.encode(part()))) == part()

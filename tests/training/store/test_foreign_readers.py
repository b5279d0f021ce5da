"""Other people's tools open an episode's file: the mcap library and rosbags."""

from collections.abc import Callable

import cv2
import mcap.reader
import numpy as np
from rosbags.highlevel import AnyReader

from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore

MakeMeta = Callable[..., EpisodeMeta]
MakeStep = Callable[..., Step]


def write(store: EpisodeStore, meta: EpisodeMeta, make_step: MakeStep) -> np.ndarray:
    picture = np.random.default_rng(0).integers(0, 255, (6, 5, 3), dtype=np.uint8)
    with store.open(meta) as writer:
        for number in range(2):
            writer.append(make_step(number, images={"front": picture}))
        writer.close(terminated=True, truncated=False, final=make_step(2, images={"front": picture}))
    return picture


def test_the_mcap_library_reads_it_with_every_checksum(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    meta = make_meta(instruction="lift the 🍆")
    write(store, meta, make_step)
    with store.path("e0").open("rb") as file:
        reader = mcap.reader.make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None and summary.statistics is not None
        topics = {channel.topic: number for number, channel in summary.channels.items()}
        counts = summary.statistics.channel_message_counts
        assert {topic: counts[number] for topic, number in topics.items()} == {
            "/camera/front/image/compressed": 3,
            "/policy/latent": 3,
            "/episode/step": 2,
            "/episode/final": 1,
        }
        assert len(list(reader.iter_messages())) == 9
        assert {schema.encoding for schema in summary.schemas.values()} == {"ros2msg"}
        records = {record.name: record.metadata for record in reader.iter_metadata()}
        assert EpisodeMeta.from_strings(records["irevla_episode"]) == meta
        assert records["irevla_closing"]["terminated"] == "true"


def test_rosbags_decodes_it_by_the_schemas_in_the_file(
    store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep
) -> None:
    picture = write(store, make_meta(), make_step)
    with AnyReader([store.path("e0")]) as reader:
        messages = [(line.topic, reader.deserialize(raw, line.msgtype)) for line, _, raw in reader.messages()]
    steps = [message for topic, message in messages if topic == "/episode/step"]
    np.testing.assert_array_equal(steps[1].state, make_step(1).state)
    assert (steps[1].header.stamp.sec, steps[1].header.stamp.nanosec) == (1, 100_000_000)
    image = next(message for topic, message in messages if topic == "/camera/front/image/compressed")
    shown = cv2.imdecode(image.data, cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(shown[:, :, ::-1], picture)
    assert image.format.startswith("rgb8; png")


def test_the_schema_keeps_the_units(store: EpisodeStore, make_meta: MakeMeta, make_step: MakeStep) -> None:
    write(store, make_meta(), make_step)
    assert b"tool position m, rotation vector rad" in store.path("e0").read_bytes()

"""The graph's benchmark: encodings beat cyclonedds-python's own, and images come back from another process."""

import irevla_dds

irevla_dds.activate()


def test_an_image_encodes_ten_times_faster_than_with_cyclonedds_python() -> None:
    from irevla_nodes.bench.graph import codec_figures

    encode, decode = codec_figures()
    assert encode.ratio is not None
    assert encode.ratio >= 10
    assert decode.ratio is not None
    assert decode.ratio >= 10


def test_a_round_trip_between_two_processes_is_a_matter_of_milliseconds() -> None:
    from irevla_nodes.bench.graph import round_trip_figures

    small, _, large, _ = round_trip_figures()
    assert 0 < small.value < 10
    assert small.value < large.value < 50

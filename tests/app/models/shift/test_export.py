"""The files a shift is exported to."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from irevla.app.graph.facts import Phase
from irevla.app.models.shift.event import ShiftEvent
from irevla.app.models.shift.export import export
from irevla.app.models.shift.record import ShiftRecord
from irevla.config.errors import StoreError, UserError

T0 = 1_700_000_000.0


@pytest.fixture
def record() -> ShiftRecord:
    record = ShiftRecord()
    for after_s, phase in ((0, Phase.RESETTING), (10.5, Phase.RUNNING), (30, Phase.AWAITING_LABEL)):
        record.take(
            ShiftEvent(
                stamp_s=T0 + after_s,
                kind="phase",
                phase=int(phase),
                episode_id="e1",
                task="<b>open & shut</b>",
                mode="policy",
            )
        )
    record.take(ShiftEvent(stamp_s=T0 + 31, kind="label", episode_id="e1", label="success", steps=12))
    return record


def test_the_page_stands_alone_and_shows_words_as_they_are(record: ShiftRecord, tmp_path: Path) -> None:
    (path,) = export(record, T0 + 60, tmp_path / "shift.html", "Ada")
    text = path.read_text()
    assert "&lt;b&gt;open &amp; shut&lt;/b&gt;" in text and "<b>open" not in text
    assert "http" not in text and "<script" not in text
    drawing = ElementTree.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])
    assert [(bar.get("class"), bar.get("width")) for bar in drawing.iter("rect")] == [
        ("reset", "175.00"),
        ("run", "325.00"),
        ("label", "500.00"),
    ]


def test_a_table_has_a_row_an_episode_and_another_one_the_time(record: ShiftRecord, tmp_path: Path) -> None:
    episodes, times = export(record, T0 + 60, tmp_path / "shift.csv", "Ada")
    with episodes.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["label"], row["steps"], row["reset_s"], row["run_s"], row["label_s"]) == (
        "success",
        "12",
        "10.500",
        "19.500",
        "",
    )
    with times.open(newline="") as file:
        assert [row["use"] for row in csv.DictReader(file)] == ["reset", "run", "label"]


def test_another_suffix_and_a_folder_that_is_not_there_are_told(record: ShiftRecord, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"expected a name that ends in \.html or \.csv"):
        export(record, T0, tmp_path / "shift.pdf", "Ada")
    with pytest.raises(StoreError, match="choose another folder"):
        export(record, T0, tmp_path / "none" / "shift.html", "Ada")

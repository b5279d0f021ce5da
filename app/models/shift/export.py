"""A shift as files: one self-contained HTML page, or two CSV tables (episodes, and what the time went into)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader

from irevla.app.models.shift.page_state import shift_state
from irevla.app.models.shift.record import Episode, Segment, ShiftRecord
from irevla.app.models.shift.report import shift_report
from irevla.config.errors import StoreError, UserError

SUFFIXES = (".html", ".csv")
EPISODE_COLUMNS = (
    "episode_id", "task", "kind", "mode", "label", "steps", "teleop_steps", "reset_s", "run_s", "label_s"
)  # fmt: skip
TIME_COLUMNS = ("start_s", "end_s", "use", "cause")


def export(record: ShiftRecord, now_s: float, path: Path, operator: str) -> tuple[Path, ...]:
    """Write the shift to ``path`` and return the files; a CSV has a second one beside it, `<name>-time.csv`.

    Raises UserError for another suffix, StoreError where the disk fails.
    """
    if path.suffix == ".html":
        texts = {path: html_text(record, now_s, operator)}
    elif path.suffix == ".csv":
        beside = path.with_name(f"{path.stem}-time.csv")
        texts = {
            path: _csv_text(EPISODE_COLUMNS, record.episodes.values()),
            beside: _csv_text(TIME_COLUMNS, record.segments_until(now_s)),
        }
    else:
        raise UserError(f"{path.name}: expected a name that ends in {' or '.join(SUFFIXES)}")
    for place, text in texts.items():
        try:
            place.write_text(text, encoding="utf-8", errors="replace", newline="")
        except OSError as error:
            raise StoreError(f"{place}: cannot be written: {error}; choose another folder") from None
    return tuple(texts)


def html_text(record: ShiftRecord, now_s: float, operator: str) -> str:
    """Return the page."""
    environment = Environment(loader=PackageLoader("irevla.app", "models/shift"), autoescape=True)
    template = environment.get_template("report.html.jinja")
    return template.render(state=shift_state(shift_report(record, now_s)), operator=operator)


def _csv_text(columns: Sequence[str], rows: Iterable[Episode | Segment]) -> str:
    """Return a table of the rows' attributes; what is not known stays empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        values = (getattr(row, column) for column in columns)
        writer.writerow(
            "" if value is None else f"{value:.3f}" if isinstance(value, float) else value for value in values
        )
    return text.getvalue()

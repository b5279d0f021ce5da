"""A figure as a file, or as a data URI in a page that stands alone."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from matplotlib.figure import Figure


def as_data_uri(figure: Figure) -> str:
    """Return the figure as SVG in a data URI."""
    data = io.BytesIO()
    figure.savefig(data, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(data.getvalue()).decode()


def file_uri(path: Path) -> str:
    """Return a PNG or WebP file as a data URI."""
    return f"data:image/{path.suffix[1:]};base64," + base64.b64encode(path.read_bytes()).decode()

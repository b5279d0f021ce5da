"""The dashboard as a process of its own, which tells a test on stdout where its widgets are and what they say.

A line on stdin names a widget (its objectName, or ``words`` of the foot line), ``name/2`` the third of several or the
third row of a table; the answer is one line of JSON. Keys and mouse do not come this way: the test makes real ones.
"""

import json
import sys

from PyQt6.QtCore import QPoint, QSocketNotifier
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QWidget,
)

import irevla_dds

irevla_dds.activate()

from irevla.app.dashboard import Dashboard  # noqa: E402
from irevla.app.graph.ros_bridge import make_ros_bridge  # noqa: E402
from irevla.app.views.picture_canvas import PictureCanvas  # noqa: E402
from irevla.config.settings import load_settings  # noqa: E402


def described(request: str) -> dict[str, object]:
    """Say where the visible widget of this name is, in pixels of the screen, and what it shows."""
    name, _, number = request.partition("/")
    found = [one for top in QApplication.topLevelWidgets() for one in (top, *top.findChildren(QWidget))]
    named = [widget for widget in found if widget.objectName() == name]
    shown = [widget for widget in named if widget.isVisible()]
    if not named:
        names = sorted({one.objectName() for one in found if one.objectName()})
        return {"is_there": False, "is_visible": False, "is_enabled": False, "text": "", "names": names}
    place, widget = int(number or 0), (shown or named)[0]
    if number and isinstance(widget, QAbstractItemView):
        middle, text = row_of(widget, place)
        is_seen = bool(text)
    else:
        is_seen = place < len(shown)
        widget = shown[place] if is_seen else widget
        middle, text = widget.rect().center(), words_of(widget)
    is_seen = is_seen and widget.visibleRegion().contains(middle)  # neither hidden nor scrolled away
    middle = widget.mapToGlobal(middle)
    return {
        "is_there": True,
        "x": middle.x(),
        "y": middle.y(),
        "is_visible": is_seen,
        "is_enabled": widget.isEnabled(),
        "has_focus": widget.hasFocus(),
        "text": text,
    }


def words_of(widget: QWidget) -> str:
    """Return what a widget says."""
    if isinstance(widget, QAbstractButton | QLabel | QLineEdit | QAbstractSpinBox | QProgressBar):
        return widget.text()
    if isinstance(widget, PictureCanvas):
        return widget.notice
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def row_of(table: QAbstractItemView, row: int) -> tuple[QPoint, str]:
    """Return where a row is in the table, and its cells; "" for a row that is not there."""
    model, viewport = table.model(), table.viewport()
    if model is None or viewport is None or row >= model.rowCount():
        return QPoint(), ""
    cells = [model.index(row, column) for column in range(model.columnCount())]
    words = " | ".join(str(cell.data() or "") for cell in cells)
    return viewport.mapTo(table, table.visualRect(cells[1]).center()), words


def main() -> None:
    """Open the window until stdin ends."""
    domain, *overrides = sys.argv[1:]
    settings = load_settings("sim", overrides)
    application = QApplication(["irevla"])
    bridge = make_ros_bridge(settings, namespace="", domain=int(domain))
    with Dashboard(application, bridge, settings, "tester"):
        listener = QSocketNotifier(0, QSocketNotifier.Type.Read)

        def answer() -> None:
            line = sys.stdin.readline()
            if not line:
                application.quit()
                return
            sys.stdout.write(json.dumps(described(line.strip())) + "\n")
            sys.stdout.flush()

        listener.activated.connect(answer)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        application.exec()


if __name__ == "__main__":
    main()

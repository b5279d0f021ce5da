"""The dashboard as a process of its own, which tells a test on stdout where its widgets are and what they say.

A line on stdin names a widget (its objectName, or ``words`` of the foot line); the answer is one line of JSON. Keys and
mouse do not come this way: the test makes real ones.
"""

import json
import sys

from PyQt6.QtCore import QPoint, QSocketNotifier
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

import irevla_dds

irevla_dds.activate()

from irevla.app.dashboard import Dashboard  # noqa: E402
from irevla.app.graph.ros_bridge import make_ros_bridge  # noqa: E402
from irevla.app.views.picture_canvas import PictureCanvas  # noqa: E402
from irevla.config.settings import load_settings  # noqa: E402


def described(name: str) -> dict[str, object]:
    """Say where the first visible widget of this name is, in pixels of the screen, and what it shows."""
    found = [one for top in QApplication.topLevelWidgets() for one in (top, *top.findChildren(QWidget))]
    named = [widget for widget in found if widget.objectName() == name]
    shown = [widget for widget in named if widget.isVisible()]
    if not named:
        return {"is_there": False, "names": sorted({one.objectName() for one in found if one.objectName()})}
    widget = (shown or named)[0]
    middle = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    text = ""
    if isinstance(widget, QAbstractButton | QLabel | QLineEdit):
        text = widget.text()
    elif isinstance(widget, QComboBox):
        text = widget.currentText()
    elif isinstance(widget, PictureCanvas):
        text = widget.notice
    return {
        "is_there": True,
        "x": middle.x(),
        "y": middle.y(),
        "is_visible": widget.isVisible(),
        "is_enabled": widget.isEnabled(),
        "has_focus": widget.hasFocus(),
        "text": text,
    }


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

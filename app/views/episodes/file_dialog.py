"""Asks where to write a file, without standing in the way of the hold button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QWidget


def choose_file(parent: QWidget, name: str, call: Callable[[Path], None]) -> QFileDialog:
    """Show a dialog that suggests ``name``; ``call`` gets the path if the person accepts.

    The desktop's own dialog would swallow the hold key, and a modal one would lock the hold button.
    """
    dialog = QFileDialog(parent, "Write CSV", str(Path.home() / name), "CSV (*.csv)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: call(Path(path)))
    dialog.show()
    return dialog

"""Labels whose colour says how things are."""

from __future__ import annotations

from PyQt6.QtWidgets import QLabel


def wrapped(role: str = "") -> QLabel:
    """Return an empty label that breaks its lines."""
    label = QLabel()
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


def set_toned(label: QLabel, words: str, tone: str) -> None:
    """Show words in the colour of ``tone``: "good", "warn", "bad", or "" for none."""
    label.setText(words)
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        style = label.style()
        if style is not None:
            style.unpolish(label)
            style.polish(label)

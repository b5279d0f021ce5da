"""Colours and sizes, once; everything that is drawn takes them from here."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph
from PyQt6.QtGui import QColor, QFont, QPalette
from PyQt6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True)
class Theme:
    """One set of colours (CSS) and the size of ordinary text."""

    background: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    good: str
    bad: str
    warn: str
    on_colour: str  # text on accent, good, bad and warn
    series: tuple[str, ...]  # curves in one plot, told apart by people who see red and green alike, too
    text_px: int = 15


DARK = Theme(
    background="#14171c",
    surface="#1c2128",
    raised="#272e38",
    border="#38414e",
    text="#e8ecf1",
    muted="#93a0b0",
    accent="#5aa9ff",
    good="#3fb76b",
    bad="#ee5a52",
    warn="#e9ab3b",
    on_colour="#0d1014",
    series=("#5aa9ff", "#f0a33c", "#58c7a0", "#d98cd6", "#e8d44d", "#f2776b", "#b9c4d0"),
)
LIGHT = Theme(
    background="#f4f5f7",
    surface="#ffffff",
    raised="#e9ecf0",
    border="#c6ccd4",
    text="#1a1f26",
    muted="#5d6875",
    accent="#1668c5",
    good="#1b7f43",
    bad="#c6312a",
    warn="#a86a00",
    on_colour="#ffffff",
    series=("#0a63b8", "#b86a00", "#00795a", "#9a3f97", "#8a7600", "#c23b2e", "#55606c"),
)
THEMES = {"dark": DARK, "light": LIGHT}


def scaled(theme: Theme, text_scale: float) -> Theme:
    """Return the theme with text of another size."""
    return Theme(**{**vars(theme), "text_px": round(theme.text_px * text_scale)})


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    application.setStyle("Fusion")
    font = QFont(application.font())
    font.setPixelSize(theme.text_px)
    application.setFont(font)
    application.setPalette(_palette(theme))
    application.setStyleSheet(_style_sheet(theme) + _more_rules(theme))
    pyqtgraph.setConfigOptions(background=theme.surface, foreground=theme.muted, antialias=True)


def set_role(widget: QWidget, role: str) -> None:
    """Change the property that the style sheet looks at, and dress the widget and its parts anew."""
    widget.setProperty("role", role)
    for part in (widget, *widget.findChildren(QWidget)):
        style = part.style()
        if style is not None:
            style.polish(part)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.background),
        (roles.WindowText, theme.text),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.raised),
        (roles.Text, theme.text),
        (roles.Button, theme.raised),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_colour),
        (roles.Link, theme.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


def _style_sheet(theme: Theme) -> str:
    """Return rules for the property ``role``: widget.setProperty("role", "title")."""
    px = theme.text_px
    return f"""
        QWidget {{ color: {theme.text}; }}
        QMainWindow, QDialog {{ background: {theme.background}; }}
        QToolTip {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border}; padding: 4px; }}
        QFrame[role="card"] {{ background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 8px; }}
        QFrame[state="held"] {{ border: 3px solid {theme.bad}; }}
        QLabel[role="title"] {{ font-size: {round(px * 1.25)}px; font-weight: 600; }}
        QLabel[role="huge"] {{ font-size: {round(px * 2.4)}px; font-weight: 700; }}
        QLabel[role="big"] {{ font-size: {round(px * 1.6)}px; font-weight: 600; }}
        QLabel[role="small"] {{ font-size: {round(px * 0.87)}px; }}
        QLabel[role="strong"] {{ font-weight: 600; }}
        QLabel[role="muted"] {{ color: {theme.muted}; }}
        QPushButton {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 6px;
            padding: {px // 2}px {px}px; }}
        QPushButton:hover {{ border-color: {theme.accent}; }}
        QPushButton:focus {{ border: 2px solid {theme.accent}; }}
        QPushButton:disabled {{ color: {theme.muted}; background: {theme.surface}; }}
        QPushButton[role="large"], QPushButton[scale="large"] {{ font-size: {round(px * 1.5)}px;
            padding: {px}px {round(px * 1.6)}px; }}
        QPushButton[scale="huge"] {{ font-size: {round(px * 2.2)}px; padding: {px // 2}px {px * 3}px; }}
        QPushButton[role="nav"] {{ text-align: left; border: none; background: transparent; color: {theme.muted};
            padding: {round(px * 0.7)}px; border-left: 4px solid transparent; border-radius: 0; }}
        QPushButton[role="nav"]:checked {{ background: {theme.raised}; color: {theme.text};
            border-left-color: {theme.accent}; }}
        QPushButton[role="nav"]:hover {{ color: {theme.text}; }}
        QPushButton[role="nav"]:focus {{ color: {theme.accent}; }}
        QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit {{ background: {theme.surface};
            border: 1px solid {theme.border}; border-radius: 6px; padding: {px // 3}px; }}
        QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus {{ border-color: {theme.accent}; }}
        QComboBox::drop-down {{ border: none; width: {round(px * 1.4)}px; }}
        QComboBox::down-arrow {{ image: none; width: 0; height: 0; border-left: {px // 3}px solid {theme.surface};
            border-right: {px // 3}px solid {theme.surface}; border-top: {px // 3}px solid {theme.muted}; }}
        QHeaderView::section {{ background: {theme.raised}; color: {theme.muted}; border: none;
            padding: {px // 3}px 4px; }}
        QTableView, QTreeView, QListView {{ background: {theme.surface}; border: 1px solid {theme.border};
            gridline-color: {theme.border}; alternate-background-color: {theme.background};
            selection-background-color: {theme.border}; selection-color: {theme.text}; }}
        QTableView:focus, QListView:focus {{ border-color: {theme.accent}; }}
        QProgressBar {{ background: {theme.raised}; border: none; border-radius: 5px; text-align: center; }}
        QProgressBar::chunk {{ background: {theme.accent}; border-radius: 5px; }}
        QScrollBar:vertical {{ background: transparent; width: 10px; }}
        QScrollBar::handle:vertical {{ background: {theme.border}; border-radius: 5px; min-height: 24px; }}
        QScrollBar:horizontal {{ background: transparent; height: 10px; }}
        QScrollBar::handle:horizontal {{ background: {theme.border}; border-radius: 5px; min-width: 24px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QTabWidget::pane {{ border: none; }}
        QTabBar::tab {{ color: {theme.muted}; padding: {px // 4}px {px}px; border-bottom: 2px solid transparent; }}
        QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
        QTabBar::tab:focus {{ background: {theme.raised}; }}
        QPushButton:checked {{ background: {theme.accent}; color: {theme.on_colour}; }}
        {_coloured(theme)}
    """


def _coloured(theme: Theme) -> str:
    return "\n".join(
        f"""
        QPushButton[role="{role}"] {{ background: {colour}; color: {theme.on_colour}; border-color: {colour};
            font-weight: 700; }}
        QPushButton[role="{role}"]:disabled {{ background: {theme.surface}; color: {theme.muted};
            border-color: {theme.border}; font-weight: 400; }}
        QLabel[tone="{role}"] {{ color: {colour}; }}
        QFrame[role="{role}"] {{ background: {colour}; border-radius: 6px; }}
        QFrame[role="{role}"] QLabel {{ color: {theme.on_colour}; }}
        QLabel[badge="{role}"] {{ background: {colour}; color: {theme.on_colour}; border-radius: 4px;
            padding: 1px {theme.text_px // 2}px; font-weight: 600; }}
        """
        for role, colour in (
            ("good", theme.good),
            ("bad", theme.bad),
            ("warn", theme.warn),
            ("accent", theme.accent),
        )
    )


def _more_rules(theme: Theme) -> str:
    """Return rules for key caps, command buttons, ticks, numbers, chosen cards and scrolled pages."""
    px = theme.text_px
    return f"""
        QLabel[role="key"] {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 4px;
            padding: 0 {px // 2}px; font-weight: 600; }}
        QFrame[role="card"][selected="true"] {{ border: 2px solid {theme.accent}; }}
        QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
        QCheckBox::indicator, QListView::indicator {{ width: {px}px; height: {px}px; border: 1px solid {theme.muted};
            border-radius: 3px; }}
        QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {theme.accent};
            border-color: {theme.accent}; }}
        QCheckBox::indicator:focus {{ border: 2px solid {theme.accent}; }}
        QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; }}
        QPushButton[scale="label"] {{ font-size: {round(px * 1.25)}px; padding: {round(px * 0.7)}px {px // 4}px; }}
        QPushButton[scale="command"] {{ padding: {px // 3}px {px // 4}px; }}
    """

"""The lineage from left to right: cards, and a line from each parent to its children."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from irevla.app.models.rounds.lineage_board import Card, neighbour
from irevla.app.views.rounds.model_card import ModelCard
from irevla.app.views.theme import Theme

ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1),
    Qt.Key.Key_Down.value: (0, 1),
}


class LineageBoard(QWidget):
    """`selected` carries the hash of the card that was clicked or reached with the arrow keys."""

    selected = pyqtSignal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = QLabel()
        self._empty.setProperty("role", "title")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._canvas = _Canvas(theme)
        self._canvas.selected.connect(self.selected)
        self._area = QScrollArea()
        self._area.setWidget(self._canvas)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty, stretch=1)
        column.addWidget(self._area, stretch=1)

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The cards, oldest first."""
        return tuple(self._canvas.widgets)

    def set_cards(self, cards: tuple[Card, ...]) -> None:
        """Show these models."""
        self._canvas.set_cards(cards)

    def set_selected(self, model_hash: str) -> None:
        """Mark a card and bring it into view."""
        card = self._canvas.set_selected(model_hash)
        if card is not None:
            self._area.ensureWidgetVisible(card)

    def set_empty(self, words: str) -> None:
        """Show why there is no card; "" when there are some."""
        self._empty.setText(words)
        self._empty.setVisible(bool(words))
        self._area.setVisible(not words)


class _Canvas(QWidget):
    selected = pyqtSignal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.text_px
        self._size, self._gap = (20 * px, round(10.6 * px)), round(2.6 * px)
        self._cards: tuple[Card, ...] = ()
        self._selected = ""
        self.widgets: list[ModelCard] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_cards(self, cards: tuple[Card, ...]) -> None:
        for widget in self.widgets:
            widget.hide()
            widget.deleteLater()
        self._cards = cards
        self.widgets = [ModelCard(self._theme, card, self) for card in cards]
        for card, widget in zip(cards, self.widgets, strict=True):
            widget.setGeometry(self._place(card.column, card.row))
            widget.clicked.connect(self.selected)
            widget.show()
        last = self._place(
            max((card.column for card in cards), default=0), max((card.row for card in cards), default=0)
        )
        self.resize(last.right() + self._gap // 2, last.bottom() + self._gap // 2)
        self.set_selected(self._selected)
        self.update()

    def set_selected(self, model_hash: str) -> ModelCard | None:
        self._selected = model_hash
        for widget in self.widgets:
            widget.set_selected(widget.model_hash == model_hash)
        return next((widget for widget in self.widgets if widget.model_hash == model_hash), None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        arrow = ARROWS.get(event.key())
        if arrow is None:
            super().keyPressEvent(event)
            return
        found = neighbour(self._cards, self._selected, *arrow)
        if found:
            self.selected.emit(found)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.muted), 2))
        for card in self._cards:
            if card.parent is None:
                continue
            start, end = self._place(*card.parent), self._place(card.column, card.row)
            first = QPointF(start.right(), start.center().y())
            last = QPointF(end.left(), end.center().y())
            middle = (first.x() + last.x()) / 2
            path = QPainterPath(first)
            path.cubicTo(QPointF(middle, first.y()), QPointF(middle, last.y()), last)
            painter.drawPath(path)
        painter.end()

    def _place(self, column: int, row: int) -> QRect:
        width, height = self._size
        half = self._gap // 2
        return QRect(half + column * (width + self._gap), half + row * (height + half), width, height)

"""Finds where something may float over a page without covering what a person wants to press or type in."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

MARGIN = 4
STEP = 16
_CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)


def controls(over: QWidget, *, spare: QWidget) -> list[QRect]:
    """Return the parts of ``over`` in which a control is seen, apart from those of ``spare``."""
    return [
        seen
        for widget in over.findChildren(QWidget)
        if (isinstance(widget, _CONTROLS) or (isinstance(widget, QTextEdit) and not widget.isReadOnly()))
        and widget.isVisible()
        and not spare.isAncestorOf(widget)
        and not (seen := _seen(widget, over)).isEmpty()
    ]


def covered(place: QRect, among: Sequence[QRect]) -> int:
    """Return how many square pixels of these a place covers, with a little room around it."""
    wide = place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    return sum(shared.width() * shared.height() for r in among if not (shared := wide.intersected(r)).isEmpty())


def free_place(over: QWidget, wanted: QRect, *, spare: QWidget) -> QRect:
    """Return ``wanted``, or the nearest place of its size that covers no control and, where it can be, no label."""
    avoided = controls(over, spare=spare)
    if not covered(wanted, avoided):
        return wanted
    labels = (label for label in over.findChildren(QLabel) if label.isVisible() and not spare.isAncestorOf(label))
    said = [seen for label in labels if not (seen := _seen(label, over)).isEmpty()]
    best, least = wanted, (covered(wanted, avoided), 0, 0)
    right = over.width() - wanted.width() - STEP
    for left in sorted({wanted.left(), max(STEP, right), STEP}, key=lambda x: abs(x - wanted.left())):
        for top in range(wanted.top(), STEP, -STEP):
            place = QRect(QPoint(left, top), wanted.size())
            away = wanted.top() - top + abs(left - wanted.left())
            cost = (covered(place, avoided), covered(place, said), away)
            if cost < least:
                best, least = place, cost
    return best


def _seen(widget: QWidget, over: QWidget) -> QRect:
    """Return where a widget is seen in ``over``, cut by the scroll areas around it."""
    found = QRect(widget.mapTo(over, QPoint(0, 0)), widget.size())
    around = widget.parentWidget()
    while around is not None and around is not over:
        if isinstance(around, QScrollArea):
            view = around.viewport()
            found = found.intersected(QRect(view.mapTo(over, QPoint(0, 0)), view.size()))
        around = around.parentWidget()
    return found

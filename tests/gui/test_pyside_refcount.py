"""PySide6 must not lose references: 6.12.0 on Python 3.11 did, and aborted after a few thousand painted cells."""

import sys

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

CALLS = 10_000
NOISE = 500  # other code in the process takes and drops a few references meanwhile; a leak takes CALLS


class EmptyModel(QAbstractTableModel):
    """One cell that holds nothing."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value
        self.asked = 0

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else 1

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else 1

    def data(  # the signature is Qt's
        self,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002  (Qt passes it)
        role: int = Qt.ItemDataRole.DisplayRole,  # noqa: ARG002  (Qt passes it)
    ) -> object:
        self.asked += 1
        return self.value


@pytest.mark.parametrize("value", [None, True, False], ids=str)
def test_a_value_returned_to_qt_keeps_its_references(value: object) -> None:
    model = EmptyModel(value)
    proxy = QSortFilterProxyModel()  # C++ code, so that every call crosses from C++ to Python
    proxy.setSourceModel(model)
    index = proxy.index(0, 0)
    before, asked = sys.getrefcount(value), model.asked
    for _call in range(CALLS):
        proxy.data(index, Qt.ItemDataRole.DisplayRole)
    assert model.asked - asked == CALLS
    assert abs(sys.getrefcount(value) - before) < NOISE

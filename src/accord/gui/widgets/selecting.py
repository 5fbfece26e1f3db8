"""Which rows of a view are selected, as ranges: never row by row, for a selection may hold a million."""

from PySide6.QtWidgets import QAbstractItemView


def selected_ranges(view: QAbstractItemView) -> list[tuple[int, int]]:
    """Return the selected rows as (first, last), each row once, from the top."""
    chosen = view.selectionModel().selection()
    parts = [chosen.at(index) for index in range(chosen.size())]
    merged: list[tuple[int, int]] = []
    for first, last in sorted((part.top(), part.bottom()) for part in parts):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged

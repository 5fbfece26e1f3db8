"""Where the window was and whether its rail was folded, kept between two starts."""

import contextlib
import json
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from accord.gui.rail import Rail

FILE_NAME = "window.json"
FIRST_SIZE = (1280, 800)


class WindowMemory:
    """A small file beside the settings; losing it costs a person nothing but a drag."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def restore(self, window: QMainWindow, rail: Rail) -> None:
        """Put the window where it was; at its first size where nothing usable was kept."""
        window.resize(*FIRST_SIZE)
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            rail.set_collapsed(collapsed=bool(kept.get("rail_folded")))
            window.restoreGeometry(QByteArray.fromBase64(QByteArray(str(kept["geometry"]).encode("ascii"))))

    def keep(self, window: QMainWindow, rail: Rail) -> None:
        """Remember where the window is; a folder that cannot be written is no reason to stay open."""
        geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = {"geometry": geometry, "rail_folded": rail.collapsed()}
            self._path.write_text(json.dumps(kept), encoding="utf-8")

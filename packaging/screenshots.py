"""Takes the pictures of the README from the real program, on the sample project.

.venv/bin/python packaging/screenshots.py [FOLDER]        (default: docs/images)

The window is drawn offscreen at 1280 x 800, in the theme that each picture's name says.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from accord import bootstrap
from accord.gui.app import Application, build_window
from accord.gui.context import Context
from accord.gui.frame import MainWindow
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.pages.release.page import ReleasePage
from accord.gui.theme import Mode, theme
from accord.jobs import Jobs
from accord.settings import MachineSettings
from accord.workflows import sample

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "src" / "accord" / "resources" / "sample" / "clinic_questions.csv"
PICTURES: tuple[tuple[str, Mode, dict[str, object]], ...] = (
    ("home", "light", {}),
    ("review", "light", {}),
    ("review", "dark", {}),
    ("disagreements", "light", {}),
    ("agreement", "dark", {}),
    ("duplicates", "light", {}),
    ("checks", "light", {}),
    ("examples", "light", {}),
    ("release", "light", {}),
    ("importing", "light", {"files": [SAMPLE]}),
    ("generate", "light", {}),
)
NAMES = {"importing": "import"}


def main() -> int:
    """Make the sample project in a temporary folder, visit the pages and save the pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["ACCORD_CONFIG_DIR"] = str(folder / "config")
        application = Application()
        jobs = Jobs(GuiDelivery(application).deliver)
        services = bootstrap.Services(settings=MachineSettings(), jobs=jobs)
        who = services.who("Dr. Ana Ruiz")
        project, _steps = sample.demonstrate(
            path=folder / "sample.accord", out=folder / "export", who=who, embedder=services.embedder
        )
        context = Context(jobs=jobs, settings=services.settings, actor=who.actor)
        window = build_window(context)
        window.resize(1280, 800)
        window.show()
        context.set_project(project, name="Sample project", file="sample.accord", several=True)
        for page, mode, params in PICTURES:
            take(window, context, page, mode, params, target)
        window.close()
        settle(0.5)
        jobs.shutdown()
        project.close()
    return 0


def take(  # noqa: PLR0917
    window: MainWindow, context: Context, page: str, mode: Mode, params: dict[str, object], target: Path
) -> None:
    """Go to a page, wait until it stands still, and save its picture."""
    theme().set(mode=mode)
    context.navigate(page, **params)
    settle(2.5)
    if isinstance(window.current, ReleasePage):
        window.current.form.folder.setText("clinic/exports")  # not a folder of the machine that takes the picture
        settle(0.8)
    path = target / f"{NAMES.get(page, page)}-{mode}.png"
    picture = window.grab().toImage()
    if not picture.save(str(path)):
        raise SystemExit(f"{path} could not be written")
    print(f"{path}  {path.stat().st_size // 1024} kB")


def settle(seconds: float) -> None:
    """Let the event loop turn for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())

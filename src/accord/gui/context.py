"""What every page is given: the open project, jobs, settings, actions, and the few things it may ask of the frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from accord import bootstrap
from accord.domain.meaning import Embedder
from accord.domain.packs import Pack
from accord.domain.people import Person
from accord.gui.actions import Actions
from accord.gui.theme import Theme, theme
from accord.jobs import Jobs
from accord.settings import MachineSettings

Tone = Literal["info", "good", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence for the person; ``undo`` puts a link beside it, ``detail`` a button that copies it.

    Of one ``cause`` only the newest notice is shown, until ``Context.over`` says that the cause is gone.
    """

    text: str
    tone: Tone = "info"
    undo: Callable[[], object] | None = None
    undo_title: str = ""
    detail: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question; ``run`` is called when it is chosen."""

    title: str
    run: Callable[[], object] | None = None
    kind: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question asked in a bar above the page; the first choice has the focus, Esc takes the last.

    It goes unanswered once ``Context.over`` says that its ``cause`` is gone.
    """

    text: str
    choices: Sequence[Choice]
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoWorks:
    """Asks which of several people works now; ``take`` is given the name, ``leave`` is called where none was given."""

    people: Sequence[Person]
    last: str
    take: Callable[[str], object]
    leave: Callable[[], object]


class Context(QObject):
    """Shared by the frame and its pages; it outlives them.

    ``project`` is what ``accord.bootstrap`` opened, or None on the start page. After a write, emit ``changed`` with
    the kinds of things that changed (``{"reviews", "examples"}``; ``run_write`` does it), and every page refreshes.
    """

    changed = Signal(object)
    project_leaving = Signal()
    project_changed = Signal()
    several_changed = Signal()
    saved = Signal()
    navigated = Signal(str, object)
    noticed = Signal(object)
    cause_gone = Signal(str)
    asked = Signal(object)
    person_asked = Signal(object)

    def __init__(
        self, *, jobs: Jobs, settings: MachineSettings, actions: Actions | None = None, actor: str = ""
    ) -> None:
        super().__init__()
        self.jobs = jobs
        self.settings = settings
        self.services = bootstrap.Services(settings=settings, jobs=jobs)
        self.theme: Theme = theme()
        self.actions = actions or Actions(
            overrides=settings.get("key_bindings"), save=partial(settings.set, "key_bindings"), parent=self
        )
        self.actor = actor
        self.own_name = actor  # who acts wherever no server says otherwise
        self.project: Any = None
        self.project_name = ""
        self.project_file = ""
        self.several = False  # whether several people work on the project, or people ever disagreed in it
        self.undo: Callable[[], object] | None = None
        self._keepers: list[Callable[[], str]] = []

    @property
    def embedder(self) -> Embedder:
        """What turns texts into vectors of meaning, by the model that the settings name now."""
        return self.services.embedder

    @property
    def pack(self) -> Pack | None:
        """What the open project says of itself as a review pack, None where it is none."""
        found = getattr(self.project, "pack", None)
        return found if isinstance(found, Pack) else None

    def set_project(
        self, project: Any, *, name: str = "", file: str = "", actor: str = "", several: bool = False
    ) -> None:
        """Put an opened project in force, or None when it was closed; ``project_leaving`` comes before."""
        if self.project is not None:
            self.project_leaving.emit()
        self.project, self.project_name, self.project_file = project, name, file
        self.actor = actor or self.actor
        self.several = several
        self._keepers.clear()  # its pages are gone
        self.project_changed.emit()

    def keep(self, what: Callable[[], str]) -> None:
        """Have a page of this project asked what would be lost if the project were left; it says a sentence or ""."""
        self._keepers.append(what)

    def give_up(self) -> None:
        """Ask no more about what would be lost: the person leaves without it."""
        self._keepers.clear()

    def unsaved(self) -> str:
        """Say what would be lost if the project were left now, or nothing."""
        return " ".join(filter(None, (what() for what in self._keepers)))

    def set_several(self, *, several: bool) -> None:
        """Say anew whether several people work on the project; pages come and go with it."""
        if several != self.several:
            self.several = several
            self.several_changed.emit()

    def navigate(self, page_id: str, **params: object) -> None:
        """Go to a page; it gets ``params`` in ``activated``."""
        self.navigated.emit(page_id, params)

    def notify(
        self,
        text: str,
        *,
        undo: Callable[[], object] | None = None,
        undo_title: str = "",
        tone: Tone = "info",
        detail: str = "",
        cause: str = "",
    ) -> None:
        """Show a sentence that goes by itself (an error stays until it is closed, or its ``cause`` is over)."""
        self.noticed.emit(Notice(text=text, tone=tone, undo=undo, undo_title=undo_title, detail=detail, cause=cause))

    def over(self, cause: str) -> None:
        """Say that a cause is gone: the notice of it goes, and so does the question."""
        self.cause_gone.emit(cause)

    def ask(self, text: str, *choices: Choice, cause: str = "") -> None:
        """Ask in a bar above the page, without stopping anything else, until its ``cause`` is over."""
        self.asked.emit(Question(text=text, choices=choices, cause=cause))

    def ask_person(self, question: WhoWorks) -> None:
        """Ask over the window who works now."""
        self.person_asked.emit(question)

    def tell_changed(self, *kinds: str) -> None:
        """Say that something was written."""
        self.changed.emit(frozenset(kinds))


Params = Mapping[str, object]

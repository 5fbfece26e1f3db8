"""De-identifying the selected examples: which kinds is asked, what would be replaced is shown, then all is done."""

from collections.abc import Callable, Sequence
from functools import partial

from accord.domain.errors import WrongUsage
from accord.domain.wording import _, number, plural
from accord.gui import opening
from accord.gui.context import Choice, Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.workflows import checking, deidentifying
from accord.workflows.deidentifying import Done, How

CHANGED = ("examples", "reviews", "duplicates", "conflicts", "findings")
_NAMED = 4  # replacements that fit the line
_LONGEST = 40  # characters of one


class Deidentifying:
    """For who leads the project. Runs beside other work, and is taken back as one act."""

    def __init__(self, context: Context, reasons: ReasonBar, undo: Callable[[str], None]) -> None:
        self._context = context
        self._reasons = reasons
        self._undo = undo

    def ask(self, numbers: Sequence[int]) -> None:
        """Ask which kinds, then look what would be replaced."""
        self._reasons.ask(
            plural("De-identify {n} example: which kinds?", "De-identify {n} examples: which kinds?", len(numbers)),
            partial(self._look, numbers),
            button=_("Look first"),
            detail=_(
                "The usual kinds, or some with commas between: E-mail address, Telephone number. Ages, places and "
                "organisations are replaced where they are named. Nothing is changed yet. What the checks miss is not "
                "replaced."
            ),
            placeholder=_("The usual kinds"),
            known=list(_names()),
        )

    def _look(self, numbers: Sequence[int], kinds: str) -> None:
        named = {title.casefold(): name for title, name in _names().items()}
        wanted = [part.strip() for part in kinds.split(",") if part.strip()]
        only = [named.get(part.casefold(), part) for part in wanted]
        self._run(
            _("De-identify: a look"), numbers, How.SURROGATE, only, partial(self._offer, numbers, only), look=True
        )

    def _offer(self, numbers: Sequence[int], only: Sequence[str], looked: Done) -> None:
        said = " ".join(deidentifying.sentences(looked, preview=True))
        if not looked.bulk.changed:
            self._context.notify(said)
            return
        pairs = [change for one in looked.first for _message, change in one.replacements][:_NAMED]
        named = "; ".join(f"{_short(change.old)} → {_short(change.new)}" for change in pairs)
        counted = ", ".join(sorted(f"{checking.title(rule)} {number(n)}" for rule, n in looked.replaced.items()))
        anew = _("They wait for review again, and a second person is to confirm them.")

        def start(how: How) -> None:
            self._run(_("De-identify"), numbers, how, only, self._done)

        self._context.ask(
            f"{said} {counted}. {named}. {anew}",
            Choice(title=_("Made-up surrogates"), run=partial(start, How.SURROGATE), kind="primary"),
            Choice(title=_("Redact to labels"), run=partial(start, How.REDACT)),
            Choice(title=_("Move dates alone"), run=partial(start, How.SHIFT)),
            Choice(title=_("Cancel"), run=lambda: None),
        )

    def _run(
        self,
        title: str,
        numbers: Sequence[int],
        how: How,
        only: Sequence[str],
        done: Callable[[Done], None],
        *,
        look: bool = False,
    ) -> None:
        project, who = self._context.project, opening.who(self._context)
        work = partial(
            deidentifying.apply, project=project, actor=who, numbers=numbers, how=how, only=only, preview=look
        )
        run_read(
            self._context,
            title,
            lambda progress: work(progress=progress),
            done=done,
            failed=partial(self._failed, look=look),
            quiet=False,
        )

    def _done(self, done: Done) -> None:
        undo = partial(self._undo, done.bulk.act) if done.bulk.act else None
        said = " ".join(deidentifying.sentences(done))
        self._context.notify(said, tone="warning" if done.bulk.stopped else "good", undo=undo)
        self._tell()

    def _failed(self, error: BaseException, *, look: bool) -> None:
        if isinstance(error, WrongUsage):
            self._context.notify(str(error), tone="warning")
        else:
            show_failure(self._context, error)
        if not look:
            self._tell()  # parts before the failure are saved

    def _tell(self) -> None:
        self._context.saved.emit()
        self._context.tell_changed(*CHANGED)


def _names() -> dict[str, str]:
    """Return the names of the rules by what they are called in the language in force."""
    return {checking.title(name): name for name in deidentifying.known()}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"

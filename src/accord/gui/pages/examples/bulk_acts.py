"""Acts on all selected examples: asked with their number, done beside other work, said with an undo of the whole."""

from collections.abc import Callable, Sequence
from functools import partial

from accord.domain.errors import Cancelled
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.review import Verdict
from accord.domain.wording import _, number, plural
from accord.gui.actions import shown_key
from accord.gui.context import Choice, Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.opening import ALL_KINDS
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.workflows import bulk, undoing
from accord.workflows.bulk import BulkDone
from accord.workflows.undone import Undone

CHANGED = ("examples", "reviews", "tags", "duplicates", "conflicts")
Work = Callable[[Progress], BulkDone]


class BulkActs:
    """Runs in the reading lane, chunk by chunk: a verdict that is given meanwhile is saved in between."""

    def __init__(self, context: Context, reasons: ReasonBar) -> None:
        self._context = context
        self._reasons = reasons
        self.running = False

    def judge(self, numbers: Sequence[int], verdict: Verdict) -> None:
        """Ask, naming the number, then give one's verdict on examples that one has not opened."""
        n, (question, button) = len(numbers), _asked(verdict, len(numbers))
        plain = plural(
            "Your verdict is stored on {n} text that you have not opened here, and is marked as given in bulk.",
            "Your verdict is stored on {n} texts that you have not opened here, and is marked as given in bulk.",
            n,
        )
        stays = _("What you have judged yourself, set aside or left as a draft stays as it is.")
        stays = f"{stays} {self.undo_words()}"
        work = partial(bulk.judge, project=self._context.project, who=self._who(), numbers=numbers, verdict=verdict)
        start = partial(self._start, button, lambda progress: work(progress=progress), partial(_judged, verdict))
        self._context.ask(
            f"{question} {plain} {stays}",
            Choice(title=button, run=start, kind="primary"),
            Choice(title=_("Cancel"), run=lambda: None),
        )

    def tag(self, numbers: Sequence[int], known: Sequence[str], *, on: bool) -> None:
        """Ask for a tag, then put it on the examples or take it off."""
        n, act = len(numbers), bulk.add_tag if on else bulk.remove_tag
        title = _("Put a tag on") if on else _("Take a tag off")
        question = (
            plural("Put which tag on {n} example?", "Put which tag on {n} examples?", n)
            if on
            else plural("Take which tag off {n} example?", "Take which tag off {n} examples?", n)
        )

        def take(name: str) -> None:
            work = partial(act, project=self._context.project, who=self._who(), numbers=numbers, tag=name)
            told = _tagged if on else _untagged
            self._start(title, lambda progress: work(progress=progress), partial(told, name))

        self._reasons.ask(
            question,
            take,
            button=title,
            detail=" ".join(
                [_("No verdict is given. A later review names all tags of its example anew."), self.undo_words()]
            ),
            placeholder=_("Name of the tag"),
            needed=True,
            known=known,
        )

    def set_aside(self, numbers: Sequence[int], comment: str) -> None:
        """Set the examples aside, with a reason."""
        work = partial(bulk.set_aside, project=self._context.project, who=self._who(), numbers=numbers, comment=comment)
        self._start(
            _("Set aside"),
            lambda progress: work(progress=progress),
            lambda n: plural("{n} example set aside.", "{n} examples set aside.", n),
        )

    def undo_words(self) -> str:
        """Return the sentence that says how the whole of an act is taken back."""
        return _("{key} takes all of it back in one go.", key=shown_key(self._context.actions.key("examples.undo")))

    def bring_back(self, numbers: Sequence[int]) -> None:
        """Ask, naming the number, then bring those that are set aside back."""
        n = len(numbers)
        question = plural(
            "Bring back what is set aside of {n} selected example?",
            "Bring back what is set aside of {n} selected examples?",
            n,
        )
        self._context.ask(
            f"{question} {self.undo_words()}",
            Choice(title=_("Bring back"), run=partial(self._bring_back, numbers), kind="primary"),
            Choice(title=_("Cancel"), run=lambda: None),
        )

    def _bring_back(self, numbers: Sequence[int]) -> None:
        work = partial(bulk.bring_back, project=self._context.project, who=self._who(), numbers=numbers)
        self._start(
            _("Bring back"),
            lambda progress: work(progress=progress),
            lambda n: plural("{n} example brought back.", "{n} examples brought back.", n),
        )

    def undo(self, act: str | None) -> None:
        """Take an act back, or one's own last one; a bulk act whole."""
        project, who = self._context.project, self._who()
        run_read(
            self._context,
            _("Undo"),
            lambda progress: undoing.undo(project=project, who=who, act=act, progress=progress),
            done=self._undone,
            failed=self._undo_failed,
            quiet=False,
        )

    def _who(self) -> Who:
        return Who(actor=self._context.actor, device=self._context.settings.device_id)

    def _start(self, title: str, work: Work, told: Callable[[int], str]) -> None:
        self.running = True
        run_read(
            self._context,
            title,
            work,
            done=lambda done: self._done(done, told),
            failed=self._failed,
            quiet=False,
        )

    def _done(self, done: BulkDone, told: Callable[[int], str]) -> None:
        self.running = False
        said = [told(done.changed), *bulk.left_out_sentences(done)]
        if done.stopped:
            left = number(done.total - sum(done.left_out.values()) - done.changed)
            said.insert(1, _("Stopped on the way: {n} were not reached.", n=left))
        undo = partial(self.undo, done.act) if done.act else None
        self._context.notify(" ".join(said), tone="warning" if done.stopped else "good", undo=undo)
        self._tell()

    def _failed(self, error: BaseException) -> None:
        self.running = False
        show_failure(self._context, error)
        self._tell()  # chunks before the failure are saved

    def _undone(self, undone: Undone) -> None:
        said = plural("Taken back for {n} example.", "Taken back for {n} examples.", len(undone.examples))
        if undone.kept:
            stay = plural(
                "{n} stays: someone has judged or decided on it since.",
                "{n} stay: someone has judged or decided on them since.",
                undone.kept,
            )
            said = f"{said} {stay}"
        self._context.notify(said, tone="good")
        self._tell(ALL_KINDS)  # it may have been any act, an import too

    def _undo_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            again = _("The undo was stopped on the way. Undo once more takes back the rest.")
            self._context.notify(again, tone="warning")
        else:
            show_failure(self._context, error)
        self._tell(ALL_KINDS)

    def _tell(self, kinds: Sequence[str] = CHANGED) -> None:
        self._context.saved.emit()
        self._context.tell_changed(*kinds)


def _asked(verdict: Verdict, n: int) -> tuple[str, str]:
    """Return the question before a verdict in bulk and the words of the button that gives it."""
    match verdict:
        case Verdict.REJECT:
            return plural("Reject {n} example?", "Reject {n} examples?", n), plural("Reject {n}", "Reject {n}", n)
        case Verdict.UNSURE:
            question = plural("Mark {n} example as unsure?", "Mark {n} examples as unsure?", n)
            return question, plural("Mark {n} as unsure", "Mark {n} as unsure", n)
        case _accept:
            return plural("Accept {n} example?", "Accept {n} examples?", n), plural("Accept {n}", "Accept {n}", n)


def _judged(verdict: Verdict, n: int) -> str:
    match verdict:
        case Verdict.REJECT:
            return plural("{n} example rejected in bulk.", "{n} examples rejected in bulk.", n)
        case Verdict.UNSURE:
            return plural("{n} example marked as unsure.", "{n} examples marked as unsure.", n)
        case _accept:
            return plural("{n} example accepted in bulk.", "{n} examples accepted in bulk.", n)


def _tagged(tag: str, n: int) -> str:
    return plural("“{tag}” was put on {n} example.", "“{tag}” was put on {n} examples.", n, tag=tag)


def _untagged(tag: str, n: int) -> str:
    return plural("“{tag}” was taken off {n} example.", "“{tag}” was taken off {n} examples.", n, tag=tag)

"""The privacy gate: personal data in what a chat model would be sent is listed and held back, or replaced and put back.

What is looked at are whole messages as they would be sent. A service on this machine is sent them as they are, unless
surrogates are wanted there too.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from accord.checks import registry
from accord.checks.personal.returning import PutBack, Swaps, put_back
from accord.checks.personal.surrogates import How
from accord.domain.chat import Trouble
from accord.domain.findings import Kind, Rule
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.wording import _, plural
from accord.jobs.standing import StandingWorker
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import checking, deidentifying
from accord.workflows.privacy_swapping import Asked, Passed, Place, Way, passed
from accord.workflows.replacing import Work
from accord.workflows.replacing_groups import secret_of

__all__ = ["Asked", "Gate", "Passed", "Place", "PutBack", "Swaps", "put_back"]


class Gate:
    """The gate of one run, for a ``with`` block; one thread at a time. What takes seconds to load is loaded once.

    ``leaves``: the service is not on this machine. ``surrogates``: personal data is replaced before it is sent.
    ``although``: the words of whoever lets a run go on although a rule cannot be applied here, "" where nobody did.
    """

    def __init__(self, *, project: Project, who: Who, leaves: bool, surrogates: bool, although: str = "") -> None:
        with project.read() as view:
            settings = project_settings.current(view)
        self._way = Way.REPLACE if surrogates else Way.HOLD if leaves else Way.OPEN
        self._work = Work(
            key=secret_of(project, who) if surrogates else b"",
            how=How.SURROGATE,
            only=frozenset(deidentifying.rules()),
            settings=settings,
            preview=True,
        )
        self.missing: tuple[Rule, ...] = tuple(
            rule
            for rule in registry.missing(settings.checks, kinds={Kind.PERSONAL})
            if rule.name in self._work.only and self._way is not Way.OPEN
        )
        self.off: tuple[str, ...] = tuple(sorted(self._work.only.intersection(settings.checks.off)))
        self.shut = leaves and bool(self.missing) and not although.strip()
        self._stack = ExitStack()
        self._worker: StandingWorker | None = None

    def passed(self, questions: Sequence[Asked], progress: Progress | None = None) -> list[Passed]:
        """Return of each question, in order, what may be sent of it, what was found in it, and why it is held back.

        Where the gate is ``shut`` it is said of each; what is found is told even so. Raises Cancelled.
        """
        work, way = self._work, self._way
        if way is not Way.OPEN and registry.heavy(work.settings.checks, kinds={Kind.PERSONAL}):
            worker = self._standing()
            worker.submit(passed, (tuple(questions), work, way))
            found: list[Passed] = worker.result(progress)
        else:
            found = passed(questions, work, way)
        return [one.held(Trouble.UNLOOKED) for one in found] if self.shut else found

    def notes(self) -> list[str]:
        """Return in words what this gate does, and what it does not look for."""
        said = {
            Way.OPEN: _("The service is on this machine: nothing leaves it, and personal data is not looked for."),
            Way.HOLD: _("A question in which personal data is found is not sent."),
            Way.REPLACE: _("Personal data that is found is replaced by invented data, and put back in the answers."),
        }
        notes = [said[self._way]]
        if self._way is Way.OPEN:
            return notes
        if self.off:
            titles = ", ".join(checking.title(name) for name in self.off)
            notes.append(_("Not looked for, as the project has these checks off: {rules}.", rules=titles))
        if self.missing:
            notes.append(checking.missing_sentence(self.missing))
        if self.shut:
            notes.append(_("Nothing is sent until they are there, or until somebody says why it may be sent even so."))
        return notes

    def _standing(self) -> StandingWorker:
        if self._worker is None:
            self._worker = self._stack.enter_context(StandingWorker())
        return self._worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        self._worker = None


def summary(found: Iterable[Passed]) -> list[str]:
    """Return in words how many questions hold personal data, of which kinds, what is replaced and what is held back."""
    told = list(found)
    kinds = Counter(place.rule for one in told for place in one.found)
    said = []
    if kinds:
        counted = ", ".join(f"{checking.title(rule)} ({n})" for rule, n in kinds.most_common())
        holding = sum(bool(one.found) for one in told)
        said.append(
            plural(
                "{n} question holds personal data: {kinds}.",
                "{n} questions hold personal data: {kinds}.",
                holding,
                kinds=counted,
            )
        )
    if replaced := sum(one.replaced for one in told):
        said.append(plural("{n} place in them is replaced.", "{n} places in them are replaced.", replaced))
    if held := sum(one.trouble is not None for one in told):
        said.append(plural("{n} question is not sent.", "{n} questions are not sent.", held))
    return said

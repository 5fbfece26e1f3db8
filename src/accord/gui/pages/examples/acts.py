"""What a person can do with examples of the table: set aside, bring back, delete for good, undo."""

from collections.abc import Sequence
from functools import partial

from accord.domain.ledger import Who
from accord.domain.moments import local
from accord.domain.review import SetAsideReason, Status
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.gui.pages.examples.bulk_acts import BulkActs
from accord.gui.pages.examples.deidentifying import Deidentifying
from accord.gui.pages.examples.giving import Giving
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.workflows import browsing, duplicates, keeping
from accord.workflows.browsing import FullExample
from accord.workflows.keeping import Purged
from accord.workflows.projects import Project

MOST_NAMED = 4
CHANGED = ("examples", "reviews", "duplicates", "conflicts")
Done = tuple[str, int]


class Acts:
    """Asks in the reason bar where a reason is wanted, writes in a job, says what was done with an undo."""

    def __init__(self, context: Context, reasons: ReasonBar) -> None:
        self._context = context
        self._reasons = reasons
        self.bulk = BulkActs(context, reasons)
        self.giving = Giving(context, reasons)
        self.deidentifying = Deidentifying(context, reasons, self.bulk.undo)

    def set_aside(self, numbers: Sequence[int]) -> None:
        """Ask why, then set the examples with these numbers aside by hand."""
        stays = plural(
            "It stays in the project and is left out of review and release until it is brought back.",
            "They stay in the project and are left out of review and release until they are brought back.",
            len(numbers),
        )
        self._reasons.ask(
            plural("Set this example aside?", "Set {n} examples aside?", len(numbers)),
            partial(self._set_aside, numbers),
            button=_("Set aside"),
            detail=f"{stays} {self.bulk.undo_words()}" if len(numbers) > 1 else stays,
            placeholder=_("Why? (a few words, or leave it empty)"),
        )

    def bring_back(self, numbers: Sequence[int]) -> None:
        """Bring the examples with these numbers back into play."""
        if len(numbers) > 1:
            self.bulk.bring_back(numbers)
            return
        project, who = self._context.project, self._who()

        def work(_progress: object) -> Done:
            ids = _ids(project, numbers, set_aside=True)
            return duplicates.bring_back(project=project, who=who, ids=ids), len(ids)

        run_write(self._context, _("Bring back"), work, done=self._brought_back, changed=CHANGED)

    def purge(self, example: FullExample) -> None:
        """Ask for a reason and a second press, then delete one example for good."""
        self._reasons.ask(
            _("Delete this example for good? This cannot be undone."),
            partial(self._purge, example.detail.row.id),
            button=_("Delete for good"),
            detail=purge_sentence(example),
            placeholder=_("Why must it go? A reason is needed."),
            kind="danger",
            needed=True,
            twice=True,
        )

    def undo(self, act: str | None = None) -> None:
        """Take back an act, or one's own last one."""
        self.bulk.undo(act)

    def _who(self) -> Who:
        return Who(actor=self._context.actor, device=self._context.settings.device_id)

    def _set_aside(self, numbers: Sequence[int], comment: str) -> None:
        if len(numbers) > 1:
            self.bulk.set_aside(numbers, comment)
            return
        project, who = self._context.project, self._who()

        def work(_progress: object) -> Done:
            ids = _ids(project, numbers, set_aside=False)
            reason = SetAsideReason.BY_HAND
            act = duplicates.set_aside(project=project, who=who, ids=ids, reason=reason, comment=comment)
            return act, len(ids)

        run_write(self._context, _("Set aside"), work, done=self._was_set_aside, changed=CHANGED)

    def _was_set_aside(self, done: Done) -> None:
        act, count = done
        said = plural("{n} example set aside.", "{n} examples set aside.", count)
        self._context.notify(said, undo=partial(self.undo, act))

    def _brought_back(self, done: Done) -> None:
        act, count = done
        said = plural("{n} example brought back.", "{n} examples brought back.", count)
        self._context.notify(said, undo=partial(self.undo, act))

    def _purge(self, example_id: str, reason: str) -> None:
        project, who, embedder = self._context.project, self._who(), self._context.embedder
        run_write(
            self._context,
            _("Delete for good"),
            lambda _progress: keeping.purge(
                project=project, who=who, example_id=example_id, reason=reason, embedder=embedder
            ),
            done=self._purged,
            changed=(*CHANGED, "releases"),
        )

    def _purged(self, purged: Purged) -> None:
        said = [_("Deleted for good.")]
        if purged.backups:
            said.append(
                plural(
                    "{n} backup still holds it: the page “Project” lists it.",
                    "{n} backups still hold it: the page “Project” lists them.",
                    len(purged.backups),
                )
            )
        if purged.exports or purged.packs:
            said.append(_("Files that went out still hold it, out of Accord's reach: {list}.", list=_outside(purged)))
        self._context.notify(" ".join(said), tone="warning" if len(said) > 1 else "good")


def _outside(purged: Purged) -> str:
    """Name the newest files that went out with a deleted example: exports, and packs for a reviewer."""
    gone = [
        _("{release} as {format}, {when}", release=one.release, format=one.format, when=local(one.at))
        for one in reversed(purged.exports)
    ]
    gone += [
        _("a pack for {reviewer}, {when}", reviewer=one.reviewer, when=local(one.at)) for one in reversed(purged.packs)
    ]
    more = len(gone) - MOST_NAMED
    return "; ".join([*gone[:MOST_NAMED], *([plural("and {n} more", "and {n} more", more)] if more > 0 else [])])


def purge_sentence(example: FullExample) -> str:
    """Return what deleting an example for good affects."""
    reviews = len(example.detail.reviews)
    said = [
        _("Its text leaves this project: the example, every edit of it and its place in the search."),
        plural("{n} review of it goes too.", "{n} reviews of it go too.", reviews) if reviews else "",
        _("A backup is made first, and it and older backups still hold the text until you remove them."),
    ]
    if example.releases:
        named = ", ".join(example.releases)
        gone = _("{releases} holds it and can no longer be exported; files that were stay as they are.", releases=named)
        said.insert(2, gone)
    return " ".join(sentence for sentence in said if sentence)


def _ids(project: Project, numbers: Sequence[int], *, set_aside: bool) -> list[str]:
    """Return the ids of those that are set aside, or of those that are not."""
    rows = browsing.example_page(project=project, numbers=numbers)
    return [row.id for row in rows if (row.status == Status.SET_ASIDE) is set_aside]

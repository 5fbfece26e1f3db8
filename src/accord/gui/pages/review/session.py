"""Writes of the page: verdicts, undo, bringing back; each in the order it was asked for, in the one writing lane."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from accord.domain.dismissals import DismissReason
from accord.domain.errors import Refused
from accord.domain.history import ExampleDetail
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.review import Judgement, Review, Status, Verdict
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.pages.review.drafts import who_of
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.work import Work, from_judgement, review_by
from accord.workflows import browsing, deidentifying, duplicates, findings, repeating, reviewing, undoing
from accord.workflows.deidentifying import Done, How
from accord.workflows.reviewing import FixOffer, Reviewed

OF_FINDINGS = ("dismiss_finding", "restore_finding")
MADE_HERE = ("review", "fix_once", *OF_FINDINGS)
CHANGED = ("reviews", "examples", "conflicts")
#: Where an example will stand by a verdict, until it is known.
EXPECTED = {
    Verdict.ACCEPT: Status.ACCEPTED,
    Verdict.EDIT: Status.ACCEPTED,
    Verdict.REJECT: Status.REJECTED,
    Verdict.UNSURE: Status.DISAGREEMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What an undo led to: the item to go to and its fields as they were."""

    seq: int
    kind: str
    work: Work | None


@dataclass(frozen=True, slots=True)
class _Act:
    id: str
    work: Work | None


class Session:
    """The acts of this sitting, newest last; filled as they are stored, never later, so that Z after A is safe."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._acts: list[_Act] = []

    def submit(
        self,
        item: Item,
        judgement: Judgement,
        work: Work,
        *,
        again: bool = False,
        done: Callable[[Reviewed], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Store a judgement; ``work`` is kept for undo. ``again``: the last try may have been saved after all."""
        project, who = self._context.project, who_of(self._context)

        def store(_progress: Progress) -> Reviewed:
            found = _saved_already(project, who, item, judgement) if again else None
            if found is None:
                give = repeating.judge_again if item.second_look else reviewing.submit
                found = give(
                    project=project, who=who, example_id=item.id, judgement=judgement, base_hash=item.base.hash
                )
            if found.act:
                self._acts.append(_Act(found.act, work))
            return _as_said(found, item, judgement.verdict) if item.second_look else found

        run_write(self._context, _("Saving a verdict"), store, done=done, failed=failed, changed=CHANGED)

    def undo(self, *, done: Callable[[TakenBack], None], failed: Callable[[BaseException], None]) -> None:
        """Take the newest act back: of this sitting, else the person's own last verdict."""
        project, who = self._context.project, who_of(self._context)
        take = partial(self._take_back, project, who)
        run_write(self._context, _("Undo"), lambda _progress: take(), done=done, failed=failed, changed=CHANGED)

    def bring_back(self, item: Item, *, done: Callable[[str], None]) -> None:
        """Bring an example that is set aside back into play."""
        project, who = self._context.project, who_of(self._context)
        run_write(
            self._context,
            _("Bring back"),
            lambda _progress: duplicates.bring_back(project=project, who=who, ids=[item.id]),
            done=done,
            changed=("examples", "duplicates", "conflicts"),
        )

    def fix(self, offer: FixOffer, *, done: Callable[[str], None], failed: Callable[[BaseException], None]) -> None:
        """Make one replacement that the person decided on."""
        project, who = self._context.project, who_of(self._context)

        def store(_progress: Progress) -> str:
            act = reviewing.fix_once(project=project, who=who, offer=offer)
            self._acts.append(_Act(act, None))
            return act

        run_write(self._context, _("Saving a change"), store, done=done, failed=failed, changed=("examples",))

    def deidentify(
        self,
        item: Item,
        rule: str,
        mark: str,
        how: How,
        *,
        done: Callable[[Done], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Put something else in the place of the personal data that a finding of an item marks."""
        work = partial(deidentifying.apply, project=self._context.project, actor=who_of(self._context), how=how)

        def store(progress: Progress) -> Done:
            made = work(example_ids=[item.id], only=[rule], marks=[mark], progress=progress)
            if made.bulk.act:
                self._acts.append(_Act(made.bulk.act, None))
            return made

        run_read(self._context, _("De-identifying"), store, done=done, failed=failed, quiet=False)

    def speak_of(
        self,
        item: Item,
        mark: str,
        reason: DismissReason | None,
        comment: str,
        *,
        failed: Callable[[BaseException], None],
    ) -> None:
        """Dismiss a finding of an item for a reason; for none, take it up again."""
        project, who = self._context.project, who_of(self._context)
        about: dict[str, Any] = {"project": project, "actor": who, "example_id": item.id, "mark": mark}

        def store(_progress: Progress) -> None:
            say = findings.restore if reason is None else partial(findings.dismiss, reason=reason)
            self._acts.append(_Act(say(**about, comment=comment), None))

        run_write(self._context, _("Saving a dismissal"), store, failed=failed, changed=("findings",))

    def _take_back(self, project: Any, who: Who) -> TakenBack:
        if self._acts:
            mine = self._acts.pop()
            undone = undoing.undo(project=project, who=who, act=mine.id)
            row = browsing.example(project=project, example_id=undone.examples[0]).row
            return TakenBack(seq=row.seq, kind=undone.kind, work=mine.work)
        event = undoing.last_act(project=project, who=who)
        if event is None or event.kind not in MADE_HERE:
            undone = undoing.undo(project=project, who=who, only=MADE_HERE)  # refuses, and says what to do instead
            raise Refused(" ".join(undone.sentences()))  # unless a verdict of hers came from elsewhere in between
        before = browsing.example(project=project, example_id=str(event.refs["example"]))
        undone = undoing.undo(project=project, who=who, act=event.id)
        hidden = repeating.waits(project=project, person=who.actor, number=before.row.seq)
        work = _work_of(before, who.actor) if undone.kind == "review" and not hidden else None
        return TakenBack(seq=before.row.seq, kind=undone.kind, work=work)


def _work_of(detail: ExampleDetail, reviewer: str) -> Work | None:
    review = review_by(detail, reviewer)
    return None if review is None else from_judgement(review.judgement)


def _second_by(detail: ExampleDetail, reviewer: str) -> Review | None:
    """Return what a reviewer said last of an example that came back to her."""
    again = [review for review in detail.reviews if review.judgement.repeat and review.reviewer == reviewer]
    return again[-1] if again and again[-1].verdict is not None else None


def _as_said(found: Reviewed, item: Item, verdict: Verdict) -> Reviewed:
    """Return what a second verdict would have led to had it been the first: where the example stands it leaves."""
    status = Status.IN_REVIEW if item.blind_until else EXPECTED[verdict]
    return replace(found, row=replace(item.detail.row, status=status.value, content=found.after))


def _saved_already(project: Any, who: Who, item: Item, judgement: Judgement) -> Reviewed | None:
    """Return what the last try led to where it was saved after all: its connection broke before it could say so."""
    detail = browsing.example(project=project, example_id=item.id)
    mine = _second_by(detail, who.actor) if item.second_look else review_by(detail, who.actor)
    timeless = replace(judgement, seconds=0.0)
    if item.second_look:
        timeless = replace(timeless, repeat=True)
    if mine is None or mine.base_hash != item.base.hash or replace(mine.judgement, seconds=0.0) != timeless:
        return None
    event = undoing.last_act(project=project, who=who)
    own = event is not None and event.kind == "review" and event.refs.get("example") == item.id
    return Reviewed(
        row=detail.row,
        act=event.id if event is not None and own else "",
        before=item.base,
        after=item.base.with_texts(judgement.edits),
    )

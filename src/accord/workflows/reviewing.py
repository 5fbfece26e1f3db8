"""Reviewing: a verdict is saved at once, a draft every two seconds, and one's last act can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accord.analysis.diffs import apply_replacement, replaced_sentences
from accord.domain.content import Content
from accord.domain.errors import AccordError, NotFound, Refused
from accord.domain.filters import Field, Op, Term
from accord.domain.history import ExampleRow
from accord.domain.ledger import Who
from accord.domain.project import ProjectSettings
from accord.domain.review import Judgement, RevisionKind, Status, Verdict, problem_with
from accord.domain.wording import _
from accord.formats.answers import answer_problem
from accord.storage import drafts, events, listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows import conflicts, permissions, settling


class BadJudgement(AccordError):
    """A judgement that cannot be stored, with what to do."""


class TextChanged(AccordError):
    """Someone changed the example's text after the reviewer opened it."""

    def __init__(self, current: Content) -> None:
        super().__init__(
            _("Someone changed this text while you had it open. Nothing was lost: compare, then decide again.")
        )
        self.current = current


# What an edit replaced is looked for elsewhere from this length on; scripts without spaces count characters.
SENTENCE_WORDS = 4
SENTENCE_CHARACTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a submission led to: the example as it stands now, and the act that can be undone."""

    row: ExampleRow
    act: str
    before: Content
    after: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class FixOffer:
    """The same sentence in the answer of another example that nobody has reviewed."""

    example_id: str
    base_hash: str
    old: str
    new: str
    before: str
    after: str


def _sentence(problem: str) -> str:
    match problem:
        case "no_change":
            return _("Nothing was changed. Accept the text as it is, or change it first.")
        case "no_answer":
            return _("There is no answer to accept. Write one, reject, or mark it unsure.")
        case "edits_without_edit":
            return _(
                "The text differs from the one under review, which only an edit may change. Say “edit”, or leave the "
                "text as it is."
            )
        case _other:
            return _("The edit names a message that this example does not have.")


def submit(
    *,
    project: Project,
    who: Who,
    example_id: str,
    judgement: Judgement,
    base_hash: str | None = None,
    reviewer: str | None = None,
    review_round: int | None = None,
) -> Reviewed:
    """Store a reviewer's judgement of an example and return where the example stands.

    ``base_hash`` names the text the reviewer saw; ``review_round`` None takes the round that the example was called to.
    Raises NotFound, BadJudgement, TextChanged, and LooksOn for who is not listed; nothing is stored then. Raises
    SavedUnread where it is stored and the server does not answer any more.
    """
    permissions.require_listed(project=project, act=_("give a verdict"))
    name = reviewer or who.actor
    with project.write(who) as unit:
        seq, base = _base(unit, example_id)
        if base_hash is not None and base.hash != base_hash:
            raise TextChanged(base)
        check(judgement, base, project_settings.current(unit))
        before = listing.page(unit, [seq])[0]
        if before.status == Status.SET_ASIDE:
            raise Refused(_("This example is set aside. Bring it back to review it."))
        reviews.append(unit, seq, judgement, base, reviewer=name, review_round=review_round)
        drafts.save(unit, seq, name, None)
        states.refresh(unit, [seq])
        conflicts.refresh_requests(unit, before.content, listing.texts(unit, [seq])[seq], base)
        events.append(
            unit,
            "review",
            {"example": example_id, "reviewer": name, "verdict": judgement.verdict.value, "base": base.hash},
        )
        unit.commit()
    settling.settle(project=project, who=who)
    # As the reviewer may see it: others' verdicts may still be hidden.
    row = settling.read_after(project, lambda view: listing.page(view, [seq])[0])
    return Reviewed(row=row, act=unit.act, before=base, after=base.with_texts(judgement.edits))


def check(judgement: Judgement, base: Content, settings: ProjectSettings) -> None:
    """Raise BadJudgement with a sentence unless the judgement can be stored."""
    problem = problem_with(judgement, base)
    if problem is not None:
        raise BadJudgement(_sentence(problem))
    result = base.with_texts(judgement.edits)
    if judgement.verdict in {Verdict.ACCEPT, Verdict.EDIT}:
        wrong = answer_problem(result.answer, settings)
        if wrong is not None:
            raise BadJudgement(wrong)
    for question in settings.ratings:
        rating = judgement.ratings.get(question.name)
        if rating is not None and not 1 <= rating <= question.high:
            raise BadJudgement(_("“{title}” goes from 1 to {high}.", title=question.title, high=question.high))


def save_draft(*, project: Project, who: Who, example_id: str, value: Mapping[str, Any] | None) -> None:
    """Keep what the reviewer has typed so far (None forgets it); a draft never counts as a verdict."""
    with project.write(who) as unit:
        seq = listing.seq_of(unit, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        drafts.save(unit, seq, who.actor, value)
        unit.commit()


def offers_after_edit(*, project: Project, example_id: str, before: str, after: str, limit: int = 50) -> list[FixOffer]:
    """Return where a sentence that an edit replaced also stands in answers nobody has reviewed.

    A word or two is no sentence: ``yes`` stands in every second answer and means something else in each.
    """
    found: list[FixOffer] = []
    if project.pack is not None:  # it takes reviews alone
        return found
    with project.read() as view:
        for old, new in replaced_sentences(before, after):
            if is_sentence(old):
                found += _offers(view, example_id, old, new, limit - len(found))
    return found


def is_sentence(text: str) -> bool:
    """Say whether a text is long enough to mean the same elsewhere: 4 words, or 20 characters without spaces."""
    words = text.split()
    return len(words) >= SENTENCE_WORDS or any(len(word) >= SENTENCE_CHARACTERS for word in words)


def fix_once(*, project: Project, who: Who, offer: FixOffer) -> str:
    """Make the replacement in one other example, whose review stays open; returns the act.

    Raises TextChanged when its text is no longer the one that was shown.
    """
    with project.write(who) as unit:
        seq, base = _base(unit, offer.example_id)
        if base.hash != offer.base_hash or base.answer_index is None:
            raise TextChanged(base)
        with project.read() as view:  # as far as the person may know: a refusal would tell of hidden verdicts
            row = listing.page(view, [seq])[0]
        if row.reviewers or row.status == Status.SET_ASIDE:
            raise Refused(_("Someone has judged this example since. Nothing was changed; open it to look at it again."))
        content = base.with_texts({base.answer_index: offer.after})
        reviews.add_revision(unit, seq, content, parent=base, kind=RevisionKind.EDIT, author=who.actor)
        states.refresh(unit, [seq])
        conflicts.refresh_requests(unit, base, content)
        events.append(unit, "fix_once", {"example": offer.example_id, "from": base.hash, "to": content.hash})
        unit.commit()
    settling.settle(project=project, who=who)
    return unit.act


def _base(view: View, example_id: str) -> tuple[int, Content]:
    seq = listing.seq_of(view, example_id)
    if seq is None:
        raise NotFound(_("example"), example_id)
    return seq, listing.base_of(view, seq)


def _offers(view: View, example_id: str, old: str, new: str, limit: int) -> list[FixOffer]:
    terms = [Term(field=Field.TEXT, op=Op.CONTAINS, value=old), Term(field=Field.STATUS, op=Op.IS, value="candidate")]
    offers: list[FixOffer] = []
    for row in listing.iterate(view, terms):
        if len(offers) >= limit:
            break
        answer = row.content.answer
        changed = apply_replacement(answer, old, new)
        if row.id != example_id and not row.reviewers and changed is not None and changed != answer:
            offers.append(
                FixOffer(example_id=row.id, base_hash=row.content.hash, old=old, new=new, before=answer, after=changed)
            )
    return offers

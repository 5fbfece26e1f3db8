"""What a change of the guideline may affect among the settled examples, and calling those to a further round.

An example that is called again is open: what was said of it in earlier rounds stays stored and counts no more, an
adjudicator's or a rule's decision is reopened, and it waits for those who were given it now.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from accord.domain.errors import Refused
from accord.domain.filters import Field, Op, Term
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.storage import acts, assignments, decisions, events, facets, listing, states
from accord.storage import settings as project_settings
from accord.storage.assignments import Assignment
from accord.storage.project import Project, Unit, View
from accord.storage.words import words
from accord.workflows import assigning, conflicts, naming, needed, permissions
from accord.workflows.needed import Raised

_SETTLED = (Status.ACCEPTED, Status.REJECTED)
_CALLED = (*_SETTLED, Status.DISAGREEMENT)
_COMMON = 0.1  # a word that more of the examples have says little of what a change is about
_FEW = 3
_LEAST_LETTERS = 3
_SHOWN_WORDS = 5
_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCES = re.compile(r"\n|(?<=[.!?。])\s+")  # of one line each: a bullet that stays is no change


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedItem:
    """A settled example that a change may affect, and the sentences that say why; higher scores come first."""

    seq: int
    id: str
    status: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What changed in the guideline, the settled examples that it may affect (``found`` in all), the most likely first.

    ``before``, ``after``: sentences, by line, that are only in the one or the other text.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    items: tuple[AffectedItem, ...]
    found: int
    settled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """How many examples were called again, how many were left out as not settled, the act that can be undone."""

    queued: int
    left_out: int
    act: str


@dataclass(slots=True)
class _Why:
    questions: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changed the guideline, the tags or the questions, and when; ``fields`` are the names of the settings.

    ``version``: of the guideline that stood then; ``guideline``: its text.
    """

    at: str
    author: str
    fields: tuple[str, ...]
    version: int
    guideline: str


_WATCHED = ("guideline", "tags", "ratings", "reject_reasons")


def changes(*, project: Project) -> list[Change]:
    """Return each change of guideline, tags and questions, the newest first."""
    with project.read() as view:
        versions = project_settings.history(view)
    found: list[Change] = []
    before, number = ProjectSettings(), 0
    for at, author, now in versions:
        fields = tuple(name for name in _WATCHED if getattr(now, name) != getattr(before, name))
        number += "guideline" in fields
        if fields:
            found.append(Change(at=at, author=author, fields=fields, version=number, guideline=now.guideline))
        before = now
    return found[::-1]


def guidelines(*, project: Project) -> list[str]:
    """Return the versions of the guideline, version 1 first."""
    with project.read() as view:
        return project_settings.guidelines(view)


def affected(
    *,
    project: Project,
    before_version: int | None = None,
    after: int | str | None = None,
    limit: int = 200,
    progress: Progress | None = None,
) -> Affected:
    """Return the settled examples that a change of the guideline may affect, as far as the reader may see them.

    ``after``: a version, or the text of a draft; None the newest version. ``before_version``: None the version before
    it (of a draft the newest). Why: its question was sent back to the guideline; it has a tag that the changed
    sentences name; it has words of them that few examples of the project have (the sum of log(1 + settled / settled
    examples with the word)). Raises Refused for a version that there is not, and Cancelled.
    """
    watch = progress or Silent()
    with project.read() as view:
        old, new = _texts(project_settings.guidelines(view), before_version, after)
        gone, come = _changed(old, new)
        settled = sum(listing.counts(view, "status").get(status.value, 0) for status in _SETTLED)
        found = _reasons(view, " \n".join((*gone, *come)), settled, watch) if gone or come else {}
        order = sorted(found, key=lambda seq: (-found[seq].score, seq))
        rows = listing.page(view, order[:limit])
    items = tuple(
        AffectedItem(
            seq=row.seq, id=row.id, status=row.status, reasons=_told(found[row.seq]), score=found[row.seq].score
        )
        for row in rows
    )
    return Affected(before=gone, after=come, items=items, found=len(found), settled=settled)


def queue_again(*, project: Project, who: Who, numbers: Sequence[int], reviewers: Sequence[str]) -> Queued:
    """Call settled examples, and open disagreements, to a further round, given to all of these people.

    Nobody's verdict is deleted; undone as one act as far as nobody has judged in that round. Raises OnlyFor,
    WrongUsage, NotListed, and Refused where none of them is settled.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("queue examples again"))
    wanted = assigning.names_of(reviewers)
    with project.write(who) as unit:
        met = naming.meet(unit, wanted, server=project.file is None)
        rows = [row for row in assignments.reviewable(unit, sorted(set(numbers))) if row.status in _CALLED]
        if not rows:
            raise Refused(_("None of these is settled: what is open is reviewed by the guideline as it is now."))
        seqs = [row.seq for row in rows]
        highest = assignments.highest_round(unit, seqs)
        _call(unit, {row.seq: (row.round, highest.get(row.seq, 1) + 1) for row in rows}, reason="guideline")
        given = [
            Assignment(seq=seq, reviewer=name, kind="again", round=highest.get(seq, 1) + 1)
            for seq in seqs
            for name in met.names
        ]
        assignments.add(unit, given)
        before = needed.by_number(unit, seqs)
        _refresh(unit, seqs, {len(met.names): seqs})
        refs = {"count": len(seqs), "reviewers": list(met.names)}
        events.append(unit, "queue_again", refs | met.refs | {"needed": before})
        unit.commit()
    return Queued(queued=len(seqs), left_out=len(set(numbers)) - len(seqs), act=unit.act)


def take_back(unit: Unit, act: str, before: Raised) -> tuple[list[int], int]:
    """Let examples that an act called again stand as before, but where somebody has judged in that round since.

    ``before``: how many verdicts they needed, as the act's event tells.
    Returns those that stand as before, and how many stay called.
    """
    mine = {int(row.seq or 0): row for row in decisions.of_act(unit, act) if row.kind == "reopen"}
    seqs = sorted(mine)
    rounds, said = assignments.rounds(unit, seqs), assignments.judged(unit, seqs)
    judged = {(seq, number) for seq, _name, number in said}
    back = [seq for seq in seqs if rounds.get(seq) == mine[seq].payload["round"] and (seq, rounds[seq]) not in judged]
    assignments.remove(unit, back, act=act)
    for seq in back:
        row = mine[seq]
        _call(unit, {seq: (int(row.payload["round"]), int(row.payload["before"]))}, reason="")
        earlier = [one for one in decisions.of_example(unit, seq) if one.kind in {"adjudicate", "reopen"}]
        last = next((one for one in reversed(earlier) if one.id < row.id), None)
        if last is not None and last.kind == "adjudicate":
            payload = {**last.payload, "restores": last.id}
            decisions.about_examples(
                unit, [seq], "adjudicate", reason=last.reason, comment=last.comment, payload=payload
            )
    known = ((count, set(listing.seqs_of(unit, ids).values())) for count, ids in before)
    _refresh(unit, back, {count: [seq for seq in back if seq in those] for count, those in known})
    return back, len(seqs) - len(back)


def _call(unit: Unit, rounds: dict[int, tuple[int, int]], *, reason: str) -> None:
    """Open examples again for a round; ``rounds``: by example the one that it leaves and the one that it enters."""
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for seq, change in rounds.items():
        together[change].append(seq)
    for (before, after), seqs in sorted(together.items()):
        payload = {"round": after, "before": before}
        decisions.about_examples(unit, seqs, "reopen", reason=reason, payload=payload)


def _refresh(unit: Unit, seqs: Sequence[int], required: Mapping[int, Sequence[int]]) -> None:
    """Derive examples again, of which each needs so many verdicts (by number)."""
    before = acts.keys_of(unit, seqs)
    states.refresh(unit, seqs)
    for count, those in required.items():
        states.require(unit, those, count)
    conflicts.refresh(unit, before | acts.keys_of(unit, seqs))


def _texts(versions: Sequence[str], before: int | None, after: int | str | None) -> tuple[str, str]:
    newest = len(versions)
    number = newest + 1 if isinstance(after, str) else newest if after is None else after
    earlier = number - 1 if before is None else before
    if not (isinstance(after, str) or 1 <= number <= newest) or not 0 <= earlier <= newest:
        raise Refused(_("The guideline has no such version: there are {n}.", n=newest))
    return (versions[earlier - 1] if earlier else ""), (after if isinstance(after, str) else versions[number - 1])


def _changed(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sentences that are only in the one or the other text, white space aside.

    A paragraph whose lines are only broken elsewhere has not changed.
    """
    before, after = (_by_paragraph(text) for text in (old, new))
    gone, come = (
        Counter(one for paragraph in ours if paragraph not in theirs for one in ours[paragraph])
        for ours, theirs in ((before, after), (after, before))
    )
    return tuple((gone - come).elements()), tuple((come - gone).elements())


def _by_paragraph(text: str) -> dict[str, list[str]]:
    """Return the sentences of each paragraph, by the paragraph, white space aside."""
    return {
        " ".join(paragraph.split()): [said for one in _SENTENCES.split(paragraph) if (said := " ".join(one.split()))]
        for paragraph in _PARAGRAPHS.split(text)
    }


def _reasons(view: View, changed: str, settled: int, watch: Progress) -> dict[int, _Why]:
    found: dict[int, _Why] = defaultdict(_Why)
    for seq, question in decisions.asked(view).items():
        if listing.page(view, [seq])[0].status in _SETTLED:
            found[seq].questions.append(question)
            found[seq].score += 2 * log(1 + settled)
    spoken = f" {words(changed)} "
    known = {tag.name for tag in project_settings.current(view).tags} | set(facets.by_tag(view))
    for tag in sorted(known):
        if f" {words(tag.replace('_', ' ').replace('-', ' '))} " in spoken.replace("_", " "):
            for seq in _with(view, Field.TAG, Op.IS, tag):
                found[seq].tags.append(tag)
                found[seq].score += log(1 + settled)
    total = listing.count(view, [])
    terms = sorted({word for word in spoken.split() if len(word) >= _LEAST_LETTERS or not word.isascii()})
    for place, term in enumerate(terms):
        watch.check()
        watch.report(place, len(terms))
        seqs = list(_with(view, Field.TEXT, Op.CONTAINS, term))
        anywhere = listing.count(view, [Term(field=Field.TEXT, op=Op.CONTAINS, value=term)]) if seqs else 0
        if anywhere <= max(_FEW, _COMMON * total):
            for seq in seqs:
                found[seq].words.append(term)
                found[seq].score += log(1 + settled / len(seqs))
    return dict(found)


def _with(view: View, about: Field, op: Op, value: str) -> Iterator[int]:
    for status in _SETTLED:
        wanted = Term(field=Field.STATUS, op=Op.IS, value=status.value)
        yield from listing.seqs(view, [Term(field=about, op=op, value=value), wanted])


def _told(why: _Why) -> tuple[str, ...]:
    told = [_("Its question was sent back to the guideline: {question}", question=one) for one in why.questions]
    told += [_("The changed text names the tag “{tag}”.", tag=tag) for tag in why.tags]
    if why.words:
        shown = ", ".join([*why.words[:_SHOWN_WORDS], *["…"][: len(why.words) - _SHOWN_WORDS]])
        told.append(
            plural(
                "It has a word of the changed text: {words}",
                "It has {n} words of the changed text: {words}",
                len(why.words),
                words=shown,
            )
        )
    return tuple(told)

"""Acts on many examples at once: tags, set aside and back, a verdict; in short units of work, undone as one act."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TypeVar

from accord.domain.batches import paced
from accord.domain.content import Content
from accord.domain.errors import Cancelled, Refused, WrongUsage
from accord.domain.history import ExampleRow
from accord.domain.ledger import Who
from accord.domain.progress import Progress, Silent
from accord.domain.review import Judgement, Review, SetAsideReason, Status, Verdict
from accord.domain.wording import _, plural
from accord.storage import acts, bulk, decisions, drafts, events, listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit
from accord.workflows import conflicts, permissions, settling
from accord.workflows.reviewing import BadJudgement, check


class LeftOut(StrEnum):
    """Why an example was left as it was."""

    GONE = "gone"
    ALREADY = "already"
    SET_ASIDE = "set_aside"
    OWN_REVIEW = "own_review"
    DRAFT = "draft"
    NO_ANSWER = "no_answer"
    CHANGED = "changed"
    FORM = "form"
    RETURNED = "returned"


class NothingNamed(WrongUsage):
    """A bulk act of which nobody said on what."""

    def __init__(self) -> None:
        super().__init__(_("Say which examples: --where FILTER. For all of them: --where ''."))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDone:
    """How far a bulk act went.

    ``act`` takes all of it back at once (empty where nothing changed); ``stopped``: it was asked to stop, and what was
    ``changed`` until then stands.
    """

    act: str
    changed: int
    total: int
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    stopped: bool = False


T = TypeVar("T")
Chunk = Callable[[Unit, Sequence[T], "Counter[LeftOut]"], Sequence[int]]
"""Makes a change in one unit of work and returns the numbers of the examples that it changed."""


def change_tag(
    *,
    project: Project,
    who: Who,
    numbers: Sequence[int],
    tag: str,
    on: bool,
    progress: Progress | None = None,
    preview: bool = False,
) -> BulkDone:
    """Put a tag on the examples with these numbers, or take it off (``on`` False). Raises Refused for an empty name.

    ``preview``, of this act and the others: only say what would come of it.
    """
    permissions.require_to_settle(project=project)
    name = tag.strip()
    if not name:
        raise Refused(_("A tag needs a name."))
    change = partial(_tag, tag=name, on=on)
    kind = "add_tag" if on else "remove_tag"
    return _run(change, project=project, who=who, numbers=numbers, kind=kind, progress=progress, preview=preview)


add_tag = partial(change_tag, on=True)
remove_tag = partial(change_tag, on=False)


def set_aside(
    *,
    project: Project,
    who: Who,
    numbers: Sequence[int],
    comment: str = "",
    progress: Progress | None = None,
    preview: bool = False,
) -> BulkDone:
    """Set the examples with these numbers aside by hand, with a reason in words."""
    permissions.require_to_settle(project=project)
    change = partial(_aside, comment=comment)
    return _run(change, project=project, who=who, numbers=numbers, kind="set_aside", progress=progress, preview=preview)


def bring_back(
    *,
    project: Project,
    who: Who,
    numbers: Sequence[int],
    progress: Progress | None = None,
    preview: bool = False,
) -> BulkDone:
    """Bring those of the examples with these numbers back that are set aside."""
    permissions.require_to_settle(project=project)
    return _run(_back, project=project, who=who, numbers=numbers, kind="bring_back", progress=progress, preview=preview)


def judge(
    *,
    project: Project,
    who: Who,
    numbers: Sequence[int],
    verdict: Verdict,
    progress: Progress | None = None,
    preview: bool = False,
) -> BulkDone:
    """Accept, reject or mark as unsure, as oneself, without opening each: such reviews are marked as given in bulk.

    One's own verdicts and drafts stay, and so does what is set aside or has no usable answer to accept. The tags of an
    example stay as they are. Raises Refused for an edit, and LooksOn for who is not listed.
    """
    permissions.require_listed(project=project, act=_("give a verdict"))
    if verdict is Verdict.EDIT:
        raise Refused(_("An edit belongs to one text. Open the example to change it."))
    return _run(
        partial(_judge, verdict=verdict),
        project=project,
        who=who,
        numbers=numbers,
        kind=verdict.value,
        progress=progress,
        preview=preview,
    )


def _run(
    change: Chunk[int],
    *,
    project: Project,
    who: Who,
    numbers: Sequence[int],
    kind: str,
    progress: Progress | None,
    preview: bool,
) -> BulkDone:
    return in_chunks(
        change,
        paced(numbers),
        project=project,
        who=who,
        kind=kind,
        total=len(numbers),
        progress=progress,
        preview=preview,
    )


def in_chunks(
    change: Chunk[T],
    parts: Iterable[Sequence[T]],
    *,
    project: Project,
    who: Who,
    kind: str,
    total: int,
    progress: Progress | None = None,
    preview: bool = False,
    told: Mapping[str, str] | None = None,
) -> BulkDone:
    """Make a change part by part, as one act; other writers, such as a person's verdict, come in between.

    ``total``: how many there are in all parts; ``told``: what else the event says of the act. ``preview``: each part is
    made and not kept, so that the project stays as it is.
    """
    watch = progress or Silent()
    left: Counter[LeftOut] = Counter()
    act, changed, at = "", 0, 0
    for part in parts:
        try:
            watch.check()
        except Cancelled:
            return BulkDone(act=act, changed=changed, total=total, left_out=left, stopped=True)
        with project.write(who) as unit:
            unit.act = act or unit.act
            done = change(unit, part, left)
            if done and not preview:
                refs = {"do": kind, "examples": listing.ids_of(unit, sorted(done)), **(told or {})}
                events.append(unit, "bulk_part" if act else "bulk", refs | ({"of": act} if act else {}))
                unit.commit()
                act = unit.act
        if done and not preview:
            settling.settle(project=project, who=who)
        at, changed = at + len(part), changed + len(done)
        watch.report(at, total)
    return BulkDone(act=act, changed=changed, total=total, left_out=left)


def _tag(unit: Unit, part: Sequence[int], left: "Counter[LeftOut]", *, tag: str, on: bool) -> Sequence[int]:
    found = bulk.tags(unit, part)
    wanted = {seq: packed for seq, packed in found.items() if (tag in states.unpack(packed)) is not on}
    left[LeftOut.GONE] += len(part) - len(found)
    left[LeftOut.ALREADY] += len(found) - len(wanted)
    bulk.change_tag(unit, wanted, tag, on=on)
    return list(wanted)


def _aside(unit: Unit, part: Sequence[int], left: "Counter[LeftOut]", *, comment: str) -> Sequence[int]:
    wanted = _of_status(unit, part, left, aside=False)
    reason = SetAsideReason.BY_HAND.value
    decide(unit, wanted, partial(decisions.about_examples, unit, wanted, "set_aside", reason=reason, comment=comment))
    return wanted


def _back(unit: Unit, part: Sequence[int], left: "Counter[LeftOut]") -> Sequence[int]:
    wanted = _of_status(unit, part, left, aside=True)
    decide(unit, wanted, partial(decisions.about_examples, unit, wanted, "bring_back"))
    return wanted


def _of_status(unit: Unit, part: Sequence[int], left: "Counter[LeftOut]", *, aside: bool) -> list[int]:
    found = bulk.statuses(unit, part)
    wanted = [seq for seq in found if (found[seq] == Status.SET_ASIDE) is aside]
    left[LeftOut.GONE] += len(part) - len(found)
    left[LeftOut.ALREADY] += len(found) - len(wanted)
    return wanted


def decide(unit: Unit, seqs: Sequence[int], write: Callable[[], object]) -> None:
    """Write about examples, then bring their states and the conflicts of their requests up to date."""
    if seqs:
        before = acts.keys_of(unit, seqs)
        write()
        states.refresh(unit, seqs)
        conflicts.refresh(unit, before | acts.keys_of(unit, seqs))


def _judge(unit: Unit, part: Sequence[int], left: "Counter[LeftOut]", *, verdict: Verdict) -> Sequence[int]:
    rows, bases = {row.seq: row for row in listing.page(unit, part)}, listing.bases(unit, part)
    newest, typed = reviews.newest_of(unit, part), drafts.of_examples(unit, part, unit.actor)
    settings = project_settings.current(unit)
    judged: list[tuple[int, Judgement, Content, str]] = []
    visible = bulk.statuses(unit, part)
    for seq in part:
        if seq not in visible:
            left[LeftOut.GONE] += 1
            continue
        judgement = Judgement(verdict=verdict, tags=rows[seq].tags, bulk=True)
        why = _why_not(rows[seq], bases[seq], newest.get((seq, unit.actor)), drafted=seq in typed)
        if why is None:
            try:
                check(judgement, bases[seq], settings)
            except BadJudgement:
                why = LeftOut.NO_ANSWER
        if why is not None:
            left[why] += 1
            continue
        judged.append((seq, judgement, bases[seq], unit.actor))
    seqs = [seq for seq, *_more in judged]
    decide(unit, seqs, partial(reviews.append_all, unit, judged))
    return seqs


def _why_not(row: ExampleRow, base: Content, mine: Review | None, *, drafted: bool) -> LeftOut | None:
    if row.status == Status.SET_ASIDE:
        return LeftOut.SET_ASIDE
    if mine is not None and mine.verdict is not None and mine.base_hash == base.hash:
        return LeftOut.OWN_REVIEW
    return LeftOut.DRAFT if drafted else None


def left_out_sentences(done: BulkDone) -> list[str]:
    """Return what was left as it was, and why, a sentence each."""
    return [_left_out(why, n) for why, n in sorted(done.left_out.items()) if n]


def _left_out(why: LeftOut, n: int) -> str:
    match why:
        case LeftOut.GONE:
            return plural("{n} is no longer there.", "{n} are no longer there.", n)
        case LeftOut.ALREADY:
            return plural("{n} was so already.", "{n} were so already.", n)
        case LeftOut.SET_ASIDE:
            return plural("{n} is set aside.", "{n} are set aside.", n)
        case LeftOut.OWN_REVIEW:
            return plural("{n} has your own verdict, which stays.", "{n} have your own verdict, which stays.", n)
        case LeftOut.DRAFT:
            return plural("{n} holds a text of yours not submitted.", "{n} hold texts of yours not submitted.", n)
        case LeftOut.NO_ANSWER:
            return plural("{n} has no usable answer.", "{n} have no usable answer.", n)
        case LeftOut.CHANGED:
            return plural("{n} was changed meanwhile.", "{n} were changed meanwhile.", n)
        case LeftOut.FORM:
            return plural(
                "{n} is JSON that a replacement would break; change it by hand.",
                "{n} are JSON that a replacement would break; change them by hand.",
                n,
            )
        case LeftOut.RETURNED:
            return plural(
                "In {n} a reviewer has changed just this replacement already, and that stands; edit it, or decide.",
                "In {n} a reviewer has changed just these replacements already, and that stands; edit them, or decide.",
                n,
            )

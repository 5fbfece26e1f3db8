"""Review packs: a reviewer's examples go out as a file of their own, and her reviews come home under her name."""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from accord.domain.errors import AccordError, Refused
from accord.domain.filters import Term, read_filter
from accord.domain.ledger import Who
from accord.domain.moments import in_utc, local, now
from accord.domain.packs import Meeting, MergeConflict, Pack, reviewer_key
from accord.domain.people import Role
from accord.domain.project import ProjectSettings
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.storage import assignments, events, listing, pack_files, pack_returns, packs, people, reviews
from accord.storage import settings as project_settings
from accord.storage.failures import ProjectExists
from accord.storage.pack_files import AlteredPack, Contents, Returned
from accord.storage.pack_returns import Home
from accord.storage.packs import Goods
from accord.storage.packs import StoredPack as StoredPack
from accord.storage.project import Project, Unit, View
from accord.workflows import assigning, bulk, keeping, naming, permissions
from accord.workflows.naming import Met
from accord.workflows.people import given_to
from accord.workflows.reviewing import BadJudgement, check


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A pack that was made; ``assigned``: how many of its examples its reviewer had not been given before.

    ``met``: who was listed with it.
    """

    id: str
    file: Path
    reviewer: str
    author: str
    examples: int
    assigned: int
    until: str
    met: Met

    @property
    def sentences(self) -> list[str]:
        """Say for whom it is, until when, and how it comes back."""
        facts = {"name": self.reviewer, "file": self.file}
        told = [plural("{n} example for {name} in {file}", "{n} examples for {name} in {file}", self.examples, **facts)]
        if self.assigned:
            told.append(
                plural("{n} of them was given out with it.", "{n} of them were given out with it.", self.assigned)
            )
        if self.until:
            told.append(_("To be back by {day}; what is not back then can be given to others.", day=local(self.until)))
        else:
            told.append(_("No day is set by which it is to be back."))
        told.append(_("{name} opens the file with Accord, reviews, and sends the same file back to you.", **facts))
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of one file; ``refused`` is the sentence that says why nothing of it was stored.

    ``new`` reviews came in, ``known`` ones were there; ``drafts`` were typed in the pack and never submitted.
    ``remarks``: what else there is to know of it, in sentences.
    """

    file: Path
    pack: str = ""
    reviewer: str = ""
    new: int = 0
    known: int = 0
    drafts: int = 0
    conflicts: tuple[MergeConflict, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What became of all files; ``backup`` was made before the first review was stored (None: none was new)."""

    files: tuple[Merged, ...]
    backup: Path | None = None


def make(
    *, project: Project, who: Who, reviewer: str, to: Path, where: str | None = None, days: int = 0, new: bool = False
) -> Packed:
    """Write what a person is to review into a new file that she opens on her own machine.

    ``where``: these examples too, which are then given to her at once; ``days``: when it should be back, and until when
    she has its examples; ``new``: she is to be listed if nobody has. Raises OnlyFor, WrongUsage, ProjectExists,
    NotListed, and Refused where there is nothing for her.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("make a review pack"))
    wanted, terms = assigning.names_of([reviewer]), None if where is None else read_filter(where)
    if to.exists():
        raise ProjectExists(to)
    with project.read() as view:
        (name,) = naming.written(view, wanted, server=project.file is None, new=new)
        goods, given = _choose(view, name, terms)
        home = project.id
    pack_id, secret = uuid.uuid4().hex, secrets.token_hex(32)
    key, until = reviewer_key(secret, pack_id), assigning.end_of_lease(days)
    author = who.actor if project.person is None else project.person.name
    facts = Pack(id=pack_id, project=home, reviewer=name, author=author, at=now(), until=until, act="", key=key)
    pack_files.write(to, facts, secret, goods)
    try:
        met = _give_out(project, who, facts, secret=secret, goods=goods, given=given, days=days, new=new)
    except BaseException:
        to.unlink(missing_ok=True)  # nobody could merge it
        raise
    amounts = {"examples": len(goods.items), "assigned": len(given)}
    return Packed(id=pack_id, file=to, reviewer=name, author=author, until=until, met=met, **amounts)


def _give_out(
    project: Project, who: Who, facts: Pack, *, secret: str, goods: Goods, given: Sequence[int], days: int, new: bool
) -> Met:
    """Note that a pack went out, and give its reviewer what of it she had not; return who was listed with it."""
    name = facts.reviewer
    with project.write(who) as unit:
        met = naming.meet(unit, [name], server=project.file is None, new=new)
        if given:
            raised = assigning.give(unit, dict.fromkeys(given, (name,)), kind="hand", days=days)
            refs = {"count": len(given), "double": 0, "reviewers": [name]}
            events.append(unit, "assign", refs | met.refs | {"raised": raised})
        _note(unit, facts, secret, goods)
        unit.commit()
    return met


def _choose(view: View, reviewer: str, terms: Sequence[Term] | None) -> tuple[Goods, list[int]]:
    """Return what goes into a pack, and which of it its reviewer is given with it."""
    had = set(packs.to_review(view, reviewer, now()))
    wanted = had | (set() if terms is None else set(listing.seqs(view, terms)))
    goods = packs.gather(view, reviewer, sorted(wanted))
    if not goods.items:
        raise Refused(
            _(
                "There is nothing for {name} to review. Give out examples first, or name some by a filter.",
                name=reviewer,
            )
        )
    return goods, [item.seq for item in goods.items if item.seq not in had]


def _note(unit: Unit, facts: Pack, secret: str, goods: Goods) -> None:
    name, seqs = facts.reviewer, [item.seq for item in goods.items]
    if facts.until:
        assignments.prolong(unit, seqs, reviewer=name, until=facts.until)
    packs.add(unit, facts.id, reviewer=name, secret=secret, seqs=seqs)
    events.append(unit, "pack", {"pack": facts.id, "reviewer": name, "examples": len(seqs)})


def listed(*, project: Project) -> list[StoredPack]:
    """Return the packs that were made, newest first. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see the review packs"))
    with project.read() as view:
        return packs.listed(view)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWork:
    """What a pack's reviewer has in it: so many examples, of which so many are left."""

    pack: Pack
    given: int
    left: int

    @property
    def done(self) -> int:
        """How many she has judged."""
        return self.given - self.left


def work_of(*, project: Project) -> PackWork | None:
    """Return how far the reviewer of an opened pack is, None for a project that is none."""
    if project.pack is None:
        return None
    hers = given_to(project=project, name=project.pack.reviewer)
    return PackWork(pack=project.pack, given=hers.given, left=len(hers.left))


def merge(*, project: Project, who: Who, files: Sequence[Path], dry_run: bool = False) -> MergeReport:
    """Bring the reviews in these packs home, each file whole or not at all; one that cannot be used is told with why.

    Before the first one is stored a checked backup is made. ``dry_run`` says what would come in and changes nothing.
    Raises OnlyFor.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("merge review packs"))
    done: list[Merged] = []
    backup: Path | None = None
    met: set[str] = set()  # in files before this one, where nothing is stored
    for file in files:
        try:
            contents = pack_files.read(file, partial(_secret_for, project, file))
            with project.read() as view:
                found = _look(view, file, contents, met)
            if dry_run:
                met |= {review.key for review in found.new}
            elif found.new:
                backup = backup or keeping.backup(project=project, reason="before-merge")[0]
                found = _store(project, who, file, contents)
            done.append(_told(file, contents, found))
        except (AccordError, OSError) as error:
            done.append(Merged(file=file, refused=str(error)))
    return MergeReport(files=tuple(done), backup=backup)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a pack would bring: the new reviews, how many are there, what they meet.

    ``left``: its reviewer is not among the people of the project, which has some.
    """

    home: Home
    new: tuple[Returned, ...]
    known: int
    conflicts: tuple[MergeConflict, ...]
    left: bool


def _told(file: Path, contents: Contents, found: _Found) -> Merged:
    return Merged(
        file=file,
        pack=contents.pack.id,
        reviewer=contents.pack.reviewer,
        new=len(found.new),
        known=found.known,
        drafts=contents.drafts,
        conflicts=found.conflicts,
        remarks=tuple(_remarks(contents, found)),
    )


def _remarks(contents: Contents, found: _Found) -> Iterator[str]:
    """Yield what is to be known of a pack that was looked at or came in."""
    pack, more = contents.pack, found.home.only_here
    if more and found.new:
        yield plural(
            "Another copy of this pack came home before, with {n} review that is not in this one. Both are kept.",
            "Another copy of this pack came home before, with {n} reviews that are not in this one. Both are kept.",
            more,
        )
    elif more:
        yield plural(
            "This is an older copy of the pack: a newer one came home before, with {n} review more. Nothing changes.",
            "This is an older copy of the pack: a newer one came home before, with {n} reviews more. Nothing changes.",
            more,
        )
    elif found.known and not found.new:
        yield _("All of it came home before. Nothing changes.")
    elif not contents.reviews:
        yield _("Nothing was reviewed in it yet.")
    if pack.until and in_utc(pack.until) < in_utc(now()):
        yield _("It was to be back by {day}. What is in it counts all the same.", day=local(pack.until))
    if found.left:
        yield _("{name} is not among the people of this project now. Reviews in that name count.", name=pack.reviewer)


def _secret_for(project: Project, file: Path, facts: Pack) -> str:
    if facts.project != project.id:
        raise Refused(
            _(
                "{file} is a pack of another project, made for {name}. Nothing of it was stored; merge it there.",
                file=file,
                name=facts.reviewer,
            )
        )
    with project.read() as view:
        secret = packs.secret_of(view, facts.id)
    if secret is None:
        raise Refused(
            _(
                "This project does not know of the pack in {file}: perhaps it was made after the backup that this "
                "project was restored from. Nothing of it was stored.",
                file=file,
            )
        )
    return secret


def _store(project: Project, who: Who, file: Path, contents: Contents) -> _Found:
    with project.write(who) as unit:
        found = _look(unit, file, contents, set())
        touched = sorted({found.home.seqs[review.example_id] for review in found.new})
        bulk.decide(unit, touched, partial(pack_returns.store, unit, contents.pack, found.home, found.new))
        refs = {
            "pack": contents.pack.id,
            "reviewer": contents.pack.reviewer,
            "new": len(found.new),
            "known": found.known,
        }
        events.append(unit, "merge", refs | {"conflicts": len(found.conflicts)})
        unit.commit()
    return found


def _look(view: View, file: Path, contents: Contents, met: set[str]) -> _Found:
    home, settings = pack_returns.look(view, contents), project_settings.current(view)
    new: list[Returned] = []
    known, unfit = 0, set[str]()
    said: dict[str, list[Returned]] = defaultdict(list)
    standing: dict[str, list[bool]] = defaultdict(list)  # of what was not taken back: whether it can be stored
    for review in contents.reviews:
        seq, words = home.seqs.get(review.example_id), standing[review.example_id]
        there = review.key in home.keys or review.key in met
        fits = there or (seq is not None and _fits(review, home, seq, settings, file))
        if not review.takes_back:
            words.append(fits)
        elif words:
            fits = words.pop() and fits  # what takes back a review that stays in the pack stays with it
        known += there
        if fits and not there:
            new.append(review)
        elif not there and seq is not None:
            unfit.add(review.example_id)
        said[review.example_id].append(review)
    meetings = (_meeting(of_one, home, unfit=example_id in unfit) for example_id, of_one in said.items())
    names = {person.name for person in people.everyone(view.connection) if person.active}
    return _Found(
        home=home,
        new=tuple(new),
        known=known,
        conflicts=tuple(m for m in meetings if m is not None),
        left=bool(names) and contents.pack.reviewer not in names,
    )


def _fits(review: Returned, home: Home, seq: int, settings: ProjectSettings, file: Path) -> bool:
    """Say whether a review can be stored as it is: its text is known here, and the project still takes what it says."""
    if review.verdict is None:
        return True
    base = home.texts.get((seq, review.base_hash))
    if base is None:
        return False
    try:
        check(review.said, base, settings)
    except BadJudgement:
        return False
    if reviews.result_of(review.said, base).hash != review.result_hash:
        raise AlteredPack(file, items=False)
    return True


def _meeting(said: Sequence[Returned], home: Home, *, unfit: bool) -> MergeConflict | None:
    """Return what a pack's word on an example meets at home, None where it simply counts or was taken back."""
    example_id, kind, counts = said[0].example_id, None, False
    seq = home.seqs.get(example_id)
    word = pack_returns.standing_word(pack_returns.word_of(review) for review in said)
    if seq is None:
        kind = Meeting.GONE
    elif unfit:
        kind = Meeting.UNFIT
    elif home.statuses[seq] == Status.SET_ASIDE:
        kind = Meeting.SET_ASIDE
    elif word is not None and home.bases[seq].hash != word.row.base_hash:
        kind = Meeting.TEXT_CHANGED
    elif word is not None and seq in home.since:
        kind, counts = Meeting.REVIEWED_SINCE, word.rank > home.since[seq]
    if kind is None:
        return None
    stored = kind not in {Meeting.GONE, Meeting.UNFIT}
    return MergeConflict(example_id=example_id, kind=kind, stored=stored, counts=counts)


def sentence(conflict: MergeConflict) -> str:
    """Return what a conflict is, and what became of the review."""
    match conflict.kind:
        case Meeting.GONE:
            return _("The example was deleted for good; the review was not stored.")
        case Meeting.UNFIT:
            return _("The project no longer takes what the review says; it was not stored and is still in the pack.")
        case Meeting.SET_ASIDE:
            return _("The example is set aside; the review is kept and counts once it is brought back.")
        case Meeting.TEXT_CHANGED:
            return _("The text was changed since; the review of the earlier text is kept and does not count.")
        case Meeting.REVIEWED_SINCE if conflict.counts:
            return _("Reviewed by the same person elsewhere too; both are kept, and that of the pack is the later one.")
        case Meeting.REVIEWED_SINCE:
            return _(
                "Reviewed by the same person elsewhere too; both are kept, and that of the pack is the earlier one."
            )

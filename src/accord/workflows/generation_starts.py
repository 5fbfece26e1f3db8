"""What the questions of a run start from: unanswered requests, accepted examples, candidates, thin tags, passages."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from accord.domain.errors import Refused, WrongUsage
from accord.domain.filters import Field, Op, Term
from accord.domain.generation import Start
from accord.domain.progress import Progress, Silent
from accord.domain.recipes import Makes, Recipe, Takes
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.storage import generated, generations, listing, requests
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows import filter_reading, generation_coverage, generation_documents, generation_recorded
from accord.workflows.generation_documents import DocumentFault, Documents
from accord.workflows.generation_shown import Facts, Shown, facts_of, first_of

MOST_OF_ONE = 10  # candidates in one reply: more of them repeat each other
_MOST_LOOKED_AT = 20_000  # seeds, a sample of them where there are more
_USUAL: Mapping[Makes, int] = {Makes.PAIRS: 3, Makes.PARAPHRASES: 3, Makes.REQUESTS: 5}
_OPEN = (Status.IN_REVIEW, Status.DISAGREEMENT, Status.CANDIDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many candidates are wanted, and of what. ``shown``: how many accepted examples are shown beside each start.

    ``where``: a FILTER for the examples that are started from; ``numbers``: those that a person chose; ``tags``: only
    examples with one of these, or new ones for these; ``documents``: files. ``besides``: examples whose conversations
    are not gone on with. ``seed`` decides which come first. ``like``: a run of the same recipe, whose starting points
    are taken again and nothing else is, so that two models can be compared.
    """

    n: int
    where: str = ""
    numbers: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    besides: frozenset[int] = frozenset()
    documents: tuple[Path, ...] = ()
    shown: int = 3
    seed: int = 0
    like: int | None = None

    @property
    def chooses(self) -> bool:
        """Whether a person says which examples are started from."""
        return bool(self.where.strip() or self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """What is started from, in the order that it is asked.

    ``faults``: files that gave nothing; ``notes``: sentences about what is other than was wished.
    """

    starts: tuple[Start, ...]
    faults: tuple[DocumentFault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def candidates(self) -> int:
        """Return how many candidates are asked for."""
        return sum(start.count for start in self.starts)


class NoStart(Refused):
    """There is nothing to start from, and why."""


def starts_of(*, project: Project, recipe: Recipe, wish: Wish, progress: Progress | None = None) -> Starts:
    """Return what a recipe's questions start from, so that about ``wish.n`` candidates come of them.

    The same wish on the same project gives the same starts in the same order.
    Raises NoStart where there is nothing to start from, WrongUsage, BadFilter and Cancelled.
    """
    if wish.n < 1 or wish.shown < 0:
        raise WrongUsage(_("Ask for one candidate at least."))
    watch = progress or Silent()
    read = generation_documents.read(files=wish.documents, progress=watch) if recipe.takes is Takes.PASSAGE else None
    with project.read() as view:
        if read is not None:
            return _passages(view, recipe, wish, read)
        barred = generated.kept_from_models(view)
        if recipe.takes is Takes.CONVERSATION:
            return _conversations(view, wish, barred)
        n = wish.shown if "examples" in recipe.places else 0
        shown = Shown(view, barred=barred if n else (), seed=wish.seed) if n else None
        if recipe.takes is Takes.TAG:
            found = _tags(view, recipe, wish, shown)
        elif recipe.takes is Takes.SEED:
            found = _seeds(view, recipe, wish, barred, shown)
        else:
            found = _one_each(view, recipe, wish, shown)
    notes = _thin(found, wish) + ([] if shown is None or any(start.shown for start in found) else [_none_shown()])
    return Starts(starts=tuple(found), notes=tuple(notes))


def same_model(*, project: Project, starts: Sequence[Start], model: str) -> str:
    """Say where candidates would be criticised by the very model that drafted them; empty where none would."""
    with project.read() as view:
        sources = listing.first_sources(view, [start.seed for start in starts if start.seed is not None])
    same = sum(model in {source.metadata.get("model"), source.metadata.get("asked_of")} for source in sources.values())
    if not same:
        return ""
    return plural(
        "{model} drafted {n} of these candidates itself. Another model sees more of what is wrong with it.",
        "{model} drafted {n} of these candidates itself. Another model sees more of what is wrong with them.",
        same,
        model=model,
    )


def _thin(found: Sequence[Start], wish: Wish) -> list[str]:
    asked = sum(start.count for start in found)
    if asked >= wish.n:
        return []
    told = _(
        "There is less to start from than that: {n} candidates are asked for, not {wanted}.", n=asked, wanted=wish.n
    )
    return [told]


def _none_shown() -> str:
    return _("No accepted example is shown beside them: none is accepted yet that no release holds out.")


def _conversations(view: View, wish: Wish, barred: set[int]) -> Starts:
    """Return the chosen examples whose conversations a model is to go on with, whatever their own answers are."""
    fitting = _fitting(view, wish, (Status.NEEDS_ANSWER, Status.ACCEPTED, Status.REJECTED, *_OPEN))
    pool = first_of((seq for seq in fitting if seq not in barred), wish.seed, len(fitting))
    if fitting and not pool:
        raise NoStart(_no_seed(wish, wish.n, held_out=True))
    groups = {seq: one.group for seq, one in facts_of(view, pool).items()}
    done = sorted(wish.besides)
    found, notes = generation_recorded.starts(
        view, pool, settings=project_settings.current(view), groups=groups, n=wish.n, done=done
    )
    if not found and done:
        raise NoStart(_("What this model answers to these examples was recorded before, as far as it can be asked."))
    if not found:
        raise NoStart(_("None of the examples that were chosen is a conversation that a model can be asked to go on."))
    return Starts(starts=tuple(found), notes=(*_thin(found, wish), *notes))


def _one_each(view: View, recipe: Recipe, wish: Wish, shown: Shown | None) -> list[Start]:
    """Return a start for each example without an answer, or that nobody has reviewed."""
    unanswered = recipe.takes is Takes.UNANSWERED
    status = Status.NEEDS_ANSWER if unanswered else Status.CANDIDATE
    done = generations.drafted(view) if unanswered else set[int]() if wish.chooses else generated.revised(view)
    pool = [seq for seq in _fitting(view, wish, (status,)) if seq not in done]
    if not pool:
        raise NoStart(_nothing(wish, unanswered=unanswered))
    chosen = first_of(pool, wish.seed, wish.n)
    return _started(chosen, facts_of(view, chosen), [1] * len(chosen), wish, shown)


def _nothing(wish: Wish, *, unanswered: bool) -> str:
    chosen = wish.chooses or bool(wish.tags)
    if unanswered and chosen:
        return _("None of the examples that were chosen lacks an answer, or each has a draft already.")
    if unanswered:
        return _("No request lacks an answer, or each has a draft already. Import requests without answers first.")
    if chosen:
        return _("None of the examples that were chosen is a candidate that nobody has reviewed.")
    return _("There is no candidate that nobody has reviewed, or each has been revised already.")


def _seeds(view: View, recipe: Recipe, wish: Wish, barred: set[int], shown: Shown | None) -> list[Start]:
    """Return accepted examples, or those that were chosen, spread over their tags."""
    statuses = (Status.ACCEPTED, *_OPEN) if wish.chooses else (Status.ACCEPTED,)
    usual = _USUAL.get(recipe.makes, 1)
    needed = ceil(wish.n / usual)
    fitting = _fitting(view, wish, statuses)
    allowed = [seq for seq in fitting if seq not in barred]
    looked_at = first_of(allowed, wish.seed, max(_MOST_LOOKED_AT, 2 * needed))
    answered = requests.answers(view, looked_at)
    pool = [seq for seq in looked_at if answered[seq].strip()]  # a call of a function alone is no answer to vary
    if not pool:
        raise NoStart(_no_seed(wish, needed, held_out=bool(fitting) and not allowed))
    facts = facts_of(view, pool)
    chosen = spread(pool, {seq: facts[seq].tags for seq in pool}, needed)
    most = MOST_OF_ONE if usual > 1 else 1
    return _started(chosen, facts, shares(wish.n, len(chosen), most), wish, shown)


def _no_seed(wish: Wish, needed: int, *, held_out: bool) -> str:
    if held_out:
        return _("A release holds out all of these examples, or what belongs to them: no model is shown those.")
    if wish.chooses:
        return _("None of the examples that were chosen has an answer and is neither rejected nor set aside.")
    if wish.tags:
        return _("No accepted example has one of these tags.")
    return _("No example is accepted yet, and this recipe starts from accepted ones; {n} of them would do.", n=needed)


def spread(numbers: Sequence[int], tags: Mapping[int, Sequence[str]], n: int) -> list[int]:
    """Return the first ``n`` of these examples, each tag (and none at all) in turn, the one that fewest have first."""
    having = Counter(tag for seq in numbers for tag in (tags[seq] or ("",)))
    queues = {tag: deque[int]() for tag in sorted(having, key=lambda tag: (having[tag], tag))}
    for seq in numbers:
        for tag in tags[seq] or ("",):
            queues[tag].append(seq)
    chosen: dict[int, None] = {}
    while queues and len(chosen) < n:
        for tag, queue in list(queues.items()):
            while queue and queue[0] in chosen:
                queue.popleft()
            if not queue:
                del queues[tag]
            elif len(chosen) < n:
                chosen[queue.popleft()] = None
    return list(chosen)


def shares(n: int, among: int, most: int) -> list[int]:
    """Return how many candidates each of ``among`` questions is asked for, as even as can be, ``most`` at most."""
    each, over = divmod(n, among)
    return [min(each + (place < over), most) for place in range(among)]


def _tags(view: View, recipe: Recipe, wish: Wish, shown: Shown | None) -> list[Start]:
    table = generation_coverage.of_view(view)
    unknown = sorted(set(wish.tags) - {one.tag for one in table})
    if unknown:
        known = ", ".join(one.tag for one in table)
        raise WrongUsage(_("“{tag}” is no tag of the project. There are: {known}.", tag=unknown[0], known=known))
    if not table:
        raise NoStart(
            _("The project has no tags. Give it some on the page Project, or import examples that have them.")
        )
    usual = min(_USUAL.get(recipe.makes, 1), MOST_OF_ONE)
    found = []
    for tag, wanted in generation_coverage.shared_out(table, wish.n, wish.tags).items():
        for number, count in enumerate(shares(wanted, ceil(wanted / usual), usual)):
            beside = () if shown is None else shown.of_tag(tag, wish.shown, number=number)
            found.append(Start(tag=tag, count=count, shown=beside))
    return found


def _passages(view: View, recipe: Recipe, wish: Wish, read: Documents) -> Starts:
    if not read.passages:
        told = _("Choose documents to start from: text, Markdown, HTML, Word or PDF.")
        first = next(iter(read.faults), None)
        if first is not None:
            told = _("None of the documents can be read. {file}: {reason}", file=first.file, reason=first.reason)
        raise NoStart(told)
    used = generated.passages_used(view, recipe.name)
    usual = _USUAL.get(recipe.makes, 1)
    places = first_of(range(len(read.passages)), wish.seed, len(read.passages))
    fresh = [place for place in places if read.passages[place].id not in used]
    again = [place for place in places if read.passages[place].id in used]
    chosen = [read.passages[place] for place in (*fresh, *again)[: ceil(wish.n / usual)]]
    counts = shares(wish.n, len(chosen), MOST_OF_ONE if usual > 1 else 1)
    pairs = zip(chosen, counts, strict=True)
    found = [Start(passage=passage, count=count, group=passage.document) for passage, count in pairs]
    notes = [*read.notes, *_thin(found, wish), *_used_again(len(found) - len(fresh))]
    return Starts(starts=tuple(found), faults=read.faults, notes=tuple(notes))


def _used_again(n: int) -> list[str]:
    if n <= 0:
        return []
    return [
        plural(
            "{n} passage was used by this recipe before: there are no others left.",
            "{n} passages were used by this recipe before: there are no others left.",
            n,
        )
    ]


def _started(
    numbers: Sequence[int], facts: Mapping[int, Facts], counts: Iterable[int], wish: Wish, shown: Shown | None
) -> list[Start]:
    def beside(seq: int) -> tuple[int, ...]:
        return () if shown is None else shown.beside(facts[seq], wish.shown, number=seq)

    pairs = zip(numbers, counts, strict=True)
    return [Start(seed=seq, count=count, group=facts[seq].group, shown=beside(seq)) for seq, count in pairs]


def _fitting(view: View, wish: Wish, statuses: Sequence[Status]) -> list[int]:
    """Return the examples of these statuses that fit the wish, in no order."""
    terms = filter_reading.read(wish.where)

    def having(about: Field, value: str) -> set[int]:
        return set(listing.seqs(view, [*terms, Term(field=about, op=Op.IS, value=value)]))

    found = set[int]().union(*(having(Field.STATUS, status) for status in statuses))
    if wish.numbers:
        found &= set(wish.numbers)
    if wish.tags:
        found &= set[int]().union(*(having(Field.TAG, tag) for tag in wish.tags))
    return sorted(found)

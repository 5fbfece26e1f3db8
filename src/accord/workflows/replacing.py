"""What is replaced by what in the texts of a group: looked at and worked out together, in a process of its own."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from accord.checks import registry
from accord.checks.personal.spans import Span
from accord.checks.personal.surrogates import RESTING_ON_NAMES, How, Replacement, Surrogates, applied, settled
from accord.checks.personal.surrogates_echoes import echoes, said
from accord.domain.content import Content
from accord.domain.dismissals import mark_of
from accord.domain.findings import Finding, Kind
from accord.domain.project import ProjectSettings
from accord.workflows import checking


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The texts of one example: as imported, and the one that stands; only what is ``wanted`` is changed.

    ``dismissed``: marks of the findings that stay; ``marks``: where there are any, these findings alone are replaced;
    ``dates``: those of its sources.
    """

    seq: int
    original: str
    standing: str
    wanted: bool = True
    dismissed: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The examples that share their surrogates, in the order they came in, and the name of what binds them."""

    group: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What becomes of one example; ``after`` is empty where nothing does.

    ``made``: (number of the message, replacement); ``found``: what the project's checks find in the new text, each
    with its mark, and ``whole``, whether by all its rules; ``surrogates``: (rule, mark) of what of that is in the
    replacements themselves; ``broken``: a message that is JSON would be none.
    """

    seq: int
    before_hash: str
    after: str = ""
    made: tuple[tuple[int, Replacement], ...] = ()
    surrogates: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[Finding, str], ...] = ()
    whole: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How texts are replaced: the project's secret, the way, the rules whose finds are, and what it looks for.

    ``preview``: nothing is stored, and the new texts need not be checked.
    """

    key: bytes
    how: How
    only: frozenset[str]
    settings: ProjectSettings
    preview: bool = False

    @property
    def heavy(self) -> bool:
        """Whether names are to be known, for which a language model is loaded."""
        return self.how is not How.SHIFT and not self.only.isdisjoint(RESTING_ON_NAMES)


def replaced(tasks: Sequence[Task], work: Work) -> list[Changed]:
    """Return what becomes of the wanted examples of these groups, in order; picklable, for a worker process."""
    return [one for task in tasks for one in _of_group(task, work)]


def _of_group(task: Task, work: Work) -> Iterator[Changed]:
    book = Surrogates(work.key, task.group)
    known: dict[str, Span] = {}
    for texts in ([one.original for one in task.texts], [one.standing for one in task.texts]):
        for content in map(Content.from_text, dict.fromkeys(texts)):
            for message, spans in zip(content.messages, _spans(content, work, ()), strict=True):
                book.meet(message.content, spans)
                for words, span in said(message.content, wanted(spans, work)).items():
                    known.setdefault(words, span)
    for text in task.texts:
        if text.wanted:
            yield _changed(text, book, known, work)


def _changed(text: Text, book: Surrogates, known: dict[str, Span], work: Work) -> Changed:
    content = Content.from_text(text.standing)
    edits: dict[int, str] = {}
    made: list[tuple[int, Replacement]] = []
    found = _spans(content, work, text.dismissed, text.marks)
    for index, message in enumerate(content.messages):
        spans = wanted(found[index], work)
        if not text.marks:
            left = _spans_of(content, index, work, text.dismissed)
            spans += echoes(message.content, [*spans, *left], known)
        new = book.replace(message.content, spans, work.how)
        if new is None:
            return Changed(seq=text.seq, before_hash=content.hash, broken=True)
        if new:
            edits[index] = applied(message.content, new)
            made += [(index, one) for one in new]
    if not made:
        return Changed(seq=text.seq, before_hash=content.hash)
    after = content.with_texts(edits)
    changed = Changed(seq=text.seq, before_hash=content.hash, after=after.text, made=tuple(made))
    return changed if work.preview else _looked_at(changed, after, work, text)


def _looked_at(changed: Changed, after: Content, work: Work, text: Text) -> Changed:
    """Return the same with what is found in the new text: of one finding replaced the others are to stay in sight."""
    heavy = work.heavy or bool(text.marks)
    looked = checking.findings_of(after, work.settings, heavy=heavy, dates=text.dates)
    found = tuple((one, mark_of(after, one)) for one in looked)
    marks = tuple((one.rule, mark) for one, mark in found if _within(one, changed.made))
    return replace(changed, found=found, surrogates=marks, whole=heavy or not registry.heavy(work.settings.checks))


def personal(content: Content, work: Work) -> Sequence[Finding]:
    """Return the personal data that the project's checks find in a content."""
    return checking.findings_of(content, work.settings, kinds={Kind.PERSONAL}, heavy=work.heavy)


def wanted(spans: Iterable[Span], work: Work) -> list[Span]:
    """Return what is replaced. What is left alone hides nothing: "J. Smith" may be a place, and John Smith is known."""
    return [span for span in spans if span.rule in work.only]


def _spans(content: Content, work: Work, dismissed: Collection[str], marks: Collection[str] = ()) -> list[list[Span]]:
    """Return the personal data of each message that nobody dismissed, apart from each other."""
    found = [(one, mark_of(content, one)) for one in personal(content, work)]
    return by_message(content, [one for one, mark in found if mark not in dismissed and (not marks or mark in marks)])


def by_message(content: Content, findings: Iterable[Finding]) -> list[list[Span]]:
    """Return what was found in each message, apart from each other."""
    found: list[list[Span]] = [[] for _message in content.messages]
    for one in findings:
        found[one.message].append(Span(one.start, one.end, one.details.get("entity", one.rule), one.rule))
    return [settled(spans) for spans in found]


def _spans_of(content: Content, index: int, work: Work, dismissed: Collection[str]) -> list[Span]:
    """Return what was dismissed in a message, which no echo takes up again."""
    return [
        Span(one.start, one.end, one.rule, one.rule)
        for one in (personal(content, work) if dismissed else ())
        if one.message == index and mark_of(content, one) in dismissed
    ]


def _within(found: Finding, made: Iterable[tuple[int, Replacement]]) -> bool:
    """Say whether a finding of the new text is in a replacement: it is nobody's, and is dismissed with the act."""
    moved = 0
    for one in (one for index, one in made if index == found.message):
        start = one.start + moved
        if start <= found.start and found.end <= start + len(one.new):
            return True
        moved += len(one.new) - len(one.old)
    return False

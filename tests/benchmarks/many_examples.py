"""Makes projects of very many examples for benchmarks: imported, partly judged, through storage in large transactions."""

import random
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

from accord.domain.batches import batched
from accord.domain.content import Content, pair
from accord.domain.ledger import Tally, Who
from accord.domain.records import RawRecord, Source
from accord.domain.review import Judgement, Origin, SetAsideReason, Verdict
from accord.storage import decisions, events, imports, listing, reviews, states
from accord.storage.project import Project, create_project, open_project
from accord.workflows import indexing

WHO = Who(actor="ana", device="bench")
TAGS = ("dosage", "diagnosis", "contract", "consent", "paediatrics", "insurance")
PEOPLE = ("ana", "ben", "cem")
FILES = 4
CHUNK = 5_000
#: What is said of every hundredth example counted from 0: accepted, rejected, two who differ, set aside; the rest waits.
ACCEPTED, REJECTED, DISPUTED, ASIDE = 20, 25, 27, 30


def sentences(rng: random.Random, *, words: int = 20_000, count: int = 4_000) -> list[str]:
    """Return sentences of made-up words, frequent and rare ones as in a language."""
    letters = "aeiou", "bdfgklmnprstvz"
    vocabulary = ["".join(rng.choice(letters[i % 2]) for i in range(rng.randint(4, 11))) for _ in range(words)]
    weights = [1 / (rank + 10) for rank in range(words)]
    made = []
    for _number in range(count):
        line = " ".join(rng.choices(vocabulary, weights, k=rng.randint(9, 22)))
        made.append(f"{line.capitalize()}.")
    return made


def contents(start: int, count: int, pool: list[str]) -> Iterator[Content]:
    """Yield examples of about 180 + 600 characters, each different; the word ``caseN`` is in one of them alone."""
    for number in range(start, start + count):
        rng = random.Random(number)
        request = f"{' '.join(rng.sample(pool, 2))[:160]} case{number}?"
        yield pair(request, " ".join(rng.sample(pool, rng.randint(4, 8))))


def open_or_make(place: Path, n: int) -> Project:
    """Open the project of ``n`` examples, made before, or have it made by a process whose memory goes with it."""
    if not place.exists():
        maker = get_context("spawn").Process(target=make, args=(place, n))
        maker.start()
        maker.join()
    return open_project(place)


def make(place: Path, n: int) -> None:
    """Make a project with ``n`` examples in four imports, three tenths of them judged or set aside, all searchable."""
    project = create_project(place)
    grow(project, 0, n)
    indexing.catch_up(project=project)
    project.close()


def grow(project: Project, have: int, n: int) -> None:
    """Bring a project of ``have`` examples to ``n``, in four more imports."""
    started = time.perf_counter()
    pool = sentences(random.Random(7))
    share = -(-(n - have) // FILES)
    for index in range(FILES):
        numbers = range(have + index * share, min(n, have + (index + 1) * share))
        _bring_in(project, f"letters{have}-{index + 1}.csv", numbers, pool)
    for judged in batched(range(have + 1, n + 1), CHUNK):
        _judge(project, judged)
    print(f"made {n - have:,} examples in {time.perf_counter() - started:.0f} s", flush=True)


def _bring_in(project: Project, file: str, numbers: range, pool: list[str]) -> None:
    with project.write(WHO) as unit:
        run = imports.begin(unit, file=file, sha256="", format_name="table", encoding="utf-8", mapping={})
        act = unit.act
        unit.commit()
    read = 0
    for part in batched(numbers, CHUNK):
        rows = [
            RawRecord(
                line=number - numbers.start + 2,
                content=content,
                source=Source(group=f"patient{number // 3}", tags=(TAGS[number % 6],) if number % 4 == 0 else ()),
            )
            for number, content in zip(part, contents(part[0], len(part), pool), strict=True)
        ]
        with project.write(WHO, lasting=False) as unit:
            read += imports.add_rows(unit, run, rows, origin=Origin.IMPORTED).read
            unit.commit()
    with project.write(WHO) as unit:
        imports.finish(unit, run, Tally(read=read, accepted=read, rejected=0, duplicate=0))
        unit.commit()
    imports.ended(act)


def _judge(project: Project, numbers: Sequence[int]) -> None:
    """Judge a chunk as reviewers would, in one unit of work."""
    with project.write(WHO) as unit:
        wanted = [number for number in numbers if number % 100 < ASIDE]
        bases = {seq: text for part in batched(wanted) for seq, text in listing.originals(unit, part).items()}
        judged = [review for number, base in bases.items() for review in _reviews(number, base)]
        reviews.append_all(unit, judged)
        aside = [number for number in bases if number % 100 >= DISPUTED]
        decisions.about_examples(unit, aside, "set_aside", reason=SetAsideReason.BY_HAND.value)
        states.refresh(unit, bases)
        events.append(unit, "review_file", {"reviews": len(judged)})
        unit.commit()


def _reviews(number: int, base: Content) -> list[tuple[int, Judgement, Content, str]]:
    kind, person, tags = number % 100, PEOPLE[number % 3], (TAGS[number % 6],)
    if kind < ACCEPTED:
        return [(number, Judgement(verdict=Verdict.ACCEPT, tags=tags, seconds=20.0), base, person)]
    if kind < REJECTED:
        return [(number, Judgement(verdict=Verdict.REJECT, tags=tags, seconds=9.0), base, person)]
    if kind < DISPUTED:
        verdicts = {"ana": Verdict.ACCEPT, "ben": Verdict.REJECT}
        return [(number, Judgement(verdict=verdict), base, name) for name, verdict in verdicts.items()]
    return []

"""A reviewer at work beside others: opens a few examples, decides on them one after the other, says how each went.

Called with the project's place, the reviewer's number, how many decisions to make, and the seconds to wait before each
(0: as fast as it goes). One JSON line an act: the example, the text it was opened with, the outcome, the seconds it took.
"""

import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from accord.domain.content import Content
from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.storage import listing
from accord.workflows import projects, reviewing

OPENED = 5  # how many examples one has open at a time
STRETCH = 12  # among how many of the shared examples the next one is taken
MOST = 9  # reviewers who may work on one project
SHARED_SHARE, FIX_SHARE = 0.3, 0.5  # of decisions, on what all reviewers meet; of these, changes of the shared text
DEVICE = "one-machine"  # one chain of events, whose order is then the order in which things happened


def shared(count: int) -> int:
    """Return how many examples all reviewers meet."""
    return count * 2


def main() -> None:
    """Decide until the number asked for is saved."""
    place, number, count, pause = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    who = Who(actor=f"reviewer{number}", device=DEVICE)
    chance = random.Random(number)
    project = projects.open_project(path=place if "://" in place else Path(place))
    with project.read() as view:
        ids = listing.ids_of(view, listing.seqs(view))
    walk = _walk(ids, number, count, chance)
    common = set(ids[: shared(count)])
    saved = 0
    while saved < count:
        opened = [(example_id, _text(project, example_id)) for example_id, _n in zip(walk, range(OPENED), strict=False)]
        for example_id, text in opened:
            time.sleep(pause * chance.uniform(0.5, 1.5))
            began = time.perf_counter()
            fixes = example_id in common and chance.random() < FIX_SHARE
            outcome = _decide(project, who, example_id, text, chance, fixes=fixes)
            _say(example=example_id, opened=text.hash, outcome=outcome, seconds=time.perf_counter() - began)
            saved += outcome == "saved"
            if saved == count:
                break
    project.close()


def _walk(ids: list[str], number: int, count: int, chance: random.Random) -> Iterator[str]:
    """Yield own examples, and shared ones of the stretch that the others meet at about the same time."""
    common = shared(count)
    own = iter(ids[common + number :: MOST])
    for done in itertools.count():
        first = min(done, count - 1) * (common - STRETCH) // count
        yield ids[first + chance.randrange(STRETCH)] if chance.random() < SHARED_SHARE else next(own)


def _text(project: projects.Project, example_id: str) -> Content:
    with project.read() as view:
        return listing.base_of(view, listing.seqs_of(view, [example_id])[example_id])


def _decide(
    project: projects.Project, who: Who, example_id: str, text: Content, chance: random.Random, *, fixes: bool
) -> str:
    try:
        if fixes:
            after = f"{text.answer} Corrected {chance.random()}."
            offer = reviewing.FixOffer(
                example_id=example_id, base_hash=text.hash, old="", new="", before=text.answer, after=after
            )
            reviewing.fix_once(project=project, who=who, offer=offer)
            return "fixed"
        verdict = chance.choice((Verdict.ACCEPT, Verdict.REJECT, Verdict.EDIT))
        edits = {1: f"{text.answer} Mine {chance.random()}."} if verdict is Verdict.EDIT else {}
        judgement = Judgement(verdict=verdict, edits=edits)
        reviewing.submit(project=project, who=who, example_id=example_id, judgement=judgement, base_hash=text.hash)
    except AccordError as error:
        return type(error).__name__
    return "saved"


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""In a file too nothing that a reviewer sees or is answered depends on what another said of an example that waits.

The same acts are done twice but for Bo's: of the examples that wait he judges others, or none, with other verdicts,
edits, tags and comments. All that Ana is answered, by the program's own functions and by the command line, must be the same to the byte.
"""

import random
import re
import shutil
from pathlib import Path

import pytest
from tests.reliability.same_history import fixed_chance
from tests.storage.conftest import bring_in, record
from tests.storage.questions import RARE, act, ask, say

from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.review import Verdict
from accord.storage import listing, people
from accord.storage.project import Project, create_project, open_project
from accord.workflows import assigning, bulk, conflicts, duplicates, keeping, reviewing, undoing

LENA, ANA, BO, CARA = "lena", "ana", 'Bo "the" O\'Neil; --', "cara"
ROLES = {LENA: Role.LEAD, ANA: Role.REVIEWER, BO: Role.REVIEWER, CARA: Role.ADJUDICATOR}
#: What Ana, Bo and Cara are to judge; Cara judges none, so that all of it waits. The others need one reviewer.
BLIND = tuple(range(1, 11))
_MILK = "Take it with water twice."
TEXTS = (
    ("May I take it?", _MILK),
    ("May I take it?", "By no means, it would be a grave mistake; ask the ward first."),
    ("May I take it?", ""),
    ("How is dose four taken in the morning?", f"{_MILK} Then rest for an hour and drink a glass of water."),
    ("How is dose four taken in the mornings?", f"{_MILK} Then rest for an hour and drink a glass of water."),
    ("How is dose six taken in the evening hours?", f"{_MILK} Sleep on it, and come back in a week from now."),
    ("How is dose six taken in the evening hour?", f"{_MILK} Sleep on it, and come back in a week from now."),
    ("What is gout?", ""),
    ("What is anaemia?", "Too little haemoglobin in the blood of a person."),
    ("Who may see the file?", "The ward, and nobody beside it."),
    ("How is dose six taken in the evening?", f"{_MILK} Sleep on it, and come back in a week from now!"),
    ("When is the ward open?", "It is open at all hours of the day."),
    ("When is the ward open?", "Never on a Sunday or on a holiday, as the notice says."),
)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a closed project of four people; each run works on a copy of its file."""
    path = tmp_path_factory.mktemp("blind") / "clinic.accord"
    project = create_project(path)
    bring_in(project, [record(n, *texts, tags=("t",)) for n, texts in enumerate(TEXTS, start=1)])
    with project.write(_who(LENA)) as unit:
        for name, role in ROLES.items():
            people.put(unit.connection, Person(name=name, role=role), at=unit.at)
        unit.commit()
    project.sign_in(LENA)
    assigning.assign_by_hand(project=project, who=_who(LENA), numbers=BLIND, reviewers=[ANA, BO, CARA])
    conflicts.refresh_all(project=project, who=_who(LENA))
    duplicates.find(project=project, who=_who(LENA), threshold=0.5)
    project.checkpoint()
    project.close()
    return path


class Run:
    """One copy of the project, in which everybody signs in before acting."""

    def __init__(self, founded: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        shutil.copy(founded, folder / founded.name)
        self.project = open_project(folder / founded.name)
        with self.project.read() as view:
            self.ids = listing.ids_of(view, range(1, len(TEXTS) + 1))

    def as_(self, name: str) -> Project:
        """Return the project as this person works in it."""
        self.project.sign_in(name)
        return self.project

    def bo(self, says: random.Random) -> None:
        """Let Bo do some acts, or none, to examples that wait."""
        project, who = self.as_(BO), _who(BO)
        for _n in range(says.randrange(5)):
            seq, kind = says.choice(BLIND), says.choice(["say", "say", "say", "undo", "draft", "bulk"])
            try:
                if kind == "draft":
                    reviewing.save_draft(
                        project=project, who=who, example_id=self.ids[seq - 1], value={"text": says.random()}
                    )
                elif kind == "undo":
                    undoing.undo(project=project, who=who)
                elif kind == "bulk":
                    bulk.judge(project=project, who=who, numbers=BLIND[:seq], verdict=Verdict.UNSURE)
                else:
                    judgement = say(says, seq)
                    reviewing.submit(project=project, who=who, example_id=self.ids[seq - 1], judgement=judgement)
            except AccordError:
                continue

    def lena(self, script: random.Random) -> None:
        """Let the lead set aside, bring back or tag."""
        project, numbers = self.as_(LENA), [script.randrange(1, len(TEXTS) + 1)]
        change = script.choice([bulk.set_aside, bulk.bring_back])
        if script.random() < 0.5:
            bulk.add_tag(project=project, who=_who(LENA), numbers=numbers, tag=script.choice("xyz"))
        else:
            change(project=project, who=_who(LENA), numbers=numbers)

    def close(self) -> None:
        """Close the copy."""
        self.project.close()


def _who(name: str) -> Who:
    return Who(actor=name, device="desk")


def _played(founded: Path, folder: Path, seed: int, variant: int, questions: int) -> list[str]:
    """Return all that Ana was answered in one run."""
    script, says = random.Random(seed), random.Random(f"{seed} {variant}")
    heard: list[str] = []
    with fixed_chance(seed) as fixed:
        run = Run(founded, folder)
        try:
            for turn in range(questions // 10):
                fixed.turn(3 * turn)
                run.bo(says)
                fixed.turn(3 * turn + 1)
                if script.random() < 0.4:
                    run.lena(script)
                fixed.turn(3 * turn + 2)
                project = run.as_(ANA)
                heard.append(act(project, run.ids, random.Random(f"{seed} {turn}"), ANA, folder))
                chances = [random.Random(f"{seed} {turn} {n}") for n in range(9)]
                heard += [ask(project, run.ids, chance, ANA, BO) for chance in chances]
            assert keeping.inspect(project=run.as_(LENA)) == []
        finally:
            run.close()
    return [_HOW_MANY.sub("", text).replace(str(folder), "") for text in heard]


#: How many verdicts there are in all is no secret: the numbers of her own, and after how many a tag was put on.
_HOW_MANY = re.compile(
    r"'(id|restores)': \d+, '(?=reviewer|\})|'restores': \d+|'after': \d+|Review\(id=\d+|restores=\d+"
)


def _compare(founded: Path, folder: Path, seed: int, questions: int) -> None:
    one, two = (_played(founded, folder / f"{seed} {variant}", seed, variant, questions) for variant in (1, 2))
    for place, (here, there) in enumerate(zip(one, two, strict=True)):
        assert here == there, f"seed {seed}, answer {place}: tells what Bo said"
    assert not [text for text in one if RARE in re.sub(f"['“]{RARE}['”]", "", text)]


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_depends_on_what_another_said(founded: Path, tmp_path: Path, seed: int) -> None:
    _compare(founded, tmp_path, seed, 80)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 150))
def test_ten_thousand_answers(founded: Path, tmp_path: Path, seed: int) -> None:
    _compare(founded, tmp_path, seed, 200)

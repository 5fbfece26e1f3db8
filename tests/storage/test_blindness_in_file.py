"""In a file too nothing that a reviewer sees or is answered depends on what another said of an example that waits.

The same acts are done twice but for Bo's: of the examples that wait he judges others, or none, with other verdicts,
edits, tags and comments; and other examples are controls, with another right verdict. All that Ana is answered, by the
program's own functions and by the command line, must be the same to the byte.
"""

import json
import random
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.reliability.same_history import fixed_chance
from tests.storage.conftest import bring_in, record
from tests.storage.questions import RARE, act, ask, say, some_filter

from accord.__main__ import main
from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.review import Verdict
from accord.storage import listing, people, viewing
from accord.storage.project import Project, create_project, open_project
from accord.workflows import assigning, bulk, conflicts, controls, duplicates, keeping, reviewing, undoing

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
    """Give a closed project of four people, whose lead brought the examples in; each run works on a copy of its file."""
    return _found(tmp_path_factory.mktemp("blind") / "clinic.accord", LENA)


@pytest.fixture(scope="module")
def brought_by_ana(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the same, but that Ana brought the examples in, and can take them back."""
    return _found(tmp_path_factory.mktemp("blind") / "clinic.accord", ANA)


def _found(path: Path, importer: str) -> Path:
    project = create_project(path)
    rows = [record(n, *texts, tags=("t",)) for n, texts in enumerate(TEXTS, start=1)]
    bring_in(project, rows, who=_who(importer))
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
        for _n in range(says.randrange(6)):
            seq, kind = says.choice(BLIND), says.choice(["say", "say", "say", "undo", "draft", "draft", "bulk"])
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

    def known(self, says: random.Random) -> None:
        """Let the lead choose some controls."""
        numbers = says.sample(range(1, len(TEXTS) + 1), 4)
        right = says.choice([Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT])
        controls.add(project=self.as_(LENA), who=_who(LENA), numbers=numbers, verdict=right, note=RARE)

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
            run.known(says)
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


@pytest.mark.parametrize("seed", range(50, 53))
def test_nor_does_taking_back_one_s_own_import(brought_by_ana: Path, tmp_path: Path, seed: int) -> None:
    _compare(brought_by_ana, tmp_path, seed, 40)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 150))
def test_ten_thousand_answers(founded: Path, tmp_path: Path, seed: int) -> None:
    _compare(founded, tmp_path, seed, 200)


def _calls(chance: random.Random, ids: list[str], line: str) -> list[list[str]]:
    """Return the calls that Ana makes, in an order by chance; some change the project."""
    where = some_filter(chance, (ANA, BO))
    verdict = chance.choice(["--accept", "--reject", "--unsure"])
    some = f"id = {chance.choice(ids)}"
    calls = [
        ["list", "--where", where],
        ["list"],
        ["status", "--json"],
        ["status"],
        ["agreement"],
        ["agreement", "--json", "--report", "report.html"],
        ["agreement", "--question", "verdict", "--where", where],
        ["disagreements", "--json"],
        ["disagreements", "--settle", "0.6"],
        ["conflicts", "--json"],
        ["duplicates", "--json", "--method", "exact"],
        ["trace", line, "--json"],
        ["trace", line],
        ["audit"],
        ["audit", "--export", "events.jsonl"],
        ["inspect"],
        ["inspect", "--rebuild"],
        ["backup", "--to", "copy.accord"],
        ["purge", "--id", ids[0], "--reason", "so"],
        ["team"],
        ["assign", "--reviewers", "ana,cara"],
        ["controls"],
        ["controls", "--mark", where],
        ["repeats", "--json"],
        ["repeats", "--reviewer", BO],
        ["repeats", "--plan"],
        ["release", "v1"],
        ["export", "--release", "v1", "--format", "csv", "--out", "out"],
        ["adjudicate", "decisions.csv"],
        ["reviews", "verdicts.csv"],
        ["filters"],
        ["bulk", "--where", where, verdict, "--json", "--dry-run"],
        ["bulk", "--where", some, verdict],
        ["bulk", "--where", some, "--tag", "y"],
        ["bulk", "--undo"],
    ]
    return chance.sample(calls, len(calls))


def _typed(run: Run, words: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what one call as Ana prints and leaves behind."""
    monkeypatch.setattr(sys, "argv", ["accord", words[0], run.project.path.name, *words[1:], "--as", ANA])
    capfd.readouterr()
    try:
        status: object = main()
    except SystemExit as ended:
        status = ended.code
    out, err = capfd.readouterr()
    made = [p for p in sorted(run.folder.iterdir()) if p.name in {"report.html", "events.jsonl", "copy.accord", "out"}]
    text = f"{words}: {status}\n{out}\n{err}\n{[(p.name, p.read_bytes()) for p in made]}"
    for path in made:
        path.unlink()
    assert "usage:" not in err
    return re.sub(
        r'"seconds": [\d.e-]+|\d{4}-\d\d-\d\d \d\d:\d\d', "", text
    )  # how long it took, and when a report was written


def _called(founded: Path, folder: Path, seed: int, variant: int, capfd: pytest.CaptureFixture[str]) -> list[str]:
    says, heard = random.Random(f"{seed} {variant}"), list[str]()
    with fixed_chance(seed) as fixed, pytest.MonkeyPatch.context() as patch:
        run = Run(founded, folder)
        patch.chdir(folder)
        Path("decisions.csv").write_text(f"id,decision,reason,comment\n{run.ids[0]},accept,so,so\n")
        Path("verdicts.csv").write_text(f"id,verdict,reviewer\n{run.ids[0]},reject,\n{run.ids[1]},accept,{CARA}\n")
        try:
            run.known(says)
            script = random.Random(seed)
            said = zip(("user", "assistant"), TEXTS[3], strict=True)
            line = json.dumps({"messages": [{"role": role, "content": text} for role, text in said]})
            for turn, words in enumerate(_calls(script, run.ids, line)):
                fixed.turn(2 * turn)
                if turn % 3 == 0:
                    run.bo(says)
                fixed.turn(2 * turn + 1)
                heard.append(_typed(run, words, capfd, patch))
        finally:
            run.close()
    return heard


@pytest.mark.parametrize("seed", range(2))
def test_no_call_depends_on_what_another_said(
    founded: Path, tmp_path: Path, seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    one, two = (_called(founded, tmp_path / str(variant), seed, variant, capfd) for variant in (1, 2))
    for here, there in zip(one, two, strict=True):
        assert here == there, f"seed {seed}: the call tells what Bo said"
    assert not [text for text in one if RARE in re.sub(f"[= ]{RARE}|'{RARE}'|“{RARE}”", "", text)]


@pytest.mark.parametrize("table", ["review", "draft", "event", "control"])
def test_the_comparison_can_fail(founded: Path, tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(viewing._ROWS, table, "1")
    for seed in range(15):
        try:
            _compare(founded, tmp_path, seed, 40)
        except AssertionError:
            return
    pytest.fail(f"nothing that was asked tells that everybody sees each {table}")

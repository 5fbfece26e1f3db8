"""Random histories in which texts are de-identified and taken back, on both databases: nothing is lost or made up."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from tests.servers import Server
from tests.workflows.texts import WHO

from accord.domain.dismissals import DismissReason
from accord.domain.errors import Refused
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import findings as stored
from accord.storage.project import Project
from accord.workflows import browsing, bulk, deidentifying, findings, importing, keeping, projects, reviewing, undoing
from accord.workflows.deidentifying import How
from accord.workflows.reviewing import BadJudgement

PEOPLE = [replace(WHO, actor=name) for name in ("ana", "ben", "cem")]
LEAD = PEOPLE[0]
ROWS = [
    ("p1", "Mail maria.lopez@gmail.com of 2 March 2020.", "Call (415) 555-2671 on 9 March 2020."),
    ("p1", "Is (415) 555-2671 hers?", "Yes, and maria.lopez@gmail.com, since 16 March 2020."),
    ("p2", "What of (415) 555-2671?", "SSN 123-45-6789."),
    ("", "What is a fever?", "A temperature above 38 degrees."),
    ("p3", "Write to otto@web.de or +49 30 901820.", ""),
]
MORE = [
    ("p2", "Whose is 123-45-6789?", "Of (415) 555-2671."),
    ("p1", "Mail maria.lopez@gmail.com of 2 March 2020.", "Call (415) 555-2671 on 9 March 2020."),
    ("p4", "Does noor@mail.nl answer?", "On 4 May 2021, from 192.168.4.17."),
]
TYPED = ["Ask a doctor.", "Call (415) 555-2671, please.", "She wrote from ada@gmail.com on 3 June 2020."]


@dataclass
class Act:
    """A de-identification: which texts it replaced, by example; of ``other`` earlier verdicts were taken back since."""

    id: str
    before: dict[str, str]
    other: set[str] = field(default_factory=set)


@dataclass
class History:
    """A project, what chance does to it, and what has to be true of it after each act."""

    project: Project
    folder: Path
    chance: Random
    acts: list[Act] = field(default_factory=list)
    imports: int = 0
    done: list[str] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        return {row.id: row.content.text for row in browsing.examples(project=self.project)}

    def any_id(self) -> str:
        return self.chance.choice(sorted(self.texts()))

    def bring(self) -> None:
        rows = ROWS if not self.imports else self.chance.sample(MORE, 2)
        path = self.folder / f"{self.imports}.jsonl"
        lines = [json.dumps({"g": g, "q": q, "a": a}) + "\n" for g, q, a in rows]
        path.write_text("".join(lines), encoding="utf-8")
        self.imports += 1
        mapping = {"request": "q", "answer": "a", "group": "g"}
        importing.import_file(project=self.project, who=LEAD, path=path, mapping=mapping)

    def deidentify(self) -> None:
        before, ids = self.texts(), sorted(self.texts())
        some = self.chance.sample(ids, self.chance.randint(1, len(ids)))
        only = self.chance.choice([(), ("phone-number",), ("email-address", "exact-date")])
        how = self.chance.choice([How.SURROGATE, How.SURROGATE, How.REDACT])
        whole = self.chance.random() < 0.2
        done = deidentifying.apply(project=self.project, actor=LEAD, example_ids=some, how=how, only=only, whole=whole)
        after = self.texts()
        changed = {one for one in ids if after[one] != before[one]}
        assert len(changed) == done.bulk.changed
        assert changed <= set(some)
        if done.bulk.act:
            self.acts.append(Act(done.bulk.act, {one: before[one] for one in changed}))

    def move_dates(self) -> None:
        before = self.texts()
        done = deidentifying.apply(project=self.project, actor=LEAD, how=How.SHIFT)
        if done.bulk.act:
            after = self.texts()
            self.acts.append(Act(done.bulk.act, {one: text for one, text in before.items() if after[one] != text}))

    def undo_deidentifying(self) -> None:
        """Take any of them back, the last or not: what somebody has judged or changed since stays."""
        act = self.chance.choice(self.acts)
        now = self.texts()
        try:
            undone = undoing.undo(project=self.project, who=LEAD, act=act.id)
        except Refused:
            assert self.texts() == now
            return
        self.acts.remove(act)
        after, back = self.texts(), set(undone.examples)
        assert back <= set(act.before)
        assert undone.kept == len(act.before) - len(back)
        for one, text in after.items():
            if one not in act.other & back:
                assert text == (act.before[one] if one in back else now[one])

    def undo_at_once(self) -> None:
        """De-identified and taken back by the same person with nothing in between, all is as it was."""
        before = self.listed()
        done = deidentifying.apply(project=self.project, actor=LEAD)
        if done.bulk.act:
            undone = undoing.undo(project=self.project, who=LEAD)
            assert (len(undone.examples), undone.kept) == (done.bulk.changed, 0)
        assert self.listed() == before

    def judge(self) -> None:
        who, one = self.chance.choice(PEOPLE), self.any_id()
        text = self.chance.choice(["", *TYPED])
        verdict = Verdict.EDIT if text else self.chance.choice([Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE])
        judgement = Judgement(verdict=verdict, edits={1: text} if text else {})
        reviewing.submit(project=self.project, who=who, example_id=one, judgement=judgement)

    def undo(self) -> None:
        who = self.chance.choice(PEOPLE)
        last = undoing.last_act(project=self.project, who=who)
        if last is not None and last.id in {act.id for act in self.acts}:
            return  # that has its own act here
        undone = undoing.undo(project=self.project, who=who)
        for act in self.acts:  # without a verdict from before it another text may stand
            act.other.update(undone.examples)

    def aside(self) -> None:
        numbers = list(browsing.example_numbers(project=self.project))[: self.chance.randint(1, 2)]
        act = bulk.set_aside if self.chance.random() < 0.5 else bulk.bring_back
        act(project=self.project, who=LEAD, numbers=numbers)

    def dismiss(self) -> None:
        one = self.any_id()
        found = [each for each in findings.of_example(project=self.project, example_id=one) if not each.dismissed]
        if found:
            mark = self.chance.choice(found).mark
            reason = self.chance.choice(list(DismissReason))
            findings.dismiss(project=self.project, actor=LEAD, example_id=one, mark=mark, reason=reason)

    def check(self) -> None:
        findings.run(project=self.project, actor=LEAD)
        assert findings.stale(project=self.project) == 0

    def step(self) -> None:
        """Do one thing; what is refused changes nothing."""
        ways: list[Callable[[], None]] = [self.deidentify, self.judge, self.judge, self.undo, self.check]
        ways += [self.aside, self.dismiss, self.move_dates, self.undo_at_once, self.bring]
        ways += [self.undo_deidentifying] * 3 if self.acts else []
        way = self.chance.choice(ways)
        self.done.append(way.__name__)
        with suppress(Refused, BadJudgement):
            way()

    def listed(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        return [(row.id, row.status, row.content.text, row.tags) for row in browsing.examples(project=self.project)]

    def found(self) -> dict[str, list[tuple[str, int, int, int, str]]]:
        """Return what is stored of each example, with what was said of it."""
        return {
            one.id: sorted((f.rule, f.message, f.start, f.end, str(said or "")) for f, said in one.findings)
            for one in findings.listed(project=self.project)
        }

    def is_sound(self) -> None:
        """Compare what is derived with what follows from the rows: states, search, findings, the chain of events."""
        assert keeping.inspect(project=self.project) == [], self.done
        for row in browsing.examples(project=self.project):
            word = next(iter(row.content.messages[-1].content.split() or row.content.request.split())).strip(".,?")
            found = browsing.examples(project=self.project, where=f'text ~ "{word}"')
            assert row.id in {one.id for one in found}, (word, self.done)

    def is_as_made_anew(self) -> None:
        """Derive everything anew, look for every finding again, and find what was there."""
        findings.run(project=self.project, actor=LEAD)
        listed, found = self.listed(), self.found()
        assert keeping.inspect(project=self.project, rebuild=True) == [], self.done
        assert (self.listed(), self.found()) == (listed, found), self.done
        with self.project.write(LEAD) as unit:
            stored.forget(unit, list(browsing.example_numbers(project=self.project)))
            unit.commit()
        findings.run(project=self.project, actor=LEAD)
        assert self.found() == found, self.done
        aside = {one for one, status, *_rest in listed if status == Status.SET_ASIDE}
        assert aside.isdisjoint(found)


@pytest.fixture
def project(place: Path | str, light_checks: None) -> Iterator[Project]:
    opened = projects.new_project(path=place, who=LEAD)
    yield opened
    opened.close()


def lived(project: Project, folder: Path, seed: int, steps: int) -> History:
    history = History(project, folder, Random(seed))
    history.bring()
    for _step in range(steps):
        history.step()
        history.is_sound()
    history.is_as_made_anew()
    return history


@pytest.mark.parametrize("seed", [5, 6])
def test_whatever_is_taken_back_all_follows_from_what_was_said(project: Project, tmp_path: Path, seed: int) -> None:
    history = lived(project, tmp_path, seed, 16)
    assert {"deidentify", "undo_deidentifying", "judge"} <= set(history.done)


@pytest.mark.long
@pytest.mark.usefixtures("light_checks")
def test_many_histories_in_a_file_and_some_on_a_server(server: Server, tmp_path: Path) -> None:
    for seed in range(100, 160):
        folder = tmp_path / str(seed)
        folder.mkdir()
        address = server.new_database() if seed % 6 == 0 else ""
        project = projects.new_project(path=address or folder / "clinic.accord", who=LEAD)
        try:
            lived(project, folder, seed, 60)
        finally:
            project.close()
            if address:
                server.drop(address)

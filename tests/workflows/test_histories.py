"""Random histories of a project against a model of it in plain Python: same texts, same statuses, same conflicts."""

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.workflows.texts import WHO

from accord.analysis.conflicts import conflicting
from accord.domain.canonical import request_key
from accord.domain.content import Content, pair
from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import ConflictResolution, Judgement, SetAsideReason, Verdict
from accord.storage import events, releases, schema, states
from accord.storage.project import Project
from accord.workflows import (
    browsing,
    conflicts,
    duplicates,
    importing,
    keeping,
    projects,
    releasing,
    reviewing,
    undoing,
)

REQUESTS = ["What is gout?", "what  is GOUT?", "Is it safe?", "Can I sue?"]
ANSWERS = ["", "Yes, it is.", "No, and it would be a mistake to try.", "It depends on the dose and on the patient."]
EDITS = ["Yes, it is.", "Better: ask a doctor first.", "It depends on the dose, and on the patient."]
PEOPLE = ["ana", "ben", "cem"]


@dataclass(frozen=True)
class Vote:
    verdict: Verdict
    base: str
    result: Content
    tags: tuple[str, ...]
    order: int


@dataclass
class Modelled:
    """One example as the model sees it."""

    original: Content
    base: Content
    base_author: str = ""
    votes: dict[str, Vote] = field(default_factory=dict)
    aside: bool = False
    tags: dict[int, set[str]] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    last_reason: str = ""
    returned_by: int = 0
    revised: bool = False
    touched: bool = False
    released: int = 0

    def counted(self) -> list[Vote]:
        return [v for name, v in self.votes.items() if v.base == self.base.hash or name == self.base_author]

    def status(self) -> str:
        if self.aside:
            return "set_aside"
        votes = self.counted()
        if not votes:
            return "candidate" if self.base.answer.strip() else "needs_answer"
        if all(v.verdict is Verdict.REJECT for v in votes):
            return "rejected"
        kinds = {v.verdict for v in votes}
        if kinds <= {Verdict.ACCEPT, Verdict.EDIT} and len({v.result.hash for v in votes}) == 1:
            return "accepted"
        return "disagreement"

    def current(self) -> Content:
        aside, self.aside = self.aside, False
        settled = self.status()
        self.aside = aside
        return self.counted()[0].result if settled == "accepted" else self.base

    def shown_tags(self) -> tuple[str, ...]:
        if self.votes:
            return tuple(sorted(max(self.votes.values(), key=lambda vote: vote.order).tags))
        counting = self.imports - self.undone or self.imports
        return tuple(sorted(set().union(*(self.tags[number] for number in counting))))

    @property
    def withdrawn(self) -> bool:
        return self.aside and self.last_reason == "withdrawn"

    def put_aside(self, reason: str) -> None:
        self.aside = self.touched = True
        self.last_reason = reason

    @property
    def imports(self) -> set[int]:
        return set(self.tags)

    def withdrawn_with(self, import_id: int) -> bool:
        """Say whether undoing this import takes the example out of play."""
        alone = self.imports - self.undone == {import_id}
        if alone and not self.touched:
            return True
        return alone and self.returned_by == import_id and not (self.counted() or self.aside or self.revised)


@dataclass
class Act:
    """One act that can be undone, with what it replaced."""

    kind: str
    person: str
    number: int
    ids: list[str]
    vote: Vote | None = None
    base: tuple[Content, str] | None = None
    key: str = ""
    import_id: int = 0


class Histories(RuleBasedStateMachine):
    """What people do to a project, in any order."""

    known = Bundle("known")

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.project: Project = projects.new_project(path=self.folder / "clinic.accord", who=WHO)
        self.model: dict[str, Modelled] = {}
        self.purged: set[str] = set()
        self.settled: dict[str, set[str]] = {}
        self.acts: list[Act] = []
        self.clock = 0
        self.heldout: set[str] = set()
        self.release_count = 0

    def teardown(self) -> None:
        if hasattr(self, "project"):
            assert keeping.inspect(project=self.project) == []
            self.project.close()
            shutil.rmtree(self.folder)

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    def _act(self, kind: str, person: str, ids: Iterable[str], **more: object) -> None:
        self.acts.append(Act(kind=kind, person=person, number=self._tick(), ids=list(ids), **more))  # type: ignore[arg-type]  # named as the fields are

    def _rows(self) -> list[tuple[object, ...]]:
        return [(r.id, r.status, r.hash, r.tags, r.conflict) for r in browsing.examples(project=self.project)]

    @rule(
        rows=st.lists(
            st.tuples(
                st.sampled_from(REQUESTS),
                st.sampled_from(ANSWERS),
                st.sampled_from(["", "p1", "p2"]),
                st.sampled_from(["", "t1", "t1;t2"]),
            ),
            min_size=1,
            max_size=6,
        ),
        person=st.sampled_from(PEOPLE[:2]),
    )
    def bring_in(self, rows: list[tuple[str, str, str, str]], person: str) -> None:
        path = self.folder / f"rows{self._tick()}.jsonl"
        lines = [json.dumps({"q": q, "a": a, "g": g, "t": t}) + "\n" for q, a, g, t in rows]
        path.write_text("".join(lines), encoding="utf-8")
        mapping = {"request": "q", "answer": "a", "group": "g", "tags": "t"}
        report = importing.import_file(project=self.project, who=_who(person), path=path, mapping=mapping)
        assert report.import_id is not None
        new = 0
        for q, a, _g, t in rows:
            content = pair(q, a)
            if content.id in self.purged:
                continue
            found = self.model.get(content.id)
            if found is None:
                found = self.model[content.id] = Modelled(original=content, base=content)
                new += 1
            elif found.withdrawn and report.import_id not in found.imports:
                found.aside = False
                found.returned_by = report.import_id
                new += 1
            found.tags.setdefault(report.import_id, set()).update(name for name in t.split(";") if name)
        refused = sum(pair(q, a).id in self.purged for q, a, _g, _t in rows)
        assert (report.read, report.accepted, report.rejected) == (len(rows), new, refused)
        self._act("import", person, [], import_id=report.import_id)

    @rule(target=known, pick=st.integers(0, 50))
    def choose(self, pick: int) -> str:
        ids = sorted(self.model)
        return ids[pick % len(ids)] if ids else ""

    @rule(
        example=known,
        person=st.sampled_from(PEOPLE),
        verdict=st.sampled_from(Verdict),
        text=st.sampled_from(EDITS),
        tags=st.sampled_from([(), ("t1",), ("x", "y")]),
        request=st.booleans(),
    )
    def submit(  # noqa: PLR0917  (hypothesis gives them by name)
        self,
        example: str,
        person: str,
        verdict: Verdict,
        text: str,
        tags: tuple[str, ...],
        request: bool,  # noqa: FBT001  (drawn)
    ) -> None:
        found = self.model.get(example)
        if found is None:
            return
        place = 0 if request else 1
        edits = {place: REQUESTS[2] if request else text} if verdict is Verdict.EDIT else {}
        judgement = Judgement(verdict=verdict, edits=edits, tags=tags)
        result = found.base.with_texts(edits)
        usable = not (verdict is Verdict.EDIT and result.hash == found.base.hash)
        usable &= verdict not in {Verdict.ACCEPT, Verdict.EDIT} or result.has_answer
        before = self._rows()
        try:
            reviewing.submit(project=self.project, who=_who(person), example_id=example, judgement=judgement)
        except (reviewing.BadJudgement, Refused):
            assert not usable or found.aside
            assert self._rows() == before
            return
        assert usable
        assert not found.aside
        self._act("review", person, [example], vote=found.votes.get(person))
        found.votes[person] = Vote(verdict, found.base.hash, result, tags, self._tick())
        found.touched = True
        found.revised |= result.hash != found.base.hash

    @rule(example=known, person=st.sampled_from(PEOPLE[:2]))
    def set_aside(self, example: str, person: str) -> None:
        found = self.model.get(example)
        if found is None:
            return
        duplicates.set_aside(project=self.project, who=_who(person), ids=[example], reason=SetAsideReason.BY_HAND)
        if not found.aside:
            found.put_aside("by_hand")
            self._act("set_aside", person, [example])

    @rule(example=known, person=st.sampled_from(PEOPLE[:2]))
    def bring_back(self, example: str, person: str) -> None:
        found = self.model.get(example)
        if found is None:
            return
        duplicates.bring_back(project=self.project, who=_who(person), ids=[example])
        if found.aside:
            found.aside = False
            self._act("bring_back", person, [example])

    @rule(example=known, person=st.sampled_from(PEOPLE[:2]), text=st.sampled_from(EDITS))
    def fix_once(self, example: str, person: str, text: str) -> None:
        found = self.model.get(example)
        if found is None or found.base.answer_index is None or found.base.answer == text:
            return
        offer = reviewing.FixOffer(
            example_id=example, base_hash=found.base.hash, old="", new="", before=found.base.answer, after=text
        )
        try:
            reviewing.fix_once(project=self.project, who=_who(person), offer=offer)
        except Refused:
            assert found.votes or found.aside
            return
        self._act("fix_once", person, [example], base=(found.base, found.base_author))
        found.base, found.base_author = found.base.with_texts({found.base.answer_index: text}), person
        found.touched = found.revised = True

    @precondition(lambda self: bool(self._conflicts()))
    @rule(person=st.sampled_from(PEOPLE[:2]), how=st.sampled_from(ConflictResolution), pick=st.integers(0, 20))
    def settle(self, person: str, how: ConflictResolution, pick: int) -> None:
        open_now = self._conflicts()
        key = sorted(open_now)[pick % len(open_now)]
        ids = sorted(open_now[key])
        keep = ids[pick % len(ids)]
        listed = {c.key: c for c in conflicts.listed(project=self.project)}
        assert {k: {row.id for row in c.rows} for k, c in listed.items()} == open_now
        put_aside = conflicts.settle(
            project=self.project, who=_who(person), keys=[key], resolution=how, reason="checked", keep={key: keep}
        )
        needs_keeper = how in {ConflictResolution.KEEP_ONE, ConflictResolution.MERGE}
        assert sorted(put_aside) == (sorted(set(ids) - {keep}) if needs_keeper else [])
        self.settled[key] = set(ids)
        for example in put_aside:
            self.model[example].put_aside("by_hand")
        self._act("settle", person, put_aside, key=key)

    @rule(person=st.sampled_from(PEOPLE[:2]))
    def undo(self, person: str) -> None:
        mine = [act for act in self.acts if act.person == person]
        before = self._rows()
        try:
            undone = undoing.undo(project=self.project, who=_who(person))
        except Refused:
            assert self._rows() == before
            if mine and mine[-1] is self.acts[-1] and mine[-1].kind != "purge":
                assert any(self.model[i].released >= mine[-1].number for i in self._touched_by(mine[-1])), mine[-1]
            return
        act = mine[-1]
        assert act.kind != "purge"  # it stays, and so does what its person did before it
        self.acts.remove(act)
        assert undone.kind in {act.kind, "settle_conflict"}
        self._take_back(act, person)

    def _touched_by(self, act: Act) -> list[str]:
        if act.kind == "import":
            return [i for i, m in self.model.items() if act.import_id in m.imports]
        return [i for i in act.ids if i in self.model]

    def _take_back(self, act: Act, person: str) -> None:
        if act.kind == "settle":
            self.settled.pop(act.key, None)
        if act.kind == "import":
            self._withdraw(act.import_id)
        for found in (self.model[i] for i in act.ids if i in self.model):
            if act.kind == "review":
                found.votes.pop(person, None)
                if act.vote is not None:
                    found.votes[person] = act.vote
            elif act.kind == "fix_once" and act.base is not None:
                found.base, found.base_author = act.base[0], person
            elif act.kind in {"set_aside", "bring_back", "settle"}:
                found.aside = act.kind == "bring_back"

    def _withdraw(self, import_id: int) -> None:
        for found in self.model.values():
            if found.withdrawn_with(import_id):
                found.put_aside("withdrawn")
            if import_id in found.imports:
                found.undone.add(import_id)

    @rule(example=consumes(known), person=st.sampled_from(PEOPLE[:2]))
    def purge(self, example: str, person: str) -> None:
        found = self.model.pop(example, None)
        if found is None:
            with pytest.raises(NotFound):
                keeping.purge(project=self.project, who=_who(person), example_id="0" * 20, reason="r")
            return
        keeping.purge(project=self.project, who=_who(person), example_id=example, reason="withdrawn")
        self.purged.add(example)
        self.heldout.discard(example)
        self._act("purge", person, [])

    @rule(seed=st.integers(0, 3))
    def release(self, seed: int) -> None:
        accepted = {i: m for i, m in self.model.items() if m.status() == "accepted"}
        name = f"v{self.release_count + 1}"
        plan = ReleasePlan(heldout=0.3, validation=0.2, seed=seed)
        if not accepted:
            with pytest.raises(Refused):
                releasing.make(project=self.project, who=WHO, name=name, plan=plan)
            return
        made = releasing.make(project=self.project, who=WHO, name=name, plan=plan)
        self.release_count += 1
        with self.project.read() as view:
            parts = releases.parts(view, name)
        left = {item.id for item in made.left_out}
        assert set(parts) | left == set(accepted)
        assert not set(parts) & left
        assert {i: h for i, (_part, h) in parts.items()} == {i: accepted[i].current().hash for i in parts}
        assert all(parts[i][0] == "heldout" for i in self.heldout & set(parts))
        self.heldout |= {i for i, (part, _hash) in parts.items() if part == "heldout"}
        self._tick()
        for example in parts:
            self.model[example].released = self.clock

    def _conflicts(self) -> dict[str, set[str]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for example, found in self.model.items():
            if found.status() in {"candidate", "disagreement", "accepted"}:
                content = found.current()
                groups.setdefault(request_key(content.request), []).append((example, content.answer))
        return {
            key: {example for example, _answer in members}
            for key, members in groups.items()
            if conflicting([answer for _example, answer in members])
            and not {example for example, _answer in members} <= self.settled.get(key, set())
        }

    @invariant()
    def the_project_is_what_the_model_says(self) -> None:
        if not hasattr(self, "project"):
            return
        flagged = {example for members in self._conflicts().values() for example in members}
        expected = sorted(
            (i, m.status(), m.current().hash, m.shown_tags(), i in flagged) for i, m in self.model.items()
        )
        assert sorted(self._rows()) == expected
        with self.project.read() as view:
            assert states.differences(view) == []
            assert events.problems(view) == []
            before = view.connection.execute(schema.example_state.select()).all()
        with self.project.write(WHO) as unit:
            states.rebuild(unit)
            assert unit.connection.execute(schema.example_state.select()).all() == before


def _who(person: str) -> Who:
    return replace(WHO, actor=person)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.long
def test_many_histories() -> None:
    """About 24,000 acts."""
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=400, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

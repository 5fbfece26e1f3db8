"""What several reviewers do, act by act at random: to the program and to a plain model of it, and both compared."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reliability.review_model import ADJUDICATOR, LEAD, REVIEWER, Act, Model
from tests.teams import ANA, BO, CARA, LENA, PASSWORD, who

from accord.domain.content import Content
from accord.domain.errors import AccordError
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, SetAsideReason, Verdict
from accord.domain.signatures import SignatureState
from accord.storage import listing, releases, schema, states
from accord.storage.project import Project, Unit, open_project
from accord.workflows import (
    adjudicating,
    assigning,
    browsing,
    duplicates,
    keeping,
    majority,
    packing,
    releasing,
    reviewing,
    signing,
    undoing,
)

ROLES = {ANA: REVIEWER, BO: REVIEWER, CARA: ADJUDICATOR, LENA: LEAD}
TEXTS = ("It is one.", "It is two.")


@dataclass
class World:
    """One project, open once for each person, and what it should be."""

    open: dict[str, Project]
    ids: dict[int, str]
    model: Model
    folder: Path

    def number(self) -> int:
        """Return the number of the next act."""
        return len(self.model.acts) + len(self.model.releases) + 1

    def says(self, expected: bool, act: Callable[[], object]) -> bool:  # noqa: FBT001  (an answer)
        """Do an act that the program should allow or refuse, and say whether it did."""
        done, why = True, ""
        try:
            act()
        except AccordError as error:
            done, why = False, str(error)
        assert done is expected, why or "done, but should be refused"
        return done


def _verdict(chance: random.Random) -> tuple[Verdict, str]:
    verdict = chance.choice(
        [Verdict.ACCEPT, Verdict.ACCEPT, Verdict.EDIT, Verdict.EDIT, Verdict.REJECT, Verdict.UNSURE]
    )
    return verdict, chance.choice(TEXTS) if verdict is Verdict.EDIT else ""


def _usable(world: World, example: int, verdict: Verdict, text: str) -> bool:
    base, _author = world.model.base(example)
    return not (verdict is Verdict.EDIT and text == base) and not (verdict is Verdict.ACCEPT and not base)


def _submit(world: World, chance: random.Random, example: int, *, person: str = "") -> None:
    model, person = world.model, person or chance.choice(list(ROLES))
    verdict, text = _verdict(chance)
    tags = tuple(chance.sample(["x", "y"], chance.randrange(3)))
    base, _author = model.base(example)
    expected = _usable(world, example, verdict, text) and not model.aside(example)
    judgement = Judgement(verdict=verdict, edits={1: text} if text else {}, tags=tags)
    common: dict[str, Any] = {"project": world.open[person], "who": who(person), "example_id": world.ids[example]}
    if world.says(expected, lambda: reviewing.submit(**common, judgement=judgement)):
        model.note(Act(world.number(), "verdict", person, example, verdict.value, text or base, base=base, tags=tags))


def _decide(world: World, chance: random.Random, example: int) -> None:
    model, person = world.model, chance.choice([CARA, CARA, LENA, ANA])
    verdict, text = _verdict(chance)
    base, _author = model.base(example)
    able = ROLES[person] != REVIEWER and verdict is not Verdict.UNSURE and not model.aside(example)
    if text == base:  # an edit that changes nothing accepts
        verdict, text = Verdict.ACCEPT, ""
    expected = able and _usable(world, example, verdict, text)
    common: dict[str, Any] = {"project": world.open[person], "who": who(person), "example_id": world.ids[example]}
    if world.says(
        expected,
        lambda: adjudicating.decide(
            **common, verdict=verdict, edits={1: text} if text else {}, reason="evidence", comment="so"
        ),
    ):
        model.note(Act(world.number(), "decision", person, example, verdict.value, text))


def _rule(world: World, chance: random.Random, _example: int) -> None:
    model, share = world.model, chance.choice([0.6, 1.0])
    person = chance.choice([CARA, CARA, ANA])
    if not world.says(
        person == CARA, lambda: majority.settle_by_rule(project=world.open[person], who=who(person), share=share)
    ):
        return
    run = world.number()
    for example in sorted(world.ids):
        standing, known = model.decision(example), model.standing(example).status
        looked_at = known == "disagreement" if standing is None else standing.kind == "rule"
        wanted = model.majority(example, share)
        if looked_at and (standing is None or (standing.verdict, standing.text) != wanted):
            if standing is not None:
                model.note(Act(world.number(), "reopen", person, example, run=run))
            if wanted is not None:
                model.note(Act(world.number(), "rule", person, example, *wanted, run=run))


def _aside(world: World, chance: random.Random, example: int) -> None:
    kind, model = chance.choice(["aside", "back", "back"]), world.model
    common: dict[str, Any] = {"project": world.open[LENA], "who": who(LENA), "ids": [world.ids[example]]}
    before = model.aside(example)
    if kind == "aside":
        duplicates.set_aside(**common, reason=SetAsideReason.BY_HAND)
    else:
        duplicates.bring_back(**common)
    if before is (kind == "back"):
        model.note(Act(world.number(), kind, LENA, example))


def _fix(world: World, chance: random.Random, example: int) -> None:
    model, person, text = world.model, chance.choice(list(ROLES)), chance.choice(TEXTS)
    base, _author = model.base(example)
    with world.open[person].read() as view:
        hash_ = listing.base_of(view, example).hash
    status, _by, _text, _tags, reviewers = model.seen(example, person)
    offer = reviewing.FixOffer(example_id=world.ids[example], base_hash=hash_, old="", new="", before=base, after=text)
    if base == text:
        return
    expected = bool(base) and not reviewers and status != "set_aside"
    if world.says(expected, lambda: reviewing.fix_once(project=world.open[person], who=who(person), offer=offer)):
        model.note(Act(world.number(), "fix", person, example, text=text))


def _assign(world: World, chance: random.Random, example: int) -> None:
    model, person = world.model, chance.choice([LENA, LENA, LENA, CARA])
    names = tuple(sorted(chance.sample(list(ROLES), chance.randrange(1, 4))))
    new = tuple(name for name in names if name not in model.assigned(example))
    open_ = model.standing(example).status in {"candidate", "needs_answer", "in_review", "disagreement"}
    common: dict[str, Any] = {"project": world.open[person], "who": who(person), "numbers": [example]}
    if world.says(
        person == LENA and open_ and bool(new),
        lambda: assigning.assign_by_hand(**common, reviewers=names),
    ):
        model.give(Act(world.number(), "assign", person, example, names=new))


def _undo(world: World, chance: random.Random, _example: int) -> None:
    model, person = world.model, chance.choice(list(ROLES))
    act = model.to_undo(person)
    expected = act is not None and model.may_undo(act)
    if world.says(expected, lambda: undoing.undo(project=world.open[person], who=who(person))) and act is not None:
        if act.kind == "assign":
            model.take_off(act)
        elif act.run:
            model.take_run_back(act.run)
        act.undone = not act.stays


def _release(world: World, chance: random.Random, _example: int) -> None:
    model, person = world.model, chance.choice([LENA, LENA, CARA, ANA])
    standings = {example: model.standing(example) for example in world.ids}
    accepted = {example: found for example, found in standings.items() if found.status == "accepted"}
    name, plan = f"v{len(model.releases) + 1}", ReleasePlan(heldout=0.2, validation=0.2, seed=chance.randrange(3))
    common: dict[str, Any] = {"project": world.open[person], "who": who(person), "name": name, "plan": plan}
    if not world.says(person == LENA and bool(accepted), lambda: releasing.make(**common)):
        return
    with world.open[LENA].read() as view:
        frozen = {one.id: one for one in releases.examples(view, name)}
        found = releases.find(view, name)
    assert found is not None
    left = {item.id for item in found.left_out}
    assert set(frozen) | left == {world.ids[example] for example in accepted}
    for example, stands in accepted.items():
        if world.ids[example] in frozen:
            one = frozen[world.ids[example]]
            assert (Content.from_text(one.text).answer, one.facts["decided_by"]) == (stands.text, stands.decided_by)
            enough = stands.verdicts >= model.required.get(example, 1) or stands.decided_by == "adjudicated"
            assert enough, "a release holds what nobody has decided"
    held = frozenset(example for example in accepted if world.ids[example] in frozen)
    model.releases.append((world.number(), held))
    model.note_staying(world.number(), LENA)


def _sign(world: World, chance: random.Random, _example: int) -> None:
    person = chance.choice([LENA, CARA])
    phrase = "a phrase of one's own" if world.open[LENA].file else PASSWORD
    name = f"v{chance.randrange(len(world.model.releases) + 1)}"
    known = name in {f"v{n + 1}" for n in range(len(world.model.releases))}
    common: dict[str, Any] = {"project": world.open[person], "who": who(person), "release": name}
    if world.says(known, lambda: signing.sign(**common, name=person, credential="MD", phrase=phrase)):
        given = signing.of_release(project=world.open[LENA], release=name)
        mine = [one.holds for one in given if one.author == person]
        assert mine == [*[False] * (len(mine) - 1), True], "the newest signature holds, and replaces the earlier ones"
        world.model.note_staying(world.number(), person)


def _pack(world: World, chance: random.Random, example: int) -> None:
    """Let a reviewer judge what she is given on another machine, and bring it home twice."""
    model, person, number = world.model, chance.choice([ANA, BO]), world.number()
    file, lena = world.folder / f"{number}.accord", world.open[LENA]
    where = f"id = {world.ids[example]}"
    try:
        packed = packing.make(project=lena, who=who(LENA), reviewer=person, to=file, where=where)
    except AccordError:
        assert model.standing(example).status in {"accepted", "rejected", "set_aside"} or person in {
            act.person for act in model.votes(example)
        }
        return
    if packed.assigned:
        model.give(Act(number, "assign", LENA, example, names=(person,)))
    model.note_staying(world.number(), LENA)
    base, _author = model.base(example)
    verdict, text = _verdict(chance)
    judgement = Judgement(verdict=verdict, edits={1: text} if text else {})
    away, said = open_project(file), True
    try:
        reviewing.submit(project=away, who=who(person), example_id=world.ids[example], judgement=judgement)
    except AccordError:  # it is not in the pack, or the verdict fits no text
        said = False
    finally:
        away.close()
    first, second = (packing.merge(project=lena, who=who(LENA), files=[file]).files[0] for _time in range(2))
    assert (first.refused, first.new, second.refused, second.new) == ("", int(said), "", 0)
    if said:
        act = Act(world.number(), "verdict", person, example, verdict.value, text or base, base, undoable=False)
        model.note(act)


ACTS: dict[str, Callable[[World, random.Random, int], None]] = {
    "submit": _submit,
    "decide": _decide,
    "rule": _rule,
    "aside": _aside,
    "fix": _fix,
    "assign": _assign,
    "undo": _undo,
    "release": _release,
    "sign": _sign,
    "pack": _pack,
}
OFTEN = {
    "submit": 12,
    "decide": 4,
    "rule": 2,
    "aside": 2,
    "fix": 2,
    "assign": 2,
    "undo": 6,
    "release": 1,
    "sign": 1,
    "pack": 1,
}


def check(world: World, person: str, *, deeply: bool) -> None:
    """Compare what a person is shown with what she should be."""
    rows = {row.seq: row for row in browsing.examples(project=world.open[person])}
    for example in world.ids:
        row = rows[example]
        shown = (row.status, row.decided_by, row.content.answer, row.tags, tuple(sorted(row.reviewers)))
        assert shown == world.model.seen(example, person), f"example {example} as {person} is shown it"
    if not deeply:
        return
    for example in world.ids:
        found = browsing.example(project=world.open[person], example_id=world.ids[example])
        hidden = world.model.standing(example).waits and ROLES[person] != LEAD
        assert not hidden or {review.reviewer for review in found.reviews} <= {person}
        assert not hidden or {r.author for r in found.revisions if r.of_review} <= {person}
    lena = world.open[LENA]
    assert keeping.inspect(project=lena) == []
    with lena.write(who(LENA)) as unit:
        query = _derived(unit)
        states.rebuild(unit)
        assert _derived(unit) == query, "derived anew it is something else"
    for number in range(len(world.model.releases)):
        given = signing.of_release(project=lena, release=f"v{number + 1}")
        assert all(one.holds or one.state is SignatureState.REPLACED for one in given), "a signature is void"


def _derived(unit: Unit) -> list[object]:
    """Return the derived rows."""
    table = schema.example_state
    return [tuple(row) for row in unit.connection.execute(table.select().order_by(table.c.seq))]

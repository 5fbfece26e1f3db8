"""What several reviewers' work comes to, in plain Python: a list of acts in force, read from its beginning each time.

An act that is undone leaves the list. Nothing here is taken from the program but the names of its statuses.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LEAD, ADJUDICATOR, REVIEWER = "lead", "adjudicator", "reviewer"
TAGS = ("t",)
DECIDES = {"decision", "rule", "reopen", "aside", "back"}


@dataclass
class Act:
    """Something that was done to one example; ``text`` is the answer that it leads to, where it leads to one."""

    number: int
    kind: str  # verdict, decision, rule, reopen, aside, back, fix, assign, stays
    person: str
    example: int
    verdict: str = ""
    text: str = ""
    base: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    raised: int = 0
    run: int = 0  # of the rule, one act on many examples
    stays: bool = False  # of a run that was taken back: somebody has decided since
    undone: bool = False
    undoable: bool = True


@dataclass
class Standing:
    """Where an example stands for one who may know everything."""

    status: str
    decided_by: str
    text: str
    tags: tuple[str, ...]
    reviewers: tuple[str, ...]
    verdicts: int
    waits: bool


@dataclass
class Model:
    """The project as it should be; examples by their number, people by their name."""

    answers: dict[int, str]
    roles: dict[str, str]
    required: dict[int, int]
    acts: list[Act] = field(default_factory=list)
    releases: list[tuple[int, frozenset[int]]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def note(self, act: Act) -> None:
        """Add what was done."""
        self.acts.append(act)

    def of(self, example: int) -> Iterator[Act]:
        """Yield what is in force of what was done to an example."""
        return (act for act in self.acts if act.example == example and not act.undone)

    def base(self, example: int) -> tuple[str, str]:
        """Return the shared text and whose edit it is ('' where an adjudicator wrote it, or nobody)."""
        text, author = self.answers[example], ""
        for act in self.of(example):
            if act.kind == "fix" or (act.kind == "decision" and act.text):
                text, author = act.text, act.person if act.kind == "fix" else ""
        return text, author

    def votes(self, example: int) -> list[Act]:
        """Return everybody's newest verdict."""
        newest = {act.person: act for act in self.of(example) if act.kind == "verdict"}
        return sorted(newest.values(), key=lambda act: act.number)

    def counted(self, example: int) -> list[Act]:
        """Return the verdicts on the text that stands."""
        text, author = self.base(example)
        return [act for act in self.votes(example) if act.base == text or act.person == author]

    def decision(self, example: int) -> Act | None:
        """Return the decision in force."""
        found = None
        for act in self.of(example):
            if act.kind in {"decision", "rule"}:
                found = act
            elif act.kind == "reopen":
                found = None
        return found

    def aside(self, example: int) -> bool:
        """Say whether an example is set aside."""
        kinds = [act.kind for act in self.of(example) if act.kind in {"aside", "back"}]
        return kinds[-1:] == ["aside"]

    def assigned(self, example: int) -> set[str]:
        """Return who is to review an example."""
        return {name for act in self.of(example) if act.kind == "assign" for name in act.names}

    def standing(self, example: int) -> Standing:
        """Return where an example stands."""
        votes, decision, required = self.counted(example), self.decision(example), self.required.get(example, 1)
        waits = required > 1 and len(votes) < required and decision is None
        status, by, text = self._settled(example, votes, required)
        if decision is not None:
            status, by = "rejected" if decision.verdict == "reject" else "accepted", "adjudicated"
            text = decision.text if decision.kind == "rule" and decision.text else self.base(example)[0]
        if self.aside(example):
            status, by = "set_aside", ""
        everyone = self.votes(example)
        tags = everyone[-1].tags if everyone and not waits else TAGS
        names = tuple(act.person for act in everyone)
        return Standing(status, by, text, tuple(sorted(tags)), names, len(votes), waits)

    def _settled(self, example: int, votes: list[Act], required: int) -> tuple[str, str, str]:
        base, _author = self.base(example)
        if not votes:
            return "candidate" if base else "needs_answer", "", base
        if len(votes) < required:
            return "in_review", "", base
        by = "single" if len(votes) == 1 else "agreed"
        said = {act.verdict for act in votes}
        if said == {"reject"}:
            return "rejected", by, base
        texts = {act.text for act in votes}
        if said <= {"accept", "edit"} and len(texts) == 1:
            return "accepted", by, texts.pop()
        return "disagreement", "", base

    def seen(self, example: int, person: str) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...]]:
        """Return status, who decided, text, tags and reviewers as a person is shown them."""
        found = self.standing(example)
        if not found.waits or self.roles[person] == LEAD:
            return found.status, found.decided_by, found.text, found.tags, tuple(sorted(found.reviewers))
        base, _author = self.base(example)
        status = "candidate" if base else "needs_answer"
        if any(act.person == person for act in self.counted(example)):
            status = "in_review"
        if self.aside(example):
            status = "set_aside"
        mine = tuple(name for name in found.reviewers if name == person)
        return status, "", found.text, found.tags, mine

    def majority(self, example: int, share: float) -> tuple[str, str] | None:
        """Return verdict and text that enough of three or more reviewers agree on."""
        votes = self.counted(example)
        said = Counter((act.verdict == "reject", act.text) for act in votes if act.verdict != "unsure")
        if not said or len(votes) < 3:
            return None
        (rejects, text), most = said.most_common(1)[0]
        if most < share * len(votes):
            return None
        return ("reject", "") if rejects else ("accept", text)

    def give(self, act: Act) -> None:
        """Note that an example was given out: it then needs the verdicts of whoever has it or has judged it."""
        self.note(act)
        needed = self.required.get(act.example, 1)
        act.raised = max(self._people(act.example) - needed, 0)
        self.required[act.example] = needed + act.raised

    def take_off(self, act: Act) -> None:
        """Note that giving out was taken back, with what it had asked for, but for those who have it or judged it."""
        act.undone = True
        needed = self.required.get(act.example, 1)
        self.required[act.example] = min(needed, max(needed - act.raised, self._people(act.example), 1))

    def _people(self, example: int) -> int:
        return len(self.assigned(example) | set(self.standing(example).reviewers))

    def to_undo(self, person: str) -> Act | None:
        """Return a person's newest act, whether it can be undone or stays; a verdict that was brought home is no act."""
        mine = (a for a in reversed(self.acts) if a.person == person and not a.undone and not a.stays)
        return next((a for a in mine if a.undoable or a.kind != "verdict"), None)

    def note_staying(self, number: int, person: str) -> None:
        """Note an act that is never undone, nor what its person did before it: a release, a signature, a pack."""
        self.note(Act(number, "stays", person, 0, undoable=False))

    def may_undo(self, act: Act) -> bool:
        """Say whether an act can be taken back: nobody went on from it as far as its person knows, no release has it."""
        if not act.undoable:
            return False
        if act.kind == "assign":
            return True
        touched = {one.example for one in self.acts if one.run == act.run} if act.run else {act.example}
        if any(since > act.number and touched & held for since, held in self.releases):
            return False
        if act.run:
            return True
        hidden = self.standing(act.example).waits and self.roles[act.person] != LEAD
        return not any(self._goes_on(act, later, hidden=hidden) for later in self.of(act.example))

    def take_run_back(self, run: int) -> None:
        """Note that what a run of the rule settled was taken back, but where somebody has decided since."""
        mine = [act for act in self.acts if act.run == run]
        last, found = max(act.number for act in mine), {act.example for act in mine}
        over = {one for one in found if any(a.kind in DECIDES and a.number > last for a in self.of(one))}
        for act in mine:
            act.stays = act.example in over
            act.undone = not act.stays

    @staticmethod
    def _goes_on(act: Act, later: Act, *, hidden: bool) -> bool:
        if later.number <= act.number:
            return False
        if act.kind == "verdict":
            return later.kind == "verdict" and later.person == act.person
        if act.kind in DECIDES and later.kind in DECIDES:
            return True
        changes = act.kind == "fix" or (act.kind == "decision" and bool(act.text))
        if not changes:
            return False
        again = later.kind == "fix" or (later.kind == "decision" and bool(later.text))
        judges = later.kind == "verdict" and later.base == act.text and not (hidden and later.person != act.person)
        return again or judges

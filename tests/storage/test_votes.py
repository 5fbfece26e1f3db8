"""The reviews that count, as arrays: which of them, on both databases, and as each person may see them."""

from collections.abc import Sequence

import pytest
from tests.storage.conftest import WHO, bring_in, record
from tests.teams import ANA, BO, LENA, Team, who

from accord.domain.errors import Cancelled
from accord.domain.filters import read_filter
from accord.domain.progress import CancelFlag
from accord.domain.review import Judgement, RevisionKind, Verdict, counted
from accord.storage import decisions, listing, reviews, states
from accord.storage.project import Project, Unit
from accord.storage.votes import VERDICTS, Votes, answers, read_votes
from accord.workflows import reviewing

ACCEPT, REJECT = (Judgement(verdict=verdict) for verdict in (Verdict.ACCEPT, Verdict.REJECT))


def edit(text: str) -> Judgement:
    return Judgement(verdict=Verdict.EDIT, edits={1: text}, tags=("dose", "age"), ratings={"clarity": 4})


@pytest.fixture
def filled(project: Project) -> Project:
    """Give a project of three examples, numbered 1 to 3."""
    bring_in(project, [record(n, f"Question {n}?", f"Answer {n}.") for n in (1, 2, 3)])
    return project


def say(project: Project, seq: int, *said: tuple[str, Judgement], review_round: int = 1) -> None:
    """Store what people say of an example, in this order."""
    with project.write(WHO) as unit:
        for name, judgement in said:
            base = listing.base_of(unit, seq)
            reviews.append(unit, seq, judgement, base, reviewer=name, review_round=review_round)
        states.refresh(unit, [seq])
        unit.commit()


def read(project: Project, where: str = "") -> Votes:
    with project.read() as view:
        return read_votes(view, read_filter(where))


def rows(votes: Votes) -> list[tuple[int, str, str]]:
    """Return (number of the example, reviewer, verdict) of each review that counts."""
    return sorted(
        (votes.seqs[votes.item[at]], votes.reviewers[votes.reviewer[at]], VERDICTS[votes.verdict[at]].value)
        for at in range(votes.counted)
    )


def as_the_domain_counts(project: Project, seqs: Sequence[int]) -> list[tuple[int, str, str]]:
    found = []
    with project.read() as view:
        for seq in seqs:
            shared = [one for one in reviews.revisions(view, seq) if not one.of_review]
            author = shared[-1].author if shared and shared[-1].kind is RevisionKind.EDIT else ""
            base = listing.base_of(view, seq)
            votes = counted(reviews.of_example(view, seq), base_hash=base.hash, base_author=author)
            found += [(seq, vote.reviewer, vote.judgement.verdict.value) for vote in votes]
    return sorted(found)


def test_the_newest_of_each_reviewer_counts_with_all_it_says(filled: Project) -> None:
    say(filled, 1, ("bo", REJECT), ("ana", edit("Better.")), ("bo", ACCEPT))
    say(filled, 2, ("ana", REJECT))
    votes = read(filled)
    assert rows(votes) == [(1, "ana", "edit"), (1, "bo", "accept"), (2, "ana", "reject")]
    assert rows(votes) == as_the_domain_counts(filled, [1, 2, 3])
    assert list(votes.ids) == sorted(votes.ids)
    assert votes.reviewers == ("ana", "bo")
    edited = next(at for at in range(3) if VERDICTS[votes.verdict[at]] is Verdict.EDIT)
    assert votes.tag_sets[votes.tags[edited]] == ("age", "dose")
    assert votes.rating_sets[votes.ratings[edited]] == {"clarity": 4}
    with filled.read() as view:
        key = (1, votes.texts[votes.text[edited]])
        assert answers(view, {key, (2, "0" * 64)}) == {key: "Better."}


def test_what_is_taken_back_or_of_another_text_does_not_count(filled: Project) -> None:
    say(filled, 1, ("ana", ACCEPT), ("bo", ACCEPT))
    say(filled, 2, ("ana", ACCEPT), ("bo", ACCEPT))
    with filled.write(WHO) as unit:
        reviews.append_again(unit, 1, "ana", None)
        base = listing.base_of(unit, 2)
        changed = base.with_texts({1: "Changed."})
        reviews.add_revision(unit, 2, changed, parent=base, kind=RevisionKind.EDIT, author="bo")
        states.refresh(unit, [1, 2])
        unit.commit()
    assert rows(read(filled)) == [(1, "bo", "accept"), (2, "bo", "accept")]
    assert rows(read(filled)) == as_the_domain_counts(filled, [1, 2, 3])


def _decide(unit: Unit, seq: int, text: str = "", **more: object) -> None:
    """Let an adjudicator decide, with a text of her own where one is given."""
    if text:
        base = listing.base_of(unit, seq)
        new = base.with_texts({1: text})
        reviews.add_revision(unit, seq, new, parent=base, kind=RevisionKind.ADJUDICATE, author="lena")
    decisions.about_examples(unit, [seq], "adjudicate", payload={"verdict": "edit" if text else "accept", **more})
    states.refresh(unit, [seq])


def test_a_decision_leaves_what_the_raters_said(filled: Project) -> None:
    for seq in (1, 2, 3):
        say(filled, seq, ("ana", ACCEPT), ("bo", REJECT))
    before = rows(read(filled))
    with filled.write(WHO) as unit:
        _decide(unit, 1, "A third text.")
        _decide(unit, 2)
        _decide(unit, 3, rule="majority")
        unit.commit()
    votes = read(filled)
    assert rows(votes) == before
    assert {votes.seqs[item] for item in votes.decided} == {1, 2, 3}
    ruled = {votes.seqs[item]: ruling for item, ruling in votes.rulings.items()}
    assert {seq: ruling.verdict for seq, ruling in ruled.items()} == {1: Verdict.EDIT, 2: Verdict.ACCEPT}
    with filled.read() as view:
        assert answers(view, {(1, ruled[1].text)}) == {(1, ruled[1].text): "A third text."}
    say(filled, 1, ("ana", ACCEPT), ("bo", ACCEPT))  # both judge the text of the decision: now that one counts
    assert [row for row in rows(read(filled)) if row[0] == 1] == [(1, "ana", "accept"), (1, "bo", "accept")]


def test_a_blind_repeat_stands_apart(filled: Project) -> None:
    say(filled, 1, ("ana", ACCEPT), ("bo", ACCEPT))
    again = Judgement(verdict=Verdict.REJECT, repeat=True)
    say(filled, 1, ("ana", again), review_round=2)
    votes = read(filled)
    assert rows(votes) == [(1, "ana", "accept"), (1, "bo", "accept")]
    assert [VERDICTS[one] for one in votes.verdict[votes.counted :]] == [Verdict.ACCEPT, Verdict.REJECT]
    assert [votes.reviewers[one] for one in votes.reviewer[votes.counted :]] == ["ana", "ana"]
    with filled.write(WHO) as unit:  # the text changes: what was said of it says nothing of the repeat any more
        base = listing.base_of(unit, 1)
        new = base.with_texts({1: "New."})
        reviews.add_revision(unit, 1, new, parent=base, kind=RevisionKind.EDIT, author="cy")
        states.refresh(unit, [1])
        unit.commit()
    say(filled, 1, ("ana", again), review_round=3)
    assert len(read(filled).item) - read(filled).counted == 2


def test_of_an_example_called_again_the_new_round_alone_counts(filled: Project) -> None:
    say(filled, 1, ("ana", ACCEPT), ("bo", REJECT))
    with filled.write(WHO) as unit:
        decisions.about_examples(unit, [1], "reopen", payload={"round": 2})
        states.refresh(unit, [1])
        unit.commit()
    assert rows(read(filled)) == []
    say(filled, 1, ("bo", ACCEPT), review_round=2)
    assert rows(read(filled)) == [(1, "bo", "accept")]


def test_a_filter_names_the_examples_and_reading_can_be_stopped(filled: Project) -> None:
    for seq in (1, 2):
        say(filled, seq, ("ana", ACCEPT))
    assert rows(read(filled, 'text ~ "question 2"')) == [(2, "ana", "accept")]
    stopped = CancelFlag()
    stopped.cancelled = True
    with filled.read() as view, pytest.raises(Cancelled):
        read_votes(view, progress=stopped)


def test_a_server_shows_a_reviewer_nothing_of_what_waits(database: str) -> None:
    team = Team(database)
    try:
        for name, seqs in ((ANA, (1, 8)), (BO, (1, 2, 8))):
            for seq in seqs:
                reviewing.submit(project=team[name], who=who(name), example_id=team.ids[seq - 1], judgement=ACCEPT)
        # Both have judged 1; 2 waits for a second reviewer; one is enough for 8.
        assert [row[:2] for row in rows(read(team[ANA]))] == [(1, BO), (1, ANA), (8, BO), (8, ANA)]
        assert (2, BO, "accept") in rows(read(team[BO]))
        assert (2, BO, "accept") in rows(read(team[LENA]))
    finally:
        team.close()

"""Agreement of a project's reviewers: against published and hand-made tables, and what each person may see of it."""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.analysis.agreement.measuring import alpha_of_distance, measure
from accord.analysis.agreement.ratings import Ratings
from accord.analysis.diffs import edit_size
from accord.domain.agreement import Figure, Level, Measured, Undefined
from accord.domain.content import Content
from accord.domain.errors import Cancelled, Refused, WrongUsage
from accord.domain.filters import UnknownValue
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.progress import CancelFlag
from accord.domain.project import RatingQuestion
from accord.domain.project_agreement import ANSWER, VERDICT, About, BadQuestion, ProjectAgreement, Question
from accord.domain.review import Judgement, Verdict
from accord.storage import listing, people, reviews, states
from accord.storage import project as storage_project
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import adjudicating, agreement, agreement_details, importing, projects

LEAD = Who(actor="lena")
A, E, R, U = Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT, Verdict.UNSURE
DOSE = Question(about=About.TAG, name="dose")
CLARITY = Question(about=About.RATING, name="clarity")
#: Krippendorff's example of three coders, 15 units and four values; alpha 0.691358 (nominal).
KRIPPENDORFF = {"ana": "*****34121133*3", "bo": "1*213343*******", "cy": "**21344*21133*4"}


def said(verdict: Verdict, text: str = "", **more: Any) -> Judgement:
    return Judgement(verdict=verdict, edits={1: text or "Changed."} if verdict is E else {}, **more)


Said = Mapping[int, Mapping[str, Judgement]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of twenty examples."""
    made = new(tmp_path, "clinic")
    yield made
    made.close()


def new(folder: Path, name: str) -> Project:
    made = projects.new_project(path=folder / f"{name}.accord", who=LEAD)
    file = folder / f"{name}.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,The answer is {n} and no more.\n" for n in range(1, 21)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a"})
    return made


def put(project: Project, votes: Sequence[tuple[int, str, Judgement]], review_round: int = 1) -> None:
    """Store these reviews, (number of the example, reviewer, what she says), in this order."""
    with project.write(LEAD) as unit:
        for seq, name, judgement in votes:
            base = listing.base_of(unit, seq)
            reviews.append(unit, seq, judgement, base, reviewer=name, review_round=review_round)
        states.refresh(unit, {seq for seq, *_more in votes})
        unit.commit()


def each(table: Said) -> list[tuple[int, str, Judgement]]:
    return [(seq, name, judgement) for seq, row in table.items() for name, judgement in row.items()]


def ids(project: Project, *seqs: int) -> list[str]:
    with project.read() as view:
        return [listing.ids_of(view, [seq])[0] for seq in seqs]


def value(figure: Figure) -> float:
    assert isinstance(figure, Measured), figure
    return figure.value


def of(found: ProjectAgreement, question: Question) -> Any:
    return next(one for one in found.questions if one.question == question)


def by_hand(table: Said, names: Sequence[str], what: Any, categories: Sequence[Any], level: Level) -> Any:
    """Measure a table through the statistics alone; ``what`` says what of a judgement counts, None for nothing."""
    codes = np.full((len(table), len(names)), -1)
    for row, given in enumerate(table.values()):
        for column, name in enumerate(names):
            answer = what(given[name]) if name in given else None
            if answer is not None:
                codes[row, column] = list(categories).index(answer)
    return measure(Ratings.of_codes(codes, categories), level=level)


def random_table(chance: random.Random) -> dict[int, dict[str, Judgement]]:
    table: dict[int, dict[str, Judgement]] = {}
    for seq in range(1, 21):
        truth = chance.choice([A, A, E, R])
        for name in chance.sample(["ana", "bo", "cy", "di"], chance.randint(1, 3)):
            verdict = truth if chance.random() < 0.6 else chance.choice(list(Verdict))
            tags = ("dose",) if chance.random() < 0.5 else ()
            ratings = {"clarity": chance.randint(1, 5)} if chance.random() < 0.8 else {}
            text = f"The answer is {seq} and {chance.choice(['much', 'no', 'little'])} more or {chance.randint(1, 2)}."
            table.setdefault(seq, {})[name] = said(verdict, text, tags=tags, ratings=ratings)
    return table


def test_a_published_table_as_verdicts_and_as_ratings(project: Project) -> None:
    table: dict[int, dict[str, Judgement]] = {}
    for name, row in KRIPPENDORFF.items():
        for unit, cell in enumerate(row, start=1):
            if cell != "*":
                verdict = list(Verdict)[int(cell) - 1]
                table.setdefault(unit, {})[name] = said(verdict, ratings={"clarity": int(cell)})
    put(project, each(table))
    found = agreement.of_project(project=project)
    figures = of(found, VERDICT).agreement.figures
    assert value(figures["krippendorff_alpha"]) == pytest.approx(0.691358, abs=1e-6)
    assert figures["krippendorff_alpha"].n == 12
    assert of(found, CLARITY).agreement == by_hand(
        table, ("ana", "bo", "cy"), lambda one: float(one.ratings["clarity"]), (1.0, 2.0, 3.0, 4.0), Level.ORDINAL
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_question_is_what_the_statistics_say_of_its_table(project: Project, seed: int) -> None:
    table = random_table(random.Random(seed))
    put(project, each(table))
    found = agreement.of_project(project=project)
    names = ("ana", "bo", "cy", "di")
    assert found.reviewers == names
    assert [one.question for one in found.questions] == [VERDICT, ANSWER, CLARITY, DOSE]
    ordered = {seq: table[seq] for seq in table}
    assert of(found, VERDICT).agreement == by_hand(
        ordered, names, lambda one: one.verdict.value, [verdict.value for verdict in Verdict], Level.NOMINAL
    )
    assert of(found, DOSE).agreement == by_hand(
        ordered, names, lambda one: "yes" if "dose" in one.tags else "no", ["no", "yes"], Level.NOMINAL
    )
    assert of(found, CLARITY).agreement == by_hand(
        ordered,
        names,
        lambda one: float(one.ratings["clarity"]) if one.ratings else None,
        [1.0, 2.0, 3.0, 4.0, 5.0],
        Level.ORDINAL,
    )
    assert (found.pairs[0].first, found.pairs[0].second) == ("ana", "bo")
    both = {seq: row for seq, row in table.items() if {"ana", "bo"} <= row.keys()}
    pair = by_hand(both, ("ana", "bo"), lambda one: one.verdict.value, [v.value for v in Verdict], Level.NOMINAL)
    assert found.pairs[0].kappa == pair.figures["cohen_kappa"]
    assert found.pairs[0].ac1 == pair.figures["gwet_ac1"]


def test_answers_are_measured_by_the_words_that_differ(project: Project) -> None:
    table = random_table(random.Random(7))
    put(project, each(table))
    found = of(agreement.of_project(project=project, question=ANSWER, alone=True), ANSWER)
    texts = {}
    with project.read() as view:
        for seq, base in listing.bases(view, range(1, 21)).items():
            for name, one in table.get(seq, {}).items():
                if one.verdict in {A, E}:
                    texts[seq, name] = (base.with_texts(one.edits) if one.edits else base).hash, one.edits, base.answer
    known = sorted({text for text, *_more in texts.values()})
    answer = {text: edits.get(1, before) for text, edits, before in texts.values()}
    codes = np.full((20, 4), -1)
    for (seq, name), (text, *_more) in texts.items():
        codes[seq - 1, ["ana", "bo", "cy", "di"].index(name)] = known.index(text)
    distance = np.array([[edit_size(answer[a], answer[b]) for b in known] for a in known])
    expected = alpha_of_distance(Ratings.of_codes(codes, known), distance)
    assert isinstance(expected, Measured)
    assert value(found.agreement.figures["krippendorff_alpha"]) == pytest.approx(expected.value, abs=1e-12)
    assert found.agreement.figures["krippendorff_alpha"].ci95 == pytest.approx(expected.ci95, abs=1e-9)
    assert isinstance(found.agreement.figures["fleiss_kappa"], Undefined)


def test_the_order_of_reviews_and_people_does_not_matter(tmp_path: Path) -> None:
    votes = each(random_table(random.Random(3)))
    found = []
    for name, order in (("one", votes), ("two", votes[::-1]), ("three", random.Random(1).sample(votes, len(votes)))):
        made = new(tmp_path, name)
        put(made, order)
        one = agreement.of_project(project=made, question=DOSE)
        found.append((replace(one, weeks=()), agreement.items_of(project=made, differing=True)))
        made.close()
    assert found[0] == found[1] == found[2]


def test_a_decision_changes_what_became_of_it_and_not_the_raters_figures(project: Project) -> None:
    votes = [(seq, name, said(A)) for seq in range(1, 9) for name in ("ana", "bo")]
    put(project, [*votes, (9, "ana", said(A)), (9, "bo", said(R)), (10, "ana", said(R)), (10, "bo", said(R))])
    [example] = ids(project, 9)
    before = agreement.of_project(project=project).chosen
    assert (before.double, before.differing, before.decided) == (10, 1, 0)
    assert [one.id for one in before.costliest] == [example]
    assert before.sentence == (
        "Verdict: substantial, but too few double reviews (10) to be sure. 1 example differs; 0 decided, so 90% are "
        "agreed or decided."
    )
    adjudicating.decide(
        project=project, who=LEAD, example_id=example, verdict=E, edits={1: "A third."}, reason="r", comment="c"
    )
    after = agreement.of_project(project=project).chosen
    assert after.agreement == before.agreement
    assert (after.differing, after.decided, value(after.settled)) == (1, 1, 1.0)
    assert after.costliest == ()
    assert after.sentence.endswith("1 example differs; 1 decided, so 100% are agreed or decided.")


def test_the_costliest_are_those_whose_absence_raises_alpha_most(project: Project) -> None:
    table: dict[int, dict[str, Judgement]] = {
        seq: {"ana": said(A), "bo": said(A), "cy": said(A)} for seq in range(1, 9)
    }
    table |= {seq: {"ana": said(R), "bo": said(R), "cy": said(R)} for seq in range(9, 12)}
    table |= {12: {"ana": said(A), "bo": said(R), "cy": said(E)}, 13: {"ana": said(A), "bo": said(A), "cy": said(R)}}
    table |= {14: {"ana": said(A), "bo": said(E), "cy": said(U)}, 15: {"ana": said(A), "bo": said(R)}}
    put(project, each(table))
    found = agreement.of_project(project=project).chosen
    categories = [verdict.value for verdict in Verdict]

    def alpha(without: int) -> float:
        left = {seq: row for seq, row in table.items() if seq != without}
        measured = by_hand(left, ("ana", "bo", "cy"), lambda one: one.verdict.value, categories, Level.NOMINAL)
        return value(measured.figures["krippendorff_alpha"])

    gains = {seq: alpha(seq) - alpha(0) for seq in (12, 13, 14, 15)}
    best = sorted(gains, key=lambda seq: -gains[seq])[:3]
    assert [one.id for one in found.costliest] == ids(project, *best)
    assert [one.gain for one in found.costliest] == pytest.approx([gains[seq] for seq in best], abs=1e-11)
    assert found.alike == 0


def test_of_equally_costly_ones_the_least_ids_are_named_and_the_others_counted(project: Project) -> None:
    table: dict[int, dict[str, Judgement]] = {seq: {"ana": said(A), "bo": said(A)} for seq in range(1, 11)}
    table |= {seq: {"ana": said(A), "bo": said(R)} for seq in range(11, 18)}
    put(project, each(table))
    found = agreement.of_project(project=project).chosen
    assert [one.id for one in found.costliest] == sorted(ids(project, *range(11, 18)))[:3]
    assert found.alike == 4


def test_where_nobody_changed_an_answer_there_is_nothing_to_agree_on(project: Project) -> None:
    put(project, [(seq, name, said(A)) for seq in range(1, 16) for name in ("ana", "bo")])
    put(project, [(seq, "ana", said(E)) for seq in range(16, 19)])  # nobody else saw these
    found = of(agreement.of_project(project=project, question=ANSWER), ANSWER)
    for name in ("percent_agreement", "krippendorff_alpha"):
        assert found.agreement.figures[name] == Undefined(
            reason="Nobody changed an answer that two people reviewed: there is nothing to agree on."
        )
    assert found.sentence.startswith("Answer: not measured. Nobody changed an answer")
    put(project, [(16, "bo", said(A))])
    found = of(agreement.of_project(project=project, question=ANSWER), ANSWER)
    assert isinstance(found.agreement.figures["krippendorff_alpha"], Measured)


def test_what_is_kept_changes_no_figure_and_saves_its_making(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    votes = each(random_table(random.Random(11)))
    put(project, votes)
    kept = agreement.Kept()
    first = agreement.of_project(project=project, question=ANSWER, kept=kept)
    assert first == agreement.of_project(project=project, question=ANSWER)
    [example, *_more] = [one.id for one in adjudicating.open_disagreements(project=project)]
    adjudicating.decide(project=project, who=LEAD, example_id=example, verdict=A, reason="r", comment="c")
    made: list[object] = []
    monkeypatch.setattr(agreement_details, "measure", lambda *_args, **_more: made.append("measure"))
    monkeypatch.setattr(agreement_details, "measure_each", lambda *_args, **_more: made.append("each"))
    monkeypatch.setattr(agreement_details, "percent_and_alpha", lambda *_args, **_more: made.append("texts"))
    again = agreement.of_project(project=project, question=ANSWER, kept=kept)
    monkeypatch.undo()
    assert made == []
    assert again != first
    assert again == agreement.of_project(project=project, question=ANSWER)
    put(project, [(seq, name, said(R)) for seq, name, _said in votes[:6]])
    assert agreement.of_project(project=project, kept=kept) == agreement.of_project(project=project)


def test_each_reviewer_against_the_others_and_the_decision(project: Project) -> None:
    put(
        project,
        [
            *((1, name, said(A)) for name in ("ana", "bo")),
            (1, "cy", said(R)),
            *((2, name, said(verdict)) for name, verdict in (("ana", A), ("bo", R), ("cy", E))),
            *((3, name, said(A)) for name in ("ana", "bo")),
        ],
    )
    [third] = ids(project, 3)
    adjudicating.decide(project=project, who=LEAD, example_id=third, verdict=R, reason="r", comment="c")
    found = agreement.of_project(project=project)
    shares = {one.reviewer: one.share for one in found.consensus}
    # 1: for ana and bo the others are split, for cy both say accept; 2: nobody has a majority; 3: decided otherwise.
    assert {name: share.n for name, share in shares.items() if isinstance(share, Measured)} == {
        "ana": 1,
        "bo": 1,
        "cy": 1,
    }
    assert {value(share) for share in shares.values()} == {0.0}
    one, two = ids(project, 1, 2)
    assert agreement.items_of(project=project, reviewers=["cy"], differing=True) == [one]
    assert agreement.items_of(project=project, reviewers=["ana"]) == [third]
    assert agreement.items_of(project=project, reviewers=["ana", "bo"]) == sorted([one, two, third])
    assert agreement.items_of(project=project, reviewers=["ana", "bo"], differing=True) == [two]
    assert agreement.items_of(project=project, differing=True) == sorted([one, two])
    assert agreement.items_of(project=project, reviewers=["nobody"]) == []


def test_one_agrees_with_oneself_by_what_came_back_blind(project: Project) -> None:
    votes = [(seq, "ana", said(A)) for seq in range(1, 21)]
    put(project, votes)
    again = [(seq, "ana", replace(said(A if seq < 19 else R), repeat=True)) for seq in range(1, 21)]
    put(project, again, review_round=2)
    found = agreement.of_project(project=project, me="ana")
    [mine] = found.itself
    assert isinstance(mine.share, Measured)
    assert (mine.share.value, mine.share.n) == (0.9, 20)
    assert mine.share.ci95 == pytest.approx((0.6990, 0.9721), abs=1e-4)  # Wilson's interval of 18 in 20
    assert mine.sentence == "You agree with yourself 90% [70, 97], n 20."
    assert agreement.of_project(project=project).itself[0].sentence == "ana says the same again 90% [70, 97], n 20."
    assert agreement.items_of(project=project, reviewers=["ana"], again=True, differing=True) == sorted(
        ids(project, 19, 20)
    )
    assert isinstance(found.chosen.agreement.figures["percent_agreement"], Undefined)  # one person, and no other


def _at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setattr(storage_project, "now", lambda: moment)


def test_by_week_of_the_later_review_and_by_guideline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, "2026-03-04T12:00:00.000+00:00")
    project = new(tmp_path, "timed")
    with project.read() as view:
        first = project_settings.guideline_versions(view)
    put(project, [(seq, "ana", said(A)) for seq in (1, 2, 3)])
    put(project, [(1, "bo", said(A)), (2, "bo", said(R))])
    _at(monkeypatch, "2026-03-10T12:00:00.000+00:00")
    with project.write(LEAD) as unit:
        project_settings.append(unit, replace(project_settings.current(unit), guideline="Be brief."))
        unit.commit()
    _at(monkeypatch, "2026-03-11T12:00:00.000+00:00")
    put(project, [(3, "bo", said(R)), (4, "ana", said(R)), (4, "bo", said(R))])
    found = agreement.of_project(project=project)
    assert [
        (one.part, value(one.percent), one.percent.n) for one in found.weeks if isinstance(one.percent, Measured)
    ] == [
        ("2026-03-02", 0.5, 2),
        ("2026-03-09", 0.5, 2),
    ]
    # 3 was judged under two versions, by one person each.
    assert [(one.part, value(one.percent)) for one in found.guidelines] == [
        (str(first), 0.5),
        (str(first + 1), 1.0),
    ]
    assert isinstance(found.guidelines[1].alpha, Undefined)
    assert agreement.items_of(project=project, week="2026-03-09") == sorted(ids(project, 3, 4))
    assert agreement.items_of(project=project, guideline=first, differing=True) == ids(project, 2)
    assert agreement.items_of(project=project, guideline=first + 1) == ids(project, 4)
    project.close()


def test_nothing_that_waits_for_others_is_told(tmp_path: Path) -> None:
    seen = []
    for name, hidden in (("one", said(A)), ("two", said(R, tags=("dose",), ratings={"clarity": 1}))):
        made = new(tmp_path, name)
        with made.write(LEAD) as unit:
            for person, role in (("ana", Role.REVIEWER), ("bo", Role.REVIEWER), ("lena", Role.LEAD)):
                people.put(unit.connection, Person(name=person, role=role), at=unit.at)
            states.require(unit, [1, 2], 3)
            unit.commit()
        put(made, [(1, "ana", said(A)), (1, "bo", hidden), (2, "bo", hidden), (3, "ana", said(A)), (3, "bo", said(A))])
        made.sign_in("ana")
        mine = agreement.of_project(project=made)
        made.sign_in("lena")
        leads = agreement.of_project(project=made)
        assert (mine.chosen.double, leads.chosen.double) == (1, 2)
        seen.append(asdict(replace(mine, weeks=())))
        made.close()
    assert seen[0] == seen[1]


def test_what_is_not_there_is_undefined_with_its_reason(project: Project) -> None:
    empty = agreement.of_project(project=project)
    assert [one.question for one in empty.questions] == [VERDICT, ANSWER]
    assert empty.chosen.sentence == "Verdict: not measured. There is no rating."
    assert (empty.pairs, empty.weeks, empty.chosen.costliest) == ((), (), ())
    put(project, [(seq, name, said(A)) for seq in (1, 2) for name in ("ana", "bo")])
    found = agreement.of_project(project=project).chosen
    assert isinstance(found.agreement.figures["krippendorff_alpha"], Undefined)
    assert found.sentence.startswith("Verdict: 100% agree in 2 double reviews, but alpha is undefined. All ratings are")
    with pytest.raises(UnknownValue):
        agreement.of_project(project=project, question=DOSE)
    with project.write(LEAD) as unit:
        known = replace(project_settings.current(unit), ratings=(RatingQuestion(name="clarity", title="Clear?"),))
        project_settings.append(unit, known)
        unit.commit()
    asked = agreement.of_project(project=project, question=CLARITY)
    assert asked.chosen.agreement.items == 0


def test_a_filter_chooses_the_examples_and_work_can_be_stopped(project: Project) -> None:
    put(project, [(seq, name, said(A)) for seq in (1, 2, 3) for name in ("ana", "bo")])
    assert agreement.of_project(project=project, where='text ~ "question 2"').chosen.double == 1
    stopped = CancelFlag()
    stopped.cancelled = True
    with pytest.raises(Cancelled):
        agreement.of_project(project=project, progress=stopped)


@pytest.mark.parametrize("text", ["", "verdicts", "tag", "tag:", "rating:", "verdict:x", "answer:", "Verdict"])
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        Question.read(text)


@pytest.mark.parametrize("text", ["verdict", "answer", "tag:a:b", "rating:clarity"])
def test_a_question_is_read_as_it_is_written(text: str) -> None:
    assert Question.read(text).key == text


def test_a_report_shows_every_name_as_text_and_leaves_files_alone(project: Project, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    put(
        project,
        [(seq, name, said(A if seq > 1 else R, tags=('"><img src=x>',))) for seq in (1, 2) for name in (evil, "=1+1")],
    )
    put(project, [(3, evil, said(A)), (3, "=1+1", said(R))])
    put(project, [(4, evil, said(R)), (4, "=1+1", said(A))])
    found = agreement.of_project(project=project)
    html, table = tmp_path / "r.html", tmp_path / "r.csv"
    for file in (html, table):
        agreement.write_report(found=found, title="<b>Clinic</b>", to=file)
        with pytest.raises(Refused):
            agreement.write_report(found=found, title="", to=file)
    text = html.read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "prefers-color-scheme: dark" in text
    assert "http" not in text.replace("http-equiv", "")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"), newline="")))
    alpha = next(row for row in rows if (row["question"], row["figure"]) == ("verdict", "krippendorff_alpha"))
    assert float(alpha["value"]) == value(found.chosen.agreement.figures["krippendorff_alpha"])
    assert float(alpha["low"]) < 0
    numbers = [row[name] for row in rows for name in ("value", "low", "high", "n") if row[name]]
    assert all(float(cell) is not None for cell in numbers)
    assert {row["name"] for row in rows if row["part"] == "consensus"} == {evil, "'=1+1"}
    costly = [row["name"] for row in rows if row["part"] == "costliest" and row["figure"] == "gain"]
    assert costly[: len(found.chosen.costliest)] == [one.id for one in found.chosen.costliest]
    with pytest.raises(WrongUsage):
        agreement.require_new_report(to=tmp_path / "r.pdf")


def test_content_is_what_it_was(project: Project) -> None:
    """Measuring writes nothing."""
    put(project, [(1, "ana", said(E, "New.")), (1, "bo", said(A))])
    with project.read() as view:
        before: dict[int, Content] = listing.texts(view, range(1, 21))
    agreement.of_project(project=project, question=ANSWER)
    with project.read() as view:
        assert listing.texts(view, range(1, 21)) == before

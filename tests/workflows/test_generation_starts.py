"""What a run starts from: the same for the same wish, spread over tags, and never what a release holds out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.light import light
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.runs import PLAN, begun, link, reply
from tests.workflows.texts import release

from accord.domain.content import Content, Message, Role
from accord.domain.errors import WrongUsage
from accord.domain.filters import BadFilter
from accord.domain.generation import Asked, Start
from accord.domain.project import ProjectSettings, Tag
from accord.domain.recipes import Recipe
from accord.domain.records import RawRecord
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import Judgement, Origin, SetAsideReason, Verdict
from accord.storage import decisions, generations, imports, listing, releases, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, create_project
from accord.workflows import generation_coverage, generation_shown, recipes
from accord.workflows.generation_starts import NoStart, Wish, same_model, shares, spread, starts_of

TAGS = ("dose", "diet", "sleep")


@pytest.fixture
def clinic(place: Path | str) -> Iterator[Project]:
    """Give a project of 12 answered examples with a tag and a patient for each two, 4 requests without an answer."""
    project = create_project(place)
    answered = [
        record(n, f"Question {n} of its own?", f"Answer {n}.", tags=(TAGS[n % 3],), group=f"patient {n // 2}")
        for n in range(1, 13)
    ]
    unanswered = [record(n, f"Open question {n} here?", "", tags=("dose",), group="p") for n in range(13, 17)]
    bring_in(project, [*answered, *unanswered])
    with project.write(WHO) as unit:
        tags = tuple(Tag(name=tag, description=f"{tag}!") for tag in TAGS)
        project_settings.append(unit, light(ProjectSettings(tags=tags)))
        unit.commit()
    yield project
    project.close()


def judge(project: Project, numbers: Sequence[int], verdict: Verdict = Verdict.ACCEPT) -> None:
    with project.write(WHO) as unit:
        for row in listing.page(unit, numbers):
            reviews.append(unit, row.seq, Judgement(verdict=verdict, tags=row.tags), row.content, reviewer="ana")
        states.refresh(unit, numbers)
        unit.commit()


def aside(project: Project, numbers: Sequence[int]) -> None:
    with project.write(WHO) as unit:
        decisions.about_examples(unit, numbers, "set_aside", reason=SetAsideReason.BY_HAND)
        states.refresh(unit, numbers)
        unit.commit()


def own(name: str) -> Recipe:
    return next(one.recipe for one in recipes.of_settings(ProjectSettings()) if one.recipe.name == name)


def seeds(starts: Sequence[Start]) -> list[int]:
    return [start.seed or 0 for start in starts]


def stored(project: Project, recipe: Recipe, starts: Sequence[Start], made: dict[int, list[int]]) -> int:
    """Keep a run of these starts that is asked and answered; ``made``: by the number of its item the examples."""
    run_id = begun(project, WHO, *starts, plan=replace(PLAN, recipe=recipe))
    with project.write(WHO) as unit:
        generations.resume(unit, run_id)
        generations.asking(unit, run_id, [Asked(number=n, asked="h") for n in made])
        generations.told(unit, run_id, [reply(n) for n in made])
        unit.commit()
    for number, found in made.items():
        seed = starts[number - 1].seed
        link(project, WHO, run_id, number, dict.fromkeys(found, () if seed is None else (seed,)))
    generations.ended(unit.act)
    return run_id


def generated(project: Project, *rows: RawRecord) -> list[int]:
    """Bring in examples as a run does and return their numbers."""
    with project.read() as view:
        before = listing.newest(view)
    with project.write(WHO) as unit:
        import_id = imports.begin(unit, file="run", sha256="", format_name="run", encoding="utf-8", mapping={})
        imports.finish(unit, import_id, imports.add_rows(unit, import_id, list(rows), origin=Origin.GENERATED))
        unit.commit()
    imports.ended(unit.act)
    with project.read() as view:
        return [seq for seq in listing.seqs(view) if seq > before]


def test_requests_without_an_answer_are_started_from_once_each_and_as_the_filter_says(clinic: Project) -> None:
    found = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=10))
    assert sorted(seeds(found.starts)) == [13, 14, 15, 16]
    assert {(start.count, start.group) for start in found.starts} == {(1, "p")}
    assert "4 candidates are asked for, not 10" in found.notes[0]
    assert "No accepted example is shown" in found.notes[1]
    two = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=2))
    assert two.starts == found.starts[:2]
    one = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=2, where="text ~ 14"))
    assert seeds(one.starts) == [14]
    chosen = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=9, numbers=(1, 15, 16)))
    assert sorted(seeds(chosen.starts)) == [15, 16]


def test_another_seed_gives_another_order_and_the_same_seed_the_same(clinic: Project) -> None:
    orders = {
        tuple(seeds(starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=4, seed=seed)).starts))
        for seed in (*range(6), *range(6))
    }
    assert 1 < len(orders) <= 6


def test_what_has_a_draft_is_drafted_again_once_that_is_rejected(clinic: Project) -> None:
    (draft,) = generated(clinic, record(1, "Open question 13 here?", "A draft."))
    stored(clinic, own("answers"), [Start(seed=13)], {1: [draft]})
    wish = Wish(n=10)
    assert sorted(seeds(starts_of(project=clinic, recipe=own("answers"), wish=wish).starts)) == [14, 15, 16]
    judge(clinic, [draft], Verdict.REJECT)
    assert 13 in seeds(starts_of(project=clinic, recipe=own("answers"), wish=wish).starts)


def test_what_there_is_nothing_to_start_from_is_said(clinic: Project) -> None:
    def why(name: str, **wish: object) -> str:
        with pytest.raises(NoStart) as nothing:
            starts_of(project=clinic, recipe=own(name), wish=Wish(**{"n": 7, **wish}))  # type: ignore[arg-type]  # named as the fields are
        return str(nothing.value)

    assert "starts from accepted ones; 3 of them would do" in why("variations")
    assert "None of the examples that were chosen has an answer" in why("variations", where="status = needs_answer")
    assert why("variations", tags=("dose",)) == "No accepted example has one of these tags."
    assert "that were chosen lacks an answer" in why("answers", tags=("sleep",))
    assert "Choose documents" in why("passages")
    aside(clinic, range(1, 17))
    assert "Import requests without answers first" in why("answers")
    assert "None of the examples that were chosen lacks an answer" in why("answers", numbers=(1,))
    assert "no candidate that nobody has reviewed" in why("revise")
    assert "None of the examples that were chosen is a candidate" in why("revise", where="tag = dose")
    with pytest.raises(WrongUsage, match="one candidate at least"):
        starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=0))
    with pytest.raises(BadFilter):
        starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=1, where="how?"))
    with pytest.raises(WrongUsage, match="“hair” is no tag of the project"):
        starts_of(project=clinic, recipe=own("requests"), wish=Wish(n=1, tags=("hair",)))


def test_seeds_are_accepted_spread_over_tags_and_give_as_many_as_are_wanted(clinic: Project) -> None:
    judge(clinic, [1, 2, 3, 4, 6, 7, 9])  # dose: 3 6 9, diet: 1 4 7, sleep: 2
    found = starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=8))
    assert len(found.starts) == 3
    assert {seq % 3 for seq in seeds(found.starts)} == {0, 1, 2}
    assert found.candidates == 8
    assert not found.notes
    assert {start.group for start in found.starts} == {f"patient {seq // 2}" for seq in seeds(found.starts)}
    one_tag = starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=100, tags=("sleep",)))
    assert [(start.seed, start.count) for start in one_tag.starts] == [(2, 10)]
    assert "10 candidates are asked for, not 100" in one_tag.notes[0]
    worse = starts_of(project=clinic, recipe=own("worse"), wish=Wish(n=100))
    assert [start.count for start in worse.starts] == [1] * 7


def test_a_person_may_choose_seeds_of_any_status_but_rejected_and_set_aside(clinic: Project) -> None:
    judge(clinic, [1])
    judge(clinic, [2], Verdict.REJECT)
    aside(clinic, [3])
    found = starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=100, numbers=(1, 2, 3, 4, 13)))
    assert sorted(seeds(found.starts)) == [1, 4]


def test_what_a_release_holds_out_and_what_belongs_to_it_is_neither_a_seed_nor_shown(clinic: Project) -> None:
    judge(clinic, range(1, 12))
    release(clinic, "v1", ReleasePlan(heldout=0.3))
    with clinic.read() as view:
        held = {seq for seq, part in releases.earlier_parts(view).items() if part is Part.HELDOUT}
    assert held
    judge(clinic, [12])
    (brother,) = generated(clinic, record(1, "Of the same patient?", "Yes.", group=f"patient {min(held) // 2}"))
    (late,) = generated(clinic, record(1, f"Question {min(held)} of its own?", "Said anew.", tags=("diet",)))
    (variation,) = generated(clinic, record(1, "A variation?", "Of one.", tags=("diet",)))
    stored(clinic, own("variations"), [Start(seed=min(held))], {1: [variation]})
    judge(clinic, [brother, late, variation])
    barred = held | {brother, late, variation}
    asked = starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=500))
    assert set(seeds(asked.starts)) == set(range(1, 13)) - barred
    shown = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=4, shown=20))
    assert all(start.shown and barred.isdisjoint(start.shown) for start in shown.starts)
    with pytest.raises(NoStart, match="A release holds out all of these"):
        starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=3, numbers=tuple(held)))


def test_what_is_shown_shares_a_tag_first_and_neither_patient_nor_request_nor_seed_with_it(clinic: Project) -> None:
    judge(clinic, range(1, 13))
    (twin, kin) = generated(
        clinic, record(1, "Question 6 of its own?", "Else.", tags=("dose",)), record(2, "Kin?", "K.", tags=("dose",))
    )
    stored(clinic, own("variations"), [Start(seed=6)], {1: [kin]})
    judge(clinic, [twin, kin])
    seeded = replace(own("variations"), user="{{examples}}{{request}}")
    found = starts_of(project=clinic, recipe=seeded, wish=Wish(n=1, numbers=(6,), shown=20)).starts[0]
    assert found.shown
    assert {6, 7, twin, kin}.isdisjoint(found.shown)  # itself, its patient's, its request's, its own variation
    assert len({seq // 2 for seq in found.shown}) == len(found.shown)
    tagged = [seq % 3 == 0 for seq in found.shown]
    assert tagged == sorted(tagged, reverse=True)
    assert any(tagged)
    few = starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=4, shown=2)).starts
    assert {len(start.shown) for start in few} == {2}
    assert all(seq % 3 == 0 or seq in {twin, kin} for start in few for seq in start.shown)
    assert len({start.shown for start in few}) > 1
    assert not starts_of(project=clinic, recipe=own("answers"), wish=Wish(n=4, shown=0)).starts[0].shown


def test_candidates_that_nobody_reviewed_are_revised_once(clinic: Project) -> None:
    judge(clinic, range(1, 12))
    assert seeds(starts_of(project=clinic, recipe=own("revise"), wish=Wish(n=5)).starts) == [12]
    (better,) = generated(clinic, record(1, "Question 12 of its own?", "Better.", metadata={"asked_of": "gpt-4.1"}))
    found = starts_of(project=clinic, recipe=own("revise"), wish=Wish(n=5)).starts
    assert sorted(seeds(found)) == [12, better]
    assert "gpt-4.1 drafted 1 of these candidates itself" in same_model(project=clinic, starts=found, model="gpt-4.1")
    assert same_model(project=clinic, starts=found, model="another") == ""
    stored(clinic, own("revise"), [Start(seed=12)], {1: [better]})
    with pytest.raises(NoStart, match="has been revised already"):
        starts_of(project=clinic, recipe=own("revise"), wish=Wish(n=5))
    again = starts_of(project=clinic, recipe=own("revise"), wish=Wish(n=5, where="status = candidate"))
    assert sorted(seeds(again.starts)) == [12, better]


def test_the_thinnest_tags_are_filled_first(clinic: Project) -> None:
    judge(clinic, [3, 6, 9, 12, 1, 4])  # dose 4 accepted and 4 unanswered, diet 2 and 2 candidates, sleep 4 candidates
    table = generation_coverage.coverage(project=clinic)
    assert [(one.tag, one.accepted, one.waiting, one.wanted) for one in table] == [
        ("sleep", 0, 4, 6),
        ("diet", 2, 2, 6),
        ("dose", 4, 4, 2),
    ]
    assert table[0].description == "sleep!"
    assert [one.wanted for one in generation_coverage.coverage(project=clinic, target=5)] == [1, 1, 0]
    found = starts_of(project=clinic, recipe=own("requests"), wish=Wish(n=7))
    assert [(start.tag, start.count) for start in found.starts] == [("sleep", 4), ("diet", 3)]
    assert all(start.seed is None and not start.group for start in found.starts)
    many = starts_of(project=clinic, recipe=own("requests"), wish=Wish(n=12, tags=("diet",)))
    assert [(start.tag, start.count) for start in many.starts] == [("diet", 4)] * 3
    assert set(many.starts[0].shown[:2]) == {1, 4}


def test_without_a_set_of_tags_those_in_use_count_and_without_any_it_is_said(place: Path | str) -> None:
    project = create_project(place)
    with pytest.raises(NoStart, match="The project has no tags"):
        starts_of(project=project, recipe=own("requests"), wish=Wish(n=1))
    bring_in(project, [record(1, "A?", "B.", tags=("own",))])
    assert [one.tag for one in generation_coverage.coverage(project=project)] == ["own"]
    project.close()


def documents(folder: Path) -> list[Path]:
    """Write two documents of several sections each, and a file that is none."""
    for name in ("first.md", "second.md"):
        text = "\n\n".join(f"# Part {n} of {name}\n\n{'Words of a passage. ' * 20}{name} {n}." for n in range(4))
        (folder / name).write_text(text)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    return [folder / name for name in ("first.md", "second.md", "broken.pdf", "none.txt")]


def test_passages_of_documents_are_started_from_those_used_before_last(clinic: Project, tmp_path: Path) -> None:
    files = tuple(documents(tmp_path))
    wish = Wish(n=12, documents=files)
    found = starts_of(project=clinic, recipe=own("passages"), wish=wish)
    assert [start.count for start in found.starts] == [3] * 4
    assert {start.group for start in found.starts} <= {"first.md", "second.md"}
    assert all(start.passage and start.passage.document == start.group for start in found.starts)
    assert all(start.passage and "Part" in start.passage.place for start in found.starts)
    assert [Path(fault.file).name for fault in found.faults] == ["broken.pdf", "none.txt"]
    assert "PDF" in found.faults[0].reason
    assert all(fault.reason for fault in found.faults)
    stored(clinic, own("passages"), found.starts, {n: [] for n in range(1, 5)})
    again = starts_of(project=clinic, recipe=own("passages"), wish=wish)
    assert not {start.passage.id for start in again.starts if start.passage} & {
        start.passage.id for start in found.starts if start.passage
    }
    everything = starts_of(project=clinic, recipe=own("passages"), wish=replace(wish, n=24))
    assert everything.starts[:4] == tuple(replace(start, count=3) for start in again.starts)
    assert "4 passages were used by this recipe before" in everything.notes[-1]
    other = replace(own("passages"), name="more-passages")
    assert starts_of(project=clinic, recipe=other, wish=wish).starts == found.starts
    with pytest.raises(NoStart, match="None of the documents can be read"):
        starts_of(project=clinic, recipe=own("passages"), wish=replace(wish, documents=files[2:]))


@given(
    st.dictionaries(st.integers(1, 60), st.lists(st.sampled_from("abcd"), unique=True, max_size=3), max_size=30),
    st.integers(0, 40),
)
def test_a_spread_takes_each_once_and_no_tag_twice_before_another_once(tags: dict[int, list[str]], n: int) -> None:
    found = spread(list(tags), tags, n)
    assert len(found) == len(set(found)) == min(n, len(tags))
    assert set(found) <= set(tags)
    kinds = {tag for mine in tags.values() for tag in (mine or [""])}
    covered = {tag for seq in found for tag in (tags[seq] or [""])}
    assert len(covered) >= min(len(found), len(kinds)) or covered == kinds


@given(st.integers(1, 300), st.integers(1, 50), st.integers(1, 10))
def test_shares_are_even_and_add_up(n: int, among: int, most: int) -> None:
    found = shares(n, among, most)
    assert len(found) == among
    assert max(found) - min(found) <= 1
    assert sum(found) == min(n, among * most)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6), st.integers(0, 60))
def test_what_is_shared_out_among_tags_adds_up_and_never_widens_the_gap(have: list[tuple[int, int]], n: int) -> None:
    table = [
        generation_coverage.Coverage(tag=str(i), description="", accepted=a, waiting=w, wanted=0)
        for i, (a, w) in enumerate(have)
    ]
    given_out = Counter(generation_coverage.shared_out(table, n))
    assert given_out.total() == n
    after = {one.tag: one.accepted + one.waiting + given_out[one.tag] for one in table}
    raised = [after[tag] for tag in given_out]
    assert not raised or max(raised) - min(after.values()) <= 1


def test_an_example_of_which_only_a_function_is_called_is_no_seed(clinic: Project) -> None:
    called = Message(role=Role.ASSISTANT, content="", extra={"tool_calls": [{"function": {"name": "f"}}]})
    content = Content(messages=(Message(role=Role.USER, content="Call it?"), called))
    bring_in(clinic, [RawRecord(line=1, content=content)])
    with pytest.raises(NoStart, match="None of the examples that were chosen has an answer"):
        starts_of(project=clinic, recipe=own("variations"), wish=Wish(n=3, numbers=(17,)))


def test_examples_of_a_rare_tag_are_found_beyond_the_sample(clinic: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(clinic, range(1, 13))
    monkeypatch.setattr(generation_shown, "_MOST_LOOKED_AT", 1)
    found = starts_of(project=clinic, recipe=own("requests"), wish=Wish(n=1, tags=("sleep",), shown=2)).starts
    assert {seq % 3 for seq in found[0].shown} == {2}

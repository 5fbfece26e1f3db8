"""A run from its preview to the candidates that wait for a person: nothing unseen is sent, nothing comes in twice."""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.workflows.generation import (
    WHO,
    answering,
    import_pairs,
    may_leave,
    open_chat,
    prepared,
    run,
    saved,
)
from tests.workflows.texts import accept_all, release

from accord.domain.chat import Answer, Connection, Failure, Offered, Question, Trouble
from accord.domain.generation import ItemState, RunState
from accord.domain.progress import CancelFlag
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.domain.spending import Price
from accord.storage import generated, generations, listing, sendings
from accord.storage.generations import RunIsDone
from accord.storage.project import Project
from accord.workflows import asking, browsing, duplicates, exporting, generating, leaving, projects, reviewing
from accord.workflows.generating import Lack, Locked, NotReady
from accord.workflows.generation_keeping import ProjectKeeper
from accord.workflows.generation_starts import Wish


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_BACK_OFF", 0.001)
    monkeypatch.setattr(asking, "_LOOK_SECONDS", 0.01)


REQUESTS = [
    ("How is a burn cooled in the first minutes?", ""),
    ("When does a fever of a small child need a doctor?", ""),
    ("Which vaccination is due after a bite by a dog?", ""),
]


def test_drafts_of_answers_wait_for_a_person_with_all_that_is_known_of_them(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    with answering(lambda turn, _asked: {"answer": f"That depends on matter number {turn}, says the book."}) as service:
        found = run(project, service.base_url, "answers", Wish(n=3))
    assert (found.requested, found.accepted, found.duplicate, found.waiting, found.why) == (3, 3, 0, 0, "")
    assert found.done
    assert found.cost == 0
    rows = list(browsing.examples(project=project))
    drafts = [row for row in rows if row.origin == "generated"]
    assert {row.status for row in drafts} == {"candidate"}
    assert {row.content.request for row in drafts} == {request for request, _answer in REQUESTS}
    with project.read() as view:
        place = listing.places(view, drafts[0].seq)[0]
        facts = place.source.metadata
        assert place.source.source == "gpt-4 by answers"
        assert (facts["recipe"], facts["asked_of"], facts["run"]) == ("answers", "gpt-4", "1")
        assert facts["seed"] in {row.id for row in rows if row.origin != "generated"}
        assert json.loads(facts["response"])["choices"]
        assert facts["asked"] in {sent.asked for sent in sendings.listed(view, run=1)}
        assert generations.replies(view, 1) == []
        assert {item.state for item in generations.items(view, 1)} == {ItemState.STORED}
    assert generating.runs(project=project)[0].state is RunState.DONE


LONG = "Wash the wound with clean water, dry it, cover it with a dressing, and look at it again each day until it heals"


def seeded(project: Project, folder: Path) -> None:
    import_pairs(project, folder, [("What is done about a fresh cut in the hand?", LONG)])
    accept_all(project)


def statuses(project: Project) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in browsing.examples(project=project):
        if row.origin == "generated":
            found.setdefault(row.status, []).append(row.content.request)
    return found


def test_what_is_the_same_nearly_the_same_or_held_out_is_told_apart(project: Project, tmp_path: Path) -> None:
    seeded(project, tmp_path)
    held = "Where does one look up the number of the poison centre?"
    import_pairs(project, tmp_path, [(held, "It stands on the first page of the folder that lies in the hall.")])
    accept_all(project)
    release(project, "first", ReleasePlan(heldout=0.5))
    with project.read() as view:
        rows = {row.content.request: row for row in listing.iterate(view)}
        barred = generated.kept_from_models(view)
    (seed,) = [row for row in rows.values() if row.seq not in barred]
    (out,) = [row for row in rows.values() if row.seq in barred]
    pairs = [
        {"request": seed.content.request, "answer": seed.content.answer},
        {"request": seed.content.request, "answer": seed.content.answer + " again"},
        {"request": out.content.request, "answer": out.content.answer},
        {"request": out.content.request, "answer": "Something else altogether stands there."},
        {"request": "What helps against a sting?", "answer": "Cold water helps, and a doctor where it swells much."},
        {"request": "What helps against a sting?", "answer": "Cold water helps, and a doctor where it swells much."},
        {"request": "One more than asked for?", "answer": "It is."},
    ]
    with answering(lambda _turn, _asked: {"pairs": pairs}) as service:
        found = run(project, service.base_url, "variations", Wish(n=6))
    assert (found.accepted, found.duplicate) == (1, 3)
    assert found.refused == {
        "It is close to an example that a release holds out.": 2,
        "More came than was asked for.": 1,
    }
    assert statuses(project) == {
        "candidate": ["What helps against a sting?"],
        "set_aside": [seed.content.request],
    }
    with project.read() as view:
        assert generations.families(view)  # what came of the seed belongs with it in every split


def test_a_near_duplicate_is_set_aside_so_that_a_person_can_bring_it_back(project: Project, tmp_path: Path) -> None:
    seeded(project, tmp_path)
    near = {"request": "What is done about a fresh cut in the hand?", "answer": LONG + " well"}
    with answering(lambda _turn, _asked: {"pairs": [near]}) as service:
        run(project, service.base_url, "variations", Wish(n=1))
    (row,) = [row for row in browsing.examples(project=project) if row.origin == "generated"]
    assert (row.status, row.set_aside_reason) == ("set_aside", "duplicate")
    duplicates.bring_back(project=project, who=WHO, ids=[row.id])
    assert list(statuses(project)) == ["candidate"]


def test_another_answer_to_the_same_request_is_a_conflict_and_no_duplicate(project: Project, tmp_path: Path) -> None:
    request = " ".join(["May", "she", "fly", "with", "it", *(f"case{n}" for n in range(60))]) + "?"
    import_pairs(project, tmp_path, [(request, "Yes, she may.")])
    accept_all(project)
    with answering(lambda _turn, _asked: {"pairs": [{"request": request, "answer": "No, never at all."}]}) as service:
        found = run(project, service.base_url, "variations", Wish(n=1))
    assert (found.accepted, found.duplicate) == (1, 0)
    assert all(row.conflict for row in browsing.examples(project=project))


def test_a_paraphrase_has_the_answer_of_its_seed_and_its_tags(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("What is done about a fresh cut in the hand?", LONG)], tags="wounds")
    other = ["My boy has just cut himself, how do I treat that?", "What is done about a fresh cut in the hand ?"]
    with answering(lambda _turn, _asked: {"requests": other}) as service:
        found = run(project, service.base_url, "paraphrases", Wish(n=2, where="status = candidate"))
    assert (found.accepted, found.duplicate) == (1, 1)
    (row,) = [
        row for row in browsing.examples(project=project) if row.origin == "generated" and not row.set_aside_reason
    ]
    assert (row.content.answer, row.tags) == (LONG, ("wounds",))


def test_a_revision_stands_beside_the_text_that_it_revises(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("What is done about a fresh cut in the hand?", LONG)])
    with answering(lambda _turn, _asked: {"critique": "One word is missing.", "answer": LONG + " fully"}) as service:
        found = run(project, service.base_url, "revise", Wish(n=1))
    assert (found.accepted, found.duplicate) == (1, 0)
    rows = list(browsing.examples(project=project))
    assert [row.status for row in rows] == ["candidate", "candidate"]
    with project.read() as view:
        assert listing.places(view, rows[1].seq)[0].source.metadata["critique"] == "One word is missing."


def test_a_worse_answer_is_no_example_and_goes_into_preference_files_alone(project: Project, tmp_path: Path) -> None:
    seeded(project, tmp_path)
    with answering(lambda _turn, _asked: {"answer": "Put butter on it.", "fault": "It is wrong."}) as service:
        found = run(project, service.base_url, "worse", Wish(n=1))
    assert found.accepted == 1
    (row,) = browsing.examples(project=project)
    assert (row.status, row.origin, row.content.answer) == ("accepted", "imported", LONG)
    with project.read() as view:
        assert listing.rejected_answers(view, [row.seq]) == {}  # nobody has looked at it yet
        assert listing.places(view, row.seq)[1].source.metadata["fault"] == "It is wrong."
    judgement = Judgement(verdict=Verdict.ACCEPT, bulk=True)
    reviewing.submit(project=project, who=WHO, example_id=row.id, judgement=judgement)
    with project.read() as view:
        assert listing.rejected_answers(view, [row.seq]) == {}
    reviewing.submit(project=project, who=WHO, example_id=row.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    done = exporting.one_click(
        project=project,
        who=WHO,
        plan=ReleasePlan(heldout=0, validation=0),
        format_name="preference",
        out=tmp_path / "out",
    )
    assert done.verified.ok
    card = (tmp_path / "out" / done.release.name / "CARD.md").read_text("utf-8")
    assert "1 worse answer of a preference pair was written by a machine." in card
    text = (tmp_path / "out" / done.release.name / "train.jsonl").read_text("utf-8")
    assert "Put butter on it." in text


def test_a_preview_sends_and_stores_nothing(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    may_leave(project)
    ready = prepared(project, "https://api.openai.com/v1", "answers", Wish(n=3))
    assert (ready.host, ready.here, ready.candidates, ready.lacks) == ("api.openai.com", False, 3, (Lack.CONSENT,))
    assert len(ready.first) == 3
    assert REQUESTS[0][0] in "".join(one.messages[-1]["content"] for one in ready.first)
    assert ready.most is not None
    assert ready.likely is not None
    assert 0 < ready.likely <= ready.most == ready.plan.budget
    assert ready.prompt_tokens > 300
    with pytest.raises(NotReady) as refused:
        generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat)
    assert refused.value.lacks == (Lack.CONSENT,)
    with project.read() as view:
        assert sendings.listed(view) == []
    assert generating.runs(project=project) == []


def test_consent_is_kept_with_its_purpose_host_and_terms(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    may_leave(project)
    ready = prepared(project, "https://api.openai.com/v1", "answers", Wish(n=1))
    allowed = leaving.consent(
        project=project, who=WHO, base_url=ready.plan.connection.base_url, purpose="a course", terms="of May"
    )
    assert (allowed.host, allowed.author, allowed.data_class) == ("api.openai.com", "ana", "consent")
    service = Saying(Failure(trouble=Trouble.QUOTA, said="no credit", status=429))
    found = generating.start(project=project, who=WHO, prepared=ready, open_service=service.opened, consent=allowed)
    assert service.here_only is False
    assert (found.accepted, found.waiting) == (0, 1)
    assert found.why.startswith("The account has no credit left.")
    (kept,) = generating.runs(project=project)
    assert kept.plan.consent == allowed
    assert (kept.state, kept.why) == (RunState.STOPPED, found.why)


def test_a_locked_project_asks_no_address_but_this_machines(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    with pytest.raises(Locked) as refused:
        prepared(project, "https://api.openai.com/v1", "answers", Wish(n=1))
    assert "api.openai.com" in str(refused.value)
    ready = prepared(project, "http://127.0.0.1:9/v1", "answers", Wish(n=1))
    service = Saying(Failure(trouble=Trouble.QUOTA))
    generating.start(project=project, who=WHO, prepared=ready, open_service=service.opened)
    assert service.here_only is True


def test_a_run_that_was_locked_since_is_not_resumed(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    settings = projects.settings_of(project=project)
    may_leave(project)
    ready = prepared(project, "https://api.openai.com/v1", "answers", Wish(n=1))
    allowed = leaving.consent(project=project, who=WHO, base_url=ready.plan.connection.base_url, purpose="a course")
    service = Saying(Failure(trouble=Trouble.QUOTA))
    generating.start(project=project, who=WHO, prepared=ready, open_service=service.opened, consent=allowed)
    projects.change_settings(project=project, who=WHO, settings=settings)
    with pytest.raises(Locked):
        generating.resume(project=project, who=WHO, run=1, open_service=service.opened)
    assert service.asked == 1


def test_a_stopped_run_keeps_what_came_and_goes_on(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(f"What helps with complaint number {n} in the morning?", "") for n in range(12)])
    flag = CancelFlag()

    def say(turn: int, _asked: str) -> object:
        flag.cancelled = turn >= 3
        return {"answer": f"The book says {turn} times that matter {turn} needs rest."}

    with answering(say) as service:
        ready = prepared(project, service.base_url, "answers", Wish(n=12))
        first = generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat, progress=flag)
        assert first.why == "It was stopped."
        assert 0 < first.accepted < 12
        assert first.accepted + first.waiting == 12
        flag.cancelled = False
        last = generating.resume(project=project, who=WHO, run=first.run, open_service=open_chat)
    assert (last.accepted, last.waiting, last.why) == (12, 0, "")
    with pytest.raises(RunIsDone):
        generating.resume(project=project, who=WHO, run=first.run, open_service=open_chat)


def test_what_is_of_the_wrong_form_is_asked_again_and_listed_with_its_reason(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, REQUESTS[:1])
    with answering(lambda turn, _asked: "Sure!" if turn < 2 else {"answer": "It is cooled with water."}) as service:
        assert run(project, service.base_url, "answers", Wish(n=1)).accepted == 1
    import_pairs(project, tmp_path, REQUESTS[1:2])
    with answering(lambda _turn, _asked: "Sure!") as service:
        found = run(project, service.base_url, "answers", Wish(n=1))
        assert len(service.requests) == asking.TRIES
    assert (found.accepted, found.failed) == (0, {Trouble.WRONG_FORM: 1})
    assert found.done


def test_a_run_stops_at_its_budget_and_says_so(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(f"What helps with complaint number {n} in the morning?", "") for n in range(6)])
    price = Price(prompt=Decimal(10), answer=Decimal(30))
    with answering(lambda turn, _asked: {"answer": f"Rest helps with {turn}, and tea of {turn} herbs."}) as service:
        told = replace(saved(service.base_url), prices={"": price})
        whole = prepared(project, service.base_url, "answers", Wish(n=6), saved=told)
        assert whole.most is not None
        ready = prepared(project, service.base_url, "answers", Wish(n=6), saved=told, budget=whole.most / 5)
        found = generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat)
        assert found.waiting > 0
        last = generating.resume(project=project, who=WHO, run=1, open_service=open_chat, budget=whole.most)
    assert (last.accepted, last.waiting, last.why) == (6, 0, "")
    assert found.accepted > 0
    assert 0 < found.cost <= whole.most / 5
    assert "budget" in found.why


def test_personal_data_is_replaced_and_put_back(project: Project, tmp_path: Path) -> None:
    text = "May I write to maria.lopez@clinic.example about my burn of March 12, 2019?"
    import_pairs(project, tmp_path, [(text, "")])
    seen: list[str] = []

    def say(_turn: int, asked: str) -> object:
        seen.append(asked)
        (address,) = re.findall(r"[\w.+-]+@[\w.-]+\w", asked)
        return {"answer": f'Yes, "{address}" is the place to write to, by the rule of 27 April 2016.'}

    with answering(say) as service:
        found = run(project, service.base_url, "answers", Wish(n=1), surrogates=True)
    assert found.accepted == 1
    assert "maria.lopez" not in seen[0]
    (row,) = [row for row in browsing.examples(project=project) if row.origin == "generated"]
    said = 'Yes, "maria.lopez@clinic.example" is the place to write to, by the rule of 27 April 2016.'
    assert row.content.answer == said
    with project.read() as view:
        assert [sent.replaced for sent in sendings.listed(view)] == [2]
        assert listing.places(view, row.seq)[0].source.metadata["invented_left"] == "27 April 2016"


def test_without_surrogates_personal_data_does_not_leave(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("May I write to maria.lopez@clinic.example about my burn?", ""), *REQUESTS])
    may_leave(project)
    ready = prepared(project, "https://api.openai.com/v1", "answers", Wish(n=4))
    assert ready.held == {Trouble.PRIVATE: 1}
    allowed = leaving.consent(project=project, who=WHO, base_url=ready.plan.connection.base_url, purpose="a course")
    service = Saying(Failure(trouble=Trouble.REFUSED))
    found = generating.start(project=project, who=WHO, prepared=ready, open_service=service.opened, consent=allowed)
    assert found.failed == {Trouble.PRIVATE: 1, Trouble.REFUSED: 3}
    assert service.asked == 3
    assert not any("maria" in json.dumps(question.messages) for question in service.questions)


def test_what_was_answered_when_the_program_died_is_brought_in_and_not_asked_again(
    project: Project, tmp_path: Path
) -> None:
    import_pairs(project, tmp_path, REQUESTS)
    with answering(lambda turn, _asked: {"answer": f"The book says {turn} times that it needs rest."}) as service:
        ready = prepared(project, service.base_url, "answers", Wish(n=3))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ProjectKeeper, "bring_in", _die)
            with pytest.raises(_Died):
                generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat)
        found = generating.resume(project=project, who=WHO, run=1, open_service=open_chat)
        assert (found.accepted, found.waiting) == (3, 0)
        assert len(service.requests) == 3


class _Died(Exception):
    pass


def _die(keeper: ProjectKeeper) -> None:
    if keeper.answered:
        raise _Died


class Saying:
    """A service that says one thing, and how it was opened and asked."""

    def __init__(self, outcome: Answer | Failure) -> None:
        self.outcome = outcome
        self.here_only: bool | None = None
        self.questions: list[Question] = []

    @property
    def asked(self) -> int:
        return len(self.questions)

    def opened(self, _connection: Connection, *, here_only: bool) -> "Saying":
        self.here_only = here_only
        return self

    def models(self) -> Sequence[Offered] | Failure:
        return []

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:  # noqa: ARG002  (of the port)
        self.questions.append(question)
        return self.outcome

    def close(self) -> None:
        pass

"""What comes in of each kind of start, and what happened in the project while a model was asked."""

from dataclasses import replace
from pathlib import Path

from tests.workflows.generation import WHO, answering, import_pairs, open_chat, prepared, run
from tests.workflows.texts import accept_all

from accord.domain.generation import ItemState
from accord.domain.project import AnswerKind, Choice
from accord.storage import generations, listing
from accord.storage.project import Project
from accord.workflows import browsing, duplicates, generating, keeping, projects
from accord.workflows.generation_starts import Wish

REQUEST = "How long is a burn cooled with water?"


def _only(project: Project) -> str:
    (row,) = browsing.examples(project=project)
    return row.id


def test_a_seed_that_was_set_aside_meanwhile_gives_no_candidate(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(REQUEST, "")])
    seed = _only(project)

    def say(_turn: int, _asked: str) -> object:
        duplicates.set_aside(project=project, who=WHO, ids=[seed])
        return {"answer": "For ten minutes."}

    with answering(say) as service:
        found = run(project, service.base_url, "answers", Wish(n=1))
    assert (found.accepted, found.refused) == (0, {"The example that it started from was set aside meanwhile.": 1})


def test_a_seed_that_was_deleted_for_good_meanwhile_gives_no_candidate(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(REQUEST, "")])
    seed = _only(project)

    def say(_turn: int, _asked: str) -> object:
        keeping.purge(project=project, who=WHO, example_id=seed, reason="asked for")
        return {"answer": "For ten minutes."}

    with answering(say) as service:
        found = run(project, service.base_url, "answers", Wish(n=1))
    assert (found.accepted, sum(found.failed.values())) == (0, 1)
    assert list(browsing.examples(project=project)) == []
    with project.read() as view:
        assert generations.replies(view, found.run) == []


def test_a_waiting_question_whose_seed_is_deleted_stops_the_run_and_a_resume_goes_on(
    project: Project, tmp_path: Path
) -> None:
    import_pairs(project, tmp_path, [(f"How long is burn {n} cooled in the water of river {n}?", "") for n in range(9)])

    def say(turn: int, _asked: str) -> object:
        if turn == 0:
            with project.read() as view:
                waiting = generations.items(view, 1, [ItemState.WAITING])[-1]
            seq = waiting.start.seed
            gone = next(row.id for row in browsing.examples(project=project) if row.seq == seq)
            keeping.purge(project=project, who=WHO, example_id=gone, reason="asked for")
        return {"answer": f"For {turn} minutes, says book {turn} of {turn} books."}

    with answering(say) as service:
        found = run(project, service.base_url, "answers", Wish(n=9))
        while found.why:
            assert "deleted for good" in found.why
            found = generating.resume(project=project, who=WHO, run=1, open_service=open_chat)
    assert (found.accepted + found.duplicate, sum(found.failed.values()), found.waiting) == (8, 1, 0)


def test_what_was_deleted_for_good_does_not_come_back_from_a_model(project: Project, tmp_path: Path) -> None:
    import_pairs(
        project,
        tmp_path,
        [("What is a burn?", "A wound by heat, of the skin or of what is below it."), (REQUEST, "Ten minutes.")],
    )
    accept_all(project)
    gone = next(row.id for row in browsing.examples(project=project) if row.content.request == REQUEST)
    keeping.purge(project=project, who=WHO, example_id=gone, reason="asked for")
    with answering(lambda _turn, _asked: {"pairs": [{"request": REQUEST, "answer": "Ten minutes."}]}) as service:
        found = run(project, service.base_url, "variations", Wish(n=1))
    assert found.refused == {"this example was deleted for good from this project": 1}
    assert found.accepted == 0


def test_an_answer_that_is_none_for_the_project_by_now_is_refused(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(REQUEST, "")])

    def say(_turn: int, _asked: str) -> object:
        settings = projects.settings_of(project=project)
        closed = replace(settings, answer_kind=AnswerKind.LIST, choices=(Choice(label="yes"), Choice(label="no")))
        projects.change_settings(project=project, who=WHO, settings=closed)
        return {"answer": "For ten minutes."}

    with answering(say) as service:
        found = run(project, service.base_url, "answers", Wish(n=1))
    assert (found.accepted, sum(found.refused.values())) == (0, 1)
    assert found.done


def test_two_drafts_of_one_reply_that_are_nearly_the_same_are_one(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("What is a burn?", "A wound by heat, of the skin or of what is below it.")])
    accept_all(project)
    long = "Hold it under running water of the room for ten minutes, take off rings, and cover it with a clean cloth"
    pairs = [{"request": "My son burnt his hand, what now?", "answer": long + end} for end in ("", " then")]
    with answering(lambda _turn, _asked: {"pairs": pairs}) as service:
        found = run(project, service.base_url, "variations", Wish(n=2))
    assert (found.accepted, found.duplicate) == (1, 1)


def test_what_is_looked_at_before_is_what_is_asked(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [(REQUEST, "")])
    with answering(lambda _turn, _asked: {"answer": "For ten minutes."}) as service:
        shown = prepared(project, service.base_url, "answers", Wish(n=1)).first[0]
        run(project, service.base_url, "answers", Wish(n=1))
        (received,) = service.requests
    assert received.fields["messages"] == [dict(message) for message in shown.messages]


def test_new_requests_wait_for_an_answer_and_have_their_tag(project: Project) -> None:
    with answering(lambda turn, _asked: {"requests": [f"What helps with the complaint number {turn}?"]}) as service:
        found = run(project, service.base_url, "requests", Wish(n=1, tags=("keep",)))
    assert found.accepted == 1
    (row,) = browsing.examples(project=project)
    assert (row.status, row.tags) == ("needs_answer", ("keep",))


def test_a_pair_from_a_document_keeps_its_passage(project: Project, tmp_path: Path) -> None:
    document = tmp_path / "book.txt"
    document.write_text("A burn is cooled with water for ten minutes. " * 8, "utf-8")
    pair = {"request": "How long is a burn cooled?", "answer": "For ten minutes, with water."}
    with answering(lambda _turn, _asked: {"pairs": [pair]}) as service:
        found = run(project, service.base_url, "passages", Wish(n=1, documents=(document,)))
    assert found.accepted == 1
    (row,) = browsing.examples(project=project)
    with project.read() as view:
        source = listing.places(view, row.seq)[0].source
    assert (source.source, source.group) == ("book.txt", "book.txt")
    assert "cooled with water for ten minutes" in source.context

"""A service fails while a model comes home: each thing is whole in the project, or listed with its reason."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.chat_service import KEY, Behaviour, Case, ChatService, Fault, Good, Received, Script
from tests.chat_service.wire import Response
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service
from tests.workflows.homecoming import FILES, at, bring, kept, opened, the

from accord.domain.errors import Cancelled
from accord.domain.fine_tuning import Part
from accord.domain.ledger import Who
from accord.domain.progress import Silent
from accord.providers.fine_tuning import service as provider
from accord.storage import imports, listing, service_records
from accord.storage.project import Project
from accord.workflows import bringing_home, fetching, importing, projects, service_files


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_BACK_OFF", 0.001)
    monkeypatch.setattr(fetching, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(provider, "_PIECE", 64)  # so that what breaks off has left something behind


@pytest.fixture
def no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the rows of files out, for what is about their bytes."""
    report = importing.FileReport(file="", read=1, accepted=1)
    monkeypatch.setattr(importing, "import_file", lambda **_words: report)


@pytest.fixture
def home_file(tmp_path: Path, who: Who, light_checks: None) -> Iterator[Project]:
    """Give a new project in a file."""
    made = projects.new_project(path=tmp_path / "home.accord", who=who)
    yield made
    made.close()


def _first(asked: Callable[[str], bool], fault: Fault | Case) -> Script:
    """Fail the first request whose path is one of those."""
    failed: list[str] = []

    def script(_number: int, received: Received) -> Behaviour:
        if failed or not asked(received.path):
            return Good()
        failed.append(received.path)
        return fault

    return script


PASSING: tuple[Fault | Case, ...] = (
    *(Fault.SERVER_ERROR, Fault.SERVER_ERROR_EMPTY, Fault.BAD_GATEWAY_HTML, Fault.GATEWAY_TIMEOUT, Fault.OVERLOADED),
    *(Fault.CAPTIVE_PORTAL, Fault.CLOSED_BEFORE_REPLY, Fault.RESET_BEFORE_REPLY, Fault.RESET_AFTER_HEADERS),
    *(Fault.RESET_IN_BODY, Fault.SHORT_BODY, Fault.CHUNKED_CUT, Fault.HEADERS_CUT, Fault.NOT_HTTP, Fault.EMPTY_BODY),
    *(Fault.GZIP_BROKEN, Case(Fault.RATE_LIMIT_SECONDS, seconds=0), Fault.REQUEST_TIMEOUT, Fault.CONFLICT),
)


def _renamed(number: int, rows: int = 3) -> Account:
    """Return an account whose job and files have names and rows that no other number has."""
    account = Account.of_clinic(rows=rows)
    (job,) = [one for one in account.jobs if one.model == MODEL]
    names = {one: f"{one}-{number}" for one in account.files}
    account.files = {
        names[one.id]: replace(one, id=names[one.id], data=one.data.replace(b"Item", b"Item %d/" % number))
        for one in account.files.values()
    }
    results = tuple(names[one] for one in job.results)
    there = replace(
        job, id=f"ftjob-{number}", training=names["file-train"], validation=names["file-valid"], results=results
    )
    account.jobs = [there]
    return account


@pytest.mark.usefixtures("no_rows")
@pytest.mark.parametrize("path", ["/jobs", "/events", "/checkpoints", "/models/", "/files/"])
def test_what_passes_is_asked_once_more(home_file: Project, who: Who, path: str) -> None:
    for number, fault in enumerate(PASSING[::6]):
        script = _first(lambda asked: path in asked and not asked.endswith("/content"), fault)
        with fine_tuning_service(_renamed(number), script) as service:
            found = bring(home_file, who, service)
        assert not found.failed, (fault, found.failed)


@pytest.mark.usefixtures("no_rows")
def test_a_download_that_breaks_is_begun_again(home_file: Project, who: Who) -> None:
    for number, fault in enumerate(PASSING):
        account = _renamed(number)
        with fine_tuning_service(account, _first(lambda asked: asked.endswith("/content"), fault)) as service:
            found = bring(home_file, who, service)
            downloads = [one for one in service.requests if one.path.endswith("/content")]
        assert not found.failed, (fault, found.failed)
        assert len(downloads) == 4  # one more than there are files
        assert {one.data for one in account.files.values()} <= _contents(home_file)


def _contents(project: Project) -> set[bytes]:
    with project.read() as view:
        return {b"".join(service_records.content(view, one.id)) for one in service_records.listed(view)}


#: What ends a thing, and what its reason says.
ENDING = {
    Fault.PERMISSION_REFUSED: "no model of this name",
    Fault.REGION_REFUSED: "does not let this key read it",
    Fault.CAPTIVE_PORTAL: "sign-in page",
    Fault.HTML_AS_JSON: "sign-in page",
    Fault.SERVER_ERROR: "The service failed",
    Fault.SHORT_BODY: "broke before it was whole",
    Fault.CHUNKED_CUT: "broke before it was whole",
    Fault.ERROR_AS_TEXT: "does not accept the request",
}


@pytest.mark.usefixtures("no_rows")
def test_what_does_not_come_is_listed_with_its_reason_and_comes_later(home_file: Project, who: Who) -> None:
    for number, fault in enumerate(ENDING):
        account = _renamed(number)
        broken = [True]
        with fine_tuning_service(account, _while(broken, f"file-train-{number}/content", fault)) as service:
            (failed,) = bring(home_file, who, service).failed
            assert (failed.part, failed.record) == (Part.TRAINING, None)
            assert ENDING[fault] in failed.why
            broken.clear()
            there = {one.data for one in account.files.values()}
            assert len(there - _contents(home_file)) == 1
            assert not bring(home_file, who, service).failed
            assert there <= _contents(home_file)


def _while(broken: list[bool], path: str, fault: Fault) -> Script:
    """Fail the requests whose path ends so, until ``broken`` is empty."""

    def script(_number: int, received: Received) -> Behaviour:
        return fault if broken and received.path.endswith(path) else Good()

    return script


def test_a_key_that_is_revoked_half_way_ends_the_rest_with_its_reason_and_asks_no_more(
    home_file: Project, who: Who
) -> None:
    def script(_number: int, received: Received) -> Behaviour:
        return Fault.KEY_REVOKED if received.path.endswith("/checkpoints") else Good()

    with fine_tuning_service(Account.of_clinic(), script) as service:
        found = bring(home_file, who, service)
        asked = [one.path for one in service.requests]
    assert [thing.part for thing in found.failed] == [Part.CHECKPOINTS, *FILES]
    assert all("does not accept the key" in thing.why for thing in found.failed)
    assert asked[-1].endswith("/checkpoints")
    assert KEY not in str(found)
    assert json.loads(kept(home_file, Part.JOB))["id"] == "ftjob-1"


def test_a_file_that_was_deleted_at_the_service_is_listed_and_the_others_come(home_file: Project, who: Who) -> None:
    account = Account.of_clinic()
    del account.files["file-valid"]
    with fine_tuning_service(account) as service:
        found = bring(home_file, who, service)
    (failed,) = found.failed
    assert (failed.part, failed.name) == (Part.VALIDATION, "file-valid")
    assert "no longer has it" in failed.why
    assert "No such File object" in failed.why


@pytest.mark.usefixtures("no_rows")
def test_a_file_that_is_shorter_than_the_service_says_is_not_kept(home_file: Project, who: Who) -> None:
    account = Account.of_clinic()
    whole = account.files["file-train"]
    account.files["file-train"] = replace(whole, data=whole.data[:-100], said=len(whole.data))
    with fine_tuning_service(account) as service:
        (failed,) = bring(home_file, who, service).failed
        assert failed.record is None
        assert "broke before it was whole" in failed.why
        account.files["file-train"] = whole
        assert not bring(home_file, who, service).failed
    assert kept(home_file, Part.TRAINING) == whole.data


@pytest.mark.usefixtures("no_rows")
def test_a_file_larger_than_any_is_not_fetched_and_one_that_lies_is_stopped(
    home_file: Project, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_files, "LARGEST", 100_000)
    account = Account.of_clinic()
    data = account.files["file-train"].data
    account.files["file-train"] = replace(account.files["file-train"], said=100_001)
    account.files["file-valid"] = replace(account.files["file-valid"], data=data * 2000, said=len(data))
    with fine_tuning_service(account) as service:
        found = bring(home_file, who, service)
        asked = [one.path for one in service.requests]
    assert [thing.part for thing in found.failed] == [Part.TRAINING, Part.VALIDATION]
    assert all("larger than any file" in thing.why for thing in found.failed)
    assert not any(path.endswith("file-train/content") for path in asked)


def test_rows_that_are_none_are_told_and_the_file_is_kept_all_the_same(home_file: Project, who: Who) -> None:
    account = Account.of_clinic()
    account.files["file-train"] = replace(account.files["file-train"], data=b"\x00\x01 not a line of JSON\n")
    with fine_tuning_service(account) as service:
        found = bring(home_file, who, service)
    thing = the(found, Part.TRAINING)
    assert thing.why
    assert thing.record is not None
    assert kept(home_file, Part.TRAINING) == account.files["file-train"].data


def test_a_model_that_nobody_knows_brings_nothing(home_file: Project, who: Who) -> None:
    with fine_tuning_service(Account.of_clinic()) as service:
        found = bring(home_file, who, service, "ft:gpt-4o:elsewhere::Zzz")
    assert [thing.part for thing in found.failed] == [Part.MODEL, Part.JOB]
    with home_file.read() as view:
        assert {one.kind for one in service_records.listed(view)} == {Part.VISIT}


def test_a_service_without_fine_tuning_says_so(home_file: Project, who: Who) -> None:
    with ChatService() as service:
        found = bring(home_file, who, service)
    assert "tells of fine-tuned models" in the(found, Part.JOB).why


def test_a_list_without_an_end_ends_with_its_reason(home_file: Project, who: Who) -> None:
    account = Account.of_clinic()
    page = json.dumps({"object": "list", "data": account.jobs[0].told_events(), "has_more": True}).encode()

    def reply(received: Received) -> Response | None:
        return Response(200, page) if received.path.endswith("/events") else account.reply(received)

    with ChatService(models=account.models, more=reply) as service:
        found = bring(home_file, who, service)
    (failed,) = found.failed
    assert failed.part is Part.EVENTS
    assert "repeats itself" in failed.why


class _StopAt(Silent):
    """Stops whoever works once so many requests have come to a service."""

    def __init__(self, service: ChatService, requests: int) -> None:
        self._service, self._requests = service, requests

    def check(self) -> None:
        if len(self._service.requests) >= self._requests:
            raise Cancelled


def test_stopping_it_anywhere_leaves_whole_things_and_the_next_time_brings_the_rest(
    home_file: Project, who: Who
) -> None:
    account = Account.of_clinic(rows=3)
    with fine_tuning_service(account) as service:
        stops = 0
        while _stopped_after(stops + 1, home_file, who, service):
            stops += 1
            _assert_whole(home_file, account)
        assert not bring(home_file, who, service).failed
    _assert_whole(home_file, account)
    assert kept(home_file, Part.TRAINING) == account.files["file-train"].data
    assert stops >= 8
    with home_file.read() as view:
        assert len(listing.seqs(view, [])) == 7


def _stopped_after(requests: int, project: Project, who: Who, service: ChatService) -> bool:
    """Bring it home, but stop once so many requests were made; say whether it came so far."""
    stopping = _StopAt(service, len(service.requests) + requests)
    try:
        bringing_home.bring(
            project=project, who=who, connection=at(service), model=MODEL, open_service=opened, progress=stopping
        )
    except Cancelled:
        return True
    return False


def _assert_whole(project: Project, account: Account) -> None:
    files = {one.id: one.data for one in account.files.values()}
    with project.read() as view:
        for record in service_records.listed(view):
            data = b"".join(service_records.content(view, record.id))
            assert hashlib.sha256(data).hexdigest() == record.sha256
            if record.kind in FILES:
                assert data == files[record.name]
        assert imports.pending(view) == []

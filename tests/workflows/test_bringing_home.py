"""A hosted fine-tuned model comes home: each thing whole, its rows as examples, nothing twice."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fine_tuning_service import MODEL, Account, File, fine_tuning_service
from tests.teams import ANA, CARA, LENA, Team
from tests.workflows.homecoming import FILES, at, bring, kept, opened, the

from accord.domain.chat import Connection
from accord.domain.errors import Refused
from accord.domain.fine_tuning import FineTuningService, Part
from accord.domain.generation import Consent
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor
from accord.domain.project import DataClass
from accord.storage import imports, listing, sendings, service_records
from accord.storage.project import Project
from accord.workflows import bringing_home, home_records, keeping, permissions, projects


@pytest.fixture
def home(place: Path | str, who: Who, light_checks: None) -> Iterator[Project]:
    """Give a new project that may ask others, once in a file and once on a server."""
    made = _new(place, who)
    yield made
    made.close()


@pytest.fixture
def file_home(tmp_path: Path, who: Who, light_checks: None) -> Iterator[Project]:
    """Give a new project in a file, for what does not depend on the database."""
    made = _new(tmp_path / "home.accord", who)
    yield made
    made.close()


def _new(place: Path | str, who: Who) -> Project:
    made = projects.new_project(path=place, who=who)
    settings = projects.settings_of(project=made)
    projects.change_settings(project=made, who=who, settings=replace(settings, data_class=DataClass.CONSENT))
    return made


def test_everything_that_the_service_holds_is_in_the_project(home: Project, who: Who) -> None:
    account = Account.of_clinic(rows=12)
    with fine_tuning_service(account) as service:
        found = bring(home, who, service)
    assert not found.failed
    assert [thing.part for thing in found.things if thing.part is not Part.FILE] == [
        *(Part.MODEL, Part.JOB, Part.EVENTS, Part.CHECKPOINTS),
        *FILES,
    ]
    assert kept(home, Part.TRAINING) == account.files["file-train"].data
    assert kept(home, Part.RESULT) == account.files["file-result"].data  # it came in base64
    assert json.loads(kept(home, Part.JOB)) == account.jobs[-1].told()
    assert json.loads(kept(home, Part.MODEL))["shutdown_date"] == "2027-01-14"
    events = [json.loads(line)["message"] for line in kept(home, Part.EVENTS).splitlines()]
    assert events == list(account.jobs[-1].events)
    steps = [json.loads(line)["step_number"] for line in kept(home, Part.CHECKPOINTS).splitlines()]
    assert steps == [12, 24]


def test_the_rows_of_its_training_files_are_examples_with_their_source(home: Project, who: Who) -> None:
    with fine_tuning_service(Account.of_clinic(rows=12)) as service:
        found = bring(home, who, service)
    train, valid = the(found, Part.TRAINING).tally, the(found, Part.VALIDATION).tally
    assert train is not None
    assert valid is not None
    assert (train.accepted, valid.accepted) == (12, 4)
    with home.read() as view:
        seqs = listing.seqs(view, [])
        sources = {source.source for source in listing.first_sources(view, seqs).values()}
        files = {run.file for run in imports.runs(view)}
    assert len(seqs) == 16
    assert sources == {
        f"fine-tuning file clinic-train.jsonl of {MODEL}",
        f"fine-tuning file clinic-valid.jsonl of {MODEL}",
    }
    assert files == {"clinic-train.jsonl", "clinic-valid.jsonl"}


def test_bringing_it_home_again_doubles_nothing_and_downloads_no_file_again(home: Project, who: Who) -> None:
    with fine_tuning_service(Account.of_clinic()) as service:
        bring(home, who, service)
        before = _state(home)
        again = bring(home, who, service)
        downloads = [one.path for one in service.requests if one.path.endswith("/content")]
    assert not again.failed
    assert all(thing.known for thing in again.things)
    assert len(downloads) == 3
    assert _state(home) == before


def _state(project: Project) -> object:
    with project.read() as view:
        records = [(one.kind, one.name, one.sha256) for one in service_records.listed(view)]
        runs = [(run.file, run.accepted) for run in imports.runs(view)]
        return sorted(records), sorted(runs), list(listing.seqs(view, []))


def test_a_look_tells_sizes_and_brings_nothing(file_home: Project, who: Who) -> None:
    account = Account.of_clinic()
    with fine_tuning_service(account) as service:
        found = bringing_home.look(project=file_home, who=who, connection=at(service), model=MODEL, open_service=opened)
        asked = {one.path for one in service.requests}
    assert found.bytes == sum(len(one.data) for one in account.files.values())
    assert [(thing.file, thing.bytes) for thing in found.things if thing.part in FILES] == [
        (one.name, len(one.data)) for one in account.files.values()
    ]
    assert not any(path.endswith(("/content", "/events")) for path in asked)
    with file_home.read() as view:
        assert service_records.listed(view) == []
        assert len(listing.seqs(view, [])) == 0


def test_ten_thousand_events_come_page_by_page(file_home: Project, who: Who) -> None:
    told = [f"Step {n}/10000: training loss=0.5" for n in range(10_000)]
    with fine_tuning_service(Account.of_clinic(events=told)) as service:
        found = bring(file_home, who, service)
        pages = [one for one in service.requests if one.path.endswith("/events")]
    assert not found.failed
    assert len(pages) == 100
    lines = kept(file_home, Part.EVENTS).splitlines()
    assert [json.loads(line)["message"] for line in lines] == told


def test_a_checkpoint_of_a_model_leads_to_its_job(file_home: Project, who: Who) -> None:
    account = Account.of_clinic()
    account.models = (*account.models, f"{MODEL}:ckpt-step-12")
    with fine_tuning_service(account) as service:
        found = bring(file_home, who, service, f"{MODEL}:ckpt-step-12")
    assert the(found, Part.JOB).name == "ftjob-1"
    assert not found.failed


def test_preference_files_come_in_as_pairs(file_home: Project, who: Who) -> None:
    row = {
        "input": {"messages": [{"role": "user", "content": "May it be taken at night?"}]},
        "preferred_output": [{"role": "assistant", "content": "Yes, with the evening meal."}],
        "non_preferred_output": [{"role": "assistant", "content": "Maybe."}],
    }
    account = Account.of_clinic()
    data = json.dumps(row).encode() + b"\n"
    account.files["file-train"] = File(id="file-train", name="pairs.jsonl", data=data)
    account.jobs[-1] = replace(account.jobs[-1], method="dpo", validation=None)
    with fine_tuning_service(account) as service:
        found = bring(file_home, who, service)
    tally = the(found, Part.TRAINING).tally
    assert tally is not None
    assert (tally.read, tally.accepted) == (1, 1)


def test_what_was_deleted_for_good_here_does_not_come_back(file_home: Project, who: Who) -> None:
    with fine_tuning_service(Account.of_clinic()) as service:
        found = bring(file_home, who, service)
        record = the(found, Part.RESULT).record
        assert record is not None
        with file_home.write(who) as unit:
            service_records.forget(unit, record)
            unit.commit()
        again = bring(file_home, who, service)
    (failed,) = again.failed
    assert failed.part is Part.RESULT
    assert "deleted for good" in failed.why


def test_deleting_an_example_for_good_reaches_the_file_that_it_came_in(home: Project, who: Who) -> None:
    with fine_tuning_service(Account.of_clinic(rows=3)) as service:
        bring(home, who, service)
        with home.read() as view:
            rows = [row for row in listing.iterate(view) if "of the train leaflet" in row.content.request]
        gone = keeping.purge(project=home, who=who, example_id=rows[0].id, reason="withdrawn")
        assert gone.records == ("file-train",)
        assert kept(home, Part.VALIDATION)
        with home.read() as view:
            (record,) = [one for one in service_records.listed(view) if one.kind == Part.TRAINING]
            assert list(service_records.content(view, record.id)) == []
        (failed,) = bring(home, who, service).failed
    assert failed.part is Part.TRAINING
    assert "deleted for good" in failed.why


def test_nothing_is_asked_off_this_machine_without_consent_nor_from_a_locked_project(
    file_home: Project, who: Who
) -> None:
    away = Connection(name="OpenAI", base_url="https://api.openai.com/v1")
    asked_of: list[Connection] = []

    def never(connection: Connection, *, here_only: bool) -> FineTuningService:
        asked_of.append(connection)
        raise AssertionError

    asked = {"project": file_home, "who": who, "connection": away, "model": MODEL, "open_service": never}
    for act in (bringing_home.look, bringing_home.bring):
        with pytest.raises(bringing_home.NeedsConsent, match=r"api\.openai\.com .* no text of the project"):
            act(**asked)  # type: ignore[arg-type]  # the same words for both
    settings = projects.settings_of(project=file_home)
    projects.change_settings(project=file_home, who=who, settings=replace(settings, data_class=DataClass.LOCKED))
    consent = Consent(author="ana", purpose="keep our model", host="api.openai.com")
    with pytest.raises(Refused, match="locked to this machine"):
        bringing_home.bring(**asked, consent=consent)  # type: ignore[arg-type]  # the same words
    assert asked_of == []
    with file_home.read() as view:
        assert sendings.listed(view) == []


def test_what_leaves_is_noted_and_a_visit_tells_with_whose_consent(home: Project, who: Who) -> None:
    consent = Consent(author="ana", purpose="keep our model", host="127.0.0.1", at="2026-11-22")
    account = Account.of_clinic()
    del account.files["file-valid"]
    with fine_tuning_service(account) as service:
        bringing_home.bring(
            project=home, who=who, connection=at(service), model=MODEL, open_service=opened, consent=consent
        )
    with home.read() as view:
        (sent,) = sendings.listed(view)
    assert (sent.purpose, sent.host, sent.author) == ("bring_home", "127.0.0.1", "ana")
    visit = json.loads(kept(home, Part.VISIT))
    assert visit["consent"]["purpose"] == "keep our model"
    (failed,) = [thing for thing in visit["things"] if thing["why"]]
    assert failed["name"] == "file-valid"


def test_in_a_team_a_lead_brings_it_home_and_nobody_else_sees_it(database: str, light_checks: None) -> None:
    with closing(Team(database)) as team, fine_tuning_service(Account.of_clinic(rows=3)) as service:
        lena = permissions.acting(project=team[LENA], who=Who(actor=LENA))
        found = bring(team[LENA], lena, service)
        assert not found.failed
        assert {one.author for one in home_records.brought(project=team[LENA])} == {LENA}
        with team[LENA].read() as view:
            (row, *_rest) = [row for row in listing.iterate(view) if "of the train leaflet" in row.content.request]
        gone = keeping.purge(project=team[LENA], who=lena, example_id=row.id, reason="withdrawn")
        assert gone.records == ("file-train",)
        for name in (ANA, CARA):
            with pytest.raises(OnlyFor):
                bring(team[name], Who(actor=name), service)
            with pytest.raises(OnlyFor):
                home_records.brought(project=team[name])

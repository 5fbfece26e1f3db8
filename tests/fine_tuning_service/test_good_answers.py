"""The good answers are those of OpenAI's own description: they validate against its client's types, strictly."""

import pytest
from openai import NotFoundError, OpenAI
from openai.types import FileObject, Model
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
from pydantic import BaseModel

from tests.chat_service import KEY
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service


def _strictly(found: BaseModel) -> None:
    """Validate what came; the client itself takes anything."""
    type(found).model_validate_json(found.model_dump_json(), strict=True)


def test_every_object_is_of_the_clients_own_type() -> None:
    account = Account.of_clinic()
    with (
        fine_tuning_service(account) as service,
        OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0) as client,
    ):
        jobs = list(client.fine_tuning.jobs.list(limit=1))
        job = client.fine_tuning.jobs.retrieve(jobs[0].id)
        events = list(client.fine_tuning.jobs.list_events(job.id, limit=3))
        checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id))
        files = [client.files.retrieve(name) for name in (job.training_file, *job.result_files)]
        model = client.models.retrieve(MODEL)
        listed = list(client.files.list())
        came = client.files.content(job.training_file).content
    kinds = {type(one) for one in (*jobs, *events, *checkpoints, *files, model)}
    assert kinds == {FineTuningJob, FineTuningJobEvent, FineTuningJobCheckpoint, FileObject, Model}
    for one in (*jobs, job, *events, *checkpoints, *files, *listed, model):
        _strictly(one)
    assert (len(jobs), len(events), len(checkpoints)) == (2, 4, 2)
    assert came == account.files["file-train"].data
    assert model.shutdown_date == "2027-01-14"


def test_lists_come_in_pages_newest_first() -> None:
    account = Account.of_clinic(events=[f"Step {n}/250" for n in range(250)])
    with (
        fine_tuning_service(account) as service,
        OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0) as client,
    ):
        told = [event.message for event in client.fine_tuning.jobs.list_events("ftjob-1", limit=100)]
        asked = [one.query for one in service.requests]
    assert told == [f"Step {n}/250" for n in reversed(range(250))]
    assert len(asked) == 3


@pytest.mark.parametrize("path", ["/files/file-none", "/fine_tuning/jobs/ftjob-none", "/models/ft:none"])
def test_what_is_not_there_is_a_404_with_openais_error_object(path: str) -> None:
    with (
        fine_tuning_service(Account.of_clinic()) as service,
        OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0) as client,
        pytest.raises(NotFoundError) as raised,
    ):
        client.get(path, cast_to=Model)
    assert raised.value.type == "invalid_request_error"

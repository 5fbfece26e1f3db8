"""The GPT-4 family comes first while it is there, with its end; then the model that follows it is named."""

from datetime import date

import pytest
from tests.chat_service import KEY, ChatService

from accord.domain.chat import Connection, Failure, Kind, Offered, Trouble
from accord.providers.chat import OpenAIChat
from accord.settings import SavedConnection
from accord.workflows import model_choices
from accord.workflows.model_choices import Models, choices, retirement, successor_of

TODAY = date(2026, 11, 22)
URL = "https://api.openai.com/v1"
LISTED = ("dall-e-3", "gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5", "gpt-5-mini", "gpt-5.1", "text-embedding-3-large")


def _choices(
    *names: str | Offered, used: str = "", kind: Kind = Kind.OPENAI, base_url: str = URL, today: date = TODAY
) -> Models:
    offered = [Offered(name) if isinstance(name, str) else name for name in names]
    saved = SavedConnection(connection=Connection(name="c", base_url=base_url, kind=kind), model=used)
    return choices(saved=saved, offered=offered, today=today)


def test_gpt_4_is_preselected_with_its_day_and_its_successor_beside_it() -> None:
    found = _choices(*LISTED)
    first = found.choices[0]
    assert (first.name, first.preselected, first.retires, first.days_left) == ("gpt-4.1", True, "2027-01-14", 53)
    assert found.preselected == "gpt-4.1"
    assert [choice.preselected for choice in found.choices].count(True) == 1
    assert found.side_by_side == ("gpt-4.1", "gpt-5.1")
    assert found.told == (
        "It answers until 2027-01-14, 53 days from now. “gpt-5.1” follows it: let both answer the same 10 starting "
        "points before that day."
    )


def test_what_answers_no_chat_is_not_offered() -> None:
    names = {choice.name for choice in _choices(*LISTED).choices}
    assert names == set(LISTED) - {"dall-e-3", "text-embedding-3-large"}


def test_once_gpt_4_is_gone_its_successor_is_proposed_by_name() -> None:
    for found in (_choices("gpt-5", "gpt-5.1", "gpt-5-mini"), _choices(*LISTED, today=date(2027, 1, 15))):
        assert found.preselected == found.successor == "gpt-5.1"
        assert found.told == "No model of the GPT-4 family is listed any more. “gpt-5.1” is proposed in its place."
        assert found.side_by_side is None


def test_a_model_past_its_day_is_listed_last_with_a_warning() -> None:
    found = _choices(*LISTED, today=date(2027, 1, 15))
    last = found.choices[-1]
    assert (last.days_left, last.note) == (-1, "Its end was 2027-01-14; it may not answer.")


def test_the_service_s_own_day_wins() -> None:
    found = _choices(Offered("gpt-4.1", "2027-06-30"), "gpt-5", today=date(2027, 1, 15))
    assert (found.preselected, found.choices[0].retires) == ("gpt-4.1", "2027-06-30")
    sooner = _choices(Offered("gpt-4.1", "2026-11-21"), "gpt-5")
    assert sooner.preselected == "gpt-5"
    assert _choices(Offered("gpt-4.1", "soon")).choices[0].retires == "2027-01-14"


def test_the_model_used_last_comes_first_while_it_is_there() -> None:
    assert _choices(*LISTED, used="gpt-5-mini").preselected == "gpt-5-mini"
    assert _choices(*LISTED, used="gpt-4-gone").preselected == "gpt-4.1"
    here = _choices("llama", "qwen", used="mistral", kind=Kind.COMPATIBLE, base_url="http://127.0.0.1:8080/v1")
    assert (here.preselected, here.told) == ("llama", "“mistral”, used last, is not listed any more.")


def test_days_of_openai_are_not_told_of_another_service_with_models_of_that_name() -> None:
    found = _choices("gpt-4o", kind=Kind.COMPATIBLE, base_url="http://127.0.0.1:8080/v1")
    assert found.choices[0].retires == ""


def test_of_azure_the_deployment_used_last_is_offered() -> None:
    found = _choices("gpt-4.1", used="our-gpt", kind=Kind.AZURE, base_url="https://c.openai.azure.com")
    assert [choice.name for choice in found.choices] == [found.preselected] == ["our-gpt"]
    assert "name of a deployment" in found.told


@pytest.mark.parametrize(
    ("model", "day"),
    [
        ("gpt-4o", "2027-01-14"),
        ("gpt-4o-2024-08-06", "2027-01-14"),
        ("gpt-4o-mini", "2027-01-14"),
        ("gpt-4.1-2025-04-14", "2027-01-14"),
        ("ft:gpt-4o-mini-2024-07-18:clinic::AbC", "2027-01-14"),
        ("gpt-4o-audio-preview", ""),
        ("gpt-4.1-mini", ""),
        ("gpt-5", ""),
    ],
)
def test_a_day_is_known_of_a_family_and_its_fine_tunes_and_of_nothing_like_it(model: str, day: str) -> None:
    assert retirement(connection=Connection(name="o", base_url=URL, kind=Kind.OPENAI), model=model) == day


def test_a_successor_is_the_newest_of_the_same_size() -> None:
    listed = ("gpt-5", "gpt-5.10", "gpt-5.9", "gpt-5-mini", "gpt-5.2-mini", "gpt-6-pro", "gpt-4o")
    assert successor_of("gpt-4.1", listed) == "gpt-5.10"
    assert successor_of("gpt-4o-mini", listed) == "gpt-5.2-mini"
    assert successor_of("gpt-4o-mini", ("gpt-5",)) == "gpt-5"
    assert successor_of("gpt-4.1", ("gpt-4o", "o3")) == ""


def test_unasked_gpt_4_is_the_first_choice_at_openai_until_its_day() -> None:
    saved = SavedConnection(connection=Connection(name="o", base_url=URL, kind=Kind.OPENAI))
    assert model_choices.unasked(saved=saved, today=date(2027, 1, 14)) == "gpt-4.1"
    assert model_choices.unasked(saved=saved, today=date(2027, 1, 15)) == ""
    here = SavedConnection(connection=Connection(name="h", base_url="http://127.0.0.1:8080/v1"), model="m")
    assert model_choices.unasked(saved=here, today=TODAY) == "m"


def _open(connection: Connection, *, here_only: bool) -> OpenAIChat:
    return OpenAIChat(connection, KEY, here_only=here_only)


def test_a_service_is_asked_for_its_models_or_says_why_not() -> None:
    with ChatService() as service:
        saved = SavedConnection(connection=Connection(name="c", base_url=service.base_url, kind=Kind.OPENAI))
        found = model_choices.models(saved=saved, open_service=_open, here_only=True, today=TODAY)
        assert isinstance(found, Models)
        assert found.preselected == "gpt-4.1"
    gone = model_choices.models(saved=saved, open_service=_open, here_only=True, today=TODAY)
    assert isinstance(gone, Failure)
    assert gone.trouble is Trouble.UNREACHABLE

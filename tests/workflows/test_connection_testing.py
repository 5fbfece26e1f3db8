"""A test of a connection says in words what works, what is wrong and what to do, whatever stands at the address."""

import socket
from collections.abc import Iterator
from datetime import date

import pytest
from tests import llama_server
from tests.chat_service import KEY, NO_SUCH_HOST, Case, ChatService, Fault, Good, in_order, kinds, met
from tests.llama_server import LlamaServer

from accord.domain.chat import Connection, Kind, Trouble, sentence
from accord.domain.keys import FoundKey, Whence
from accord.providers.chat import OpenAIChat
from accord.providers.keys import MachineKeys
from accord.settings import SavedConnection
from accord.workflows import connection_testing
from accord.workflows.connection_testing import Tried, try_out

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.providers.chat.service._LIST_SECONDS", 0.7)
    monkeypatch.setattr(connection_testing, "_SECONDS", 0.7)


def _tested(
    base_url: str,
    *,
    key: str = KEY,
    model: str = "",
    used: str = "",
    kind: Kind = Kind.COMPATIBLE,
    here_only: bool = False,
    verify: object = True,
) -> Tried:
    version = "2024-10-21" if kind is Kind.AZURE else ""
    connection = Connection(name="Clinic", base_url=base_url, kind=kind, api_version=version)
    keys = MachineKeys(lambda: None, {})
    if key:
        keys.keep(connection, key)

    def opened(connection: Connection, *, here_only: bool) -> OpenAIChat:
        return OpenAIChat(connection, keys.find(connection).key, here_only=here_only, verify=verify)  # type: ignore[arg-type]  # a context

    saved = SavedConnection(connection=connection, model=used)
    return try_out(saved=saved, keys=keys, open_service=opened, today=TODAY, model=model, here_only=here_only)


@pytest.mark.parametrize("fault", kinds(), ids=str)
def test_every_fault_is_told_in_sentences_and_none_for_a_connection_that_works(fault: Fault) -> None:
    with met(Case(fault)) as place:
        found = _tested(place.base_url, model="gpt-4", verify=place.trust.client_side() if place.trust else True)
    assert found.told
    assert KEY not in " ".join(found.told)
    if found.trouble is not None:
        assert sentence(found.trouble) in found.told
        assert place.base_url in found.told[0] or found.model


def test_a_connection_that_works_says_so_with_its_models_and_asks_once() -> None:
    with ChatService() as service:
        found = _tested(service.base_url, kind=Kind.OPENAI)
        assert found.answered
        assert found.model == "gpt-4.1"
        assert found.told[0] == f"{service.base_url} answers and lists 7 models."
        assert found.told[-1].startswith("“gpt-4.1” answered in ")
        assert [exchange.request.path for exchange in service.exchanges] == ["/v1/models", "/v1/chat/completions"]
        assert sum(service.billed) < 60


def test_a_model_that_is_not_listed_is_asked_and_told() -> None:
    with ChatService() as service:
        found = _tested(service.base_url, model="gpt-9")
    assert not found.answered
    assert "“gpt-9” is not among them." in found.told
    assert sentence(Trouble.NO_MODEL) in found.told


def test_without_a_key_it_says_where_one_can_be_put() -> None:
    with ChatService() as service:
        found = _tested(service.base_url, key="")
    assert found.trouble is Trouble.KEY
    assert found.told[-1] == "No key was sent: enter one, or set ACCORD_KEY_CLINIC in the environment."


def test_a_key_that_is_refused_says_which_key_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatService() as service:
        assert "entered for this connection" in _tested(service.base_url, key="sk-wrong").told[-1]
        of_environment = FoundKey(key="sk-wrong", whence=Whence.ENVIRONMENT, variable="ACCORD_KEY_CLINIC")
        monkeypatch.setattr(MachineKeys, "find", lambda *_args: of_environment)
        assert _tested(service.base_url).told[-1] == "The key that was sent is that of the variable ACCORD_KEY_CLINIC."


def test_an_address_without_its_v1_is_told_with_the_one_that_works() -> None:
    with ChatService() as service:
        found = _tested(service.base_url.removesuffix("/v1"))
    assert found.trouble is Trouble.NO_SERVICE
    assert found.base_url == service.base_url
    assert service.base_url in found.told[-1]


@pytest.mark.parametrize(("port", "program"), [(11434, "ollama serve"), (8080, "llama-server"), (1234, "LM Studio")])
def test_a_server_that_is_not_running_is_told_with_how_it_is_started(
    monkeypatch: pytest.MonkeyPatch, port: int, program: str
) -> None:
    def refuse(*_args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = _tested(f"http://127.0.0.1:{port}/v1")
    assert f"No server runs at port {port} of this machine" in found.told[-2]
    assert program in found.told[-1]


def test_a_page_of_a_proxy_and_a_proxy_that_wants_a_sign_in_are_told_apart() -> None:
    with met(Fault.CAPTIVE_PORTAL) as place:
        assert sentence(Trouble.PAGE) in _tested(place.base_url).told
    with met(Fault.PROXY_LOGIN) as place:
        assert "proxy of this network" in _tested(place.base_url).told[-1]


def test_https_to_a_local_server_is_told() -> None:
    with met(Fault.TLS_TO_PLAIN) as place:
        assert "usually takes http:" in _tested(place.base_url).told[-1]


def test_a_parameter_that_is_refused_is_left_out() -> None:
    refused = Case(Fault.UNSUPPORTED_PARAMETER, param="max_tokens")
    with ChatService(script=in_order(Good(), refused, Good("yes"))) as service:
        assert _tested(service.base_url, model="gpt-4").answered


def test_a_service_that_lists_nothing_is_asked_by_the_name_that_was_entered() -> None:
    with ChatService(script=in_order(Fault.PATH_NOT_FOUND, Good("yes"))) as service:
        found = _tested(service.base_url, model="gpt-4")
    assert found.answered
    assert "No models are listed here" in found.told[0]


def test_a_server_without_a_model_says_so_and_is_not_asked() -> None:
    with ChatService(models=()) as service:
        found = _tested(service.base_url)
        assert len(service.requests) == 1
    assert found.trouble is Trouble.NO_MODEL
    assert "load one" in found.told[-1]


def test_a_locked_project_reaches_nobody_off_this_machine() -> None:
    found = _tested(f"https://{NO_SUCH_HOST}/v1", here_only=True)
    assert found.trouble is Trouble.LOCKED
    assert sentence(Trouble.LOCKED) in found.told


def test_azure_is_told_of_its_deployments() -> None:
    with ChatService(key=None, script=in_order(Fault.MODEL_NOT_FOUND)) as service:
        found = _tested(service.base_url.removesuffix("/v1"), kind=Kind.AZURE, model="gpt-4")
    assert "the name of your deployment" in found.told[-1]


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaServer]:
    if llama_server.missing():
        pytest.skip(llama_server.missing())
    with llama_server.running() as found:
        yield found


@pytest.mark.xdist_group("llama")
def test_a_real_server_on_this_machine_works_and_its_key_and_path_are_told(
    llama: LlamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.providers.chat.service._LIST_SECONDS", 30.0)
    monkeypatch.setattr(connection_testing, "_SECONDS", 120.0)
    works = _tested(llama.base_url, key=llama.key, here_only=True)
    assert works.answered
    assert works.model == llama.model
    assert _tested(llama.base_url, key="wrong").trouble is Trouble.KEY
    elsewhere = _tested(llama.base_url.replace("/v1", "/v7"), key=llama.key)
    assert elsewhere.trouble is Trouble.NO_SERVICE

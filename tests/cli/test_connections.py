"""The verb connections: services are added, tried and priced without a window, and no key is ever printed or kept."""

import io
from pathlib import Path

import pytest
from tests.chat_service import KEY, ChatService
from tests.cli.conftest import Accord

from accord.cli.main import run
from accord.cli.session import Windows

WINDOWS = Windows(project=lambda _services, _place: 0, gallery=lambda: 0)


class Store:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_a_connection_is_added_listed_changed_and_removed(accord: Accord) -> None:
    added = accord("connections", "--add", "Here", "--url", "http://127.0.0.1:8080/v1", "--json")
    (entry,) = added.value["connections"]
    assert (entry["name"], entry["kind"], entry["key"]) == ("Here", "compatible", "nowhere")
    accord("connections", "--add", "Here", "--model", "smollm2")
    azure = ("--add", "Work", "--url", "https://clinic.openai.azure.com")
    kinds = [one["kind"] for one in accord("connections", *azure, "--json").value["connections"]]
    assert kinds == ["compatible", "azure"]
    assert accord("connections").out.splitlines()[0] == "Here: http://127.0.0.1:8080/v1, smollm2, no key"
    accord("connections", "--remove", "Work")
    assert "can be read on the way" in accord("connections", "--add", "Open", "--url", "http://10.0.0.7:8000/v1").out
    accord("connections", "--remove", "Open")
    assert len(accord("connections", "--json").value["connections"]) == 1
    assert "no connection “Work”" in accord("connections", "--remove", "Work", code=1).err


def test_a_test_says_what_works_and_what_does_not(accord: Accord, monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatService() as service:
        accord("connections", "--add", "Clinic", "--url", service.base_url)
        monkeypatch.setenv("ACCORD_KEY_CLINIC", KEY)
        works = accord("connections", "--test", "Clinic", "--json")
        assert (works.value["answered"], works.value["model"], works.value["trouble"]) == (True, "gpt-4", None)
        assert KEY not in works.out + works.err
        models = accord("connections", "--models", "Clinic", "--json").value["models"]
        assert {"gpt-4", "gpt-4o"} < {model["name"] for model in models}
        monkeypatch.setenv("ACCORD_KEY_CLINIC", "sk-no")
        refused = accord("connections", "--test", "Clinic", code=1)
        assert "does not accept the key" in refused.out
        assert "ACCORD_KEY_CLINIC" in refused.out
        assert "does not accept the key" in accord("connections", "--models", "Clinic", code=1).err


def test_an_own_price_is_kept_with_its_day(accord: Accord) -> None:
    accord("connections", "--add", "Clinic", "--url", "https://models.clinic.example/v1")
    told = accord("connections", "--price", "Clinic", "2.50", "10", "--model", "big").out
    assert "2.50 US$ for a million tokens of the prompt, 10 US$ of the answer" in told
    assert "“2,50” is no price" in accord("connections", "--price", "Clinic", "2,50", "10", code=1).err


def test_without_a_keyring_a_key_is_refused_with_where_it_can_be_put(accord: Accord) -> None:
    accord("connections", "--add", "My clinic", "--url", "https://models.clinic.example/v1")
    refused = accord("connections", "--key", "My clinic", code=1)
    assert "--key-from-stdin" in refused.err
    assert "keyring: This system has no keyring" in accord("doctor", code=None).out


@pytest.mark.parametrize("words", [("--url", "http://127.0.0.1"), ("--key-from-stdin",), ("--add", "Here")])
def test_options_that_do_not_go_together_are_wrong_usage(accord: Accord, words: tuple[str, ...]) -> None:
    accord("connections", *words, code=2)


def _run(monkeypatch: pytest.MonkeyPatch, store: Store | None, *words: str) -> int:
    monkeypatch.setattr("accord.providers.keys.system_keyring", lambda: store)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    return run(["connections", *words], WINDOWS)


def test_a_key_that_is_piped_in_lies_in_the_keyring_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = Store()
    monkeypatch.setenv("ACCORD_CONFIG_DIR", str(tmp_path))
    words = ("--add", "Clinic", "--url", "https://models.clinic.example/v1", "--key-from-stdin")
    assert _run(monkeypatch, store, *words) == 0
    assert list(store.kept.values()) == [KEY]
    said = capsys.readouterr()
    assert "The key is in this system's keyring." in said.out
    assert KEY not in said.out + said.err
    assert not [path for path in tmp_path.rglob("*") if KEY.encode() in path.read_bytes()]
    assert _run(monkeypatch, store, "--remove", "Clinic") == 0
    assert store.kept == {}


def test_a_key_that_no_keyring_takes_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("ACCORD_CONFIG_DIR", str(tmp_path))
    words = ("--add", "Clinic", "--url", "https://models.clinic.example/v1", "--key-from-stdin")
    assert _run(monkeypatch, None, *words) == 1
    said = capsys.readouterr()
    assert "variable ACCORD_KEY_CLINIC" in said.err
    assert KEY not in said.out + said.err
    assert not [path for path in tmp_path.rglob("*") if KEY.encode() in path.read_bytes()]

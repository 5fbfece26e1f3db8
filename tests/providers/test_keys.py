"""A key is kept by the system's keyring or for this session; no file, no other address and no error ever holds it."""

import logging
import os
from pathlib import Path

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from accord.domain.chat import Connection, Kind
from accord.domain.keys import FoundKey, Whence
from accord.providers import keys
from accord.providers.keys import MachineKeys, system_keyring

KEY = "sk-clinic-0123456789"
CLINIC = Connection(name="Clinic", base_url="https://models.clinic.example/v1")
OPENAI = Connection(name="OpenAI", base_url="https://api.openai.com/v1", kind=Kind.OPENAI)
AZURE = Connection(name="Azure", base_url="https://clinic.openai.azure.com", kind=Kind.AZURE)


class Store:
    """A keyring in memory, which can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look(password)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        del self.kept[service, username]

    def _look(self, said: str = "") -> None:
        if self.locked:
            raise KeyringLocked(f"locked: {said}")


@pytest.fixture
def store() -> Store:
    return Store()


def test_a_key_is_kept_in_the_keyring_and_found_by_the_next_program(store: Store) -> None:
    assert MachineKeys(lambda: store, {}).keep(CLINIC, KEY) is Whence.KEYRING
    again = MachineKeys(lambda: store, {})
    assert again.find(CLINIC) == FoundKey(key=KEY, whence=Whence.KEYRING)
    assert again.without_keyring() == ""
    again.forget(CLINIC)
    assert again.find(CLINIC) == FoundKey()
    assert store.kept == {}


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://models.clinic.example.evil.example/v1",
        "https://models.clinic.example:8443/v1",
        "http://models.clinic.example/v1",
    ],
)
def test_a_key_is_not_found_for_another_address_of_the_same_name(store: Store, elsewhere: str) -> None:
    for found in (MachineKeys(lambda: store, {}), MachineKeys(lambda: None, {})):
        found.keep(CLINIC, KEY)
        assert found.find(Connection(name="Clinic", base_url=elsewhere)) == FoundKey()
        assert found.find(Connection(name="Clinic", base_url="https://models.clinic.example/openai/v1")).key == KEY


def test_without_a_keyring_a_key_lasts_as_long_as_the_program_and_no_file_is_written(tmp_path: Path) -> None:
    found = MachineKeys(lambda: None, {})
    assert found.keep(CLINIC, KEY) is Whence.SESSION
    assert found.find(CLINIC) == FoundKey(key=KEY, whence=Whence.SESSION)
    assert found.without_keyring().startswith("This system has no keyring")
    assert MachineKeys(lambda: None, {}).find(CLINIC) == FoundKey()
    assert not [path for path in tmp_path.rglob("*") if KEY.encode() in path.read_bytes()]
    found.forget(CLINIC)
    assert found.find(CLINIC) == FoundKey()


def test_a_locked_keyring_is_told_and_what_it_says_is_not_repeated(
    store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    store.locked = True
    found = MachineKeys(lambda: store, {})
    assert found.keep(CLINIC, KEY) is Whence.SESSION
    assert found.find(CLINIC).key == KEY
    assert "locked" in found.without_keyring()
    assert KEY not in found.without_keyring() + caplog.text + "".join(capfd.readouterr())
    assert KEY not in repr(found) + repr(found.find(CLINIC))


def test_a_key_that_was_typed_now_goes_before_an_older_one_in_a_keyring_that_locked_meanwhile(store: Store) -> None:
    found = MachineKeys(lambda: store, {})
    found.keep(CLINIC, "sk-old")
    store.locked = True
    found.keep(CLINIC, KEY)
    store.locked = False
    assert found.find(CLINIC).key == KEY


def test_the_environment_goes_before_the_keyring(store: Store) -> None:
    surroundings = {"ACCORD_KEY_CLINIC": " sk-of-the-environment\n"}
    found = MachineKeys(lambda: store, surroundings)
    found.keep(CLINIC, KEY)
    assert found.find(CLINIC) == FoundKey(
        key="sk-of-the-environment", whence=Whence.ENVIRONMENT, variable="ACCORD_KEY_CLINIC"
    )
    surroundings.clear()
    assert found.find(CLINIC).whence is Whence.KEYRING


def test_a_provider_s_variable_is_for_the_provider_s_own_address_alone() -> None:
    found = MachineKeys(lambda: None, {"OPENAI_API_KEY": "sk-o", "AZURE_OPENAI_API_KEY": "a"})
    assert found.find(OPENAI).key == "sk-o"
    assert found.find(AZURE).key == "a"
    assert (
        found.find(Connection(name="OpenAI", base_url="https://api.openai.com.evil.example/v1", kind=Kind.OPENAI)).key
        == ""
    )
    assert found.find(Connection(name="Azure", base_url="https://azure.evil.example", kind=Kind.AZURE)).key == ""
    assert found.find(CLINIC).key == ""


def test_a_connection_s_own_variable_goes_before_its_provider_s() -> None:
    found = MachineKeys(lambda: None, {"OPENAI_API_KEY": "sk-all", "ACCORD_KEY_OPENAI": "sk-own"})
    assert found.find(OPENAI).key == "sk-own"


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, chainer.ChainerBackend, Store])
def test_what_is_no_store_of_the_system_s_is_not_used(monkeypatch: pytest.MonkeyPatch, backend: type) -> None:
    monkeypatch.setattr(keyring, "get_keyring", backend)
    assert system_keyring() is None


def test_a_real_store_is_used_alone_or_out_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    real = type("Keyring", (Store,), {"__module__": "keyring.backends.SecretService"})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: real)
    assert system_keyring() is real
    several = type("Several", (), {"backends": [Store(), real]})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: several)
    assert system_keyring() is real


def test_a_keyring_that_cannot_even_be_found_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ModuleNotFoundError("keyrings.gone")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert system_keyring() is None


def test_the_tests_use_no_keyring_of_whoever_runs_them() -> None:
    assert keys.system_keyring() is None
    assert "OPENAI_API_KEY" not in os.environ

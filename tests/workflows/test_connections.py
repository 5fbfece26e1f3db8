"""Connections are kept by name without a key, survive damage, and never take a key to another address."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accord.domain.chat import Connection, Kind
from accord.domain.errors import Refused
from accord.domain.keys import Whence
from accord.providers.keys import MachineKeys
from accord.settings import MachineSettings, SavedConnection
from accord.settings.connections import connection_to_value, read_connections
from accord.workflows import connections

KEY = "sk-clinic-0123456789"
CLINIC = Connection(name="Clinic", base_url="https://models.clinic.example/v1")


@pytest.fixture
def settings(tmp_path: Path) -> MachineSettings:
    return MachineSettings(tmp_path)


@pytest.fixture
def keys() -> MachineKeys:
    return MachineKeys(lambda: None, {})


def _save(settings: MachineSettings, keys: MachineKeys, instead_of: str | None = None, **facts: str) -> SavedConnection:
    values = {"name": "Clinic", "base_url": CLINIC.base_url, "kind": "compatible", "api_version": ""} | facts
    connection = Connection(**values | {"kind": Kind(values["kind"])})  # type: ignore[arg-type]  # words, one an enum
    saved = SavedConnection(connection=connection)
    return connections.save(settings=settings, keys=keys, saved=saved, instead_of=instead_of)


def test_connections_are_there_at_the_next_start_and_their_file_holds_no_key(
    settings: MachineSettings, keys: MachineKeys
) -> None:
    _save(settings, keys)
    _save(settings, keys, name="Here", base_url=" http://127.0.0.1:8080/v1/ ")
    connections.keep_key(keys=keys, connection=CLINIC, key=f"{KEY}\n")
    connections.used(settings=settings, name="Here", model="smollm2")
    again = MachineSettings(settings.folder)
    assert [saved.name for saved in connections.listed(settings=again)] == ["Clinic", "Here"]
    here = connections.one(settings=again, name="Here")
    assert (here.connection.base_url, here.model) == ("http://127.0.0.1:8080/v1", "smollm2")
    assert connections.default(settings=again) == here
    assert not [path for path in settings.folder.rglob("*") if KEY in path.read_text("utf-8")]


def test_the_default_is_openai_until_something_is_saved(settings: MachineSettings, keys: MachineKeys) -> None:
    first = connections.default(settings=settings).connection
    assert (first.kind, first.base_url) == (Kind.OPENAI, "https://api.openai.com/v1")
    assert connections.listed(settings=settings) == ()
    assert connections.default(settings=settings).name == "OpenAI"
    _save(settings, keys)
    assert connections.default(settings=settings).name == "Clinic"


def test_each_local_server_has_its_usual_address() -> None:
    here = {preset.connection.name: preset.connection.base_url for preset in connections.PRESETS if preset.start_hint}
    assert here == {
        "llama.cpp": "http://127.0.0.1:8080/v1",
        "vLLM": "http://127.0.0.1:8000/v1",
        "Ollama": "http://127.0.0.1:11434/v1",
        "LM Studio": "http://127.0.0.1:1234/v1",
    }


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "…"}, "needs a name"),
        ({"name": "x" * 61}, "needs a name"),
        ({"base_url": "models.clinic.example/v1"}, "no address"),
        ({"base_url": "ftp://models.clinic.example"}, "no address"),
        ({"base_url": "http://models.clinic.example:port/v1"}, "no address"),
        ({"base_url": "http://[::1/v1"}, "no address"),
        ({"base_url": f"https://anna:{KEY}@models.clinic.example/v1"}, "no name, password"),
        ({"base_url": f"ftp://anna:{KEY}@models.clinic.example/v1"}, "no name, password"),
        ({"base_url": f"https://models.clinic.example/v1?key={KEY}"}, "no name, password"),
        ({"base_url": "https://models.clinic.example/v1/chat/completions"}, "up to and with /v1"),
        ({"kind": "azure", "base_url": "https://c.openai.azure.com/openai/v1", "api_version": "2024-10-21"}, "alone"),
        ({"kind": "azure", "base_url": "https://c.openai.azure.com"}, "version of its API"),
    ],
)
def test_what_cannot_be_a_connection_is_refused_with_its_reason_and_without_a_key(
    settings: MachineSettings, keys: MachineKeys, facts: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        _save(settings, keys, **facts)
    assert KEY not in str(refused.value)
    assert connections.listed(settings=settings) == ()


def test_two_names_that_share_a_variable_of_the_environment_are_refused(
    settings: MachineSettings, keys: MachineKeys
) -> None:
    _save(settings, keys, name="My clinic")
    for name in ("my-clinic", "MY CLINIC", "My clinic"):
        with pytest.raises(Refused, match="too like"):
            _save(settings, keys, name=name)
    _save(settings, keys, name="我的诊所")
    _save(settings, keys, name="另一家诊所")


def test_a_change_keeps_the_place_in_the_list_and_a_new_address_forgets_the_key(
    settings: MachineSettings, keys: MachineKeys
) -> None:
    _save(settings, keys)
    _save(settings, keys, name="Here", base_url="http://127.0.0.1:8080/v1")
    keys.keep(CLINIC, KEY)
    same = _save(settings, keys, instead_of="Clinic", base_url="https://models.clinic.example/openai/v1")
    assert keys.find(same.connection).key == KEY
    moved = _save(settings, keys, instead_of="Clinic", base_url="https://models.elsewhere.example/v1")
    assert keys.find(moved.connection).whence is Whence.NOWHERE
    back = _save(settings, keys, instead_of="Clinic")
    assert keys.find(back.connection).whence is Whence.NOWHERE
    assert [saved.name for saved in connections.listed(settings=settings)] == ["Clinic", "Here"]


def test_a_removed_connection_takes_its_key_along(settings: MachineSettings, keys: MachineKeys) -> None:
    _save(settings, keys)
    keys.keep(CLINIC, KEY)
    connections.remove(settings=settings, keys=keys, name="Clinic")
    assert keys.find(CLINIC).whence is Whence.NOWHERE
    with pytest.raises(Refused, match="none has been added"):
        connections.one(settings=settings, name="Clinic")


def test_an_unknown_name_is_told_with_those_that_there_are(settings: MachineSettings, keys: MachineKeys) -> None:
    _save(settings, keys)
    with pytest.raises(Refused, match="There are: “Clinic”"):
        connections.one(settings=settings, name="Klinik")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://api.openai.com/v1", Kind.OPENAI),
        ("https://api.openai.com.evil.example/v1", Kind.COMPATIBLE),
        ("https://clinic.openai.azure.com", Kind.AZURE),
        ("https://clinic.openai.azure.com/openai/v1", Kind.COMPATIBLE),
        ("http://127.0.0.1:8080/v1", Kind.COMPATIBLE),
    ],
)
def test_an_address_alone_says_of_which_kind_it_is(settings: MachineSettings, url: str, kind: Kind) -> None:
    assert connections.at_address(settings=settings, base_url=f"{url}/").connection.kind is kind
    assert connections.listed(settings=settings) == ()


def test_an_address_that_is_saved_is_the_saved_connection(settings: MachineSettings, keys: MachineKeys) -> None:
    saved = _save(settings, keys)
    assert connections.at_address(settings=settings, base_url=CLINIC.base_url) == saved


@pytest.mark.parametrize("key", ["", "  ", "two words", "sk-ключ", "sk-\x00"])
def test_what_can_be_no_key_is_refused(keys: MachineKeys, key: str) -> None:
    with pytest.raises(Refused):
        connections.keep_key(keys=keys, connection=CLINIC, key=key)
    assert keys.find(CLINIC).whence is Whence.NOWHERE


def test_where_a_key_is_kept_is_told(keys: MachineKeys) -> None:
    assert connections.key_sentence(keys=keys, connection=CLINIC) == "There is no key for this connection."
    told = connections.keep_key(keys=keys, connection=CLINIC, key=KEY)
    assert told.startswith("The key holds until Accord is closed. This system has no keyring")


def test_a_damaged_entry_is_left_out_and_the_others_stay(tmp_path: Path, keys: MachineKeys) -> None:
    good = connection_to_value(SavedConnection(connection=CLINIC))
    entries = {
        "Clinic": good,
        "": good,
        "List": [1],
        "No kind": good | {"kind": "other"},
        "No address": good | {"base_url": ""},
        "Number": good | {"model": 7},
        "Prices": good
        | {"prices": {"a": 1, "b": {"prompt": "NaN", "answer": "1"}, "c": {"prompt": "1", "answer": "2"}}},
    }
    (tmp_path / "settings.json").write_text(json.dumps({"connections": entries}), "utf-8")
    settings = MachineSettings(tmp_path)
    assert [saved.name for saved in connections.listed(settings=settings)] == ["Clinic", "Prices"]
    assert set(connections.one(settings=settings, name="Prices").prices) == {"c"}
    _save(settings, keys, name="Here", base_url="http://127.0.0.1:8080/v1")
    assert len(connections.listed(settings=settings)) == 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "base_url", "model", "prices", "prompt", "answer", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@examples(max_examples=100)
@given(_JSON)
def test_nothing_in_the_file_stops_the_reading(value: object) -> None:
    read_connections(value)
    read_connections({"Clinic": value})

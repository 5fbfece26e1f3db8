"""The chat services that this machine knows by name: adding, choosing and removing one, and where its key is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from accord.domain import addresses
from accord.domain.chat import ChatService, Connection, Kind
from accord.domain.errors import Refused
from accord.domain.keys import OPENAI_HOST, FoundKey, Keys, Whence, at_azure, at_openai, variable
from accord.domain.wording import _, mark
from accord.settings import MachineSettings, SavedConnection
from accord.settings.connections import connection_to_value, read_connections


class OpenService(Protocol):
    """What opens a connection; it comes from bootstrap."""

    def __call__(self, connection: Connection, /, *, here_only: bool) -> ChatService:
        """Open it; ``here_only``: nothing leaves this machine."""


AZURE_API_VERSION = "2024-10-21"
_LONGEST_NAME = 60
_ENDS_OF_CALLS = ("/chat/completions", "/completions", "/models", "/embeddings", "/responses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A service at its usual address. ``starting``: how a server on this machine is started, as a template."""

    connection: Connection
    starting: str = ""

    @property
    def start_hint(self) -> str:
        """Return how the server is started, in the user's language; empty for a service elsewhere."""
        return _(self.starting) if self.starting else ""


PRESETS: tuple[Preset, ...] = (
    Preset(connection=Connection(name="OpenAI", base_url=f"https://{OPENAI_HOST}/v1", kind=Kind.OPENAI)),
    Preset(
        connection=Connection(
            name="Azure OpenAI",
            base_url="https://YOUR-RESOURCE.openai.azure.com",
            kind=Kind.AZURE,
            api_version=AZURE_API_VERSION,
        )
    ),
    Preset(
        connection=Connection(name="llama.cpp", base_url="http://127.0.0.1:8080/v1"),
        starting=mark("llama.cpp is started with: llama-server -m MODEL.gguf --port 8080"),
    ),
    Preset(
        connection=Connection(name="vLLM", base_url="http://127.0.0.1:8000/v1"),
        starting=mark("vLLM is started with: vllm serve MODEL"),
    ),
    Preset(
        connection=Connection(name="Ollama", base_url="http://127.0.0.1:11434/v1"),
        starting=mark("Ollama is started with: ollama serve"),
    ),
    Preset(
        connection=Connection(name="LM Studio", base_url="http://127.0.0.1:1234/v1"),
        starting=mark("LM Studio's server is started on its Developer page, or with: lms server start"),
    ),
)


def listed(*, settings: MachineSettings) -> tuple[SavedConnection, ...]:
    """Return the connections of this machine in the order of being added."""
    return read_connections(settings.get("connections"))


def one(*, settings: MachineSettings, name: str) -> SavedConnection:
    """Return a connection by its name. Raises Refused, naming those that there are."""
    there = listed(settings=settings)
    for saved in there:
        if saved.name == name:
            return saved
    if not there:
        raise Refused(_("There is no connection “{name}” on this machine: none has been added yet.", name=name))
    names = ", ".join(f"“{saved.name}”" for saved in there)
    raise Refused(_("There is no connection “{name}” on this machine. There are: {names}.", name=name, names=names))


def default(*, settings: MachineSettings) -> SavedConnection:
    """Return the connection that was asked last, else the first; OpenAI's usual one, not saved, where there is none."""
    there = listed(settings=settings)
    last = settings.get("last_connection")
    first = there[0] if there else SavedConnection(connection=PRESETS[0].connection)
    return next((saved for saved in there if saved.name == last), first)


def at_address(*, settings: MachineSettings, base_url: str) -> SavedConnection:
    """Return the connection to an address: a saved one, else one named after its host that is not saved.

    Raises Refused where it is no address of a service.
    """
    url = _address(base_url)
    saved = next((saved for saved in listed(settings=settings) if saved.connection.base_url == url), None)
    if saved is not None:
        return saved
    kind = Kind.COMPATIBLE
    if at_openai(url):
        kind = Kind.OPENAI
    elif at_azure(url) and not urlsplit(url).path:
        kind = Kind.AZURE
    version = AZURE_API_VERSION if kind is Kind.AZURE else ""
    return SavedConnection(
        connection=Connection(name=urlsplit(url).netloc, base_url=url, kind=kind, api_version=version)
    )


def found(*, settings: MachineSettings, named: str) -> SavedConnection:
    """Return the connection that a person named: by its name, or by an address. Raises Refused."""
    return at_address(settings=settings, base_url=named) if "://" in named else one(settings=settings, name=named)


def save(
    *, settings: MachineSettings, keys: Keys, saved: SavedConnection, instead_of: str | None = None
) -> SavedConnection:
    """Add a connection, or change the one called ``instead_of``; return it as it is kept.

    A key stays with its name and address: where one of them changes it is forgotten and asked for again. Raises
    Refused where a name or an address cannot be, SettingsNotSaved where the file cannot be written.
    """
    old = None if instead_of is None else one(settings=settings, name=instead_of)
    connection = _checked(saved.connection)
    for other in listed(settings=settings):
        if other.name != instead_of and variable(other.name) == variable(connection.name):
            raise Refused(
                _("“{name}” is too like “{other}”, which there is. Choose another.", name=saved.name, other=other.name)
            )
    kept = replace(saved, connection=connection)
    if old is not None and _of_key(old.connection) != _of_key(connection):
        keys.forget(old.connection)

    def put(entries: Any) -> dict[str, Any]:
        value = connection_to_value(kept)
        items = list((entries or {}).items())
        if instead_of is not None and any(name == instead_of for name, _entry in items):
            return {kept.name if name == instead_of else name: value if name == instead_of else e for name, e in items}
        return {**dict(items), kept.name: value}

    settings.change("connections", put)
    return kept


def remove(*, settings: MachineSettings, keys: Keys, name: str) -> SavedConnection:
    """Take a connection and its key off this machine; what was made with it stays. Raises Refused."""
    gone = one(settings=settings, name=name)
    keys.forget(gone.connection)
    settings.change("connections", lambda entries: {key: e for key, e in (entries or {}).items() if key != name})
    return gone


def used(*, settings: MachineSettings, name: str, model: str) -> None:
    """Remember the model that a connection was asked with, and that it was asked last; one not saved is left alone."""

    def put(entries: Any) -> dict[str, Any]:
        kept = dict(entries or {})
        if isinstance(kept.get(name), Mapping):
            kept[name] = {**kept[name], "model": model}
        return kept

    if any(saved.name == name for saved in listed(settings=settings)):
        settings.change("connections", put)
        settings.change("last_connection", lambda _old: name)


def keep_key(*, keys: Keys, connection: Connection, key: str) -> str:
    """Keep the key of a connection; return where it is in a sentence. Raises Refused where it can be no key."""
    keys.keep(connection, checked_key(key))
    return key_sentence(keys=keys, connection=connection)


def checked_key(key: str) -> str:
    """Return a key without the white space around it. Raises Refused where it can be no key."""
    bare = key.strip()
    if not bare or not bare.isascii() or not bare.isprintable() or " " in bare:
        raise Refused(_("That is no key: a key is one word of plain letters, digits and signs. Nothing was kept."))
    return bare


def key_sentence(*, keys: Keys, connection: Connection) -> str:
    """Return where the key of a connection is, in a sentence."""
    key: FoundKey = keys.find(connection)
    match key.whence:
        case Whence.ENVIRONMENT:
            return _("The key is that of the environment variable {variable}.", variable=key.variable)
        case Whence.KEYRING:
            return _("The key is in this system's keyring.")
        case Whence.SESSION:
            return _("The key holds until Accord is closed. {why}", why=keys.without_keyring())
        case Whence.NOWHERE:
            return _("There is no key for this connection.")


def unguarded(connection: Connection) -> str:
    """Return in a sentence that others can read on the way what is sent; empty where they cannot."""
    url = connection.base_url
    if urlsplit(url).scheme == "https" or addresses.leads_here(url):
        return ""
    return _("The address begins with http: what is sent, and the key, can be read on the way.")


def _of_key(connection: Connection) -> tuple[str, str]:
    return connection.name, addresses.origin(connection.base_url)


def _checked(connection: Connection) -> Connection:
    """Return a connection as it is kept. Raises Refused."""
    name = " ".join(connection.name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or not any(map(str.isalnum, name)):
        raise Refused(_("A connection needs a name of at most {n} letters. Nothing was kept.", n=_LONGEST_NAME))
    url = _address(connection.base_url)
    if connection.kind is not Kind.AZURE:
        return Connection(name=name, base_url=url, kind=connection.kind)
    if urlsplit(url).path:
        alone = url.removesuffix(urlsplit(url).path)
        raise Refused(_("Of Azure the address of the resource alone is needed: {url}. Nothing was kept.", url=alone))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(-preview)?", connection.api_version):
        raise Refused(
            _("Azure asks for a version of its API, such as {version}. Nothing was kept.", version=AZURE_API_VERSION)
        )
    return replace(connection, name=name, base_url=url)


def _address(base_url: str) -> str:
    """Return an address as it is kept. Raises Refused."""
    url = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if "@" in url or parts.query or parts.fragment or not url.isprintable() or " " in url:
        raise Refused(
            _("An address holds no name, password or other parameter; a key is entered by itself. Nothing was kept.")
        )
    if parts.scheme not in {"http", "https"} or not addresses.host(url) or addresses.port(url) is None:
        raise Refused(
            _("{url} is no address of a service; one is like {example}.", url=url, example="http://127.0.0.1:8080/v1")
        )
    for end in _ENDS_OF_CALLS:
        if parts.path.endswith(end):
            raise Refused(_("The address goes up to and with /v1: {url}", url=url.removesuffix(end)))
    return url

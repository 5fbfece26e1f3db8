"""Trying a connection: its address, key, models and one tiny question, told in sentences of what is wrong and to do."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from accord.domain import addresses
from accord.domain.chat import Answer, ChatService, Connection, Failure, Kind, Offered, Question, Trouble, sentence
from accord.domain.keys import FoundKey, Keys, Whence, variables
from accord.domain.wording import _, decimals, plural
from accord.settings import SavedConnection
from accord.workflows import model_choices
from accord.workflows.connections import PRESETS, OpenService, unguarded
from accord.workflows.model_choices import Models

_MESSAGES = ({"role": "user", "content": "Reply with the word: yes"},)
_MOST_TOKENS, _SECONDS = 16, 60.0
_REFUSALS = 4  # so many parameters may be refused, one after the other, before the question is given up
_PROXY_SIGN_IN = 407
# The model has read the question and begun to answer: all that the test asks for.
_ANSWERED = frozenset({Trouble.CUT, Trouble.FILTERED, Trouble.REFUSED})
# What comes of an address that is right but for its path.
_OF_THE_PATH = frozenset({Trouble.NO_SERVICE, Trouble.PAGE, Trouble.NOT_JSON, Trouble.REDIRECTED})
_NOT_RUNNING = frozenset({Trouble.UNREACHABLE, Trouble.TIMED_OUT, Trouble.BROKEN_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a test. ``told``: sentences in order; ``models``: what is listed; ``model``: the one asked.

    ``trouble``: what stands in the way, None where the model answered; ``base_url``: the address that works where the
    one tried lacks its /v1, else empty.
    """

    told: tuple[str, ...]
    models: Models = field(default_factory=Models)
    model: str = ""
    trouble: Trouble | None = None
    base_url: str = ""

    @property
    def answered(self) -> bool:
        """Say whether the tiny question was answered, so that a run can be started."""
        return self.trouble is None


def try_out(
    *,
    saved: SavedConnection,
    keys: Keys,
    open_service: OpenService,
    today: date,
    model: str = "",
    here_only: bool = False,
    stop: threading.Event | None = None,
) -> Tried:
    """List the models of a connection and ask one tiny question; nothing of a project is sent.

    ``model``: the one to ask, else the first choice; ``here_only``: the project is locked to this machine.
    """
    connection = saved.connection
    service = open_service(connection, here_only=here_only)
    try:
        offered = service.models()
        asked = model or saved.model
        if isinstance(offered, Failure):
            nothing = _not_there(connection, keys, offered, open_service, here_only=here_only)
            if nothing.base_url or not asked or offered.trouble is not Trouble.NO_SERVICE:
                return nothing
            models, listed = Models(), _("No models are listed here; “{model}” is asked all the same.", model=asked)
        else:
            models = model_choices.choices(saved=saved, offered=offered, today=today)
            asked, listed = model or models.preselected, _listed(connection, offered)
        told = tuple(filter(None, (unguarded(connection), listed, models.told, _not_listed(models, asked))))
        if not asked:
            return Tried(told=(*told, _no_model(connection)), models=models, trouble=Trouble.NO_MODEL)
        found = _ask(service, asked, stop or threading.Event())
    finally:
        service.close()
    if isinstance(found, Failure) and found.trouble not in _ANSWERED:
        reasons = _reasons(connection, keys.find(connection), found)
        return Tried(told=(*told, *reasons), models=models, model=asked, trouble=found.trouble)
    answered = _("“{model}” answered in {seconds} s.", model=asked, seconds=decimals(found.seconds, 1))
    return Tried(told=(*told, answered), models=models, model=asked)


def _not_there(
    connection: Connection, keys: Keys, failure: Failure, open_service: OpenService, *, here_only: bool
) -> Tried:
    """Return why no models came, and the address with the /v1 that was missing where that one lists some."""
    tried = _("{url} was tried.", url=connection.base_url)
    reasons = (tried, *_reasons(connection, keys.find(connection), failure))
    with_path = replace(connection, base_url=f"{connection.base_url}/v1")
    if (
        failure.trouble in _OF_THE_PATH
        and connection.kind is not Kind.AZURE
        and not connection.base_url.endswith("/v1")
    ):
        service = open_service(with_path, here_only=here_only)
        try:
            offered = service.models()
        finally:
            service.close()
        if not isinstance(offered, Failure):
            url = with_path.base_url
            change = _("The address lacks its end: {url} answers. Change the address to that.", url=url)
            return Tried(told=(*reasons, change), trouble=failure.trouble, base_url=url)
    return Tried(told=reasons, trouble=failure.trouble)


def _ask(service: ChatService, model: str, stop: threading.Event) -> Answer | Failure:
    """Ask a tiny question, without each parameter that the model refuses."""
    question = Question(model=model, messages=_MESSAGES, most_tokens=_MOST_TOKENS, seconds=_SECONDS)
    found = service.ask(question, stop)
    for _try in range(_REFUSALS):
        if not isinstance(found, Failure) or found.trouble is not Trouble.PARAMETER or not found.parameter:
            break
        question = replace(question, without=question.without | {found.parameter})
        found = service.ask(question, stop)
    return found


def _reasons(connection: Connection, key: FoundKey, failure: Failure) -> tuple[str, ...]:
    """Return what went wrong, what the service said, and what to do about it here."""
    said = _("The service says: “{said}”", said=failure.said) if failure.said and failure.status else ""
    told = (
        sentence(failure.trouble),
        said,
        *(_of_key(connection, key) if failure.trouble in {Trouble.KEY, Trouble.FORBIDDEN} else ()),
        *_of_address(connection, failure),
    )
    return tuple(filter(None, told))


def _of_key(connection: Connection, key: FoundKey) -> tuple[str, ...]:
    match key.whence:
        case Whence.NOWHERE:
            names = " / ".join(variables(connection))
            return (_("No key was sent: enter one, or set {variables} in the environment.", variables=names),)
        case Whence.ENVIRONMENT:
            return (_("The key that was sent is that of the variable {variable}.", variable=key.variable),)
        case Whence.KEYRING | Whence.SESSION:
            return (_("The key that was sent is the one entered for this connection; it may be old or mistyped."),)


def _of_address(connection: Connection, failure: Failure) -> tuple[str, ...]:
    """Return what can be wrong with the address, for what came of it."""
    here, trouble = addresses.leads_here(connection.base_url), failure.trouble
    if trouble in _NOT_RUNNING and here:
        port = addresses.port(connection.base_url)
        hints = [
            each.start_hint for each in PRESETS if each.start_hint and addresses.port(each.connection.base_url) == port
        ]
        return (_("No server runs at port {port} of this machine, or it is not ready.", port=port), *hints)
    if trouble is Trouble.TLS and here:
        return (_("A server on this machine usually takes http:, not https:."),)
    if failure.status == _PROXY_SIGN_IN:
        return (_("It is a proxy of this network that refuses: it wants its own sign-in."),)
    if connection.kind is Kind.AZURE and trouble in {Trouble.NO_SERVICE, Trouble.NO_MODEL}:
        return (
            _(
                "Of Azure the model is the name of your deployment, the address that of the resource "
                "(https://NAME.openai.azure.com), and the API version {version} must be one that it knows.",
                version=connection.api_version,
            ),
        )
    return ()


def _listed(connection: Connection, offered: Sequence[Offered]) -> str:
    return plural(
        "{url} answers and lists {n} model.",
        "{url} answers and lists {n} models.",
        len(offered),
        url=connection.base_url,
    )


def _not_listed(models: Models, asked: str) -> str:
    if not asked or not models.choices or asked in {choice.name for choice in models.choices}:
        return ""
    return _("“{model}” is not among them.", model=asked)


def _no_model(connection: Connection) -> str:
    if connection.kind is Kind.AZURE:
        return _("Enter the name of a deployment to have it asked.")
    return _("There is no model to ask: load one into the server, or enter a name.")

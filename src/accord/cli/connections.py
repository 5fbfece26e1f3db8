"""The verb connections: the chat services that this machine knows, their keys, models and prices."""

import argparse
import getpass
import sys
from dataclasses import asdict, replace
from typing import Any

from accord.cli.session import Session
from accord.domain.chat import Connection, Failure, Kind, sentence
from accord.domain.errors import Refused, WrongUsage
from accord.domain.keys import Keys, Whence, variable
from accord.domain.moments import today
from accord.domain.wording import _
from accord.settings import EVERY_MODEL, SavedConnection
from accord.workflows import connection_testing, connections, model_choices, prices

VERBS = ("connections",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    verb = verbs.add_parser(
        "connections",
        parents=[common],
        help=_("the chat services that this machine knows, by name"),
        description=_(
            "Keys are kept by the system's keyring, or stand in the environment: ACCORD_KEY_NAME, OPENAI_API_KEY, "
            "AZURE_OPENAI_API_KEY. They are in no file of Accord's, and are typed or piped in, never an argument."
        ),
    )
    act = verb.add_mutually_exclusive_group()
    act.add_argument("--add", metavar="NAME", help=_("add a service, or change the one of this name"))
    act.add_argument("--remove", metavar="NAME", help=_("forget a service and its key"))
    act.add_argument("--test", metavar="NAME", help=_("list its models, ask one tiny question, say what is wrong"))
    act.add_argument("--models", metavar="NAME", help=_("its models, with the day on which they go"))
    act.add_argument("--key", metavar="NAME", help=_("enter its key; it is not shown"))
    act.add_argument(
        "--price",
        nargs=3,
        metavar=("NAME", "PROMPT", "ANSWER"),
        help=_("your own price, US dollars for a million tokens; with --model of that model alone"),
    )
    verb.add_argument("--url", metavar="U", help=_("with --add: its address, up to and with /v1"))
    kinds = [kind.value for kind in Kind]
    verb.add_argument("--kind", choices=kinds, help=_("with --add: how it is spoken to (default: by its address)"))
    verb.add_argument("--api-version", metavar="V", help=_("with --add: of Azure's API"))
    verb.add_argument("--model", metavar="M", default="", help=_("the model that is asked first, or tested, or priced"))
    verb.add_argument("--key-from-stdin", action="store_true", help=_("read the key from stdin (--add, --key)"))
    verb.set_defaults(run=_connections)


def _connections(session: Session, args: argparse.Namespace) -> int:
    _usage(args)
    if args.test is not None:
        return _test(session, args)
    if args.models is not None:
        return _models(session, args)
    services = session.services
    common: dict[str, Any] = {"settings": services.settings, "keys": services.keys}
    told: list[str] = []
    if args.add is not None:
        told = _add(session, args)
    elif args.remove is not None:
        gone = connections.remove(**common, name=args.remove)
        told = [_("“{name}” is removed, and its key forgotten.", name=gone.name)]
    elif args.key is not None:
        connection = connections.one(settings=services.settings, name=args.key).connection
        told = [_keep_key(services.keys, connection, _key(args))]
    elif args.price is not None:
        name, prompt, answer = args.price
        model = args.model or EVERY_MODEL
        kept = prices.keep_price(**common, name=name, model=model, sums=(prompt, answer), today=today())
        told = [prices.sentence(found=kept.prices[model], today=today())]
    listed = connections.listed(settings=services.settings)
    entries = [_value(session, saved) for saved in listed]
    lines = told or [_line(entry) for entry in entries] or [_("No connection has been added yet.")]
    session.out.result({"connections": entries, "told": told}, lines)
    return 0


def _usage(args: argparse.Namespace) -> None:
    """Raise WrongUsage where options do not go together."""
    if args.add is None and (args.url or args.kind or args.api_version):
        raise WrongUsage(_("--url, --kind and --api-version go with --add."))
    if args.key_from_stdin and args.add is None and args.key is None:
        raise WrongUsage(_("--key-from-stdin goes with --add or --key."))


def _add(session: Session, args: argparse.Namespace) -> list[str]:
    """Add or change a connection, and its key where one is given; return what to tell."""
    settings, keys = session.services.settings, session.services.keys
    there = {saved.name: saved for saved in connections.listed(settings=settings)}
    old = there.get(args.add)
    if old is None and not args.url:
        raise WrongUsage(_("--add needs --url: the address of the service, such as http://127.0.0.1:8080/v1."))
    base = old or connections.at_address(settings=settings, base_url=args.url)
    by_address = connections.at_address(settings=settings, base_url=args.url) if args.url else base
    kind = Kind(args.kind) if args.kind else by_address.connection.kind
    version = args.api_version or by_address.connection.api_version
    connection = Connection(
        name=args.add,
        base_url=args.url or base.connection.base_url,
        kind=kind,
        api_version=(version or connections.AZURE_API_VERSION) if kind is Kind.AZURE else "",
    )
    saved = replace(old or SavedConnection(connection=connection), connection=connection)
    saved = replace(saved, model=args.model or saved.model)
    key = connections.checked_key(_key(args)) if args.key_from_stdin else ""
    kept = connections.save(settings=settings, keys=keys, saved=saved, instead_of=args.add if old else None)
    told = [_("“{name}” is kept: {url}", name=kept.name, url=kept.connection.base_url)]
    told += [warning] if (warning := connections.unguarded(kept.connection)) else []
    if key:
        told.append(_keep_key(keys, kept.connection, key))
    return told


def _keep_key(keys: Keys, connection: Connection, key: str) -> str:
    """Keep a key and return where. Raises Refused where it would be gone with this call."""
    told = connections.keep_key(keys=keys, connection=connection, key=key)
    if keys.find(connection).whence is Whence.SESSION:
        raise Refused(
            _(
                "The key of “{name}” was not kept. {why} Put it into the variable {variable} of the environment.",
                name=connection.name,
                why=keys.without_keyring(),
                variable=variable(connection.name),
            )
        )
    return told


def _key(args: argparse.Namespace) -> str:
    """Return the key that is typed without being shown, or piped in."""
    if args.key_from_stdin:
        return sys.stdin.readline()
    if not sys.stdin.isatty():
        raise Refused(_("The key is asked for at a terminal; --key-from-stdin reads one that is piped in."))
    return getpass.getpass(_("Key: "))


def _test(session: Session, args: argparse.Namespace) -> int:
    services = session.services
    saved = connections.found(settings=services.settings, named=args.test)
    came = connection_testing.try_out(
        saved=saved, keys=services.keys, open_service=services.chat_service, today=today(), model=args.model
    )
    value = {
        "name": saved.name,
        "base_url": saved.connection.base_url,
        "answered": came.answered,
        "model": came.model,
        "trouble": came.trouble.value if came.trouble else None,
        "told": list(came.told),
        "works_at": came.base_url,
        "models": [choice.name for choice in came.models.choices],
    }
    session.out.result(value, list(came.told))
    return 0 if came.answered else 1


def _models(session: Session, args: argparse.Namespace) -> int:
    services = session.services
    saved = connections.found(settings=services.settings, named=args.models)
    came = model_choices.models(saved=saved, open_service=services.chat_service, here_only=False, today=today())
    if isinstance(came, Failure):
        said = _("The models of {url} could not be listed.", url=saved.connection.base_url)
        raise Refused(f"{said} {sentence(came.trouble)}")
    value = {
        "models": [asdict(choice) for choice in came.choices],
        "told": came.told,
        "successor": came.successor,
        "side_by_side": list(came.side_by_side or ()),
    }
    lines = [f"{'*' if choice.preselected else ' '} {choice.name}  {choice.note}".rstrip() for choice in came.choices]
    session.out.result(value, [*lines, *([came.told] if came.told else [])])
    return 0


def _value(session: Session, saved: SavedConnection) -> dict[str, Any]:
    key = session.services.keys.find(saved.connection)
    own = {
        model: {"prompt": str(price.prompt), "answer": str(price.answer), "day": price.day}
        for model, price in saved.prices.items()
    }
    return {
        "name": saved.name,
        "kind": saved.connection.kind.value,
        "base_url": saved.connection.base_url,
        "api_version": saved.connection.api_version,
        "model": saved.model,
        "key": key.whence.value,
        "variable": key.variable,
        "prices": own,
    }


def _line(entry: dict[str, Any]) -> str:
    keys = {
        Whence.ENVIRONMENT: _("key in the environment"),
        Whence.KEYRING: _("key in the keyring"),
        Whence.SESSION: _("key for this session"),
        Whence.NOWHERE: _("no key"),
    }
    parts = (entry["base_url"], entry["model"], keys[Whence(entry["key"])])
    return f"{entry['name']}: " + ", ".join(part for part in parts if part)

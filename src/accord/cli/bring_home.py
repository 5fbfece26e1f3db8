"""The verb that brings a hosted fine-tuned model's things, and answers of it, home before the service takes it off."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli import generate, generation_told
from accord.cli.session import Session
from accord.domain import addresses
from accord.domain.errors import WrongUsage
from accord.domain.fine_tuning import Account, Thing, title
from accord.domain.generation import Consent
from accord.domain.ledger import Tally
from accord.domain.moments import local, today
from accord.domain.recipes import RECORDED
from accord.domain.wording import _, number, plural
from accord.settings import SavedConnection
from accord.workflows import bringing_home, generating, home_records, leaving
from accord.workflows.bringing_home import NeedsConsent
from accord.workflows.generating import Finished, Lack, NotReady, Prepared
from accord.workflows.generation_starts import Wish
from accord.workflows.home_records import Brought
from accord.workflows.projects import Project

VERBS = ("bring-home",)
_ALIKE = {"temperature": 0}  # the same question gets the same answer, as far as a service can


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    verb = verbs.add_parser(
        "bring-home",
        parents=[common],
        help=_("a hosted fine-tuned model's files, events and answers, before it is taken off"),
        description=_(
            "Bring home what a service holds of a fine-tuned model (ft:…): its job, events, checkpoints, training and "
            "result files. They are kept in the project, and the rows of training files come in as examples. --answers "
            "records how the model answers. Only names and ids are sent for the one, the conversations for the other."
        ),
    )
    verb.add_argument("project", metavar="PROJECT")
    verb.add_argument("model", metavar="MODEL", nargs="?", default="", help=_("as the service names it: ft:…"))
    made = verb.add_mutually_exclusive_group()
    made.add_argument("--list", action="store_true", help=_("what was brought home, and what is missing"))
    made.add_argument("--save", type=Path, metavar="DIR", help=_("write what was brought home as files again"))
    made.add_argument("--dry-run", action="store_true", help=_("what there is, with sizes and cost; bring nothing"))
    asked = verb.add_argument_group(_("whom to ask"))
    asked.add_argument("--connection", metavar="NAME", help=_("one that is kept on this machine"))
    asked.add_argument("--base-url", metavar="U", help=_("the address of a service, up to and with /v1"))
    answers = verb.add_argument_group(_("recording its answers"))
    answers.add_argument("--answers", metavar="FILTER", help=_("to the requests of examples that fit (“” for all)"))
    answers.add_argument("-n", type=int, default=20, metavar="N", help=_("so many answers (default: 20)"))
    answers.add_argument("--budget", metavar="USD", help=_("spend no more than this (default: the preview's most)"))
    gate = verb.add_argument_group(_("what may leave this machine"))
    gate.add_argument("--consent", metavar="PURPOSE", help=_("it may leave this machine, for this purpose"))
    gate.add_argument("--terms", default="", metavar="TEXT", help=_("the provider's terms for what it writes"))
    gate.add_argument("--surrogates", action="store_true", help=_("replace personal data, and put it back in answers"))
    gate.add_argument("--although", default="", metavar="WHY", help=_("send although names cannot be looked for here"))
    verb.set_defaults(run=_bring_home)


def _bring_home(session: Session, args: argparse.Namespace) -> int:
    if bool(args.model) == bool(args.list or args.save):
        raise WrongUsage(_("Name the model that is to come home, or say --list or --save DIR without one."))
    with session.project(args.project) as project:
        if args.list:
            return _list(session, project)
        if args.save:
            return _save(session, project, args.save)
        return _bring(session, project, args)


def _bring(session: Session, project: Project, args: argparse.Namespace) -> int:
    saved = generate.connection_of(session, args)
    leaving.refuse_if_locked(project, saved.connection.base_url)
    host = addresses.host(saved.connection.base_url)
    allowed = None
    if args.consent is not None:
        allowed = leaving.consent(
            project=project, who=session.who, base_url=saved.connection.base_url, purpose=args.consent, terms=args.terms
        )
    ready = _prepared(session, project, saved, args)
    lacks = () if ready is None else tuple(lack for lack in ready.lacks if lack is not Lack.CONSENT)
    if ready is not None and lacks and not args.dry_run:
        session.out.result(generation_told.preview(ready, lacks), generation_told.preview_lines(ready, lacks))
        raise NotReady(lacks)
    if allowed is None and not addresses.leads_here(saved.connection.base_url):
        expires = home_records.expiry(connection=saved.connection, model=args.model, today=today())
        _tell(session, args, expires, None, ready)
        raise NeedsConsent(args.model, host)
    with generate.stoppable(session) as progress:
        act = bringing_home.look if args.dry_run else bringing_home.bring
        account = act(
            project=project,
            who=session.who,
            connection=saved.connection,
            model=args.model,
            open_service=session.services.fine_tuning_service,
            consent=allowed,
            progress=progress,
        )
    expires = home_records.expiry(connection=saved.connection, model=args.model, today=today(), account=account)
    if args.dry_run or ready is None:
        return _tell(session, args, expires, account, ready)
    return _tell(session, args, expires, account, _record(session, project, ready, allowed))


def _record(session: Session, project: Project, ready: Prepared, allowed: Consent | None) -> Finished:
    with generate.stoppable(session) as progress:
        return generating.start(
            project=project,
            who=session.who,
            prepared=ready,
            open_service=session.services.chat_service,
            consent=allowed,
            progress=progress,
        )


def _prepared(session: Session, project: Project, saved: SavedConnection, args: argparse.Namespace) -> Prepared | None:
    """Return the questions whose answers are to be recorded; None where none are asked for."""
    if args.answers is None:
        return None
    with generate.stoppable(session) as progress:
        return generating.prepare(
            project=project,
            who=session.who,
            recipe=RECORDED,
            wish=Wish(
                n=args.n,
                where=args.answers,
                besides=home_records.recorded(project=project, model=args.model),
            ),
            saved=saved,
            model=args.model,
            parameters=_ALIKE,
            budget=generate.budget_of(args.budget),
            surrogates=args.surrogates,
            although=args.although,
            has_key=bool(session.services.keys.find(saved.connection).key),
            progress=progress,
        )


def _tell(
    session: Session,
    args: argparse.Namespace,
    expires: Sequence[str],
    account: Account | None,
    answers: Prepared | Finished | None,
) -> int:
    """Say what there is, or what came; 1 where something did not."""
    things = account.things if account is not None else ()
    failed = [thing for thing in things if thing.why]
    examples = Tally()
    for thing in things:
        examples.add(thing.tally or Tally())
    value = {
        "model": args.model,
        "host": account.host if account is not None else "",
        "base": account.base if account is not None else "",
        "expires": list(expires),
        "brought": _new(things),
        "known": sum(thing.known for thing in things),
        "bytes": account.bytes if account is not None else 0,
        "things": [_thing(thing) for thing in things],
        "failed": [_thing(thing) for thing in failed],
        "examples": asdict(examples),
        "answers": _value(answers),
    }
    lines = [*expires, *(_line(thing) for thing in things)]
    if account is not None and not args.dry_run:
        told = plural("{n} record is new in the project.", "{n} records are new in the project.", _new(things))
        rows = plural("{n} example is new.", "{n} examples are new.", examples.accepted)
        lines += [f"{told} {rows}"]
    if account is not None and account.base.startswith("ft:"):
        lines.append(_("It was made from {base}, which can be brought home too.", base=account.base))
    session.out.result(value, [*lines, *_answer_lines(answers)])
    return _status(session, len(failed), answers)


def _new(things: Sequence[Thing]) -> int:
    return sum(thing.record is not None and not thing.known for thing in things)


def _status(session: Session, failed: int, answers: Prepared | Finished | None) -> int:
    """Say what is to be done about what did not come, and return the exit status."""
    if failed:
        session.out.note(
            plural(
                "accord: {n} thing did not come; what came is kept. The same again brings what can come then.",
                "accord: {n} things did not come; what came is kept. The same again brings what can come then.",
                failed,
            )
        )
    if not isinstance(answers, Finished):
        return 1 if failed else 0
    if answers.why:
        told = _(
            "accord: {why} What came is kept; go on with generate --resume {run}.", why=answers.why, run=answers.run
        )
        session.out.note(told)
    elif not answers.accepted + answers.duplicate:
        session.out.note(_("accord: no answer was recorded."))
    return 1 if failed or answers.why or not answers.accepted + answers.duplicate else 0


def _answer_lines(answers: Prepared | Finished | None) -> list[str]:
    if isinstance(answers, Finished):
        return generation_told.lines(answers)
    return [] if answers is None else generation_told.preview_lines(answers, answers.lacks)


def _value(answers: Prepared | Finished | None) -> dict[str, Any] | None:
    if isinstance(answers, Finished):
        return generation_told.value(answers)
    return None if answers is None else generation_told.preview(answers, answers.lacks)


def _thing(thing: Thing) -> dict[str, Any]:
    found = asdict(thing)
    return {**found, "part": thing.part.value, "expires": thing.expires}


def _line(thing: Thing) -> str:
    name = " ".join(filter(None, (title(thing.part), thing.name, thing.file)))
    size = "" if thing.bytes is None else _("{n} bytes", n=number(thing.bytes))
    where = _("here before") if thing.known else _("here now") if thing.record is not None else ""
    rows = "" if thing.tally is None else _("{n} of {m} rows new", n=thing.tally.accepted, m=thing.tally.read)
    return "  " + " · ".join(filter(None, (name, size, where, rows, thing.why)))


def _list(session: Session, project: Project) -> int:
    found, lacking = home_records.brought(project=project), home_records.missing(project=project)
    value = {
        "records": [{**asdict(one), "part": one.part.value} for one in found],
        "missing": [{**asdict(one), "part": one.part.value} for one in lacking],
    }
    lines = [_record_line(one) for one in found]
    lines += [
        _("missing: {model} · {part} {name}: {why}", model=one.model, part=title(one.part), name=one.name, why=one.why)
        for one in lacking
    ]
    session.out.result(value, lines or [_("Nothing was brought home into this project yet.")])
    return 0


def _record_line(one: Brought) -> str:
    name = one.name if one.name != one.model else ""
    size = _("{n} bytes", n=number(one.bytes)) if one.kept else _("deleted for good")
    what = " ".join(filter(None, (title(one.part), name, one.file)))
    return " · ".join((one.model or one.host, what, size, local(one.at)))


def _save(session: Session, project: Project, folder: Path) -> int:
    files = home_records.save(project=project, folder=folder)
    told = plural("{n} file is in {folder}.", "{n} files are in {folder}.", len(files), folder=folder)
    session.out.result({"folder": str(folder), "files": [str(path) for path in files]}, [told])
    return 0

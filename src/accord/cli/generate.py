"""The verb that asks a chat model for candidates: shows what would be sent first, and says what came of it."""

import argparse
import contextlib
import json
import signal
import threading
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from accord.cli import generation_told
from accord.cli.output import Bar
from accord.cli.session import Session
from accord.domain import addresses
from accord.domain.chat import Failure, sentence
from accord.domain.errors import AccordError, Cancelled, Refused, WrongUsage
from accord.domain.moments import today
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.settings import SavedConnection
from accord.workflows import connections, generating, leaving, model_choices, recipes
from accord.workflows.generating import Finished, Lack, NotReady, Prepared
from accord.workflows.generation_starts import Wish
from accord.workflows.leaving import refuse_if_locked
from accord.workflows.projects import Project

VERBS = ("generate",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    made = verbs.add_parser(
        "generate",
        parents=[common],
        help=_("candidates from a chat model, for people to review"),
        description=_(
            "Ask a chat model for candidates. What would be sent is shown first; without --consent nothing leaves this "
            "machine. A run that was stopped, or whose program died, goes on with --resume."
        ),
    )
    made.add_argument("project", metavar="PROJECT")
    what = made.add_mutually_exclusive_group(required=True)
    what.add_argument("--recipe", metavar="R", help=_("answers, variations, passages, requests, worse, …"))
    what.add_argument(
        "--like", type=int, metavar="RUN", help=_("ask another --model the same as this run: its recipe, its starts")
    )
    what.add_argument("--resume", type=int, metavar="RUN", help=_("go on with this run"))
    what.add_argument("--runs", action="store_true", help=_("list the runs so far"))
    made.add_argument("-n", type=int, default=10, metavar="N", help=_("so many candidates (default: 10)"))
    _add_starts(made)
    asked = made.add_argument_group(_("whom to ask"))
    asked.add_argument("--connection", metavar="NAME", help=_("one that is kept on this machine"))
    asked.add_argument("--base-url", metavar="U", help=_("the address of a service, up to and with /v1"))
    asked.add_argument("--model", metavar="M")
    asked.add_argument(
        "--set", dest="parameters", action="append", default=[], metavar="K=V", help=_("temperature=0.7")
    )
    asked.add_argument("--budget", metavar="USD", help=_("spend no more than this (default: the preview's most)"))
    gate = made.add_argument_group(_("what may leave this machine"))
    gate.add_argument("--consent", metavar="PURPOSE", help=_("the texts may leave this machine, for this purpose"))
    gate.add_argument("--terms", default="", metavar="TEXT", help=_("the provider's terms for what it writes"))
    gate.add_argument("--surrogates", action="store_true", help=_("replace personal data, and put it back in answers"))
    gate.add_argument("--although", default="", metavar="WHY", help=_("send although names cannot be looked for here"))
    gate.add_argument("--dry-run", action="store_true", help=_("show what would be sent and its cost, send nothing"))
    made.set_defaults(run=_generate)


def _add_starts(made: argparse.ArgumentParser) -> None:
    begun = made.add_argument_group(_("what is started from"))
    begun.add_argument("--where", "--seeds", default="", metavar="FILTER", help=_("examples that fit"))
    begun.add_argument("--tag", action="append", default=[], metavar="T", help=_("this tag (repeat for more)"))
    begun.add_argument("--source", nargs="+", type=Path, default=[], metavar="FILE", help=_("documents"))
    begun.add_argument("--shown", type=int, default=3, metavar="K", help=_("accepted examples shown beside each"))
    begun.add_argument("--seed", type=int, default=0, metavar="S", help=_("which come first (default: 0)"))


def _generate(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        if args.runs:
            return _list(session, project)
        if args.resume is not None:
            with stoppable(session) as progress:
                found = generating.resume(
                    project=project,
                    who=session.who,
                    run=args.resume,
                    open_service=session.services.chat_service,
                    although=args.although,
                    budget=budget_of(args.budget),
                    progress=progress,
                )
            return told(session, found)
        return _begin(session, project, args)


def _begin(session: Session, project: Project, args: argparse.Namespace) -> int:
    saved = connection_of(session, args)
    refuse_if_locked(project, saved.connection.base_url)
    with stoppable(session) as progress:
        ready = _prepared(session, project, args, saved, progress)
        lacks = tuple(lack for lack in ready.lacks if lack is not Lack.CONSENT or not args.consent)
        if args.dry_run or lacks:
            session.out.result(generation_told.preview(ready, lacks), generation_told.preview_lines(ready, lacks))
            if lacks and not args.dry_run:
                raise NotReady(lacks)
            return 0
        allowed = None
        if args.consent:
            allowed = leaving.consent(
                project=project,
                who=session.who,
                base_url=saved.connection.base_url,
                purpose=args.consent,
                terms=args.terms,
            )
        with contextlib.suppress(AccordError):  # it is asked all the same
            connections.used(settings=session.services.settings, name=saved.name, model=ready.plan.model)
        found = generating.start(
            project=project,
            who=session.who,
            prepared=ready,
            open_service=session.services.chat_service,
            consent=allowed,
            progress=progress,
        )
    return told(session, found)


def _prepared(
    session: Session, project: Project, args: argparse.Namespace, saved: SavedConnection, progress: Progress
) -> Prepared:
    wish = Wish(
        n=args.n,
        where=args.where,
        tags=tuple(args.tag),
        documents=tuple(args.source),
        shown=args.shown,
        seed=args.seed,
        like=args.like,
    )
    if args.like is None:
        recipe = recipes.find(project=project, name=args.recipe).recipe
    else:
        recipe = generating.plan_of(project=project, run=args.like).recipe
    return generating.prepare(
        project=project,
        who=session.who,
        recipe=recipe,
        wish=wish,
        saved=saved,
        model=args.model or _model(session, saved),
        parameters=_parameters(args.parameters),
        budget=budget_of(args.budget),
        surrogates=args.surrogates,
        although=args.although,
        has_key=bool(session.services.keys.find(saved.connection).key),
        progress=progress,
    )


def connection_of(session: Session, args: argparse.Namespace) -> SavedConnection:
    """Return the connection that --connection or --base-url names, else the usual one. Raises WrongUsage, Refused."""
    settings = session.services.settings
    if args.connection and args.base_url:
        raise WrongUsage(_("Name a connection or an address, not both."))
    if args.connection:
        return connections.one(settings=settings, name=args.connection)
    if args.base_url:
        return connections.at_address(settings=settings, base_url=args.base_url)
    return connections.default(settings=settings)


def _model(session: Session, saved: SavedConnection) -> str:
    """Return the first choice; a service elsewhere is not even asked what it has, before anybody has agreed to it."""
    if saved.model or not addresses.leads_here(saved.connection.base_url):
        return model_choices.unasked(saved=saved, today=today())
    found = model_choices.models(saved=saved, open_service=session.services.chat_service, here_only=True, today=today())
    if isinstance(found, Failure):
        raise Refused(_("{sentence} Nothing was sent.", sentence=sentence(found.trouble)))
    return found.preselected


def _parameters(words: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        name, is_there, value = word.partition("=")
        if not is_there or not name.strip():
            raise WrongUsage(_("--set takes NAME=VALUE, such as temperature=0.7."))
        try:
            found[name.strip()] = json.loads(value)
        except ValueError:
            found[name.strip()] = value
    return found


def budget_of(text: str | None) -> Decimal | None:
    """Return a sum of US dollars as it is typed. Raises WrongUsage."""
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise WrongUsage(_("A budget is a number of US dollars above 0.")) from None


def told(session: Session, found: Finished) -> int:
    """Say what came of a run; a run that gave nothing, or stopped before its end, never says that all is well."""
    session.out.result(generation_told.value(found), generation_told.lines(found))
    if found.why:
        session.out.note(_("accord: {why} What came is kept; go on with --resume {run}.", why=found.why, run=found.run))
    elif not found.accepted:
        session.out.note(_("accord: the run gave no candidate."))
    return 0 if found.accepted and not found.why else 1


def _list(session: Session, project: Project) -> int:
    runs = generating.runs(project=project)
    lines = [generation_told.run_line(run) for run in runs] or [_("No run has been started yet.")]
    session.out.result({"runs": [generation_told.run(run) for run in runs]}, lines)
    return 0


class _Stoppable:
    """A progress bar that an interrupt stops gently: what has come is kept; a second one ends the program."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self._stopped = bar, False

    def stop(self, _number: int, _frame: object) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Draw how far the work is."""
        self._bar.report(done, total, note)

    def check(self) -> None:
        """Raise Cancelled after an interrupt."""
        if self._stopped:
            raise Cancelled


@contextlib.contextmanager
def stoppable(session: Session) -> Iterator[Progress]:
    """Show a progress bar that an interrupt stops gently."""
    with session.progress("generate") as bar:
        watch = _Stoppable(bar)
        if threading.current_thread() is not threading.main_thread():
            yield watch
            return
        before = signal.signal(signal.SIGINT, watch.stop)
        try:
            yield watch
        finally:
            signal.signal(signal.SIGINT, before)

"""The verbs of a lead: the people of a project, in a file or on a server, and who reviews what."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.people import Person, Role, ServerFacts
from accord.domain.wording import _, plural
from accord.workflows import assigning, naming, people, projects, team
from accord.workflows.assigning import Given, Share, Stand
from accord.workflows.projects import Project

VERBS = ("team", "assign")
_SHOWN = 20  # examples of each person in text; JSON has all


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    found = verbs.add_parser("team", parents=[common], help=_("the people of a project and their roles"))
    found.add_argument("project", metavar="PROJECT")
    what = found.add_mutually_exclusive_group()
    what.add_argument("--init", action="store_true", help=_("make a server's project a team's, led by you"))
    what.add_argument("--add", metavar="NAME", help=_("add a person, or give one another role"))
    what.add_argument("--remove", metavar="NAME", help=_("let a person go; what she reviewed stays"))
    what.add_argument("--new-password", metavar="NAME", help=_("make a person a new password, on a server"))
    found.add_argument("--role", choices=[role.value for role in Role])
    found.add_argument("--credential", metavar="TEXT", help=_("with --add: what stands beside a signature"))
    found.add_argument("--preset", choices=projects.PRESETS, default="general", help=_("for --init of a new project"))
    found.add_argument("--password-file", metavar="FILE", help=_("with --add: the password is its first line"))
    found.set_defaults(run=_team)

    _add_assign(verbs, common)


def _add_assign(verbs: Any, common: argparse.ArgumentParser) -> None:
    assign = verbs.add_parser("assign", parents=[common], help=_("give the open examples out to reviewers"))
    assign.add_argument("project", metavar="PROJECT")
    what = assign.add_mutually_exclusive_group(required=True)
    what.add_argument("--reviewers", metavar="A,B,C", help=_("who gets them"))
    what.add_argument("--list", action="store_true", help=_("who was given what, until when, done or open"))
    assign.add_argument("--new", action="store_true", help=_("list reviewers whom nobody has listed yet"))
    assign.add_argument(
        "--overlap",
        type=_share,
        metavar="SHARE",
        help=_("the share of the examples that several people review: 0.2 or 20%% is a fifth (default: the project's)"),
    )
    assign.add_argument(
        "--per-item", type=int, default=2, metavar="N", help=_("how many people review each of that share (2)")
    )
    assign.add_argument("--seed", type=int, default=0, help=_("another number gives another plan (0)"))
    assign.add_argument("--where", default="", metavar="FILTER", help=_("only these examples"))
    assign.add_argument("--days", type=int, default=0, metavar="N", help=_("take back what is not done after N days"))
    assign.add_argument(
        "--controls",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help=_(
            "mix in examples whose right verdict is known, unmarked: as many more as this share of what each gets, 0.1 "
            "or 10%% is a tenth (0); a settled one counts as in review until it is reviewed again"
        ),
    )
    assign.set_defaults(run=_assign)


def _share(text: str) -> float:
    """Read a share, for argparse: 0.2, or 20%."""
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _team(session: Session, args: argparse.Namespace) -> int:
    if (args.add is None) is not (args.role is None):
        raise WrongUsage(_("--add NAME and --role ROLE go together."))
    for option, given in (("--password-file", args.password_file), ("--credential", args.credential)):
        if given is not None and args.add is None:
            raise WrongUsage(_("{option} goes with --add.", option=option))
    if args.init:
        founded = team.init(where=args.project, who=session.who, preset=args.preset, name=session.named)
        try:
            _tell(session, founded, None)
        finally:
            founded.close()
        return 0
    with session.project(args.project) as project:
        _tell(session, project, _change(session, project, args))
    return 0


def _assign(session: Session, args: argparse.Namespace) -> int:
    if args.list:
        return _list(session, args)
    with session.project(args.project) as project:
        given = assigning.assign(
            project=project,
            who=session.who,
            reviewers=args.reviewers.split(","),
            overlap=args.overlap,
            per_item=args.per_item,
            seed=args.seed,
            where=args.where,
            days=args.days,
            controls=args.controls,
            new=args.new,
        )
    lines = [f"{name}: {count}" for name, count in given.assigned.items()]
    told = plural("{n} goes to several people.", "{n} go to several people.", given.double_reviewed)
    value = {"assigned": given.assigned, "double_reviewed": given.double_reviewed, "new": list(given.met.new)}
    value |= _controls(given) if args.controls else {}
    session.out.result(value, [*lines, told, *given.mixed.sentences, *given.met.sentences])
    return 0


def _controls(given: Given) -> dict[str, Any]:
    mixed = given.mixed
    return {
        "controls": given.controls,
        "controls_given": len(mixed.given),
        "controls_asked": mixed.asked,
        "controls_settled": mixed.settled,
        "controls_told": mixed.sentences,
    }


def _list(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        found = assigning.given_out(project=project)
    value = {
        "people": [
            {"name": share.name, "given": len(share.items)}
            | {stand.value: share.count(stand) for stand in Stand}
            | {
                "examples": [
                    {"id": one.id, "until": one.until or None, "state": one.stand.value} for one in share.items
                ]
            }
            for share in found
        ]
    }
    session.out.result(value, [line for share in found for line in _lines(share)])
    return 0


def _lines(share: Share) -> list[str]:
    facts = {
        "name": share.name,
        "n": len(share.items),
        "done": share.count(Stand.DONE),
        "open": share.count(Stand.OPEN),
    }
    told = [_("{name}: {n} given, {done} done, {open} open", **facts)]
    if late := share.count(Stand.LATE):
        told = [_("{told}, {late} not done in time", told=told[0], late=late)]
    for item in share.items[:_SHOWN]:
        until = _("until {day}", day=item.until[:10]) if item.until else ""
        told.append(f"  {item.id}  {_stand(item.stand)}  {until}".rstrip())
    if len(share.items) > _SHOWN:
        told.append(_("  and {n} more; --json lists all", n=len(share.items) - _SHOWN))
    return told


def _stand(stand: Stand) -> str:
    match stand:
        case Stand.OPEN:
            return _("open")
        case Stand.DONE:
            return _("done")
        case Stand.LATE:
            return _("not done in time")


def _change(session: Session, project: Project, args: argparse.Namespace) -> team.Added | None:
    """Do what was asked and return who was added, with the password that was made."""
    if args.remove is not None:
        taken = people.retire(project=project, who=session.who, name=args.remove)
        if taken:
            session.out.note(
                plural(
                    "{n} example that waited for {name} was taken back. Give it out again: accord assign.",
                    "{n} examples that waited for {name} were taken back. Give them out again: accord assign.",
                    taken,
                    name=args.remove,
                )
            )
        return None
    if args.new_password is not None:
        return team.renew_password(project=project, who=session.who, name=args.new_password)
    if args.add is None:
        return None
    password = team.password_in(path=Path(args.password_file)) if args.password_file else ""
    role = Role(args.role)
    return people.add(
        project=project, who=session.who, name=args.add, role=role, credential=args.credential, password=password
    )


def _tell(session: Session, project: Project, added: team.Added | None) -> None:
    everyone, server = people.everyone(project=project), team.server(project=project)
    told = [_as_json(person) for person in everyone]
    if added is not None and added.leads:
        session.out.note(naming.leading(added.leads))
    if added is not None and server is not None and not session.out.as_json:
        session.out.note(_handed_over(project, added.person))
    if added is not None and added.password:
        if session.out.as_json:
            told = [one | ({"password": added.password} if one["name"] == added.person.name else {}) for one in told]
        else:
            session.out.note(
                _("Password of {name}, shown this once: {password}", name=added.person.name, password=added.password)
            )
    value: dict[str, Any] = {"people": told, "server": None}
    lines = [
        "  ".join(filter(None, (person.name, person.role.value, person.login, person.credential)))
        for person in everyone
    ]
    if server is not None:
        value["server"] = {
            "database": server.database,
            "version": server.version,
            "login": server.login,
            "encryption": server.encryption or None,
        }
        lines.append(connection(server))
    session.out.result(value, lines)


def _handed_over(project: Project, person: Person) -> str:
    """Return what a colleague needs to open the project; the password goes another way."""
    return _(
        "Give {name} this address, which signs in as {login}: {address}. In the window: “Open a team's project”. "
        "Send the password by another way.",
        name=person.name,
        login=person.login,
        address=team.address_for(project=project, person=person),
    )


def _as_json(person: Person) -> dict[str, Any]:
    return {"name": person.name, "role": person.role.value, "login": person.login, "active": person.active} | (
        {"credential": person.credential} if person.credential else {}
    )


def connection(server: ServerFacts) -> str:
    """Return one line about a connection to a server."""
    how = server.encryption or (_("not encrypted, on this machine") if server.local else _("not encrypted"))
    return _(
        "{database} on PostgreSQL {version}, as {login}, {how}",
        database=server.database,
        version=server.version,
        login=server.login,
        how=how,
    )

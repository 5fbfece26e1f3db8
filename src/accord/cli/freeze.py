"""Verbs that freeze, write and prove: release, export, verify, trace."""

import argparse
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.history import ExampleDetail
from accord.domain.releases import Outside, Release, ReleasePlan
from accord.domain.wording import _, plural
from accord.workflows import exporting, releasing, signing
from accord.workflows.projects import Project

VERBS = ("release", "export", "verify", "trace")
_FORMATS = ("openai", "alpaca", "sharegpt", "prompt-completion", "preference", "csv")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    _add_release(verbs, common)
    export = verbs.add_parser("export", parents=[common], help=_("write a release's files"))
    export.add_argument("project", metavar="PROJECT")
    export.add_argument("--release", required=True, metavar="NAME")
    export.add_argument("--format", required=True, choices=_FORMATS)
    export.add_argument("--out", required=True, metavar="DIR")
    export.add_argument("--array", action="store_true", help=_("one JSON array a file"))
    export.add_argument("--replace", action="store_true", help=_("over an earlier export only"))
    export.set_defaults(run=_export)

    verify = verbs.add_parser("verify", parents=[common], help=_("re-read an export against its manifest"))
    verify.add_argument("folder", metavar="DIR")
    verify.add_argument(
        "--project", metavar="PROJECT", help=_("find rows, too, that were deleted from it for good since")
    )
    verify.set_defaults(run=_verify)

    trace = verbs.add_parser("trace", parents=[common], help=_("where an exported line came from"))
    trace.add_argument("project", metavar="PROJECT")
    trace.add_argument("line", metavar="LINE")
    trace.set_defaults(run=_trace)


def _add_release(verbs: Any, common: argparse.ArgumentParser) -> None:
    plan = ReleasePlan()
    release = verbs.add_parser("release", parents=[common], help=_("freeze what is accepted, split by groups"))
    release.add_argument("project", metavar="PROJECT")
    release.add_argument("name", metavar="NAME")
    release.add_argument("--heldout", type=float, default=plan.heldout)
    release.add_argument("--validation", type=float, default=plan.validation)
    release.add_argument("--seed", type=int, default=plan.seed)
    release.add_argument("--threshold", type=float, default=plan.threshold)
    release.add_argument(
        "--semantic-threshold",
        type=float,
        metavar="T",
        help=_(
            "requests this alike in meaning, above 0 to 1 (0.9 is usual), stay in one part as well; needs the extra "
            "“ml” (default: as the project's rules say, else meaning is not asked)"
        ),
    )
    release.add_argument(
        "--generated-heldout",
        action="store_true",
        help=_("what a model made, and what it made it of, may be held out as well"),
    )
    release.add_argument("--fields", choices=("pair", "request", "answer"), default=plan.fields)
    release.add_argument("--where", default="", metavar="FILTER")
    release.add_argument(
        "--dry-run", action="store_true", help=_("show what it would hold, what warns and what blocks; freeze nothing")
    )
    _add_signing(release)
    release.set_defaults(run=_release)


def _add_signing(release: argparse.ArgumentParser) -> None:
    said = release.add_argument_group(
        _("a release that is made already"), _("Signs it off, or writes its certificate. None of these makes one.")
    )
    said.add_argument("--sign", action="store_true", help=_("sign it, as who acts"))
    said.add_argument("--withdraw", action="store_true", help=_("take one's own signature back"))
    said.add_argument("--name", dest="printed", default="", help=_("the name as printed (default: who acts)"))
    said.add_argument("--credential", default="", help=_("optional: MD, cardiology; attorney at law, Vienna"))
    said.add_argument("--statement", default="", help=_("what one signs (default: a plain statement)"))
    said.add_argument(
        "--phrase-file",
        default="",
        metavar="FILE",
        help=_("its first line: on a team's server one's password, else one's phrase, set by the first signature"),
    )
    said.add_argument("--certificate", default="", metavar="FILE.html", help=_("write its certificate, to print"))
    said.add_argument("--without-names", action="store_true", help=_("number the reviewers on the certificate"))


def _release(session: Session, args: argparse.Namespace) -> int:
    if args.sign or args.withdraw or args.certificate:
        return _sign_off(session, args)
    plan = ReleasePlan(
        heldout=args.heldout,
        validation=args.validation,
        seed=args.seed,
        threshold=args.threshold,
        fields=args.fields,
        where=args.where,
        semantic_threshold=args.semantic_threshold,
        generated_heldout=args.generated_heldout,
    )
    if args.dry_run:
        return _dry_run(session, args, plan)
    with session.project(args.project) as project, session.progress(_("release")) as bar:
        release = releasing.make(
            project=project,
            who=session.who,
            name=args.name,
            plan=plan,
            embedder=session.services.embedder,
            progress=bar,
        )
    session.out.result(_release_json(release), _release_lines(release))
    return 0


def _dry_run(session: Session, args: argparse.Namespace, plan: ReleasePlan) -> int:
    with session.project(args.project) as project, session.progress(_("release")) as bar:
        draft = releasing.look(
            project=project,
            who=session.who,
            name=args.name,
            plan=plan,
            embedder=session.services.embedder,
            progress=bar,
        )
    lines = _release_lines(draft.release)
    if draft.same_as:
        lines.append(_("Nothing has changed since “{name}”.", name=draft.same_as))
    lines += [_("blocks: {sentence}", sentence=sentence) for sentence in draft.blocks]
    lines.append(_("Nothing was frozen: this was a dry run."))
    said = {"dry_run": True, "blocks": list(draft.blocks), "same_as": draft.same_as or None}
    session.out.result({**_release_json(draft.release), **said}, lines)
    if draft.blocks:
        session.out.note(f"accord: {draft.blocks[0]}")
    return 1 if draft.blocks else 0


def _release_lines(release: Release) -> list[str]:
    parts = plural(
        "{name}: {train} train, {validation} validation, {heldout} held-out, in {n} group",
        "{name}: {train} train, {validation} validation, {heldout} held-out, in {n} groups",
        release.groups,
        name=release.name,
        **release.counts,
    )
    outside = release.outside.sentences(release.examples) if release.outside is not None else []
    meaning = release.meaning.sentences if release.meaning is not None else []
    return [parts, *outside, *meaning, *(_("warning: {sentence}", sentence=sentence) for sentence in release.warnings)]


def _release_json(release: Release) -> dict[str, Any]:
    outside = release.outside
    return {
        "release": release.name,
        **release.counts,
        "left_out": [asdict(item) for item in release.left_out],
        "outside": None if outside is None else _outside_json(outside),
        "groups": release.groups,
        "leakage": release.leakage(),
        "hash": release.hash,
        "warnings": list(release.warnings),
        "agreement": [asdict(one) for one in release.agreement],
    }


def _outside_json(outside: Outside) -> dict[str, Any]:
    return {
        "examples": outside.examples,
        "reasons": dict(outside.ranked),
        "open_conflicts": outside.conflicts,
        "in_conflict": outside.in_conflict,
        "open_disagreements": outside.disagreements,
        "undecided": outside.undecided,
    }


def _sign_off(session: Session, args: argparse.Namespace) -> int:
    if args.sign and args.withdraw:
        raise WrongUsage(_("Sign or withdraw, not both."))
    path = Path(args.certificate) if args.certificate else None
    with session.project(args.project) as project:
        release = releasing.named(project=project, name=args.name)
        if path is not None:
            signing.refuse_file_in_the_way(path)  # before anything is signed
        if args.sign or args.withdraw:
            _sign(session, project, args)
        if path is not None:
            signing.certificate(project=project, release=args.name, to=path, with_names=not args.without_names)
        found = signing.of_release(project=project, release=args.name)
    signatures = [{**asdict(one), "state": one.state.value} for one in found]
    value = {**_release_json(release), "signatures": signatures, "certificate": args.certificate or None}
    lines = [f"{one.titled}: {one.at}  {one.state.value}" for one in found] or [_("not signed")]
    session.out.result(value, [*lines, args.certificate] if args.certificate else lines)
    return 0


def _sign(session: Session, project: Project, args: argparse.Namespace) -> None:
    if not args.phrase_file:
        raise WrongUsage(_("--phrase-file names the file with your password or phrase; it is asked for every time."))
    phrase = signing.phrase_in(path=Path(args.phrase_file))
    if args.withdraw:
        signing.withdraw(project=project, who=session.who, release=args.name, phrase=phrase)
        return
    known = signing.signer(project=project, who=session.who)
    before = signing.own(project=project, who=session.who, release=args.name)
    signing.sign(
        project=project,
        who=session.who,
        release=args.name,
        name=args.printed or session.who.actor,
        credential=args.credential or known.credential,
        statement=args.statement,
        phrase=phrase,
    )
    if before is not None:
        session.out.note(
            _(
                "You signed “{name}” already, on {at}; you signed it again. The earlier signature stays written.",
                name=args.name,
                at=before.at,
            )
        )
    if not (known.by_password or known.has_phrase):
        session.out.note(_("This phrase is yours from now on: {name} signs with it.", name=session.who.actor))


def _export(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project, session.progress(_("export")) as bar:
        result = exporting.export(
            project=project,
            who=session.who,
            release_name=args.release,
            format_name=args.format,
            out=Path(args.out),
            array=args.array,
            replace=args.replace,
            progress=bar,
        )
    files = [{"path": f.path, "rows": f.rows, "sha256": f.sha256} for f in result.files]
    lines = [f"{f['path']}  {f['rows']}  {f['sha256']}" for f in files]
    session.out.result({"files": files, "manifest": str(result.manifest)}, lines)
    return 0


def _verify(session: Session, args: argparse.Namespace) -> int:
    with ExitStack() as open_, session.progress(_("verify")) as bar:
        project = open_.enter_context(session.project(args.project)) if args.project else None
        report = exporting.verify(folder=Path(args.folder), project=project, progress=bar)
    problems = [asdict(problem) for problem in report.problems]
    places = [f"{p['file']}:{p['line']}" if p["line"] else str(p["file"]) for p in problems]
    lines = [f"{p['severity']}: {place}: {p['message']}" for p, place in zip(problems, places, strict=True)]
    session.out.result({"ok": report.ok, "problems": problems}, [*lines, _("ok") if report.ok else _("not ok")])
    if not report.ok:
        first = next(p for p in problems if p["severity"] == "error")
        session.out.note(f"accord: {first['file']}: {first['message']}")
    return 0 if report.ok else 1


def _trace(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        found = exporting.trace(project=project, line=args.line)
    values = [_trace_json(detail) for detail in found]
    session.out.result({**values[0], "others": values[1:]}, [line for detail in found for line in _trace_lines(detail)])
    return 0


def _trace_json(detail: ExampleDetail) -> dict[str, Any]:
    place = detail.places[0] if detail.places else None
    return {
        "id": detail.row.id,
        "status": detail.row.status,
        "source": None if place is None else {"file": place.file, "line": place.line, **asdict(place.source)},
        "revisions": [
            {"hash": r.hash, "parent": r.parent_hash, "kind": r.kind.value, "author": r.author, "at": r.at}
            for r in detail.revisions
        ],
        "reviews": [
            {
                "reviewer": r.reviewer,
                "verdict": r.verdict.value if r.verdict else None,
                "at": r.at,
                "comment": r.judgement.comment,
            }
            for r in detail.reviews
        ],
        "models": [],
    }


def _trace_lines(detail: ExampleDetail) -> list[str]:
    lines = [f"{detail.row.id}  {detail.row.status}"]
    lines += [_("  from {file}, line {line}", file=p.file, line=p.line) for p in detail.places]
    lines += [f"  {r.at}  {r.kind.value}  {r.author}  {r.hash[:12]}" for r in detail.revisions]
    lines += [f"  {r.at}  {r.verdict or '-'}  {r.reviewer}  {r.judgement.comment}" for r in detail.reviews]
    return lines

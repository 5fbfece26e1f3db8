"""Verbs that freeze, write and prove: release, export, verify, trace."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.history import ExampleDetail
from accord.domain.releases import ReleasePlan
from accord.domain.wording import _
from accord.workflows import exporting, releasing

VERBS = ("release", "export", "verify", "trace")
_FORMATS = ("openai", "alpaca", "sharegpt", "prompt-completion", "preference", "csv")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    plan = ReleasePlan()
    release = verbs.add_parser("release", parents=[common], help=_("freeze what is accepted, split by groups"))
    release.add_argument("project", metavar="PROJECT")
    release.add_argument("name", metavar="NAME")
    release.add_argument("--heldout", type=float, default=plan.heldout)
    release.add_argument("--validation", type=float, default=plan.validation)
    release.add_argument("--seed", type=int, default=plan.seed)
    release.add_argument("--threshold", type=float, default=plan.threshold)
    release.add_argument("--fields", choices=("pair", "request", "answer"), default=plan.fields)
    release.add_argument("--where", default="", metavar="FILTER")
    release.set_defaults(run=_release)

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
    verify.set_defaults(run=_verify)

    trace = verbs.add_parser("trace", parents=[common], help=_("where an exported line came from"))
    trace.add_argument("project", metavar="PROJECT")
    trace.add_argument("line", metavar="LINE")
    trace.set_defaults(run=_trace)


def _release(session: Session, args: argparse.Namespace) -> int:
    plan = ReleasePlan(
        heldout=args.heldout,
        validation=args.validation,
        seed=args.seed,
        threshold=args.threshold,
        fields=args.fields,
        where=args.where,
    )
    with session.project(args.project) as project, session.progress(_("release")) as bar:
        release = releasing.make(project=project, who=session.who, name=args.name, plan=plan, progress=bar)
    value = {
        "release": release.name,
        **release.counts,
        "left_out": [asdict(item) for item in release.left_out],
        "groups": release.groups,
        "leakage": {"pairs": release.leakage_pairs, "checked": release.leakage_checked},
        "hash": release.hash,
        "warnings": list(release.warnings),
    }
    told = _(
        "{name}: {train} train, {validation} validation, {heldout} held-out, in {groups} groups; {left} left out",
        name=release.name,
        groups=release.groups,
        left=len(release.left_out),
        **release.counts,
    )
    session.out.result(value, [told, *release.warnings])
    return 0


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
    with session.progress(_("verify")) as bar:
        report = exporting.verify(folder=Path(args.folder), progress=bar)
    problems = [asdict(problem) for problem in report.problems]
    lines = [f"{p['severity']}: {p['file']}:{p['line']}: {p['message']}" for p in problems]
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

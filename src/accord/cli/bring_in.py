"""Verbs that make projects and bring data in: new, demo, import."""

import argparse
import contextlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli.session import Session, place_of
from accord.domain.errors import AccordError, Refused
from accord.domain.ledger import Tally
from accord.domain.records import RowFault
from accord.domain.wording import _, plural
from accord.workflows import import_looks, importing, indexing, projects, sample

VERBS = ("new", "demo", "import")
_FORMATS = ("auto", *import_looks.FORMATS)
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "space": " "}
_MARK = ".accord-demo"


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    new = verbs.add_parser("new", parents=[common], help=_("make an empty project"))
    new.add_argument("project", metavar="PROJECT")
    new.add_argument("--preset", choices=projects.PRESETS, default="general")
    new.set_defaults(run=_new)

    demo = verbs.add_parser("demo", parents=[common], help=_("make the sample project, the whole way through"))
    demo.add_argument("--out", metavar="DIR", default="accord-demo", help=_("where to (default: accord-demo)"))
    demo.add_argument("--headless", action="store_true", help=_("do not open the window at the end"))
    demo.set_defaults(run=_demo)
    _add_import(verbs, common)


def _add_import(verbs: Any, common: argparse.ArgumentParser) -> None:
    bring = verbs.add_parser("import", parents=[common], help=_("bring files in; every row is accounted for"))
    bring.add_argument("project", metavar="PROJECT")
    bring.add_argument("files", metavar="FILE", nargs="+")
    bring.add_argument("--format", choices=_FORMATS, default="auto")
    bring.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="TARGET=COLUMN",
        help=_("what a column becomes; several joined by commas, or repeated (then not split at commas)"),
    )
    bring.add_argument("--sheet", default="", metavar="S", help=_("the sheet of a workbook, or the file in an archive"))
    bring.add_argument("--encoding", default="", help=_("of the file's text, where it is not certain or found wrong"))
    bring.add_argument(
        "--pointer", default="", metavar="P", help=_("where the rows are: a JSON pointer, or an XML path of elements")
    )
    bring.add_argument("--delimiter", type=_delimiter, metavar="D", help=_("one character, or tab"))
    bring.add_argument(
        "--header",
        choices=import_looks.HEADERS,
        default="auto",
        help=_("whether the first row of a table names its columns (default: found out)"),
    )
    bring.add_argument(
        "--fill",
        default="auto",
        metavar="auto|none|COLUMN,...",
        help=_("columns of a table whose blank cells repeat the one above (default: where nothing else can be meant)"),
    )
    bring.add_argument("--dry-run", action="store_true", help=_("count only; change nothing"))
    bring.set_defaults(run=_import)


def _delimiter(text: str) -> str:
    """Return the one character that was named. Raises ArgumentTypeError."""
    found = _DELIMITERS.get(text.lower(), text)
    if len(found) != 1 or found in '\r\n"':
        raise argparse.ArgumentTypeError(
            _("“{text}” is not one character, nor tab, comma, semicolon or bar", text=text)
        )
    return found


def _new(session: Session, args: argparse.Namespace) -> int:
    project = projects.new_project(path=place_of(args.project), who=session.who, preset_name=args.preset)
    try:
        version = project.schema_version
    finally:
        project.close()
    session.out.result(
        {"project": project.place, "schema_version": version}, [_("Made {project}.", project=project.place)]
    )
    return 0


def _demo(session: Session, args: argparse.Namespace) -> int:
    folder = Path(args.out)
    path, out = folder / "sample.accord", folder / "export"
    kept = _earlier_demo(folder)
    steps = kept if kept is not None else _make_demo(session, folder, path, out)
    told = [f"{step['step']}: " + " · ".join(f"{k} {v}" for k, v in step.items() if k != "step") for step in steps]
    if kept is not None:
        told.append(_("Someone has worked on the project since, so it was left as it is."))
    session.out.result(
        {"project": str(path), "out": str(folder), "steps": steps, "kept": kept is not None},
        [*told, _("The project is {project}, its files are in {out}.", project=path, out=out)],
    )
    return 0 if args.headless else session.windows.project(session.services, path)


def _make_demo(session: Session, folder: Path, path: Path, out: Path) -> list[dict[str, Any]]:
    _clear_earlier(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _MARK
    mark.write_text("{}", encoding="utf-8")
    with session.progress(_("sample project")) as bar:
        embedder = session.services.embedder
        project, steps = sample.demonstrate(path=path, out=out, who=session.who, embedder=embedder, progress=bar)
    head = projects.facts(project=project)["head"]
    project.close()
    mark.write_text(json.dumps({"head": head, "steps": steps}, ensure_ascii=False), encoding="utf-8")
    return steps


def _earlier_demo(folder: Path) -> list[dict[str, Any]] | None:
    """Return the steps of an earlier demo whose project someone has worked on since; such work is not thrown away."""
    try:
        made = json.loads((folder / _MARK).read_text("utf-8"))
        project = projects.open_project(path=folder / "sample.accord")
    except (OSError, ValueError, AccordError):
        return None
    with contextlib.closing(project):
        changed = projects.facts(project=project)["head"] != made.get("head")
    return list(made.get("steps", [])) if changed else None


def _clear_earlier(folder: Path) -> None:
    """Remove what an earlier demo made, and nothing else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / _MARK).is_file():
        raise Refused(_("{folder} is not empty and was not made by a demo. Choose another with --out.", folder=folder))
    for entry in folder.iterdir():
        if entry.name == _MARK or entry.name.startswith("sample.accord") or entry.name == "export":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _import(session: Session, args: argparse.Namespace) -> int:
    mapping = importing.mapping_of(args.map) if args.map else None
    reports, total = [], Tally()
    met: set[str] = set()  # what a file before would bring in; only asked for where nothing is brought in
    with session.project(args.project) as project:
        for number, name in enumerate(args.files):
            with session.progress(name) as bar:
                report = importing.import_file(
                    project=project,
                    who=session.who,
                    path=Path(name),
                    format_name=args.format,
                    mapping=mapping,
                    encoding=args.encoding,
                    sheet=args.sheet,
                    pointer=args.pointer,
                    delimiter=args.delimiter or "",
                    fill=args.fill,
                    header=args.header,
                    dry_run=args.dry_run,
                    met=met,
                    backup=number == 0,  # one copy of how the project was before the command
                    progress=bar,
                )
            reports.append(report)
            total.add(report.tally)
        files = [_file_json(report) for report in reports]
        session.out.result({"files": files, **asdict(total)}, _import_lines(reports))
        if total.accepted and not args.dry_run:
            # What came in is told by then: who does not want to wait for this may stop it, and nothing is lost.
            with session.progress(_("search index")) as bar:
                indexing.catch_up(project=project, progress=bar)
    without_rows = [r for r in reports if r.accepted + r.duplicate == 0]
    for report in without_rows:
        reason = report.rejections[0].reason if report.rejections else _("it has no rows")
        session.out.note(_("accord: {file} gave no row: {reason}", file=report.file, reason=reason))
    return 1 if without_rows else 0


def _file_json(report: importing.FileReport) -> dict[str, Any]:
    names = ("file", "format", "encoding", "delimiter", "line_ends", "header", "sheet", "pointer")
    counts = ("read", "accepted", "rejected", "duplicate", "needs_answer", "rejections_file")
    value = {name: getattr(report, name) for name in (*names, *counts)}
    value["mapping"] = dict(report.mapping)
    value["notes"] = list(report.notes)
    value["filled"] = list(report.filled)
    faults = [{"line": f.line, "field": f.field, "reason": f.reason} for f in report.rejections]
    return {**value, "rejections": faults}


def _told_of(fault: RowFault) -> str:
    return ": ".join(filter(None, (str(fault.line or ""), fault.field, fault.reason)))


def _import_lines(reports: list[importing.FileReport]) -> list[str]:
    lines = []
    for report in (one for one in reports if one.format):  # a file that cannot be read has no account but its error
        lines.append(
            _(
                "{file}: {read} read = {accepted} accepted + {rejected} rejected + {duplicate} duplicate",
                file=report.file,
                read=report.read,
                accepted=report.accepted,
                rejected=report.rejected,
                duplicate=report.duplicate,
            )
        )
        lines += [
            _("  {target} <- column “{column}”", target=target, column=column)
            for target, column in report.mapping.items()
        ]
        if report.needs_answer:
            told = plural(
                "{n} accepted example has no answer yet.",
                "{n} accepted examples have no answer yet.",
                report.needs_answer,
            )
            lines.append(f"  {told}")
        lines += [f"  {note}" for note in report.notes]
        rows_came = report.accepted + report.duplicate  # without any, the note below tells why the file gave none
        lines += [f"  {_told_of(fault)}" for fault in report.rejections[:20] if fault.line or rows_came]
        if report.rejections_file:
            lines.append(_("  refused rows: {file}", file=report.rejections_file))
    return lines

"""Imports through the whole program: the figures of real files, texts that stay byte for byte, and what goes wrong."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.workflows.texts import accept_all, exported

from accord.domain.errors import Cancelled, Refused
from accord.domain.ledger import Who
from accord.domain.progress import CancelFlag, Silent
from accord.domain.project import AnswerKind, Choice
from accord.domain.review import Judgement, Status, Verdict
from accord.formats.failures import UnreadableFile
from accord.formats.parcels import Parcel
from accord.storage import events, imports, listing, schema, states
from accord.storage.project import Project
from accord.workflows import browsing, conflicts, importing, keeping, projects, reading, reviewing, undoing

PAIRS = {"request": "request", "answer": "answer"}
# File, rows read, duplicates, rejected, mapping (None: as guessed).
FILES = [
    ("medical/medquad_cancergov.jsonl", 729, 0, 0, None),
    ("medical/medquad_cdc.jsonl", 270, 0, 0, None),
    ("medical/medquad_niddk.csv", 1192, 48, 0, None),
    ("medical/MTS-Dialog-TrainingSet.csv", 1201, 1, 0, {"request": "dialogue", "answer": "section_text"}),
    ("legal/legalbench_alpaca.jsonl", 335, 10, 0, None),
    ("multilingual/huatuo_llama_med_zh.json", 8658, 0, 0, None),
    ("chat/llamafactory_alpaca_en_demo.json", 999, 14, 0, None),
    ("chat/llamafactory_alpaca_zh_demo.json", 1000, 8, 0, None),
    ("chat/openai_toy_chat_fine_tuning.jsonl", 5, 0, 1, None),
]


@pytest.mark.parametrize(("name", "read", "duplicate", "rejected", "mapping"), FILES, ids=[f[0] for f in FILES])
def test_figures_of_real_files_and_every_text_comes_out_as_it_went_in(  # noqa: PLR0917  (pytest gives them by name)
    project: Project,
    who: Who,
    data_dir: Path,
    tmp_path: Path,
    name: str,
    read: int,
    duplicate: int,
    rejected: int,
    mapping: dict[str, str] | None,
) -> None:
    report = importing.import_file(project=project, who=who, path=data_dir / name, mapping=mapping)
    assert (report.read, report.duplicate, report.rejected) == (read, duplicate, rejected)
    assert report.accepted == read - duplicate - rejected == projects.counts(project=project).examples
    assert len(report.rejections) == rejected
    wanted = sorted(row.content.text for row in browsing.examples(project=project) if row.content.has_answer)
    accept_all(project)
    assert exported(project, who, tmp_path / "out") == wanted
    assert keeping.inspect(project=project) == []


def _write_pairs(path: Path, pairs: Sequence[tuple[str, str]]) -> Path:
    lines = [json.dumps({"request": q, "answer": a}, ensure_ascii=False) for q, a in pairs]
    path.write_bytes("".join(line + "\n" for line in lines).encode())
    return path


def test_naughty_strings_come_out_as_they_went_in(project: Project, who: Who, data_dir: Path, tmp_path: Path) -> None:
    naughty = json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8"))
    naughty += [
        "\x00",
        "a\x00b",
        "\ufeffx",
        "x\r\ny\rz",
        "\u2028\u2029\x85",
        " x ",
        "\u00a0",
        "﷽",
        "\U0010ffff",
        "e\u0301é",
    ]
    pairs = [(f"{text}\n{n}", f"{n}{text}") for n, text in enumerate(naughty)]
    report = importing.import_file(
        project=project, who=who, path=_write_pairs(tmp_path / "n.jsonl", pairs), mapping=PAIRS
    )
    assert (report.read, report.accepted) == (len(pairs), len(pairs))
    accept_all(project)
    found = [json.loads(text)["messages"] for text in exported(project, who, tmp_path / "out")]
    assert sorted((m[0]["content"], m[1]["content"]) for m in found) == sorted(pairs)


class _StopAt(Silent):
    """A progress that asks to stop once it was asked so often whether to."""

    def __init__(self, checks: int) -> None:
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("checks", [0, 1, 2, 3])
def test_a_cancelled_import_leaves_nothing_behind(project: Project, who: Who, tmp_path: Path, checks: int) -> None:
    importing.import_file(
        project=project, who=who, path=_write_pairs(tmp_path / "a.jsonl", [("Q0", "A0")]), mapping=PAIRS
    )
    path = _write_pairs(tmp_path / "b.jsonl", [(f"Q{n}", "A") for n in range(1000)])
    with pytest.raises(Cancelled):
        importing.import_file(project=project, who=who, path=path, mapping=PAIRS, progress=_StopAt(checks))
    assert [row.content.request for row in browsing.examples(project=project)] == ["Q0"]
    assert list(browsing.examples(project=project, where="text ~ Q5")) == []
    assert keeping.inspect(project=project) == []
    assert importing.import_file(project=project, who=who, path=path, mapping=PAIRS).accepted == 1000


def test_a_fault_of_the_program_during_an_import_does_not_block_the_next(
    project: Project, who: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write_pairs(tmp_path / "a.jsonl", [("Q0", "A0")])

    def fail(*_words: object, **_named: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(imports, "finish", fail)
        patch.setattr(imports, "discard_some", fail)  # as when the disk refuses that as well
        with pytest.raises(RuntimeError):
            importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    assert importing.import_file(project=project, who=who, path=path, mapping=PAIRS).accepted == 1
    assert keeping.inspect(project=project) == []


def test_two_imports_at_once_are_refused(project: Project, who: Who, tmp_path: Path) -> None:
    path = _write_pairs(tmp_path / "a.jsonl", [("Q0", "A0")])
    with project.write(who) as unit:
        imports.begin(unit, file="f", sha256="", format_name="table", encoding="utf-8", mapping={})
        unit.commit()
    with pytest.raises(Refused):
        importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    imports.ended(unit.act)
    assert importing.import_file(project=project, who=who, path=path, mapping=PAIRS).accepted == 1


def test_a_crash_before_the_search_for_conflicts_is_made_good_on_opening(
    project: Project, who: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write_pairs(tmp_path / "a.jsonl", [("Q", "yes, always and at once"), ("Q", "no, that would be wrong")])

    def killed(**_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(conflicts, "refresh_if_stale", killed)
        with pytest.raises(KeyboardInterrupt):
            importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    project.close()
    again = projects.open_project(path=project.place)
    assert projects.counts(project=again).conflicts == 1
    again.close()


def test_a_file_that_turns_out_unreadable_half_way_leaves_nothing(
    project: Project, who: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write_pairs(tmp_path / "a.jsonl", [(f"Q{n}", "A" * 1000) for n in range(20_000)])
    whole, taken = reading.Reading.next, []

    def fails(self: reading.Reading) -> Parcel | None:
        taken.append(whole(self))
        if len(taken) == 3:
            raise UnreadableFile(path, "Input/output error")
        return taken[-1]

    with monkeypatch.context() as patch:
        patch.setattr(reading.Reading, "next", fails)
        report = importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    assert (report.read, report.rejected) == (1, 1)
    assert sum(len(parcel.rows) for parcel in taken if parcel) > 100
    assert projects.counts(project=project).examples == 0
    assert keeping.inspect(project=project) == []


VERDICTS = {**PAIRS, "verdict": "verdict", "reviewer": "reviewer", "tags": "tags"}


def _write_verdicts(path: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    values = [{"request": q, "answer": a, "verdict": v, "reviewer": "cem", "tags": "t"} for q, a, v in rows]
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def _statuses(project: Project) -> dict[str, str]:
    return {row.content.request: row.status for row in browsing.examples(project=project)}


def test_verdicts_of_a_file_are_reviews_and_undone_with_the_import(project: Project, who: Who, tmp_path: Path) -> None:
    path = _write_verdicts(
        tmp_path / "v.jsonl", [("Q1", "A", "accept"), ("Q2", "A", "reject"), ("Q3", "A", "maybe"), ("Q4", "", "accept")]
    )
    report = importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    assert [fault.line for fault in report.rejections] == [3, 4]
    importing.import_file(
        project=project, who=who, path=_write_pairs(tmp_path / "p.jsonl", [("Q5", "A")]), mapping=PAIRS
    )
    assert _statuses(project) == {"Q1": "accepted", "Q2": "rejected", "Q5": "candidate"}
    undoing.undo(project=project, who=who)
    undoing.undo(project=project, who=who)
    assert set(_statuses(project).values()) == {"set_aside"}


def test_undoing_an_import_withdraws_every_row_that_nobody_else_touched(
    project: Project, who: Who, tmp_path: Path
) -> None:
    path = _write_verdicts(tmp_path / "v.jsonl", [("Q1", "A", "accept"), ("Q2", "A", ""), ("Q3", "A", "")])
    importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    third = next(row for row in browsing.examples(project=project) if row.content.request == "Q3")
    ben = Who(actor="ben", device="there")
    reviewing.submit(project=project, who=ben, example_id=third.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    undoing.undo(project=project, who=who)
    assert _statuses(project) == {"Q1": "set_aside", "Q2": "set_aside", "Q3": "accepted"}
    assert projects.counts(project=project).reviews == 1


def test_a_file_verdict_on_a_text_that_was_edited_since_does_not_replace_the_edit(
    project: Project, who: Who, tmp_path: Path
) -> None:
    importing.import_file(
        project=project, who=who, path=_write_pairs(tmp_path / "p.jsonl", [("Q1", "A")]), mapping=PAIRS
    )
    (row,) = browsing.examples(project=project)
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Better"})
    reviewing.submit(project=project, who=who, example_id=row.id, judgement=edit)
    path = _write_verdicts(tmp_path / "v.jsonl", [("Q1", "A", "accept")])
    importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    (row,) = browsing.examples(project=project)
    assert row.status == Status.DISAGREEMENT
    detail = browsing.example(project=project, example_id=row.id)
    assert [(r.reviewer, r.base_hash, r.verdict) for r in detail.reviews] == [
        ("ana", detail.original.hash, "edit"),
        ("cem", detail.original.hash, "accept"),
    ]


def test_a_purged_row_does_not_come_back_and_is_told(project: Project, who: Who, tmp_path: Path) -> None:
    path = _write_verdicts(tmp_path / "v.jsonl", [("Q1", "A", "accept"), ("Q2", "A", "")])
    importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    first = next(row for row in browsing.examples(project=project) if row.content.request == "Q1")
    keeping.purge(project=project, who=who, example_id=first.id, reason="withdrawn")
    dry = importing.import_file(project=project, who=who, path=path, mapping=VERDICTS, dry_run=True)
    report = importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    assert dry.tally == report.tally
    assert (report.read, report.rejected, report.duplicate) == (2, 1, 1)
    assert [fault.line for fault in report.rejections] == [1]
    assert _statuses(project) == {"Q2": "candidate"}


def test_a_verdict_of_a_file_accepts_no_answer_that_the_project_has_not(
    project: Project, who: Who, tmp_path: Path
) -> None:
    settings = replace(
        projects.settings_of(project=project), answer_kind=AnswerKind.LIST, choices=(Choice(label="Yes", code="1"),)
    )
    projects.change_settings(project=project, who=who, settings=settings)
    rows = [("Q1", "Yes", "accept"), ("Q2", "Maybe", "accept"), ("Q3", "Maybe", "reject"), ("Q4", "Maybe", "")]
    path = _write_verdicts(tmp_path / "v.jsonl", rows)
    report = importing.import_file(project=project, who=who, path=path, mapping=VERDICTS)
    assert [(fault.line, fault.field) for fault in report.rejections] == [(2, "answer")]
    assert _statuses(project) == {"Q1": "accepted", "Q3": "rejected", "Q4": "candidate"}


def test_the_account_of_a_large_file_with_many_faults(project: Project, who: Who, tmp_path: Path) -> None:
    lines = [json.dumps({"request": f"Q{n}", "answer": "A"}) if n % 2 else "{" for n in range(5000)]
    path = tmp_path / ("long name " * 20 + ".jsonl")
    path.write_text("\n".join(lines), encoding="utf-8")
    report = importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    assert (report.read, report.accepted, report.rejected) == (5000, 2500, 2500)
    assert len(report.rejections) == 1000
    assert len(Path(report.rejections_file).read_text("utf-8").splitlines()) == 2500


@pytest.mark.long
def test_undoing_an_import_of_many_rows(project: Project, who: Who, tmp_path: Path) -> None:
    path = _write_pairs(tmp_path / "many.jsonl", [(f"Q{n}", "A") for n in range(300_000)])
    importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    undoing.undo(project=project, who=who)
    assert projects.counts(project=project).by_status == {"set_aside": 300_000}
    with project.read() as view:
        assert len(listing.seqs(view)) == 300_000


def test_rebuilding_many_examples(project: Project, who: Who, tmp_path: Path) -> None:
    path = _write_pairs(tmp_path / "many.jsonl", [(f"Q{n}", "A") for n in range(1200)])
    importing.import_file(project=project, who=who, path=path, mapping=PAIRS)
    with project.write(who) as unit:
        assert states.rebuild(unit) == 1200
        unit.commit()
    assert keeping.inspect(project=project) == []


def test_a_stop_flag_stops(project: Project, who: Who, tmp_path: Path) -> None:
    flag = CancelFlag()
    flag.cancelled = True
    path = _write_pairs(tmp_path / "a.jsonl", [("Q", "A")])
    for dry_run in (True, False):
        with pytest.raises(Cancelled):
            importing.import_file(project=project, who=who, path=path, mapping=PAIRS, progress=flag, dry_run=dry_run)


def test_the_record_of_an_import_names_the_columns_that_were_filled(project: Project, who: Who, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no,question,answer\n1,Why?,Because.\n,,Since.\n2,How?,Thus.\n,,So.\n", encoding="utf-8")
    for fill, read_as in (("auto", ["no", "question"]), ("none", None), ("question", ["question"])):
        report = importing.import_file(project=project, who=who, path=path, fill=fill)
        assert list(report.filled) == (read_as or [])
        with project.read() as view:
            event = next(event for event in events.of_actor(view, who.actor) if event.kind == "import")
            kept = view.connection.execute(
                sa.select(schema.import_run.c.mapping).where(schema.import_run.c.id == report.import_id)
            ).scalar_one()
        assert json.loads(kept).get("filled") == read_as
        assert event.refs["import"] == report.import_id
        assert "question" not in str(event.refs)  # a column's name is text of the file, and so in no event

"""Whether a verdict that stands in an imported row can be taken."""

from accord.domain.project import ProjectSettings
from accord.domain.records import ImportedVerdict, RawRecord, RowFault
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.formats.answers import answer_problem


def row_fault(row: RawRecord, settings: ProjectSettings | None) -> RowFault | None:
    """Return why the first wrong verdict of a row cannot be taken (by a project with these settings), or None."""
    for given in row.verdicts:
        found = verdict_fault(row, given)
        if found is None and settings is not None:
            found = _answer_fault(row, given, settings)
        if found is not None:
            return found
    return None


def verdict_fault(row: RawRecord, given: ImportedVerdict) -> RowFault | None:
    """Return why a verdict in a row cannot be taken, or None."""
    allowed = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)
    edits = given.verdict == Verdict.EDIT and given.answer is not None and given.answer != row.content.answer
    if given.verdict not in allowed and not edits:
        reason = _("the verdict “{verdict}” is none of {allowed}", verdict=given.verdict, allowed=", ".join(allowed))
        return RowFault(line=row.line, field="verdict", reason=reason)
    if not given.reviewer:
        return RowFault(line=row.line, field="reviewer", reason=_("a verdict needs the name of its reviewer"))
    if given.verdict == Verdict.ACCEPT and not row.content.has_answer:
        return RowFault(line=row.line, field="verdict", reason=_("an example without an answer cannot be accepted"))
    return None


def _answer_fault(row: RawRecord, given: ImportedVerdict, settings: ProjectSettings) -> RowFault | None:
    """Return why this project cannot accept the answer, as it would not from a reviewer's hand, or None."""
    takes = given.verdict in {Verdict.ACCEPT, Verdict.EDIT}
    answer = row.content.answer if given.answer is None else given.answer
    wrong = answer_problem(answer, settings) if takes else None
    return None if wrong is None else RowFault(line=row.line, field="answer", reason=wrong)

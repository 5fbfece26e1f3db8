"""What checks found in the examples of a release: looked for first, counted, said once, refused where the rules say."""

from collections.abc import Iterable, Sequence

from accord.checks import registry
from accord.domain.dismissals import FindingCounts
from accord.domain.filters import Field, Op, Term, read_filter
from accord.domain.findings import Severity
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings, ReleaseRules
from accord.domain.releases import DeidentifiedCounts, ReleasePlan
from accord.domain.review import Status
from accord.domain.wording import _, number, plural
from accord.storage import findings as store
from accord.storage import unchecked
from accord.storage.project import Project, View
from accord.workflows import deidentifying, findings

#: Leads to the accepted examples with an open finding.
WITH_FINDINGS = "status=accepted and finding!="
#: A language model takes names of diseases and of methods for persons too often to refuse a release by it; it warns.
_GUESSING = frozenset(rule.name for rule in registry.RULES if rule.needs)
_ACCEPTED = Term(field=Field.STATUS, op=Op.IS, value=Status.ACCEPTED.value)


def look_first(project: Project, who: Who, plan: ReleasePlan, watch: Progress) -> None:
    """Check the accepted texts that were not checked by the settings of now, where who works here may store it."""
    if project.pack is None and findings.may_store(project=project):
        where = " and ".join(part for part in ("status=accepted", plan.where.strip()) if part)
        findings.run(project=project, actor=who, where=where, progress=watch)


def unlooked(view: View, plan: ReleasePlan, settings: ProjectSettings) -> int:
    """Return how many accepted examples of a plan were not checked by the settings of now."""
    by = unchecked.covering(view, findings.fingerprint(settings), ())
    if not unchecked.stale(view, by):
        return 0
    return len(unchecked.unchecked(view, [*read_filter(plan.where), _ACCEPTED], by))


def among(view: View, seqs: Iterable[int]) -> FindingCounts:
    """Return what was found in these examples."""
    wanted = frozenset(seqs)
    return store.counted((row for row in store.listed(view) if row.seq in wanted), _GUESSING)


def among_accepted(view: View) -> FindingCounts:
    """Return what was found in all that is accepted."""
    return store.counted(store.listed(view, status=Status.ACCEPTED), _GUESSING)


def said(found: FindingCounts, rules: ReleaseRules, waiting: int = 0) -> tuple[list[str], list[str]]:
    """Return what open findings warn of, a sentence for each severity, and what of them blocks.

    ``waiting``: how many examples were not checked.
    """
    warnings, blocks = [], []
    for severity in reversed(Severity):
        if not found.examples.get(severity, 0):
            continue
        if severity in rules.refuse_findings:
            blocks.append(_refused(_open(found, severity)))
        else:
            warnings.append(_open(found, severity))
    if rules.refuse_personal_data and found.personal:
        sentence = plural(
            "Personal data is found in {n} accepted example.",
            "Personal data is found in {n} accepted examples.",
            found.personal,
        )
        blocks.append(_refused(sentence))
    if waiting:
        warnings.append(
            plural(
                "{n} accepted example has not been checked since it or the checks changed.",
                "{n} accepted examples have not been checked since they or the checks changed.",
                waiting,
            )
        )
    return warnings, blocks


def left_out(settings: ProjectSettings) -> list[str]:
    """Return what was not looked for, as packages are not installed: the card of the release is to say so."""
    titles = [_(rule.title) for rule in registry.missing(settings.checks)]
    return [_("Not looked for, as packages were not installed: {rules}.", rules=", ".join(titles))] if titles else []


def _open(found: FindingCounts, severity: Severity) -> str:
    examples, findings_ = found.examples[severity], number(found.open[severity])
    match severity:
        case Severity.ERROR:
            return plural(
                "{n} accepted example has open findings that are errors ({findings} in all).",
                "{n} accepted examples have open findings that are errors ({findings} in all).",
                examples,
                findings=findings_,
            )
        case Severity.WARNING:
            return plural(
                "{n} accepted example has open findings that are warnings ({findings} in all).",
                "{n} accepted examples have open findings that are warnings ({findings} in all).",
                examples,
                findings=findings_,
            )
        case Severity.NOTE:
            return plural(
                "{n} accepted example has open findings that are notes ({findings} in all).",
                "{n} accepted examples have open findings that are notes ({findings} in all).",
                examples,
                findings=findings_,
            )


def _refused(sentence: str) -> str:
    return _(
        "{sentence} This project releases only once each is fixed or dismissed: the filter {filter} lists them.",
        sentence=sentence,
        filter=WITH_FINDINGS,
    )


def deidentified(view: View, seqs: Sequence[int]) -> DeidentifiedCounts:
    """Return how much of a release is de-identified, how, and how much of it a second person has confirmed."""
    found = deidentifying.confirmations_in(view, seqs)
    return DeidentifiedCounts(examples=found.examples, confirmed=found.confirmed, how=found.how)

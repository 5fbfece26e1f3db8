"""Why one example is in a release that is planned, or is not: the part it goes to, or the rule that keeps it out."""

from dataclasses import dataclass

from accord.domain.errors import NotFound
from accord.domain.filters import Field, Op, Term, read_filter
from accord.domain.history import ExampleDetail
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.project import ProjectSettings
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import DecidedBy, Status
from accord.domain.wording import _, plural
from accord.storage import listing, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows import release_rules, releasing
from accord.workflows.release_findings import FILTERED
from accord.workflows.release_material import lack_of
from accord.workflows.releasing import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class InRelease:
    """Where an example stands in a release: its ``part``, or None and the ``reason`` as a short code; both in words."""

    id: str
    part: Part | None
    reason: str
    sentence: str


def standing_in_release(
    *,
    project: Project,
    example_id: str,
    plan: ReleasePlan,
    draft: Draft | None = None,
    embedder: Embedder | None = None,
) -> InRelease:
    """Say whether an example would be in a release made by this plan now, in which part, and if not, why.

    ``draft`` is that release where it has been worked out already; else it is worked out here, where it is needed,
    with the ``embedder`` where meaning is asked. Raises NotFound.
    """
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        detail = None if seq is None else listing.detail(view, seq)
        if seq is None or detail is None:
            raise NotFound(_("example"), example_id)
        settings = project_settings.current(view)
        out = _kept_out(view, seq, detail, settings, plan)
    if out is not None:
        return out
    if draft is None:
        nobody = Who(actor="nobody")
        draft = releasing.work_out(project=project, who=nobody, name="next", plan=plan, embedder=embedder)
    part = draft.parts.get(example_id)
    if part is None:
        reason = next((item.reason for item in draft.release.left_out if item.id == example_id), FILTERED)
        sentence = release_rules.reason_sentence(reason, settings.rules)
        return InRelease(id=example_id, part=None, reason=reason, sentence=sentence)
    return InRelease(id=example_id, part=part, reason="", sentence=f"{_place(part)} {_decided(detail)}")


def _kept_out(
    view: View, seq: int, detail: ExampleDetail, settings: ProjectSettings, plan: ReleasePlan
) -> InRelease | None:
    """Return why the example is not in, as far as it takes no split to know."""
    row = detail.row
    if row.status != Status.ACCEPTED:
        needed = states.requirements(view, [seq]).get(seq, 1)
        sentence = _not_accepted(Status(row.status), missing=needed - len(row.reviewers))
        return InRelease(id=row.id, part=None, reason=row.status, sentence=sentence)
    itself = Term(field=Field.ID, op=Op.IS, value=row.id)
    if not listing.count(view, [*read_filter(plan.where), itself]):
        sentence = _("It is accepted, and does not fit the filter of this release: {filter}", filter=plan.where)
        return InRelease(id=row.id, part=None, reason=FILTERED, sentence=sentence)
    found = lack_of(view, seq, settings)
    if not found:
        return None
    return InRelease(id=row.id, part=None, reason=found, sentence=release_rules.reason_sentence(found, settings.rules))


def _not_accepted(status: Status, *, missing: int) -> str:
    match status:
        case Status.NEEDS_ANSWER:
            return _("It has no answer yet.")
        case Status.IN_REVIEW if missing > 0:
            return plural("It waits for {n} more reviewer.", "It waits for {n} more reviewers.", missing)
        case Status.CANDIDATE | Status.IN_REVIEW:
            return _("It waits for review.")
        case Status.DISAGREEMENT:
            return _("Its reviewers differ or are unsure, and no adjudicator has decided.")
        case Status.REJECTED:
            return _("It is rejected.")
        case _other:
            return _("It is set aside.")


def _place(part: Part) -> str:
    return {
        Part.TRAIN: _("It is in train."),
        Part.VALIDATION: _("It is in validation."),
        Part.HELDOUT: _("It is held out."),
    }[part]


def _decided(detail: ExampleDetail) -> str:
    names = ", ".join(detail.row.reviewers)
    match detail.row.decided_by:
        case DecidedBy.ADJUDICATED:
            return _("An adjudicator decided on it.")
        case DecidedBy.AGREED:
            return _("{names} reviewed it and agree.", names=names)
        case _single:
            return _("{name} reviewed it.", name=names)

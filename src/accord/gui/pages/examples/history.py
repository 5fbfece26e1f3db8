"""The history of one example as entries of a timeline: what happened, who did it, when, and what it changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from accord.domain.content import Content
from accord.domain.history import Decision, StoredRevision
from accord.domain.review import ConflictResolution, Review, RevisionKind, SetAsideReason, Verdict
from accord.domain.wording import _, number
from accord.gui.decision_reasons import reason_words
from accord.gui.pages.examples.rows import place_words
from accord.workflows.browsing import FullExample

#: Decisions that settle a disagreement or open it again, and their signs.
_SETTLING = {"adjudicate": "gavel", "reopen": "undo", "ask_guideline": "book-open-variant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One moment. ``before`` and ``after`` are given where a text changed; ``icon`` and ``role`` are of the look."""

    at: str
    who: str
    title: str
    icon: str
    role: str = "candidate"
    facts: tuple[str, ...] = ()
    comment: str = ""
    citation: str = ""
    before: Content | None = None
    after: Content | None = None

    def changes(self) -> list[tuple[int, str, str]]:
        """Return (message index, text before, text after) for each message that changed."""
        if self.before is None or self.after is None:
            return []
        old = [m.content for m in self.before.messages]
        new = [m.content for m in self.after.messages]
        longest = max(len(old), len(new))
        old += [""] * (longest - len(old))
        new += [""] * (longest - len(new))
        return [(i, a, b) for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]


def timeline(example: FullExample) -> list[Entry]:
    """Return what happened to an example, the newest first."""
    detail = example.detail
    texts = {detail.original.hash: detail.original, **{r.hash: r.content for r in detail.revisions}}
    found = [*_imports(example)]
    found += [_revision(r, texts) for r in detail.revisions if not r.of_review]
    found += [_review(r, texts) for r in detail.reviews]
    found += [_decision(d) for d in detail.decisions]
    if example.settlement is not None and detail.row.id in example.settlement.payload.get("ids", ()):
        found.append(_settlement(example.settlement))
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def set_aside_word(reason: str) -> str:
    """Return why something is set aside, in words."""
    words = {
        SetAsideReason.DUPLICATE.value: _("a near-duplicate"),
        SetAsideReason.WITHDRAWN.value: _("its import was withdrawn"),
        SetAsideReason.BY_HAND.value: _("by hand"),
    }
    return words.get(reason, reason)


def _imports(example: FullExample) -> Iterator[Entry]:
    seen: set[int] = set()
    for place in example.detail.places:
        run = example.imports.get(place.import_id)
        if run is None or run.id in seen:
            continue
        seen.add(run.id)
        where = place_words(place.file, place.line)
        title = _("Imported") if len(seen) == 1 else _("Found again in another import")
        yield Entry(at=run.at, who=run.author, title=title, icon="tray-arrow-down", facts=(where,))


def _revision(revision: StoredRevision, texts: dict[str, Content]) -> Entry:
    titles = {
        RevisionKind.IMPORT: _("Text from before stands again"),
        RevisionKind.EDIT: _("Text changed for everyone"),
        RevisionKind.DEIDENTIFY: _("Personal data taken out"),
        RevisionKind.ADJUDICATE: _("Text settled by an adjudicator"),
    }
    return Entry(
        at=revision.at,
        who=revision.author,
        title=titles[revision.kind],
        icon="pencil-outline",
        role="in_review",
        before=texts.get(revision.parent_hash),
        after=revision.content,
    )


def _review(review: Review, texts: dict[str, Content]) -> Entry:
    judged = review.judgement
    if review.verdict is None:
        return Entry(at=review.at, who=review.reviewer, title=_("Took the review back"), icon="undo")
    title, icon, role = _verdict(review.verdict)
    facts = [_("{name}: {value}", name=name, value=value) for name, value in judged.ratings.items()]
    if judged.bulk:
        facts.append(_("In bulk, without opening it"))
    if judged.reasons:
        facts.append(_("Reasons: {reasons}", reasons=", ".join(judged.reasons)))
    if judged.tags:
        facts.append(_("Tags: {tags}", tags=", ".join(judged.tags)))
    if review.round > 1:
        facts.append(_("Round {n}", n=review.round))
    if judged.seconds >= 1:
        facts.append(_("{n} seconds", n=number(round(judged.seconds))))
    changed = review.result_hash != review.base_hash
    return Entry(
        at=review.at,
        who=review.reviewer,
        title=title,
        icon=icon,
        role=role,
        facts=tuple(facts),
        comment=judged.comment,
        citation=judged.citation,
        before=texts.get(review.base_hash) if changed else None,
        after=texts.get(review.result_hash) if changed else None,
    )


def _verdict(verdict: Verdict) -> tuple[str, str, str]:
    match verdict:
        case Verdict.ACCEPT:
            return _("Accepted"), "check-circle", "accepted"
        case Verdict.EDIT:
            return _("Edited and accepted"), "pencil-circle", "accepted"
        case Verdict.REJECT:
            return _("Rejected"), "close-circle", "rejected"
        case Verdict.UNSURE:
            return _("Unsure"), "help-circle-outline", "disagreement"


def _decision(decision: Decision) -> Entry:
    title, icon, role = decision.kind.replace("_", " "), "gavel", "candidate"
    facts: tuple[str, ...] = ()
    if decision.kind == "set_aside":
        title, icon, role = _("Set aside"), "tray-arrow-down", "set_aside"
        facts = (_("Why: {reason}", reason=set_aside_word(decision.reason)),)
    elif decision.kind == "bring_back":
        title, icon = _("Brought back"), "tray-arrow-up"
    elif decision.kind in {"add_tag", "remove_tag", "retract_tag"}:
        return _tag_decision(decision)
    elif decision.kind in _SETTLING:
        return _settling(decision)
    elif decision.kind in {"dismiss_finding", "restore_finding"}:
        return _finding_decision(decision)
    elif decision.reason:
        facts = (_("Why: {reason}", reason=decision.reason),)
    return Entry(
        at=decision.at, who=decision.author, title=title, icon=icon, role=role, facts=facts, comment=decision.comment
    )


def _finding_decision(decision: Decision) -> Entry:
    why = {"false_alarm": _("a false alarm"), "acceptable": _("acceptable as it is")}.get(decision.reason)
    return Entry(
        at=decision.at,
        who=decision.author,
        title=_("Finding dismissed") if why else _("Finding taken up again"),
        icon="eye-off-outline" if why else "eye-outline",
        role="candidate",
        facts=(_("Check: {name}", name=decision.payload["rule"]), *((_("Why: {reason}", reason=why),) if why else ())),
        comment=decision.comment,
    )


def _settling(decision: Decision) -> Entry:
    by_rule = "rule" in decision.payload
    titles = {
        "adjudicate": _("Disagreement settled by the rule") if by_rule else _("Disagreement settled"),
        "reopen": _("Opened again by the rule") if by_rule else _("Opened again"),
        "ask_guideline": _("Sent to the guideline") if decision.comment else _("Question to the guideline taken back"),
    }
    facts: list[str] = []
    if decision.kind == "adjudicate":
        rejects = decision.payload.get("verdict") == Verdict.REJECT.value
        facts = [_("Rejected") if rejects else _("Accepted")]
        facts.append(_("Why: {reason}", reason=reason_words(decision.reason)))
    return Entry(
        at=decision.at,
        who=decision.author,
        title=titles[decision.kind],
        icon=_SETTLING[decision.kind],
        facts=tuple(facts),
        comment=decision.comment,
    )


def _tag_decision(decision: Decision) -> Entry:
    words = {
        "add_tag": (_("Tagged"), "tag-plus-outline"),
        "remove_tag": (_("Tag taken off"), "tag-minus-outline"),
        "retract_tag": (_("Took a tag decision back"), "undo"),
    }
    title, icon = words[decision.kind]
    tag = str(decision.payload.get("tag", ""))
    return Entry(at=decision.at, who=decision.author, title=title, icon=icon, facts=(tag,) if tag else ())


def _settlement(decision: Decision) -> Entry:
    words = {
        ConflictResolution.ALL_VALID.value: _("all answers are valid"),
        ConflictResolution.KEEP_ONE.value: _("one answer is kept"),
        ConflictResolution.MERGE.value: _("the answers were merged"),
        ConflictResolution.SPLIT.value: _("the request was split"),
    }
    how = words.get(decision.reason, decision.reason)
    return Entry(
        at=decision.at,
        who=decision.author,
        title=_("Conflict settled: {how}", how=how),
        icon="gavel",
        role="accepted",
        comment=decision.comment,
    )

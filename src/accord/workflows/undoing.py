"""Undo: append the inverse of one's own last act, unless a release has used it since; an act that stays is named."""

from collections.abc import Collection, Sequence
from itertools import chain

from accord.domain.batches import paced
from accord.domain.errors import Refused
from accord.domain.history import Decision
from accord.domain.ledger import Event, Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.review import SetAsideReason
from accord.domain.wording import _
from accord.storage import acts, assignments, bulk, calibrations, decisions, events, imports, listing, releases, states
from accord.storage import people as store
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit, View
from accord.workflows import calibrating, conflicts, findings, guideline_changes, needed, permissions, settling
from accord.workflows.act_names import STAYING, instead_of, kind_of
from accord.workflows.undone import Ahead, NotHere, NothingToUndo, Stays, Undone

_IN_PARTS = ("bulk", "import")
_AT_ONCE = (
    "review",
    "set_aside",
    "bring_back",
    "settle_conflict",
    "not_duplicates",
    "fix_once",
    "adjudicate",
    "ask_guideline",
)
_OF_LEADS = ("import", "deidentify", "assign", "unassign", "calibrate", "control", "queue_again", "settings")
_OF_ADJUDICATORS = ("adjudicate", "settle_by_rule", "ask_guideline")
_SETTLING = ("set_aside", "bring_back", "settle_conflict", "not_duplicates", "add_tag", "remove_tag")


def last_act(*, project: Project, who: Who) -> Event | None:
    """Return one's own newest act that stands, whether or not it can be taken back; None where there is none."""
    with project.read() as view:
        return _last(events.of_actor(view, who.actor))


def undo(
    *,
    project: Project,
    who: Who,
    act: str | None = None,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> Undone:
    """Take back one's own last act, or the act named; never an earlier one because the last one stays.

    ``only``: what may be taken back where the person is (``act_names.kind_of``). An act on many examples or an import
    is taken back chunk by chunk; stopped in between, the rest when it is asked again.

    Raises NothingToUndo, Stays, NotHere, OnlyFor without the role that the act needs, LooksOn for who is not listed,
    Refused where someone has judged or decided since, or where a release used it, and Cancelled where it is stopped
    between two chunks.
    """
    _meet(project)
    with project.write(who) as unit:
        event = _to_undo(project, unit, who, act, only)
        if event.kind not in _IN_PARTS:
            at_once = event.kind in _AT_ONCE
            seqs, kept = _undo_at_once(project, unit, event) if at_once else _OWN_WAY[event.kind](unit, event)
            ids = listing.ids_of(unit, sorted(seqs))
            told = {"count": len(ids)} if event.kind == "control" else {"examples": ids}
            events.append(unit, "undo", {"of": event.id, "kind": event.kind} | told)
            unit.commit()
    if event.kind not in _IN_PARTS:
        settling.settle(project=project, who=who)
        return Undone(act=event, examples=tuple(ids), kept=kept)
    if event.kind == "bulk":
        return _undo_bulk(project, who, event, progress or Silent())
    return _undo_import(project, who, event, progress or Silent())


def look(*, project: Project, who: Who, act: str | None = None) -> Ahead:
    """Return what ``undo`` would take back, and change nothing. Raises as it does for whose act and which it is."""
    _meet(project)
    with project.write(who) as unit:  # without a commit everything is as it was
        event = _to_undo(project, unit, who, act, ())
        count = event.refs.get("count", event.refs.get("accepted"))
        return Ahead(act=event, examples=len(acts.seqs_of_act(unit, event.id)) if count is None else int(count))


def _meet(project: Project) -> None:
    """Look again who works on a server, which hides from who leads no more what there is to take back."""
    if project.file is None:
        project.meet()


def _to_undo(project: Project, view: View, who: Who, act: str | None, only: Collection[str]) -> Event:
    event = _last(events.of_actor(view, who.actor)) if act is None else events.find(view, act)
    if event is None or event.actor != who.actor or not _counts(event) or event.id in events.taken_back(view):
        raise NothingToUndo
    if instead_of(event):
        raise Stays(event)
    if only and kind_of(event) not in only:
        raise NotHere(event)
    _require_role(project, view, event)
    return event


def _require_role(project: Project, view: View, event: Event) -> None:
    """Ask for the role that doing it needs: a person may have had it then and not now. Raises LooksOn, too."""
    permissions.require_listed(project=project, act=_("take this back"))
    kind = kind_of(event)
    for_others = kind in {"review", "reviews"} and acts.judges_of(view, event.id) - {event.actor}
    if kind in _OF_LEADS or for_others:
        permissions.require(project=project, role=Role.LEAD, act=_("take this back"))
    elif kind in _OF_ADJUDICATORS:
        permissions.require(project=project, role=Role.ADJUDICATOR, act=_("take this back"))
    elif kind in _SETTLING:
        permissions.require_to_settle(project=project)


def _undo_at_once(project: Project, unit: Unit, event: Event) -> tuple[Collection[int], int]:
    seqs = _touched(project, unit, event)
    _refuse_released(unit, seqs, event)
    _invert(unit, event, seqs)
    before = acts.keys_of(unit, sorted(seqs))
    states.refresh(unit, seqs)
    conflicts.refresh(unit, before | acts.keys_of(unit, sorted(seqs)) | set(event.refs.get("keys", ())))
    return seqs, 0


def _undo_assigning(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Take back what was given out; verdicts that were given meanwhile stay."""
    seqs = assignments.of_act(unit, event.id)
    needed.take_off(unit, seqs, act=event.id)
    return seqs, 0


def _undo_taking_back(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Give again what was taken back, but what somebody has been given since."""
    name = str(event.refs.get("reviewer", ""))
    if name and name not in {person.name for person in store.everyone(unit.connection) if person.active}:
        raise Refused(_("{name} no longer works on this project. Give the examples to somebody else.", name=name))
    return needed.give_again(unit, event.refs, events.taken_back(unit)), 0


def _undo_calibrating(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Close a round as if it had not begun; verdicts that were given meanwhile stay, and then it has taken place."""
    stored = next(one for one in calibrations.rounds(unit) if one.act == event.id)
    calibrating.end(unit, stored)
    return stored.seqs, 0


def _undo_controls(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    return calibrations.unmark(unit, event.id), 0


def _undo_queueing(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Let examples that were called again stand as before; those judged again meanwhile stay called."""
    return guideline_changes.take_back(unit, event.id, event.refs.get("needed", []))


def _undo_settings(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Let what the project decided before be in force again."""
    before = project_settings.before(unit, event.id, events.taken_back(unit))
    if before is None:
        raise Refused(
            _("Someone has changed what the project decides since, so it stays. Make the change anew instead.")
        )
    project_settings.append(unit, before)
    return (), 0


_OWN_WAY = {
    "assign": _undo_assigning,
    "unassign": _undo_taking_back,
    "calibrate": _undo_calibrating,
    "control": _undo_controls,
    "queue_again": _undo_queueing,
    "settings": _undo_settings,
    "dismiss_finding": findings.take_back,
    "restore_finding": findings.take_back,
}


#: Kinds of events that are acts: each is taken back, or named with what to do instead.
KINDS = frozenset({*_AT_ONCE, *_IN_PARTS, *_OWN_WAY, *STAYING})


def _undo_bulk(project: Project, who: Who, event: Event, progress: Progress) -> Undone:
    """Take a bulk act back in short units of work; the last one closes it."""
    with project.read() as view:
        seqs = bulk.touched(view, event.id)
        _refuse_released(view, seqs, event)
    undone: list[str] = []
    kept = 0
    for part in chain(paced(seqs), [()]):
        progress.check()
        with project.write(who) as unit:
            stay = bulk.overtaken_among(unit, event.id, part)
            mine = [seq for seq in part if seq not in stay]
            before = acts.keys_of(unit, mine)
            bulk.take_back(unit, event.id, mine)
            conflicts.refresh(unit, before | acts.keys_of(unit, mine))
            ids = _note_part(unit, event, mine, last=not part)
            unit.commit()
        undone += ids
        kept += len(stay)
        progress.report(len(undone) + kept, len(seqs))
    return Undone(act=event, examples=tuple(undone), kept=kept)


def _undo_import(project: Project, who: Who, event: Event, progress: Progress) -> Undone:
    """Withdraw what an import brought in short units of work; with the last one it counts as undone.

    Of examples that stay, the verdicts that it brought are taken back, unless somebody has decided since.
    """
    import_id = int(event.refs["import"])
    with project.read() as view:
        seqs = sorted(_untouched(view, event) | acts.still_said(view, event.id))
        _refuse_released(view, seqs, event)
    undone: list[str] = []
    done = 0
    for part in chain(paced(seqs), [()]):
        progress.check()
        with project.write(who) as unit:
            with project.read() as view:  # as far as the person may know what others have said
                mine = sorted(_untouched(view, event, part)) if part else []
            changed = sorted({*mine, *_said(unit, event, part)})
            before = acts.keys_of(unit, changed)
            acts.take_back_reviews(unit, event.id, changed)
            decisions.about_examples(unit, mine, "set_aside", reason=SetAsideReason.WITHDRAWN)
            states.refresh(unit, changed)
            conflicts.refresh(unit, before | acts.keys_of(unit, changed))
            if not part:
                imports.mark_undone(unit, import_id)
            undone += _note_part(unit, event, mine, last=not part)
            unit.commit()
        done += len(part)
        progress.report(done, len(seqs))
    finish_undone(project=project, who=who)
    return Undone(act=event, examples=tuple(undone))


def _said(unit: Unit, event: Event, part: Sequence[int]) -> set[int]:
    """Return on which of these examples verdicts that an import brought stand and nobody has decided since."""
    found = acts.still_said(unit, event.id, part) if part else set[int]()
    return found - acts.overtaken_among(unit, event.id, sorted(found)) if found else found


def finish_undone(*, project: Project, who: Who) -> None:
    """Derive again what undone imports had said of examples that others found too, also where a crash came before."""
    with project.read() as view:
        left = {import_id: imports.retold(view, import_id) for import_id in imports.to_retell(view)}
    for import_id, seqs in left.items():
        for part in paced(seqs):
            with project.write(who, lasting=False) as unit:  # should the power fail, the note stands: it is done again
                states.refresh(unit, part)
                unit.commit()
        with project.write(who) as unit:
            imports.end_retelling(unit, import_id)
            unit.commit()


def _note_part(unit: Unit, event: Event, seqs: Sequence[int], *, last: bool) -> list[str]:
    """Write of which examples an act was taken back; the last part closes it. Returns their ids."""
    ids = listing.ids_of(unit, seqs)
    events.append(unit, "undo" if last else "undo_part", {"of": event.id, "kind": event.kind, "examples": ids})
    return ids


def _refuse_released(view: View, seqs: Collection[int], event: Event) -> None:
    used = releases.holding_act(view, sorted(seqs), since=event.at)
    if used:
        raise Refused(_("The release “{name}” already uses this. Make the change anew instead.", name=used[0]))


def _untouched(view: View, event: Event, among: Sequence[int] | None = None) -> set[int]:
    """Return the examples whose part in an import can be taken back: those that nobody else touched."""
    import_id = int(event.refs["import"])
    first = acts.untouched_of_import(view, import_id, event.id, among=among)
    return first | acts.brought_back_unjudged(view, import_id, event.id, among=among)


def _touched(project: Project, unit: Unit, event: Event) -> set[int]:
    """Return the examples that an act was about. Raises Refused where anyone has judged or decided since.

    Of verdicts that are hidden from the person, a refusal would tell.
    """
    with project.read() as view:
        since = acts.later_acts(view, event.id)
    if since - events.taken_back_among(unit, since):  # the person's own view hides that others took something back
        raise Refused(_("Someone has judged or decided on this since, so it stays. Make the change anew instead."))
    return acts.seqs_of_act(unit, event.id)


def _invert(unit: Unit, event: Event, seqs: set[int]) -> None:
    acts.take_back_reviews(unit, event.id, seqs)
    acts.take_back_revisions(unit, event.id)
    for decision in decisions.of_act(unit, event.id):
        if decision.kind == "settle_conflict" and decision.key is not None:
            decisions.about_request(unit, decision.key, "reopen_conflict")
        elif decision.kind == "not_duplicates" and decision.key is not None:
            decisions.about_request(unit, decision.key, "maybe_duplicates", payload=decision.payload)
        elif decision.kind == "adjudicate" and decision.seq is not None:
            decisions.decide_as_before(unit, decision)
        elif decision.kind == "ask_guideline" and decision.seq is not None:
            _ask_as_before(unit, decision)
        elif decision.kind == "bring_back" and decision.seq is not None:
            decisions.about_examples(unit, [decision.seq], "set_aside", reason=acts.last_reason(unit, decision))
        elif decision.kind == "set_aside" and decision.seq is not None:
            decisions.about_examples(unit, [decision.seq], "bring_back")


def _ask_as_before(unit: Unit, decision: Decision) -> None:
    """Let the question before it stand beside a disagreement again, or none. Raises Refused where another one does."""
    asked = [one for one in decisions.of_example(unit, int(decision.seq or 0)) if one.kind == "ask_guideline"]
    if asked[-1].act != decision.act:
        raise Refused(_("Another question was sent to the guideline since, so nothing was taken back."))
    before = asked[-2].comment if len(asked) > 1 else ""
    payload = {"takes_back": decision.id}
    decisions.about_examples(unit, [int(decision.seq or 0)], "ask_guideline", comment=before, payload=payload)


def _last(mine: list[Event]) -> Event | None:
    gone = {str(e.refs.get("of", "")) for e in mine if e.kind == "undo"}
    return next((e for e in mine if _counts(e) and e.id not in gone), None)


def _counts(event: Event) -> bool:
    """Say whether an event is an act that stands or falls by itself: no part of one, no undo, no mere look."""
    return event.kind in KINDS

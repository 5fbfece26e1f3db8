"""Undo: append the inverse of one's own last act, unless a release has used it since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from accord.domain.batches import paced
from accord.domain.errors import Refused
from accord.domain.ledger import Event, Who
from accord.domain.progress import Progress, Silent
from accord.domain.review import SetAsideReason
from accord.domain.wording import _
from accord.storage import acts, assignments, bulk, calibrations, decisions, events, imports, listing, releases, states
from accord.storage.project import Project, Unit, View
from accord.workflows import calibrating, conflicts, guideline_changes, needed

UNDOABLE = (
    "review",
    "set_aside",
    "bring_back",
    "settle_conflict",
    "not_duplicates",
    "fix_once",
    "import",
    "bulk",
    "assign",
    "adjudicate",
    "calibrate",
    "control",
    "queue_again",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back: the kind of act and the examples it touched.

    ``kept``: how many examples of a bulk act stay, because someone has judged or decided on them since.
    """

    kind: str
    examples: tuple[str, ...]
    kept: int = 0


def last_act(*, project: Project, who: Who) -> Event | None:
    """Return one's own newest act that can still be undone, or None."""
    with project.read() as view:
        return _last(events.of_actor(view, who.actor))


def undo(*, project: Project, who: Who, act: str | None = None, progress: Progress | None = None) -> Undone:
    """Take back one's own last act, or the act named.

    A bulk act or an import is taken back chunk by chunk; stopped in between, the rest when it is asked again.

    Raises Refused where there is none, where someone has judged or decided since, or where a release used it, and
    Cancelled where it is stopped between two chunks.
    """
    with project.write(who) as unit:
        event = _to_undo(unit, who, act)
        if event.kind in _LEADS_ACTS:
            undone = _LEADS_ACTS[event.kind](unit, event)
            unit.commit()
            return undone
        if event.kind not in {"bulk", "import"}:
            undone = _undo_at_once(project, unit, event)
            unit.commit()
            return undone
    if event.kind == "bulk":
        return _undo_bulk(project, who, event, progress or Silent())
    return _undo_import(project, who, event, progress or Silent())


def _to_undo(view: View, who: Who, act: str | None) -> Event:
    event = _last(events.of_actor(view, who.actor)) if act is None else events.find(view, act)
    own = event is not None and event.actor == who.actor and event.kind in UNDOABLE
    if event is None or not own or event.id in events.taken_back(view):
        raise Refused(_("There is nothing of yours to undo."))
    return event


def _undo_at_once(project: Project, unit: Unit, event: Event) -> Undone:
    seqs = _touched(project, unit, event)
    _refuse_released(unit, seqs, event)
    _invert(unit, event, seqs)
    before = acts.keys_of(unit, sorted(seqs))
    states.refresh(unit, seqs)
    ids = listing.ids_of(unit, sorted(seqs))
    conflicts.refresh(unit, before | acts.keys_of(unit, sorted(seqs)) | set(event.refs.get("keys", ())))
    events.append(unit, "undo", {"of": event.id, "kind": event.kind, "examples": ids})
    return Undone(kind=event.kind, examples=tuple(ids))


def _undo_assigning(unit: Unit, event: Event) -> Undone:
    """Take back what was given out; verdicts that were given meanwhile stay."""
    seqs = assignments.of_act(unit, event.id)
    needed.take_off(unit, seqs, act=event.id)
    ids = listing.ids_of(unit, seqs)
    events.append(unit, "undo", {"of": event.id, "kind": event.kind, "examples": ids})
    return Undone(kind=event.kind, examples=tuple(ids))


def _undo_calibrating(unit: Unit, event: Event) -> Undone:
    """Close a round as if it had not begun; verdicts that were given meanwhile stay, and then it has taken place."""
    stored = next(one for one in calibrations.rounds(unit) if one.act == event.id)
    calibrating.end(unit, stored)
    events.append(unit, "undo", {"of": event.id, "kind": event.kind, "examples": listing.ids_of(unit, stored.seqs)})
    return Undone(kind=event.kind, examples=tuple(listing.ids_of(unit, stored.seqs)))


def _undo_controls(unit: Unit, event: Event) -> Undone:
    seqs = calibrations.unmark(unit, event.id)
    events.append(unit, "undo", {"of": event.id, "kind": event.kind, "count": len(seqs)})
    return Undone(kind=event.kind, examples=tuple(listing.ids_of(unit, seqs)))


def _undo_queueing(unit: Unit, event: Event) -> Undone:
    """Let examples that were called again stand as before; those judged again meanwhile stay called."""
    back, kept = guideline_changes.take_back(unit, event.id, event.refs.get("needed", []))
    ids = listing.ids_of(unit, back)
    events.append(unit, "undo", {"of": event.id, "kind": event.kind, "examples": ids})
    return Undone(kind=event.kind, examples=tuple(ids), kept=kept)


_LEADS_ACTS = {
    "assign": _undo_assigning,
    "calibrate": _undo_calibrating,
    "control": _undo_controls,
    "queue_again": _undo_queueing,
}


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
            stay = acts.overtaken_among(unit, event.id, part, events.taken_back(unit))
            mine = [seq for seq in part if seq not in stay]
            before = acts.keys_of(unit, mine)
            bulk.take_back(unit, event.id, mine)
            conflicts.refresh(unit, before | acts.keys_of(unit, mine))
            ids = _note_part(unit, event, mine, last=not part)
            unit.commit()
        undone += ids
        kept += len(stay)
        progress.report(len(undone) + kept, len(seqs))
    return Undone(kind=event.kind, examples=tuple(undone), kept=kept)


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
    return Undone(kind=event.kind, examples=tuple(undone))


def _said(unit: Unit, event: Event, part: Sequence[int]) -> set[int]:
    """Return on which of these examples verdicts that an import brought stand and nobody has decided since."""
    found = acts.still_said(unit, event.id, part) if part else set[int]()
    return found - acts.overtaken_among(unit, event.id, sorted(found), events.taken_back(unit)) if found else found


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
        overtaken = acts.overtaken(view, event.id, events.taken_back(unit))
    if overtaken:
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
        elif decision.kind == "bring_back" and decision.seq is not None:
            decisions.about_examples(unit, [decision.seq], "set_aside", reason=acts.last_reason(unit, decision))
        elif decision.kind == "set_aside" and decision.seq is not None:
            decisions.about_examples(unit, [decision.seq], "bring_back")


def _last(mine: list[Event]) -> Event | None:
    gone = _undone(mine)
    return next((e for e in mine if e.kind in UNDOABLE and e.id not in gone), None)


def _undone(mine: list[Event]) -> set[str]:
    return {str(e.refs.get("of", "")) for e in mine if e.kind == "undo"}

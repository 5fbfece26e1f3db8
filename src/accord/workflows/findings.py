"""Findings: look for what is new, count, show them beside their text, dismiss them and take that back."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict

from accord import __version__
from accord.checks import registry
from accord.domain.batches import batched, paced
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.content import Content
from accord.domain.dismissals import DismissReason, Found, Ran, RuleCount, Shown, mark_of
from accord.domain.errors import NotFound, Refused
from accord.domain.findings import Finding, Kind, Rule, Severity
from accord.domain.ledger import Event, Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.wording import _, number
from accord.jobs.standing import StandingWorker
from accord.storage import decisions, events, listing, unchecked
from accord.storage import findings as store
from accord.storage import settings as project_settings
from accord.storage.findings import Marked
from accord.storage.project import Project, Unit, View
from accord.storage.unchecked import Text
from accord.workflows import checking, filter_reading, permissions

_AT_ONCE = 200  # so few are looked at here, where no rule has to be loaded for it
_PART_SECONDS, _FIRST = 0.2, 20  # a language model looks at no more in a second
_FEW_DISMISSED = 5  # of which nothing can be told


def may_store(*, project: Project) -> bool:
    """Say whether what is found is stored for who works here: on a team's server for a lead, in no review pack."""
    return project.pack is None and (project.file is not None or permissions.leads(project=project))


def run(
    *,
    project: Project,
    actor: Who,
    where: str = "",
    kinds: Collection[Kind] = (),
    progress: Progress | None = None,
) -> Ran:
    """Look for what is wrong with the texts that nobody has looked at by the settings of now, and store it.

    ``where`` and ``kinds`` narrow it (empty: all); what is set aside is left alone. Stored in short units of work;
    stopped, what was stored stays. Raises BadFilter, Cancelled, and Refused where ``may_store`` says no.
    """
    if not may_store(project=project):
        permissions.require(project=project, role=Role.LEAD, act=_("store what checks find"))
    told, terms, started = progress or Silent(), filter_reading.read(where), time.monotonic()
    with project.read() as view:
        settings = project_settings.current(view)
        print_ = fingerprint(settings)
        by = unchecked.covering(view, print_, kinds)
        due = bool(unchecked.stale(view, by))
        seqs: Sequence[int] = unchecked.unchecked(view, terms, by, progress=progress) if due else ()
    looked = found = 0
    for texts, marked in _looked_at(project, seqs, settings, kinds, told):
        with project.write(actor, lasting=False) as unit:  # should the power fail, it is looked for again
            pairs = {(text.seq, text.hash): one for text, one in zip(texts, marked, strict=True)}
            store.store(unit, pairs, fingerprint=print_, kinds=kinds)
            unit.commit()
        looked, found = looked + len(texts), found + sum(map(len, marked))
        pace = looked / max(time.monotonic() - started, 0.001)
        told.report(looked, len(seqs), _("{n} examples per second", n=number(round(pace))))
    left_out = tuple(_(rule.title) for rule in registry.missing(settings.checks, kinds=kinds))
    return Ran(checked=looked, findings=found, seconds=time.monotonic() - started, missing=left_out)


def fingerprint(settings: ProjectSettings) -> str:
    """Return what tells apart by which settings and rules texts were checked: a digest of all that findings rest on."""
    missing = {rule.name for rule in registry.missing(settings.checks)}
    value = {
        "version": __version__,
        "rules": sorted([rule.name, rule.kind.value] for rule in registry.RULES if rule.name not in missing),
        "limits": asdict(settings.checks) | {"off": sorted(settings.checks.off)},
        "answers": [settings.answer_kind.value, [asdict(one) for one in settings.choices], settings.answer_schema],
    }
    return sha256_hex(canonical_json(value))


def look(texts: Sequence[Text], settings: ProjectSettings, kinds: Collection[Kind]) -> list[list[Marked]]:
    """Return what is found in each of these texts; called in a process of its own."""
    found = []
    for text in texts:
        content = Content.from_text(text.text)
        of_text = checking.findings_of(content, settings, kinds=kinds, dates=text.dates)
        found.append([Marked(one, mark_of(content, one)) for one in of_text])
    return found


Looked = tuple[Sequence[Text], list[list[Marked]]]


def _looked_at(
    project: Project, seqs: Sequence[int], settings: ProjectSettings, kinds: Collection[Kind], told: Progress
) -> Iterator[Looked]:
    """Yield texts with what was found in them, part by part; a part is looked at while the one before it is stored."""
    here = not seqs or (len(seqs) <= _AT_ONCE and not registry.heavy(settings.checks, kinds=kinds))
    with nullcontext() if here else StandingWorker() as worker:
        before: Looked | None = None
        for part in paced(seqs, _PART_SECONDS, first=_FIRST):
            told.check()
            with project.read() as view:
                texts = unchecked.texts(view, part)
            if worker is None:
                yield texts, look(texts, settings, kinds)
                continue
            worker.submit(look, (texts, settings, tuple(kinds)))
            if before is not None:
                yield before
            before = texts, worker.result(told)
        if before is not None:
            yield before


def listed(
    *, project: Project, where: str = "", kinds: Collection[Kind] = (), progress: Progress | None = None
) -> Iterator[Found]:
    """Yield the examples that fit a filter and of which findings are stored. Raises BadFilter and Cancelled."""
    told, known = progress or Silent(), set(filter_reading.rule_names())
    with project.read() as view:
        for part in batched(listing.seqs(view, filter_reading.read(where), progress=progress)):
            told.check()
            stored = store.of_examples(view, part, kinds)
            seqs = sorted(stored)
            texts = {text.seq: text.text for text in unchecked.texts(view, seqs)}
            for seq, id_ in zip(seqs, listing.ids_of(view, seqs), strict=True):
                mine = tuple(
                    (one.finding, DismissReason(reason) if reason else None)
                    for one, reason in stored[seq]
                    if one.finding.rule in known
                )
                if mine:
                    yield Found(id=id_, findings=mine, content=Content.from_text(texts[seq]))


def check(
    *, project: Project, actor: Who, where: str = "", kinds: Collection[Kind] = (), progress: Progress | None = None
) -> Iterator[Found]:
    """Bring what is stored up to date and yield it; for whom nothing is stored, look and store nothing.

    Raises BadFilter and Cancelled.
    """
    if may_store(project=project):
        run(project=project, actor=actor, where=where, kinds=kinds, progress=progress)
        yield from listed(project=project, where=where, kinds=kinds, progress=progress)
        return
    for one in checking.check(project=project, where=where, kinds=kinds, progress=progress):
        yield Found(id=one.id, findings=tuple((finding, None) for finding in one.findings), content=one.content)


def stale(*, project: Project) -> int:
    """Return how many examples in play have a text that was not checked with the settings and rules of now."""
    with project.read() as view:
        return stale_in(view)


def stale_in(view: View) -> int:
    """Return the same within one read of the project."""
    return unchecked.stale(view, unchecked.covering(view, fingerprint(project_settings.current(view)), ()))


def counts(*, project: Project) -> tuple[RuleCount, ...]:
    """Return how often each rule found something in the texts that stand, the most open findings first."""
    with project.read() as view:
        tallies = store.tallies(view)
    by_rule: dict[str, list[store.Tally]] = {}
    for tally in tallies:
        by_rule.setdefault(tally.rule, []).append(tally)
    found = [_count(rule, by_rule[rule.name]) for rule in _rules() if rule.name in by_rule]
    return tuple(sorted(found, key=lambda one: (-one.open, one.rule)))


def _rules() -> tuple[Rule, ...]:
    return (checking.ANSWER_KIND, *registry.RULES)


def _count(rule: Rule, tallies: Sequence[store.Tally]) -> RuleCount:
    by_reason: dict[str, int] = {}
    for tally in tallies:
        by_reason[tally.dismissed] = by_reason.get(tally.dismissed, 0) + tally.findings
    false_alarms = by_reason.get(DismissReason.FALSE_ALARM, 0)
    dismissed = sum(n for reason, n in by_reason.items() if reason)
    return RuleCount(
        rule=rule.name,
        title=_(rule.title),
        kind=rule.kind,
        severity=rule.severity,
        open=by_reason.get("", 0),
        dismissed=dismissed,
        false_alarms=false_alarms,
        examples=sum(tally.examples for tally in tallies if not tally.dismissed),
        often_wrong=false_alarms >= _FEW_DISMISSED and 2 * false_alarms > dismissed,
    )


def open_by_severity(*, project: Project) -> dict[str, int]:
    """Return how many findings are open of each severity, the most serious first."""
    found = {severity.value: 0 for severity in reversed(Severity)}
    with project.read() as view:
        for tally in store.tallies(view):
            if not tally.dismissed:
                found[tally.severity] += tally.findings
    return found


def of_example(*, project: Project, example_id: str) -> tuple[Shown, ...]:
    """Return what is found in the text of an example that the person sees, in its order, dismissed ones included.

    What light rules find is looked for now; the rest is what was stored of that text. Raises NotFound.
    """
    return of_standing(project=project, example_id=example_id)[1]


def of_standing(*, project: Project, example_id: str) -> tuple[Content, tuple[Shown, ...]]:
    """Return the text of an example that the person sees, and ``of_example`` of it. Raises NotFound."""
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        rows = [] if seq is None else listing.page(view, [seq])
        if seq is None or not rows:
            raise NotFound(_("example"), example_id)
        settings = project_settings.current(view)
        stored = store.of_text(view, seq, rows[0].hash)
        said = store.dismissals(view, [seq]).get(seq, {})
        dates = listing.source_dates(view, [seq]).get(seq, ())
    content = rows[0].content
    found_now = checking.findings_of(content, settings, heavy=False, dates=dates)
    light = [Marked(one, mark_of(content, one)) for one in found_now]
    heavy = {rule.name for rule in registry.RULES if rule.needs and rule.name not in settings.checks.off}
    found = sorted((*light, *(one for one in stored if one.finding.rule in heavy)), key=_place)
    return content, tuple(
        Shown(finding=one, sentence=checking.sentence(one), mark=mark, dismissed=said.get(mark)) for one, mark in found
    )


def _place(marked: Marked) -> tuple[int, int, int, str]:
    finding: Finding = marked.finding
    return (finding.message, finding.start, finding.end, finding.rule)


def dismiss(
    *,
    project: Project,
    actor: Who,
    example_id: str,
    mark: str,
    reason: DismissReason,
    comment: str = "",
) -> str:
    """Dismiss a finding of the text that the person sees and return the act, which ``undo`` takes back.

    It holds as long as the same rule finds the same text in the same message. Raises NotFound, LooksOn, and Refused in
    a review pack.
    """
    chosen = _chosen(project, example_id, lambda one: one.mark == mark, mark)
    return _decide(project, actor, example_id, chosen, reason=reason, comment=comment)


def restore(*, project: Project, actor: Who, example_id: str, mark: str, comment: str = "") -> str:
    """Take a dismissed finding up again and return the act. Raises as ``dismiss``."""
    chosen = _chosen(project, example_id, lambda one: one.mark == mark, mark)
    return _decide(project, actor, example_id, chosen, reason=None, comment=comment)


def dismiss_rule(
    *, project: Project, actor: Who, example_id: str, rule: str, reason: DismissReason, comment: str = ""
) -> str:
    """Dismiss all that a rule finds in an example and that is open, as one act. Raises as ``dismiss``."""
    chosen = _of_rule(project, example_id, rule, dismissed=False)
    return _decide(project, actor, example_id, chosen, reason=reason, comment=comment)


def restore_rule(*, project: Project, actor: Who, example_id: str, rule: str, comment: str = "") -> str:
    """Take up again all that a rule finds in an example and that was dismissed, as one act. Raises as ``dismiss``."""
    chosen = _of_rule(project, example_id, rule, dismissed=True)
    return _decide(project, actor, example_id, chosen, reason=None, comment=comment)


def _chosen(project: Project, example_id: str, wanted: Callable[[Shown], bool], name: str) -> dict[str, str]:
    """Return {mark: rule} of an example's findings that are wanted. Raises NotFound, LooksOn and Refused."""
    found = {one.mark: one.finding.rule for one in _to_decide(project, example_id) if wanted(one)}
    if not found:
        raise NotFound(_("finding"), name)
    return found


def _of_rule(project: Project, example_id: str, rule: str, *, dismissed: bool) -> dict[str, str]:
    """Return {mark: rule} of what a rule finds in an example and is dismissed, or open. Raises as ``_chosen``."""
    there = [one for one in _to_decide(project, example_id) if (one.dismissed is not None) is dismissed]
    found = {one.mark: rule for one in there if one.finding.rule == rule}
    if found:
        return found
    rules = ", ".join(sorted({one.finding.rule for one in there})) or _("nothing")
    if dismissed:
        raise Refused(
            _("Nothing of {rule} is dismissed in this example. Dismissed here: {rules}.", rule=rule, rules=rules)
        )
    raise Refused(_("No finding of {rule} is open in this example. Open here: {rules}.", rule=rule, rules=rules))


def _to_decide(project: Project, example_id: str) -> tuple[Shown, ...]:
    permissions.require(project=project, role=Role.REVIEWER, act=_("dismiss findings"))
    return of_example(project=project, example_id=example_id)


def _decide(
    project: Project,
    actor: Who,
    example_id: str,
    chosen: dict[str, str],
    *,
    reason: DismissReason | None,
    comment: str,
) -> str:
    kind = store.RESTORE if reason is None else store.DISMISS
    with project.write(actor) as unit:
        seq = listing.seq_of(unit, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        said = "" if reason is None else reason.value
        for mark, rule in chosen.items():
            about = {"rule": rule, "mark": mark}
            decisions.about_examples(unit, [seq], kind, reason=said, comment=comment, payload=about)
        store.note_dismissals(unit, [seq])
        # Without the marks: they are digests of text, and short ones could be guessed after a purge.
        refs = {"examples": [example_id], "rules": sorted(set(chosen.values()))}
        told = refs | ({"reason": said} if said else {})
        events.append(unit, "dismiss_finding" if said else "restore_finding", told)
        unit.commit()
    return unit.act


def take_back(unit: Unit, event: Event) -> tuple[Collection[int], int]:
    """Let what was said of findings before an act be in force again; what somebody has said since stays.

    Returns the examples, and how many findings stay.
    """
    kept = 0
    seqs: set[int] = set()
    for decision in decisions.of_act(unit, event.id):
        seq, mark = int(decision.seq or 0), decision.payload["mark"]
        said = [
            one
            for one in decisions.of_example(unit, seq)
            if one.kind in {store.DISMISS, store.RESTORE} and one.payload["mark"] == mark
        ]
        if said[-1].id != decision.id:
            kept += 1
            continue
        earlier = said[-2] if len(said) > 1 else None
        payload = {name: decision.payload[name] for name in ("rule", "mark")} | {"takes_back": decision.id}
        if earlier is None or earlier.kind == store.RESTORE:
            decisions.about_examples(unit, [seq], store.RESTORE, payload=payload)
        else:
            told = {"reason": earlier.reason, "comment": earlier.comment}
            decisions.about_examples(unit, [seq], store.DISMISS, payload=payload, **told)
        seqs.add(seq)
    store.note_dismissals(unit, sorted(seqs))
    return seqs, kept

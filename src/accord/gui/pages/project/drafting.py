"""What was typed but not saved: what differs, what is wrong with it, and how it joins what others saved meanwhile."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.wording import _

MOST_POINTS = 100


def differs(base: ProjectSettings, draft: ProjectSettings) -> tuple[str, ...]:
    """Return the names of the fields in which a draft differs from what it began with."""
    return tuple(f.name for f in fields(ProjectSettings) if getattr(base, f.name) != getattr(draft, f.name))


def merged(base: ProjectSettings, draft: ProjectSettings, current: ProjectSettings) -> ProjectSettings:
    """Return what stands now with the fields that the draft changed; nobody's other change is undone."""
    changed: dict[str, Any] = {name: getattr(draft, name) for name in differs(base, draft)}
    return replace(current, **changed)


def faults(draft: ProjectSettings) -> dict[str, str]:
    """Return what keeps a draft from being saved, one sentence for a section."""
    found = {
        "basics": "" if draft.title.strip() else _("The project needs a title."),
        "answers": _answer_fault(draft),
        "tags": _names_fault([t.name for t in draft.tags], _("tag")),
        "questions": _names_fault([q.title for q in draft.ratings], _("question"))
        or _names_fault(draft.reject_reasons, _("reason")),
    }
    return {section: sentence for section, sentence in found.items() if sentence}


def name_for(title: str, taken: Iterable[str]) -> str:
    """Return a short stable name for a new question, made of its title."""
    plain = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFC", title).casefold())
    stem = "_".join(plain.split())[:40] or "question"
    used, name, number = set(taken), stem, 2
    while name in used:
        name, number = f"{stem}_{number}", number + 1
    return name


def schema_text(draft: ProjectSettings) -> str:
    """Return the schema as one edits it."""
    return json.dumps(dict(draft.answer_schema), ensure_ascii=False, indent=2) if draft.answer_schema else ""


def _answer_fault(draft: ProjectSettings) -> str:
    if draft.answer_kind is AnswerKind.LIST:
        if len(draft.choices) < 2:
            return _("A closed list needs at least two answers.")
        fault = _names_fault([c.label for c in draft.choices], _("answer"))
        codes = [c.code for c in draft.choices]
        if not fault and draft.export_codes:
            if not all(codes):
                return _("Codes are exported, so every answer needs one.")
            return _names_fault(codes, _("code"))
        return fault
    if draft.answer_kind is AnswerKind.JSON and not draft.answer_schema:
        return _("JSON answers need a schema.")
    return ""


def _names_fault(names: Iterable[str], what: str) -> str:
    listed = [name.strip() for name in names]
    if not all(listed):
        return _("One {what} has no name. Name it or delete it.", what=what)
    twice = [name for name, count in Counter(name.casefold() for name in listed).items() if count > 1]
    return _("The {what} “{name}” stands twice.", what=what, name=twice[0]) if twice else ""

"""What the server refused a person of a team, said as a sentence: by the table that was to be written."""

import re

from accord.domain.errors import AccordError
from accord.domain.people import OnlyFor, Role
from accord.domain.wording import _


class OwnNameOnly(AccordError):
    """A verdict or a text was to bear another person's name."""

    def __init__(self) -> None:
        super().__init__(
            _("You write in your own name alone; a lead can bring the verdicts of others. Nothing was changed.")
        )


_WORD = re.compile(r"\w+")
_LEAD_TABLES = {
    "import_run": "import",
    "example": "import",
    "occurrence": "import",
    "rejection": "import",
    "release": "release",
    "release_item": "release",
    "project_version": "settings",
    "purge_guard": "purge",
    "tombstone": "purge",
    "requirement": "requirement",
    "person": "people",
    "assignment": "assign",
    "calibration": "assign",
    "calibration_item": "assign",
    "control": "assign",
    "signature": "sign",
    "pack": "pack",
    "pack_item": "pack",
}
_ADJUDICATOR_TABLES = ("decision", "duplicate_run", "duplicate_member", "duplicate_link")


def of_server(detail: str) -> AccordError | None:
    """Return the sentence for a refusal of the server (in whatever language it is), None for one of no known table."""
    named = [word.removesuffix("_id_seq") for word in _WORD.findall(detail)]
    for name in named:
        if name in _LEAD_TABLES:
            return OnlyFor(Role.LEAD, _act(_LEAD_TABLES[name]))
        if name in _ADJUDICATOR_TABLES:
            return OnlyFor(Role.ADJUDICATOR, _("settle, set aside or bring back"))
        if name in {"review", "revision"}:
            return OwnNameOnly()
    return None


def _act(kind: str) -> str:
    return {
        "import": _("import"),
        "release": _("make a release"),
        "settings": _("change what the project decides"),
        "purge": _("delete for good"),
        "requirement": _("say how many reviewers an example needs"),
        "people": _("add, change or remove people"),
        "assign": _("say who reviews what"),
        "sign": _("sign a release"),
        "pack": _("hand out review packs"),
    }[kind]

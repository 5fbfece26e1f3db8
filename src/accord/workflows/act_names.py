"""What an act is called in words, and what to do about one that is not taken back."""

from accord.domain.ledger import Event
from accord.domain.wording import _

#: What is never taken back.
STAYING = (
    *("merge", "pack", "release", "sign", "withdraw_signature", "close_calibration", "team", "purge"),
    "forget_record",
)


def kind_of(event: Event) -> str:
    """Return what was done; an act on many examples says so itself."""
    return str(event.refs.get("do", event.kind)) if event.kind == "bulk" else event.kind


def name_of(event: Event) -> str:
    """Return what an act is called within a sentence."""
    kind, refs = kind_of(event), event.refs
    named = {
        "pack": _("the review pack for {name}", name=refs.get("reviewer", "")),
        "merge": _("the reviews of {name} that a pack brought home", name=refs.get("reviewer", "")),
        "release": _("the release “{name}”", name=refs.get("name", "")),
    }
    return named.get(kind) or _of_data(kind) or _of_people(kind)


def instead_of(event: Event) -> str:
    """Return what to do instead about an act that is never taken back; empty for one that can be."""
    ways = {
        "merge": _("Restore the backup that was made before it, or let its reviewer change the verdicts."),
        "pack": _("A pack that is out stays good. Take its examples back on the page People."),
        "release": _("A release stays as it is. Make another one."),
        "sign": _("Withdraw the signature on the page Release."),
        "withdraw_signature": _("Sign anew on the page Release."),
        "close_calibration": _("Begin another round."),
        "team": _("Change it on the page People."),
        "purge": _("What is deleted for good is in no part of the project any more."),
        "forget_record": _("What is deleted for good is in no part of the project any more."),
    }
    return ways.get(event.kind, "")


def _of_data(kind: str) -> str:
    names = {
        "review": _("the review"),
        "reviews": _("the reviews of a file"),
        "accept": _("accepting many at once"),
        "reject": _("rejecting many at once"),
        "unsure": _("marking many as unsure"),
        "add_tag": _("tagging"),
        "remove_tag": _("taking a tag off"),
        "deidentify": _("de-identifying"),
        "set_aside": _("setting aside"),
        "bring_back": _("bringing back"),
        "settle_conflict": _("the settled conflict"),
        "not_duplicates": _("“not duplicates”"),
        "fix_once": _("the fix"),
        "import": _("the import"),
        "dismiss_finding": _("the dismissed finding"),
        "restore_finding": _("taking a finding up again"),
        "purge": _("the deletion for good"),
        "forget_record": _("the deletion of a service's file for good"),
    }
    return names.get(kind, "")


def _of_people(kind: str) -> str:
    names = {
        "adjudicate": _("the decision"),
        "settle_by_rule": _("what the rule settled"),
        "ask_guideline": _("the question to the guideline"),
        "assign": _("giving out"),
        "unassign": _("taking back what was given out"),
        "calibrate": _("the calibration round"),
        "close_calibration": _("the end of the calibration round"),
        "control": _("the choice of controls"),
        "queue_again": _("calling examples again"),
        "settings": _("the change of what the project decides"),
        "team": _("the change of the people"),
        "sign": _("the signature"),
        "withdraw_signature": _("withdrawing the signature"),
    }
    return names.get(kind, kind)

"""How a severity looks everywhere: its word, its icon and the token of its colour."""

from dataclasses import dataclass

from accord.domain.findings import Severity
from accord.domain.wording import _


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityLook:
    """Word, icon name (Material Design Icons) and colour token."""

    word: str
    icon: str
    tone: str


def severity_look(severity: Severity) -> SeverityLook:
    """Return how to show a severity, in the language in force."""
    looks = {
        Severity.ERROR: SeverityLook(word=_("Error"), icon="alert-octagon-outline", tone="rejected"),
        Severity.WARNING: SeverityLook(word=_("Warning"), icon="alert-outline", tone="disagreement"),
        Severity.NOTE: SeverityLook(word=_("Note"), icon="information-outline", tone="in_review"),
    }
    return looks[severity]

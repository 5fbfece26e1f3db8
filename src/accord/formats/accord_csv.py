"""The columns of Accord's own CSV export, and the guard that keeps a spreadsheet from running text as a formula.

The guard puts an apostrophe before a cell that starts with = + - @ TAB CR or NUL (OWASP ASVS 1.2.10), and before one
that starts with apostrophes and then one of these, so that taking one apostrophe away gives back what was there.
"""

import re

from accord.domain.records import REJECTED

COLUMNS = (
    "id",
    "system",
    "request",
    "answer",
    "tags",
    "source",
    "source_url",
    "source_date",
    "licence",
    "context",
    "origin",
    "decided_by",
    "reviewers",
    "messages",
    "tools",
    REJECTED,
)
"""``messages`` and ``tools`` hold JSON where system, request and answer cannot say it all; they are empty otherwise."""

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\0]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\0]")


def guard(text: str) -> str:
    """Return the cell with an apostrophe before it where a spreadsheet could run it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard(cell: str) -> str:
    """Return what ``guard`` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell

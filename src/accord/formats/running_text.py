"""Tells text for reading (prose, Markdown, YAML, dialogues) from tables, so that its lines do not pass for rows."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from accord.domain.wording import _
from accord.formats.columns import guess_mapping, is_known_name

_LINES = 200
_FEW = 10
_TWO = 2
_HEADING = re.compile(r"#{1,6} +\S")
_MARKED = re.compile(r"([-*+]|\d{1,3}[.)]) +\S|>|\[.+\]\(.+\)|!\[")
_FENCE = re.compile(r"```|~~~")
_RULE = re.compile(r"-{3,}")
_TABLE_RULE = re.compile(r"\|?(\s*:?-{2,}:?\s*\|)+(\s*:?-{2,}:?)?")
_NAME = re.compile(r"\w[\w \-./@]*")
_KEY = re.compile(r"(- +)*(?:[\w][\w .\-/]{0,60}|\"[^\"]*\"|'[^']*'):(\s|$)")
_ITEM = re.compile(r"- +\S|-$")
_SPEAKER = re.compile(r"(\w[\w .'\-]{0,30}): +\S")
_ENDS = '.!?…:;"”»)。！？؟।'
_MOST = 0.6
_SOME = 0.2
_WRAPPED = 40
_PARAGRAPH_WORDS = 40


def kind_of_text(text: str, delimiter: str, *, divided: bool) -> str:
    """Return what text that people read looks like, as a sentence names it; "" for rows.

    ``delimiter``: the one that divides it best; ``divided``: whether that gives a table.
    """
    lines = text.splitlines()[:_LINES]
    full = [line for line in lines if line.strip()]
    if any(_TABLE_RULE.fullmatch(line.strip()) for line in full):
        return _("Markdown")
    if not full or divided or _names_columns(full[:_FEW], delimiter):
        return ""
    if _is_yaml(full):
        return _("YAML")
    blank = sum(not line.strip() for line in "\n".join(lines).strip().splitlines())
    if _is_markdown(full, blank):
        return _("Markdown")
    speakers = Counter(match[1] for line in full if (match := _SPEAKER.match(line.strip())))
    if speakers.total() >= _MOST * len(full) and speakers.total() > len(speakers) >= _TWO:
        return _("a dialogue")
    return _("running text") if _is_prose(full, blank) else ""


def _names_columns(first: Sequence[str], delimiter: str) -> bool:
    """Whether one of the first lines has the names of columns."""
    cells = [[cell.strip().strip('"') for cell in line.split(delimiter)] for line in first]
    names = [[cell for cell in row if _NAME.fullmatch(cell)] for row in cells]
    alone = len(cells[0]) == 1 and "request" in guess_mapping(names[0], ())
    return alone or any(sum(map(is_known_name, row)) >= _TWO for row in names)


def _is_yaml(full: Sequence[str]) -> bool:
    lines = [line for line in full if not line.lstrip().startswith("#")]
    keys = [line for line in lines if _KEY.match(line.strip())]
    listed = sum(bool(_ITEM.match(line.strip())) for line in lines)
    top = [line.split(":")[0] for line in keys if not line[0].isspace() and not line.startswith("-")]
    told = sum(bool(_KEY.match(line.strip()) or _ITEM.match(line.strip())) for line in lines)
    if len(keys) < _TWO or told < _MOST * len(lines) or len(set(top)) < len(top):
        return False
    return full[0].strip() == "---" or listed > 0 or any(line[0].isspace() for line in lines) or len(keys) == len(lines)


def _is_markdown(full: Sequence[str], blank: int) -> bool:
    stripped = [line.strip() for line in full]
    headings = sum(bool(_HEADING.match(line)) for line in stripped)
    marked = sum(bool(_MARKED.match(line)) for line in stripped)
    fences = sum(bool(_FENCE.match(line)) for line in stripped)
    rules = sum(bool(_RULE.fullmatch(line)) for line in stripped)
    if headings and (blank or marked or headings >= _TWO):
        return True
    return fences >= _TWO or bool(rules and (marked or blank)) or marked >= _MOST * len(full) > _TWO


def _is_prose(full: Sequence[str], blank: int) -> bool:
    """Whether lines are parted by blank ones, run on in the next line, or are paragraphs."""
    if blank and blank >= _SOME * len(full):
        return True
    wrapped = sum(
        len(line) >= _WRAPPED and line.rstrip()[-1] not in _ENDS and after.lstrip()[0].islower()
        for line, after in pairwise(full)
    )
    if len(full) > 1 and wrapped >= _SOME * len(full):
        return True
    return median(len(line.split()) for line in full) >= _PARAGRAPH_WORDS


def refusal(kind: str) -> str:
    """Return the sentence for such text."""
    return _(
        "It looks like {kind}, not like a table. Files that can be read are CSV, TSV, Excel (.xlsx), JSON, JSONL, "
        "Parquet, XML and ChatML. If each line is a row of its own, choose the format “table”.",
        kind=kind,
    )

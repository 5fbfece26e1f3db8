"""What a row says beside its text: where it came from, its licence, tags, verdict, and all columns without a target."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accord.domain.content import Content, pair
from accord.domain.records import ImportedVerdict, Source
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.formats.columns import META, as_text, cell, text_cell
from accord.formats.failures import RowProblem
from accord.formats.found import Found

_NOWHERE = Source()
_PLAIN = ("group", "source", "source_url", "source_date", "licence")
_SPELLINGS = {"license": "licence"}


class SourceReader:
    """Builds the Source of each row from a mapping. ``content_keys``: the format's own keys, which are no metadata."""

    def __init__(self, mapping: Mapping[str, str], content_keys: frozenset[str]) -> None:
        self._plain = [(target, mapping[target]) for target in _PLAIN if target in mapping]
        self._context = mapping.get("context", "")
        self._tags = mapping.get("tags", "")
        self._meta = [
            (target.removeprefix(META), column) for target, column in mapping.items() if target.startswith(META)
        ]
        if "id" in mapping:
            self._meta.append(("id", mapping["id"]))
        self._used = content_keys | frozenset(mapping.values())
        self._reviewer = mapping.get("reviewer", "")
        self._verdict = mapping.get("verdict", "")
        self._metadata_object = "metadata" not in self._used

    def source(self, row: Mapping[str, Any]) -> Source:
        """Return what the row says of itself. Raises RowProblem where a mapped value is a list or an object."""
        if row.keys() <= self._used and not (self._plain or self._context or self._tags or self._meta):
            return _NOWHERE
        found: dict[str, Any] = {target: text_cell(row, column, target) for target, column in self._plain}
        metadata = {name: text for name, column in self._meta if (text := as_text(cell(row, column)))}
        if self._context:
            found["context"] = joined(cell(row, self._context))
        if self._tags:
            found["tags"] = split_tags(cell(row, self._tags))
        for key, value in row.items():
            if key in self._used:
                continue
            if key == "metadata" and self._metadata_object and isinstance(value, dict):
                _take_metadata(value, found, metadata)
            elif text := as_text(value):
                metadata.setdefault(key, text)
        return Source(**found, metadata=metadata)

    def beside(self, found: Found) -> Source:
        """Return the source of a row whose reader found tags and metadata too. Raises RowProblem."""
        source = self.source(found.rest)
        if not found.tags and not found.metadata and not found.group:
            return source
        return replace(
            source,
            group=source.group or found.group,
            tags=tuple(dict.fromkeys((*source.tags, *found.tags))),
            metadata={**source.metadata, **found.metadata},
        )

    def verdicts(self, row: Mapping[str, Any]) -> tuple[ImportedVerdict, ...]:
        """Return the verdict that stands in the row, none where the cell is empty. Raises RowProblem."""
        if not self._verdict:
            return ()
        text = text_cell(row, self._verdict, "verdict").strip().casefold()
        if not text:
            return ()
        if text not in {Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE}:
            reason = _("The verdict “{verdict}” is not accept, reject or unsure.", verdict=text[:40])
            raise RowProblem(self._verdict, reason)
        reviewer = text_cell(row, self._reviewer, "reviewer") if self._reviewer else ""
        if not reviewer.strip():
            raise RowProblem(self._reviewer or "reviewer", _("The row has a verdict and no reviewer."))
        return (ImportedVerdict(reviewer=reviewer, verdict=text),)


def joined(value: Any) -> str:
    """Return a context as text: a list of texts becomes paragraphs."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    return as_text(value)


def split_tags(value: Any) -> tuple[str, ...]:
    """Return tags from a list, or from text that is split at semicolons; each once, none empty."""
    parts = value if isinstance(value, list) else as_text(value).split(";")
    return tuple(dict.fromkeys(text for part in parts if (text := as_text(part).strip())))


def _take_metadata(value: Mapping[str, Any], found: dict[str, Any], metadata: dict[str, str]) -> None:
    """Take an object of metadata: keys that have a place of their own go there, unless a column has filled it."""
    for key, item in value.items():
        target = _SPELLINGS.get(key, key)
        if target == "tags" and "tags" not in found:
            found["tags"] = split_tags(item)
        elif target == "context" and "context" not in found:
            found["context"] = joined(item)
        elif target in _PLAIN and target not in found:
            found[target] = as_text(item)
        elif text := as_text(item):
            metadata.setdefault(key, text)


def table_content(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Content:
    """Return the pair of one table row. Raises RowProblem when the request is empty or not text."""
    column = mapping["request"]
    request = text_cell(row, column, "request")
    if not request.strip():
        raise RowProblem(column, _("The request is empty."))
    answer, system = mapping.get("answer", ""), mapping.get("system", "")
    return pair(
        request,
        text_cell(row, answer, "answer") if answer else "",
        system=text_cell(row, system, "system") if system else "",
    )

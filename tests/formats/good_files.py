"""The same requests and answers in every container and format that is read, to compare and to damage."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

Pairs = Sequence[tuple[str, str]]

# XML 1.0, section 2.2: what no XML file can hold, escaped or not.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# What a spreadsheet writes as _xHHHH_: what XML cannot hold, a carriage return, and the underscore of what looks so.
_ESCAPED = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")


def delimited(pairs: Pairs, *, delimiter: str = ",", end: str = "\n", encoding: str = "utf-8") -> bytes:
    """Return a table with a header."""
    text = io.StringIO(newline="")
    # Python puts a lone CR into quotes only where lines end in one.
    lone = any("\r" in cell for pair in pairs for cell in pair)
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if lone else csv.QUOTE_MINIMAL
    )
    writer.writerow(("request", "answer"))
    writer.writerows(pairs)
    return text.getvalue().encode(encoding)


def lines(rows: Sequence[Any]) -> bytes:
    """Return a JSON value per line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def _row(pair: tuple[str, str]) -> dict[str, str]:
    return {"request": pair[0], "answer": pair[1]}


def _openai(pairs: Pairs) -> bytes:
    return lines(
        [{"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]} for q, a in pairs]
    )


def _sharegpt(pairs: Pairs) -> bytes:
    return _json([{"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]} for q, a in pairs])


def _preference(pairs: Pairs) -> bytes:
    return lines([{"prompt": q, "chosen": a, "rejected": f"{a} not"} for q, a in pairs])


def _chatml(pairs: Pairs) -> bytes:
    return "\n".join(
        f"<|im_start|>user\n{q}<|im_end|>\n<|im_start|>assistant\n{a}<|im_end|>\n" for q, a in pairs
    ).encode()


def _label_studio(pairs: Pairs) -> bytes:
    said = [{"type": "choices", "from_name": "kind", "value": {"choices": ["good"]}}]
    done = {"completed_by": 1, "result": said, "was_cancelled": False}
    return _json([{"id": n, "data": _row(pair), "annotations": [done]} for n, pair in enumerate(pairs)], 1)


def _argilla(pairs: Pairs) -> bytes:
    said = {"user_id": "ada", "status": "submitted", "values": {"quality": {"value": "good"}}}
    return _json([{"fields": _row(pair), "responses": [said], "metadata": {}} for pair in pairs])


def _doccano(pairs: Pairs) -> bytes:
    return lines([{"id": n, "text": q, "label": [a], "Comments": []} for n, (q, a) in enumerate(pairs)])


def xml(pairs: Pairs) -> bytes:
    """Return an element per pair."""
    keep = {"\r": "&#13;"}
    rows = "".join(
        f'<item n="{n}"><request>{escape(q, keep)}</request><answer>{escape(a, keep)}</answer></item>\n'
        for n, (q, a) in enumerate(pairs)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<items>\n{rows}</items>\n'.encode()


def sheet_text(text: str) -> str:
    """Return a text as a spreadsheet writes it in XML."""
    return escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def inline(text: str, place: str) -> str:
    """Return a cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{sheet_text(text)}</t></is></c>'


def sheet_parts(rows: str, *, strings: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files of a workbook with one sheet; ``rows``: its XML below ``sheetData``."""
    shared = "".join(f'<si><t xml:space="preserve">{sheet_text(text)}</t></si>' for text in strings)
    texts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return {name: text.encode() for name, text in texts.items()}


def inline_parts(pairs: Pairs) -> dict[str, bytes]:
    """Return the files of a workbook whose cells hold their text."""
    table = [("request", "answer"), *pairs]
    rows = "".join(f'<row r="{n}">{inline(q, f"A{n}")}{inline(a, f"B{n}")}</row>' for n, (q, a) in enumerate(table, 1))
    return sheet_parts(rows)


def shared_parts(pairs: Pairs) -> dict[str, bytes]:
    """Return the files of a workbook whose cells name shared strings."""
    table = [("request", "answer"), *pairs]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{2 * n - 2}</v></c><c r="B{n}" t="s"><v>{2 * n - 1}</v></c></row>'
        for n in range(1, len(table) + 1)
    )
    return sheet_parts(rows, strings=[text for row in table for text in row])


def packed(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return whole.getvalue()


def parquet(pairs: Pairs) -> bytes:
    """Return a Parquet file of two columns of text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = pa.BufferOutputStream()
    table = pa.table({"request": [q for q, _a in pairs], "answer": [a for _q, a in pairs]})
    pq.write_table(table, whole, row_group_size=4)
    return bytes(whole.getvalue().to_pybytes())


FILES: Mapping[str, Callable[[Pairs], bytes]] = {
    "csv": delimited,
    "csv, CRLF": lambda pairs: delimited(pairs, end="\r\n"),
    "csv, mark": lambda pairs: delimited(pairs, end="\r\n", encoding="utf-8-sig"),
    "semicolons": lambda pairs: delimited(pairs, delimiter=";"),
    "tabs, UTF-16": lambda pairs: delimited(pairs, delimiter="\t", encoding="utf-16"),
    "jsonl": lambda pairs: lines([_row(pair) for pair in pairs]),
    "jsonl, UTF-32": lambda pairs: lines([_row(pair) for pair in pairs]).decode().encode("utf-32"),
    "array": lambda pairs: _json([_row(pair) for pair in pairs]),
    "array, pretty": lambda pairs: _json([_row(pair) for pair in pairs], 2),
    "keyed": lambda pairs: _json({f"k{n}": _row(pair) for n, pair in enumerate(pairs)}, 2),
    "nested": lambda pairs: _json({"version": 1, "data": {"rows": [_row(pair) for pair in pairs]}}),
    "openai": _openai,
    "sharegpt": _sharegpt,
    "alpaca": lambda pairs: _json([{"instruction": q, "input": "", "output": a} for q, a in pairs], 1),
    "prompt-completion": lambda pairs: lines([{"prompt": q, "completion": a} for q, a in pairs]),
    "preference": _preference,
    "chatml": _chatml,
    "label-studio": _label_studio,
    "argilla": _argilla,
    "doccano": _doccano,
    "xml": xml,
    "xlsx, inline": lambda pairs: packed(inline_parts(pairs)),
    "xlsx, shared": lambda pairs: packed(shared_parts(pairs)),
    "parquet": parquet,
    "gzip": lambda pairs: gzip.compress(lines([_row(pair) for pair in pairs]), mtime=0),
    "zip": lambda pairs: packed({"rows.csv": delimited(pairs)}),
}
"""How a file is written, by its name here."""


def can_hold(name: str, text: str) -> bool:
    """Whether a kind of file has a way to write a text."""
    if name == "xml":
        return not NOT_IN_XML.search(text)
    if name == "chatml":
        return "<|im_" not in text and "<|endoftext|>" not in text
    return True

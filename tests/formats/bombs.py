"""Files that are small or cheap to make and grow, loop or reach outside where a reader lets them; made on the fly."""

import gzip
import io
import os
import pickle
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.formats.good_files import delimited, inline, lines, packed, sheet_parts

MB = 1 << 20
_ENTITY = '<?xml version="1.0"?>\n<!DOCTYPE a [{entities}]>\n<rows><row><question>{use}</question></row></rows>\n'


class Touch:
    """Once unpickled, writes a file: what a type of a Parquet file could make a careless reader do."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (self._path,)


def marker(path: Path) -> Path:
    """Return what is there once a bomb has executed something or written outside."""
    return path.with_name("executed")


def _written(path: Path, blocks: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)


def _repeated(text: bytes, size: int, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    block = text * max(1, MB // len(text))
    yield before
    for _block in range(size // len(block)):
        yield block
    yield after


def _zipped(path: Path, parts: Mapping[str, bytes], name: str, blocks: Iterator[bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, data in parts.items():
            if other != name:
                archive.writestr(other, data)
        with archive.open(name, "w", force_zip64=True) as file:
            for block in blocks:
                file.write(block)


def _sheet(rows: str) -> tuple[bytes, bytes]:
    before, after = sheet_parts("|")["xl/worksheets/sheet1.xml"].split(b"|")
    return before + rows.encode(), after


def xlsx_ratio(path: Path) -> None:
    """200 MB of blanks between two rows, packed a thousand times smaller."""
    before, after = _sheet(f"<row>{inline('request', 'A1')}</row>")
    _zipped(path, sheet_parts(""), "xl/worksheets/sheet1.xml", _repeated(b" ", 200 * MB, before, after))


def xlsx_shared_strings(path: Path) -> None:
    """400 MB of shared strings that pack no better than text may."""
    before, after = sheet_parts("")["xl/sharedStrings.xml"].split(b"</sst>")
    chance = random.Random(7)

    def strings() -> Iterator[bytes]:
        yield before
        for _block in range(400):
            yield b"<si><t>" + (chance.randbytes(16).hex().encode() + b"a" * 1000) * 1016 + b"</t></si>"
        yield b"</sst>" + after

    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n}</v></c></row>' for n in range(1, 400))
    _zipped(path, sheet_parts(rows), "xl/sharedStrings.xml", strings())


def xlsx_columns(path: Path) -> None:
    """A header of a million cells."""
    before, after = _sheet('<row r="1">')
    cell = b'<c t="inlineStr"><is><t>q</t></is></c>'
    _zipped(
        path, sheet_parts(""), "xl/worksheets/sheet1.xml", _repeated(cell, len(cell) * 10**6, before, b"</row>" + after)
    )


def xlsx_sheets(path: Path) -> None:
    """A workbook that declares a million sheets."""
    parts = sheet_parts(f"<row>{inline('request', 'A1')}</row>")
    before, after = parts["xl/workbook.xml"].split(b"<sheets>")
    sheet = b'<sheet name="s" sheetId="1" r:id="rId1"/>'
    _zipped(path, parts, "xl/workbook.xml", _repeated(sheet, len(sheet) * 10**6, before + b"<sheets>", after))


def xlsx_far_cell(path: Path) -> None:
    """A header, and one cell in the last row and column."""
    header = f'<row r="1">{inline("request", "A1")}{inline("answer", "B1")}</row>'
    path.write_bytes(packed(sheet_parts(f'{header}<row r="1048576">{inline("q", "XFD1048576")}</row>')))


def xlsx_laughs(path: Path) -> None:
    """A sheet of entities that stand for ten of the one before."""
    parts = sheet_parts(f"<row>{inline('&e9;', 'A1')}</row>".replace("&amp;", "&"))
    body = parts["xl/worksheets/sheet1.xml"]
    path.write_bytes(packed({**parts, "xl/worksheets/sheet1.xml": f"<!DOCTYPE a [{_tenfold()}]>".encode() + body}))


def zip_nested(path: Path) -> None:
    """Sixteen archives in an archive, five times over."""
    data = packed({"rows.csv": b"request,answer\n" + b"q,a\n" * 500_000})
    for _level in range(5):
        data = packed({f"{n}.zip": data for n in range(16)})
    path.write_bytes(data)


def zip_overlapping(path: Path) -> None:
    """A hundred names for one and the same 10 MB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.csv", b"request,answer\n" + (b"q" * 10**5 + b",a\n") * 100)
        (first,) = archive.filelist
        for number in range(1, 100):
            again = zipfile.ZipInfo(f"{number}.csv")
            again.compress_type, again.CRC = first.compress_type, first.CRC
            again.compress_size, again.file_size = first.compress_size, first.file_size
            again.header_offset = first.header_offset
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
    path.write_bytes(whole.getvalue())


NAMES_OUTSIDE = (
    *("../../executed", "../executed", "/tmp/executed", "//server/share/executed", "C:\\executed", "..\\executed"),  # noqa: S108  (nothing is written there)
    *(
        "CON",
        "rows.csv:stream",
        "a/../../executed",
        "./../executed",
        "executed\0.csv",
        "~/executed",
        "%2e%2e/executed",
        "",
    ),
)


def zip_names(path: Path) -> None:
    """Names that lead out of any folder, each with a row in it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in NAMES_OUTSIDE:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, delimited([("from outside", name)]))


def zip_links(path: Path) -> None:
    """Symbolic links to what the reader may read and the file does not hold."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, target in (("rows.csv", "/etc/passwd"), ("rows.jsonl", "../secret.jsonl")):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)


def zip_members(path: Path) -> None:
    """Sixty thousand empty files."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.csv", b"")


def zip_lying(path: Path) -> None:
    """A file said to be 20 bytes that unpacks to 100 MB."""
    _zipped(path, {}, "rows.csv", _repeated(b"q,a\n", 100 * MB, b"request,answer\n"))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 20)
    path.write_bytes(data)


def parquet_dictionary(path: Path) -> None:
    """2,000 rows of one text of 1 MB, in some kilobytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), pa.array(["a" * MB]))
    pq.write_table(pa.table({"request": texts}), path, compression="zstd", store_schema=False)


def parquet_runs(path: Path) -> None:
    """A hundred million rows of nothing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    group = pa.table({"request": pa.nulls(10**7, pa.string())})
    with pq.ParquetWriter(path, group.schema, compression="zstd") as writer:
        for _group in range(10):
            writer.write_table(group, row_group_size=10**7)


def parquet_columns(path: Path) -> None:
    """Thirty thousand columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({f"c{n}": [1] for n in range(30_000)}), path, store_schema=False)


def parquet_extension(path: Path) -> None:
    """A column of a type whose description is a pickle that writes a file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    described = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(Touch(str(marker(path)))),
    }
    field = pa.field("request", pa.string(), metadata=described)
    pq.write_table(pa.table([pa.array(["q"])], schema=pa.schema([field])), path)


def _tenfold() -> str:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!ENTITY e0 "lol">{steps}'


def xml_laughs(path: Path) -> None:
    """Entities that stand for ten of the one before: a billion laughs."""
    path.write_text(_ENTITY.format(entities=_tenfold(), use="&e9;"))


def xml_quadratic(path: Path) -> None:
    """One entity of 100 KB, used 100,000 times."""
    path.write_text(_ENTITY.format(entities=f'<!ENTITY e "{"a" * 100_000}">', use="&e;" * 100_000))


def xml_file_entity(path: Path) -> None:
    """An entity that stands for a file beside this one."""
    secret = path.with_name("secret.txt")
    secret.write_text("a secret")
    path.write_text(_ENTITY.format(entities=f'<!ENTITY e SYSTEM "file://{secret}">', use="&e;"))


def xml_web_entity(path: Path) -> None:
    """An entity that stands for what a server answers."""
    path.write_text(_ENTITY.format(entities='<!ENTITY e SYSTEM "http://192.0.2.1/secret">', use="&e;"))


def xml_web_dtd(path: Path) -> None:
    """A description of the file that is to be fetched."""
    row = "<row><question>q</question><answer>a</answer></row>"
    path.write_text(f'<!DOCTYPE rows SYSTEM "http://192.0.2.1/rows.dtd">\n<rows>{row}{row}</rows>\n')


def xml_parameter_entity(path: Path) -> None:
    """A parameter entity, which a parser replaces before anything else is read."""
    entities = '<!ENTITY % p SYSTEM "http://192.0.2.1/p.dtd"> %p; <!ENTITY e "x">'
    path.write_text(_ENTITY.format(entities=entities, use="&e;"))


def xml_deep(path: Path) -> None:
    """A million elements in each other."""
    _written(path, _repeated(b"<a>", 3 * 10**6, b"<?xml version='1.0'?>\n"))


def xml_attributes(path: Path) -> None:
    """One element with a million attributes."""
    names = (
        b"".join(b' a%d="b"' % number for number in range(start, start + 10_000)) for start in range(0, 10**6, 10_000)
    )
    path.write_bytes(b"<rows><row" + b"".join(names) + b"><question>q</question></row></rows>")


def json_deep(path: Path) -> None:
    """A million lists in each other."""
    path.write_bytes(b'{"request":' + b"[" * 10**6 + b"]" * 10**6 + b"}\n")


def json_deep_open(path: Path) -> None:
    """Fifty million lists in each other, none closed."""
    _written(path, _repeated(b"[", 50 * MB))


def json_places(path: Path) -> None:
    """An object of three hundred thousand lists, each of which could hold the rows."""
    blocks = (
        b"".join(b'"%d":[{}],\n' % number for number in range(start, start + 10**4))
        for start in range(0, 3 * 10**5, 10**4)
    )
    _written(path, iter((b"{\n", *blocks, b'"end":0}\n')))


def json_number(path: Path) -> None:
    """A number of ten million digits."""
    _written(path, _repeated(b"7", 10 * MB, b'{"request":"q","answer":"a","n":', b"}\n"))


def json_line(path: Path) -> None:
    """A line of 50 MB between two good ones."""
    (before, after) = lines([{"request": "q", "answer": "a"}, {"request": "r", "answer": "a"}]).splitlines(
        keepends=True
    )
    _written(path, _repeated(b"a", 50 * MB, before + b'{"request":"', b'"}\n' + after))


def json_keys(path: Path) -> None:
    """An object of five million keys."""
    blocks = (
        b"".join(b'"%d":0,' % number for number in range(start, start + 10**5)) for start in range(0, 5 * 10**6, 10**5)
    )
    _written(path, iter((b'{"request":"q",', *blocks, b'"end":0}\n')))


def json_empty_elements(path: Path) -> None:
    """A list of fifty million elements with nothing in them."""
    _written(path, _repeated(b",", 50 * 10**6, b"[", b"]\n"))


def json_empty_objects(path: Path) -> None:
    """Thirty million lines of an empty object."""
    _written(path, _repeated(b"{}\n", 90 * 10**6))


def csv_line(path: Path) -> None:
    """A line of 50 MB between two good ones."""
    _written(path, _repeated(b"a", 50 * MB, b"request,answer\nq,a\n", b",a\nr,a\n"))


def csv_quote(path: Path) -> None:
    """A quote that is opened in the second row and never closed, 200 MB of good rows before the end."""
    _written(
        path, _repeated(b"some text, and more" + b"." * 10_000 + b"\n", 200 * MB, b'request,answer\nq,a\n"open,a\n')
    )


def csv_columns(path: Path) -> None:
    """A header of a million columns."""
    path.write_bytes(b"request," + b",".join(b"c%d" % number for number in range(10**6)) + b"\nq\n")


def csv_blank_cells(path: Path) -> None:
    """Rows of ten million blank cells."""
    _written(path, _repeated(b"," * 10**7 + b"\n", 10**8, b"request,answer\nq,a\n"))


def gzip_ratio(path: Path) -> None:
    """300 MB of rows in 1 MB."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for block in _repeated(b"q,a\n", 300 * MB, b"request,answer\n"):
            file.write(block)


def gzip_twice(path: Path) -> None:
    """What gzip packed, packed again."""
    inner = gzip.compress(b"request,answer\n" + b"q,a\n" * (20 * MB))
    path.write_bytes(gzip.compress(inner))


def sparse_zeros(path: Path) -> None:
    """20 GB of zeros that take no place on the disk."""
    with path.open("wb") as file:
        file.truncate(20 << 30)


def fifo(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def directory(path: Path) -> None:
    """A folder."""
    path.mkdir()


def device(path: Path) -> None:
    """Zeros without an end."""
    path.symlink_to("/dev/zero")


def process_file(path: Path) -> None:
    """A file that the system makes up as it is read."""
    path.symlink_to("/proc/self/maps")


def endless_link(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path)


BOMBS: Mapping[str, Callable[[Path], None]] = {
    function.__name__: function
    for function in (
        *(xlsx_ratio, xlsx_shared_strings, xlsx_columns, xlsx_sheets, xlsx_far_cell, xlsx_laughs),
        *(zip_nested, zip_overlapping, zip_names, zip_links, zip_members, zip_lying),
        *(parquet_dictionary, parquet_runs, parquet_columns, parquet_extension),
        *(xml_laughs, xml_quadratic, xml_file_entity, xml_web_entity, xml_web_dtd, xml_parameter_entity),
        *(xml_deep, xml_attributes),
        *(
            json_deep,
            json_deep_open,
            json_places,
            json_number,
            json_line,
            json_keys,
            json_empty_elements,
            json_empty_objects,
        ),
        *(csv_line, csv_quote, csv_columns, csv_blank_cells, gzip_ratio, gzip_twice),
        *(sparse_zeros, fifo, directory, device, process_file, endless_link),
    )
}


def make(name: str, path: str) -> None:
    """Make a bomb; to be called in a process whose memory does not count."""
    BOMBS[name](Path(path))


def remove(path: Path) -> None:
    """Remove a bomb, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

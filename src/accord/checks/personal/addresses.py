"""Street addresses and post boxes (HIPAA kind 2), found by their words, their order and their place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from accord.checks.personal.folding import titled
from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.streets import (
    FLOOR,
    NAMES,
    NOT_STREETS,
    NUMBERED,
    PLACE_NAME,
    SUFFIX,
    UNIT,
    WRITTEN,
    typed,
)
from accord.checks.personal.stretches import matches, naming

_LONE_UNIT = re.compile(r"(?<!\w)(?i:apt|apartment|suite|ste|flat)\.? {0,2}#?\d{1,5}[A-Za-z]?(?!\w|[.,]\d)")
_FIELD = re.compile(
    r"(?<!mail )(?<!web )(?<!ip )(?<!mac )(?<!\w)(?:domicilio|direcci[óo]n|address|anschrift|adresse?|indirizzo"
    r"|endere[çc]o|morada"
    r"|adres|osoite|cím|地址|住址|العنوان)[ \t]{0,3}:[ \t]{0,6}(?P<value>[^\n]{4,120})",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[\d\w][\dA-Z)])[.?!;]+(?:\s|$)|\s+[A-Z][\w ]{2,20}:")
_HAS_NUMBER = re.compile(r"\d|[sS]/[nN]")
_NO_ADDRESS = re.compile(r"@|://|www\.|^\s*(?:\d{1,3}\.){3}")
_SAID = re.compile(
    r"(?:\baddress(?:es)?\b[^\n.!]{0,24}|\b(?:liv(?:es?|ing) (?:at|on|in)|resid(?:es?|ing) (?:at|on|in)"
    r"|located (?:at|on)|moved to"
    r"|(?:station|house|home|office|shop|store|stop|hotel|restaurant|church|school|bank|apartment|building"
    r"|property) is on"
    r"|(?:meet|see) (?:me|you|us) (?:at|on)|(?:is|are) at|enter on|off at|corner of|(?:side|end|top|back|front) of"
    r"|arrived at|lived (?:in|at)|it's in"
    r"|(?:sent|send|taxi|linked|return|deliver(?:ed)?|move|ship(?:ped)?|mail(?:ed)?)(?: [a-z]{1,8}){0,4} to"
    r"|domicilio|dirección|wohn(?:t|haft) (?:in|an)|anschrift|adresse?|indirizzo|residente in|morada|endereço|adres"
    r"|vive en|habite)\b)"
    r"[ \t]{0,2}[:,]?[ \t]{0,4}\n{0,2}[ \t>?]{0,4}$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    rf"(?P<gap>[ \t,;>?]{{0,6}}(?:\n[ \t,;>?]{{0,5}}){{0,2}})"
    rf"(?:(?P<end>{UNIT}|\d{{4,6}}(?:-\d{{3,4}})?(?!\w)|\d{{3}} \d{{2}}(?! ?\w)|\d{{1,2}} \d{{5}}(?!\w))"
    rf"|(?P<name>\(?{PLACE_NAME}\)?(?! ?[:/])|nan(?!\w)))"
)
_LINES = re.compile(  # the lines of a letter head down to its postal code: town, country 12345
    r"(?:[ ,.>?]{0,3}[^\W\d_a-z][^\n\d:@]{0,40})?(?:\n[ \t>?]{0,5}(?:[^\n\d:@]"
    r"|\d{1,2}(?!\d)){0,45}){1,4}(?<!\d)\d{5}(?:-\d{4})?(?![\w-])"
)
_TOWN = re.compile(
    rf"(?P<floors>(?:{FLOOR}){{0,4}})[ .,;()-]{{1,5}}(?:C\.?P\.?:? ?)?(?:[A-Z]{{1,2}}-)?\d{{5}}[ ,.-]{{1,3}}{NAMES}"
)
_FIELD_WORDS = (
    *("domicilio", "direcci", "address", "anschrift", "adres", "indirizzo", "endere", "morada", "osoite", "cím"),
    *("地址", "住址", "العنوان"),
)
_UNIT_WORDS = ("apt", "apartment", "suite", "ste", "flat")
_ENDS_IN_UNIT = re.compile(rf"{UNIT}$")
_STREET_BEHIND = re.compile(r"\.? (?:street|st|road|avenue)\b", re.IGNORECASE)
_LOOK_BACK, _PIECES, _FARTHEST = 40, 8, 120


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the addresses in a folded text, each with the lines of its place where a postal code ends them."""
    whole: Span | None = None
    for part in sorted(_parts(text, within)):
        span = replace(part, end=part.start + len(text[part.start : part.end].rstrip(" .,;>?")))
        if whole is None or span.start >= whole.end:
            if whole is not None:
                yield whole
            whole = span
        else:
            whole = replace(whole, end=max(whole.end, span.end))
    if whole is not None:
        yield whole


def _parts(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield addresses and parts of addresses, which may overlap."""
    yield from _fields(text, within)
    spelled = any(map(str.isupper, text))
    text = text if spelled else titled(text)
    with_type = typed(text, within)
    for words, pattern in WRITTEN:
        for found in matches(pattern, text, with_type if words is None else naming(words, text, within)):
            if not NOT_STREETS.search(found.group()):
                yield _grown(text, *found.span())
    for found in matches(_LONE_UNIT, text, naming(_UNIT_WORDS, text, within)):
        yield _grown(text, *found.span())
    for found in (found for pattern in NUMBERED for found in matches(pattern, text, within)):
        if NOT_STREETS.search(found.group()):
            continue
        town = _TOWN.match(text, found.end(), found.end() + _FARTHEST) if found.group()[-1].isdigit() else None
        if town:
            yield _address(found.start(), town.end("floors"))
        if _numbered(text, found, spelled=spelled):
            yield _grown(text, *found.span())


def _fields(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield what stands on the line behind "Address:"."""
    for found in matches(_FIELD, text, naming(_FIELD_WORDS, text, within)):
        end = _SENTENCE_END.search(found["value"])
        value = found["value"][: end.start() if end else None].rstrip(" .,;")
        if _HAS_NUMBER.search(value) and not _NO_ADDRESS.search(value):
            start = found.start("value")
            yield _address(start, start + len(value))


def _numbered(text: str, found: re.Match[str], *, spelled: bool) -> bool:
    """Say whether a name with a number is a street: by the words before, its ending, or what stands behind it."""
    written, end = found.group(), found.end()
    last = written[-1].isdigit()
    both = written[0].isdigit() and bool(re.search(r"\d[A-Za-z]?$", written))
    name = re.sub(r"[\d,]", "", written).split()
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if _SAID.search(before) or (last and SUFFIX.search(name[-1])):
        return True
    behind = _PLACE.match(text, end, end + _LOOK_BACK)
    if behind and behind["name"]:
        behind = _PLACE.match(text, behind.end(), behind.end() + _LOOK_BACK)
    if (behind and behind["end"] and not behind["end"][0].isdigit()) or (
        both and _ENDS_IN_UNIT.search(before.rstrip(" ,"))
    ):
        return True
    if not spelled:  # capitals of our own prove too little for what follows
        return False
    alone = not before[before.rfind("\n") + 1 :].strip(" >?") and text[end : end + 1] in {"", "\n"}
    street = both and "," not in written and any(map(str.islower, written))  # 247, HDL 66, LDL 166 is a blood count
    if street and (alone or text[end : end + 1] == ","):
        return True
    return bool(
        (last and _STREET_BEHIND.match(text, end)) or (alone and written[0].isdigit() and _LINES.match(text, end))
    )


def _grown(text: str, start: int, end: int) -> Span:
    """Return an address with what follows it up to its last apartment or postal code, or the places behind one."""
    here, last, unit = end, end, bool(_ENDS_IN_UNIT.search(text, max(start, end - _LOOK_BACK), end))
    for _piece in range(_PIECES):
        found = _PLACE.match(text, here, end + _FARTHEST)
        if not found or not found["gap"]:
            break
        here = found.end()
        if found["end"]:
            last, unit = here, not found["end"][0].isdigit()
        elif unit or "," in found["gap"]:
            last = here
    lines = _LINES.match(text, last, last + _FARTHEST)
    return _address(start, lines.end() if lines else last)


def _address(start: int, end: int) -> Span:
    return Span(start, end, "address", "street-address", Certainty.STATED)

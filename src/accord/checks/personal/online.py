"""E-mail, web, network and hardware addresses (HIPAA kinds 6, 13, 14 and 15)."""

import ipaddress
import re
from collections.abc import Iterator

from accord.checks.personal.spans import Certainty, Span

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_LINK = re.compile(r"(?<![\w@])(?:https?://|ftp://|www\.)[^\s<>\"“”«»]{3,2000}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,5}(?:(?:com|org|net|info|biz|co\.uk)|[a-z]{2}(?=/))"
    r"(?:/[^\s<>\"“”«»]{0,2000})?(?![\w@-]|\.\w)"
)
# what a text has at least where the form before it can stand
_DOMAIN_SIGN = re.compile(r"\.(?:com|org|net|info|biz|co\.uk|[a-z]{2}/)")
_IP4_SIGN = re.compile(r"[0-9]\.[0-9]{1,3}\.[0-9]")
_COLONS_SIGN = re.compile(r":[0-9a-fA-F]{0,4}:|-[0-9a-fA-F]{2}-")
_LEAST_COLONS = 2
_TRAILING = ".,;:!?'\")]}>*_"
# A page of a public body is nobody's own.
_PUBLIC = re.compile(
    r"^(?:\w{3,5}://)?[\w.-]*\.(?:gov|mil|int|gov\.\w\w|gob\.\w\w|gouv\.fr|nhs\.uk)(?![\w.-]*\w)", re.IGNORECASE
)
_IP4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_MAC = re.compile(r"(?<![\w:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:sections?|§|version|chapter|clause|paragraph|art(?:icle|\.)|v\.?|release|EC) {0,2}$", re.IGNORECASE
)
_NETWORK = re.compile(r"\b(?:ip|ipv4|address|host|server|client|network)\b", re.IGNORECASE)
_SMALL = 20
_LEAST_GROUPS = 3
_LOOK_BACK = 40


def find(text: str) -> Iterator[Span]:
    """Yield the addresses in a folded text."""
    for found in _EMAIL.finditer(text) if "@" in text else ():
        start = found.end() - len(found.group().lstrip(".%+-"))
        yield Span(start, found.end(), "email", "email-address", Certainty.PROVEN)
    linked = "://" in text or "www." in text.lower()
    for pattern, there in ((_LINK, linked), (_DOMAIN, _DOMAIN_SIGN.search(text))):
        for found in pattern.finditer(text) if there else ():
            end = found.start() + len(found.group().rstrip(_TRAILING))
            if not _PUBLIC.match(text[found.start() : end]):
                yield Span(found.start(), end, "url", "web-address", Certainty.PROVEN)
    for found in _IP4.finditer(text) if _IP4_SIGN.search(text) else ():
        if _is_ip4(text, found):
            yield Span(*found.span(), "ip", "ip-address", Certainty.PROVEN)
    if text.count(":") >= _LEAST_COLONS and _COLONS_SIGN.search(text):
        yield from _with_colons(text)


def _with_colons(text: str) -> Iterator[Span]:
    for found in _MAC.finditer(text):
        yield Span(*found.span(), "mac", "device-id", Certainty.PROVEN)
    for found in _IP6.finditer(text):
        if _is_ip6(found.group()):
            yield Span(*found.span(), "ip", "ip-address", Certainty.PROVEN)


def _is_ip4(text: str, found: re.Match[str]) -> bool:
    try:
        parts = ipaddress.IPv4Address(found.group()).packed
    except ValueError:
        return False
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if _NUMBERED.search(before):
        return False
    return max(parts) >= _SMALL or bool(_NETWORK.search(before))


def _is_ip6(written: str) -> bool:
    try:
        ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return len([group for group in written.split(":") if group]) >= _LEAST_GROUPS

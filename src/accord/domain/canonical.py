"""One canonical JSON text for content, and the hashes and normal forms that are taken from it."""

import hashlib
import json
import unicodedata
from json.encoder import encode_basestring
from typing import Any

from accord.domain.errors import UnusableText

REQUEST_KEY_DIGITS = 20


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and no spare space; U+0000 stays escaped, other text stays as it is.

    Raises UnusableText for a lone surrogate and ValueError for NaN or infinity.
    """
    return utf8_checked(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False))


def utf8_checked(text: str) -> str:
    """Return the text if UTF-8 can hold it. Raises UnusableText for a lone surrogate."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnusableText(error.start) from None
    return text


def json_text(text: str) -> str:
    """Return a text as it stands in canonical JSON, in quotes."""
    return encode_basestring(text)


def sha256_hex(text: str) -> str:
    """Return the sha256 of the UTF-8 text as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fold(text: str) -> str:
    """Return the normal form in which two requests are the same: NFC, casefold, white space folded, trimmed."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def request_key(request: str) -> str:
    """Return 20 hex digits that two examples share exactly when their requests are the same after ``fold``."""
    return sha256_hex(fold(request))[:REQUEST_KEY_DIGITS]


def conversation_key(request: str, earlier: str) -> str:
    """Return what two examples share exactly when all that comes before their answers is the same after ``fold``.

    ``earlier``: the text of the turns other than the request. It begins with the key of the request, which is all of it
    where there are no such turns.
    """
    before = fold(earlier)
    key = request_key(request)
    return f"{key}:{sha256_hex(before)[:REQUEST_KEY_DIGITS]}" if before else key

"""What is kept of the phrase that a person types to sign in a file: a verifier (scrypt, RFC 7914), never the phrase."""

import hashlib
import hmac
import secrets
import unicodedata

LEAST_PHRASE = 10
_KIND = "scrypt"
_LOG_N, _R, _P = 15, 8, 1  # 32 MB and some 80 ms for each guess
_MEMORY = 64 * 2**20
_SALT, _LENGTH = 16, 32


def verifier(phrase: str) -> str:
    """Return what a typed phrase is compared with; a new salt each time."""
    salt = secrets.token_bytes(_SALT)
    return "$".join((_KIND, str(_LOG_N), str(_R), str(_P), salt.hex(), _derived(phrase, salt, _LOG_N, _R, _P).hex()))


def matches(phrase: str, kept: str) -> bool:
    """Say whether a phrase is the one that a verifier was made of; never for a verifier that cannot be read."""
    try:
        kind, *numbers, salt, wanted = kept.split("$")
        log_n, r, p = map(int, numbers)
        found = _derived(phrase, bytes.fromhex(salt), log_n, r, p)
        return kind == _KIND and hmac.compare_digest(found, bytes.fromhex(wanted))
    except ValueError:
        return False


def _derived(phrase: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    # A letter with its accent is the same letter, however the keyboard puts it together.
    text = unicodedata.normalize("NFC", phrase).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=2**log_n, r=r, p=p, maxmem=_MEMORY, dklen=_LENGTH)

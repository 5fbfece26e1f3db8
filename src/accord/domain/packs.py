"""Review packs: what one tells of itself, the seals that show an alteration, and what merging one meets.

A seal is a chain of HMAC-SHA256 over canonical lines. The project keeps a secret per pack and seals with it what goes
out; the pack never holds that secret. A key that follows from the secret travels in the pack, and the program seals
each review with it as it is saved. The project makes both again. So it is found out when items were altered by anybody
without the secret, or reviews past the program by anybody without the key. It proves nobody's identity, and whoever
has the file has its key and can seal anything: it guards against damage and careless hands, not against the reviewer.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from accord.domain.errors import DamagedText, Refused
from accord.domain.wording import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack says of itself; ``until`` is when it should be back (empty: no day), ``act`` what made its rows."""

    id: str
    project: str
    reviewer: str
    author: str
    at: str
    until: str
    act: str
    key: str = field(repr=False)
    seal: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> "Pack":
        """Read what ``to_json`` wrote. Raises DamagedText."""
        if not isinstance(value, Mapping) or value.keys() != cls.__dataclass_fields__.keys():
            raise DamagedText
        if not all(isinstance(one, str) for one in value.values()):
            raise DamagedText
        return cls(**value)

    @property
    def sealed_facts(self) -> list[str]:
        """What of this the outward seal covers."""
        return [self.id, self.project, self.reviewer, self.author, self.at, self.until, self.key]


class ReviewsAlone(Refused):
    """Something other than a review was about to be written into a pack."""

    def __init__(self, reviewer: str) -> None:
        super().__init__(
            _(
                "This is a review pack: it takes the reviews of {name} and nothing else. "
                "Nothing was changed; do this in the project that the pack came from.",
                name=reviewer,
            )
        )


class Meeting(StrEnum):
    """What a review that comes home meets there."""

    TEXT_CHANGED = "text_changed"
    SET_ASIDE = "set_aside"
    REVIEWED_SINCE = "reviewed_since"
    GONE = "gone"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflict:
    """One example whose review from a pack did not simply come in.

    ``stored``: the review is kept in the project (it is not where the example is gone, or where what it says is no
    longer possible there; it stays in the pack). ``counts``: it is the reviewer's word on the example now.
    """

    example_id: str
    kind: Meeting
    stored: bool
    counts: bool


def reviewer_key(secret: str, pack_id: str) -> str:
    """Return the key that travels in a pack, from which its secret cannot be found."""
    return hmac.new(secret.encode(), f"reviews of pack {pack_id}".encode(), hashlib.sha256).hexdigest()


def seal(key: str, lines: Iterable[str], *, before: str = "") -> str:
    """Return the seal on lines that follow those sealed ``before``, as 64 hex digits."""
    found, secret = before, key.encode()
    for line in lines:
        found = hmac.new(secret, f"{found}\n{line}".encode(), hashlib.sha256).hexdigest()
    return found


def same_seal(a: str, b: str) -> bool:
    """Compare two seals."""
    return hmac.compare_digest(a.encode(), b.encode())

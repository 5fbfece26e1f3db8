"""A signature under a release: who answers for it, in which capacity, with which words, and whether it still holds."""

from dataclasses import dataclass
from enum import StrEnum

from accord.domain.wording import _

#: In code points; of a printed name and a credential, and of what one says by signing.
LONGEST_NAME = 200
LONGEST_STATEMENT = 2_000


class SignatureState(StrEnum):
    """What has become of a signature."""

    HOLDS = "holds"
    VOID = "void"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature under a release, as it was given; ``replaced`` once the same person has signed again.

    ``name`` and ``credential`` are as printed, the credential may be empty; ``hash`` is the release's when it was
    signed: a signature holds only while the release still has it; ``author`` is the person who typed the password or
    the phrase; ``at`` is the time.
    """

    id: int
    release: str
    name: str
    credential: str
    statement: str
    hash: str
    author: str
    at: str
    state: SignatureState

    @property
    def titled(self) -> str:
        """The name with the credential as printed, or that none was given."""
        if self.credential:
            return _("{name}, {credential}", name=self.name, credential=self.credential)
        return _("{name} (no credential given)", name=self.name)

    @property
    def holds(self) -> bool:
        """Whether it counts."""
        return self.state is SignatureState.HOLDS

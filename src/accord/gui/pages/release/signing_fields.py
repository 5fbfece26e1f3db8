"""What a person types to sign a release, and what of it is still missing, in a few words for the button."""

from dataclasses import dataclass

from accord.domain.ledger import Who
from accord.domain.phrases import LEAST_PHRASE
from accord.domain.signatures import Signature
from accord.domain.wording import _
from accord.workflows import signing
from accord.workflows.projects import Project
from accord.workflows.signing import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFacts:
    """What the card shows of one release: its signatures and who would sign here."""

    release: str
    signatures: tuple[Signature, ...]
    signer: Signer

    @property
    def own(self) -> Signature | None:
        """The signature of who works here, where it holds."""
        return next((one for one in self.signatures if one.holds and one.author == self.signer.name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFields:
    """What the form holds."""

    name: str
    credential: str
    statement: str
    phrase: str
    again: str


def read_sign_facts(project: Project, who: Who, release: str) -> SignFacts:
    """Return what the card shows; takes as long as the release is large where it is signed."""
    given = signing.of_release(project=project, release=release)
    return SignFacts(release=release, signatures=tuple(given), signer=signing.signer(project=project, who=who))


def missing_to_sign(facts: SignFacts | None, fields: SignFields) -> str:
    """Return what is missing before one can sign, in a few words; empty when nothing is."""
    if facts is None:
        return _("Choose a release first")
    if not fields.name.strip():
        return _("Write your name")
    if not fields.statement.strip():
        return _("Write what you sign")
    if facts.signer.by_password:
        return "" if fields.phrase else _("Type your password")
    if facts.signer.has_phrase:
        return "" if fields.phrase else _("Type your phrase")
    if len(fields.phrase) < LEAST_PHRASE:
        return _("Choose a phrase of at least {n} letters", n=LEAST_PHRASE)
    return "" if fields.phrase == fields.again else _("Type the same phrase twice")

"""The people of a team: one role each, and what it lets them do."""

from dataclasses import dataclass
from enum import StrEnum

from accord.domain.errors import AccordError
from accord.domain.wording import _


class Role(StrEnum):
    """What a person is in the team; each may do what the one before may."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    LEAD = "lead"


_ORDER = list(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person; ``login`` is the server's name for her (none in a file).

    ``active``: False for one who has left, or was never listed.

    ``credential`` is what stands beside a signature: "MD, cardiology", "attorney at law, Vienna".
    """

    name: str
    role: Role
    login: str = ""
    active: bool = True
    credential: str = ""

    def may_act_as(self, role: Role) -> bool:
        """Say whether this person's role includes another."""
        return _ORDER.index(self.role) >= _ORDER.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """The connection as the server sees it; ``encryption`` is empty where others on the way could read it."""

    database: str
    version: str
    login: str
    encryption: str
    local: bool


class OnlyFor(AccordError):
    """The act belongs to another role."""

    def __init__(self, role: Role, act: str) -> None:
        match role:
            case Role.LEAD:
                sentence = _("Only a lead can {act}. Nothing was changed; ask a lead of your team.", act=act)
            case _other:
                sentence = _(
                    "Only an adjudicator or a lead can {act}. Nothing was changed; ask one of your team.", act=act
                )
        super().__init__(sentence)

"""The tables of work that several people share: who they are, what each is to review, packs and signatures."""

import sqlalchemy as sa

from accord.storage.metadata import metadata
from accord.storage.texts import Free, Plain

# The people of a project; one that left stays, for rows bear the name. ``login`` is a server's, ``phrase`` the verifier
# of what a person of a file types to sign.
person = sa.Table(
    "person",
    metadata,
    sa.Column("name", Free, primary_key=True),
    sa.Column("role", Plain, nullable=False),
    sa.Column("login", Free, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Column("credential", Free, nullable=False, server_default=""),
    sa.Column("phrase", Plain, nullable=False, server_default=""),
)

# How many reviewers an example needs, where it is more than one.
requirement = sa.Table(
    "requirement",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("required", sa.Integer, nullable=False),
)

# Mutable: who is to review what; ``until`` is when a lease ends (empty: it does not), ``kind`` why it was given:
# plan, hand, calibration, repeat (one's own, blind, a second time), again (under another guideline). Controls are given
# with a plan and as its kind: nothing here may tell which they are.
assignment = sa.Table(
    "assignment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("reviewer", Free, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("until", Plain, nullable=False, server_default=""),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Index("assignment_of_reviewer", "reviewer", "seq"),
)

# A round in which several people review the same examples; ``closed_at`` is written once.
calibration = sa.Table(
    "calibration",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("guideline", sa.Integer, nullable=False),  # its version when the round was begun, 0 for none
    sa.Column("reviewers", Free, nullable=False),
    sa.Column("closed_at", Plain, nullable=False, server_default=""),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)
calibration_item = sa.Table(
    "calibration_item",
    metadata,
    sa.Column("calibration_id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
)

# Examples whose right verdict is known, which reviewers meet among the others without a sign; the newest row counts,
# and one with an empty verdict takes the example out again.
control = sa.Table(
    "control",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("verdict", Plain, nullable=False),
    sa.Column("note", Free, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# Who answers for a release; ``kind`` is sign or withdraw, ``hash`` that of the release when it was signed.
signature = sa.Table(
    "signature",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("release_id", sa.Integer, nullable=False, index=True),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("name", Free, nullable=False),
    sa.Column("credential", Free, nullable=False),
    sa.Column("statement", Free, nullable=False),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# A pack that was handed out for review elsewhere; ``secret`` shows on its way back whether it was altered.
pack = sa.Table(
    "pack",
    metadata,
    sa.Column("id", Plain, primary_key=True),
    sa.Column("reviewer", Free, nullable=False),
    sa.Column("guideline", sa.Integer, nullable=False),
    sa.Column("secret", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)
pack_item = sa.Table(
    "pack_item",
    metadata,
    sa.Column("pack_id", Plain, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
)

TABLES = (person, requirement, assignment, calibration, calibration_item, control, signature, pack, pack_item)
#: Of these no row is ever changed.
APPEND_ONLY = ("calibration_item", "control", "signature", "pack", "pack_item")
#: Rows about one example, which go with it when it is deleted for good.
OF_EXAMPLE = (requirement, assignment, calibration_item, control, pack_item)

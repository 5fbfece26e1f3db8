"""The tables of what checks found: derived from the texts that everybody may see, and made anew at any time."""

import sqlalchemy as sa

from accord.storage.metadata import metadata
from accord.storage.texts import Plain

# By which settings and rules texts were checked; ``kinds`` are packed names, empty where all kinds were looked for.
checking = sa.Table(
    "checking",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", Plain, nullable=False),
    sa.Column("kinds", Plain, nullable=False),
)

# Which text of an example was checked, and by what. There is a row only while that text stands and is in play.
checked = sa.Table(
    "checked",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hash", Plain, nullable=False),
    sa.Column("checking_id", sa.Integer, nullable=False),
    sa.Index("checked_by", "checking_id", "seq"),
)

# What was found in it, as long as it stands: nobody has to compare hashes to count. ``dismissed`` is the reason of the
# decision in force on it, empty while it is open; ``mark`` tells it from others, whatever else of the text is edited.
finding = sa.Table(
    "finding",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("rule", Plain, nullable=False),
    sa.Column("severity", Plain, nullable=False),
    sa.Column("message", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("stop", sa.Integer, nullable=False),
    sa.Column("details", Plain, nullable=False),
    sa.Column("mark", Plain, nullable=False),
    sa.Column("dismissed", Plain, nullable=False),
    # Every filter and count is read from one of these alone, the examples of a name in order: each is counted once.
    sa.Index("finding_of_kind", "dismissed", "kind", "seq"),
    sa.Index("finding_of_severity", "dismissed", "severity", "seq"),
    sa.Index("finding_of_rule", "dismissed", "rule", "kind", "severity", "seq"),
)

TABLES = (checking, checked, finding)
#: Rows about one example, which go with it when it is deleted for good.
OF_EXAMPLE = (finding, checked)

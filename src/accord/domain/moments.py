"""Moments as text: stored in UTC, all of one width, so that the order of texts is that of time; shown in local time."""

from datetime import UTC, date, datetime


def now() -> str:
    """Return this moment in UTC as ISO text of milliseconds, ``2026-11-21T15:04:05.678+00:00``."""
    return _text(datetime.now(UTC))


def today() -> date:
    """Return the day on the person's own calendar."""
    return datetime.now().astimezone().date()


def in_utc(at: str) -> str:
    """Return an ISO moment of whatever offset as ``now`` writes it; as it stands where it is none."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return at
    return at if found.tzinfo is None else _text(found.astimezone(UTC))


def local(at: str) -> str:
    """Return an ISO moment as local day, hour and minute; as it stands where it is none, empty for none."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M") if at else ""
    except ValueError:
        return at


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")

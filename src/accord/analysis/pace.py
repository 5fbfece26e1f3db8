"""How fast a person reviews, and when the rest will be done."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil, isfinite
from statistics import median

# The pace follows how a person works now, not how they began.
RECENT_ITEMS = 50
# An item that was open for longer was left open: the person was away.
LONGEST_LOOK_SECONDS = 600.0
# Nobody reads in less; what was faster was a key held or pressed by mistake.
SHORTEST_LOOK_SECONDS = 2.0
# Fewer say nothing of the next hundred.
FEWEST_ITEMS = 10
FARTHEST_DAYS = 365
# Over so many days is counted how many items a person does in a day.
PACE_DAYS = 14


def seconds_per_item(history: Sequence[float]) -> float | None:
    """Return the usual seconds for one item: the median of the latest 50, each between 2 s and ten minutes.

    None where fewer than ten items were timed.
    """
    looks = [
        min(max(seconds, SHORTEST_LOOK_SECONDS), LONGEST_LOOK_SECONDS)
        for seconds in history
        if isfinite(seconds) and seconds > 0
    ]
    return median(looks[-RECENT_ITEMS:]) if len(looks) >= FEWEST_ITEMS else None


def items_in(minutes: float, history: Sequence[float]) -> int | None:
    """Return how many whole items fit into ``minutes`` at the pace of ``history`` (seconds per item, oldest first)."""
    pace = seconds_per_item(history)
    return None if pace is None else int(max(minutes, 0.0) * 60 / pace)


def minutes_for(remaining: int, history: Sequence[float]) -> int | None:
    """Return about how many minutes ``remaining`` items take at the pace of ``history`` (as ``items_in``), 1 at least.

    None where fewer than ten items were timed.
    """
    pace = seconds_per_item(history)
    if pace is None:
        return None
    return max(1, round(remaining * pace / 60)) if remaining > 0 else 0


def items_per_day(per_day: Mapping[str, int], today: date) -> float:
    """Return one's items a day over the last two weeks, from the first day one worked in them, idle days counted.

    ``per_day`` is the items of each day one worked, by its ISO date.
    """
    days = {
        day: n for text, n in per_day.items() if today - timedelta(days=PACE_DAYS) < (day := date.fromisoformat(text))
    }
    return sum(days.values()) / ((today - min(days)).days + 1) if days else 0.0


def finish_date(remaining: int, per_day: float, today: date) -> date | None:
    """Return the day on which the rest is done at ``per_day`` items a day, beginning tomorrow; today if none remains.

    None where nothing gets done, or not within a year: a date so far off is no plan.
    """
    if remaining <= 0:
        return today
    if not isfinite(per_day) or per_day <= 0:
        return None
    days = remaining / per_day
    return today + timedelta(days=ceil(days)) if days <= FARTHEST_DAYS else None

"""All personal data with a form that one text holds: every finder once, overlaps settled."""

from collections.abc import Sequence

from accord.checks.personal import addresses, ages, dates, numbers, online, phones, postcodes, records
from accord.checks.personal.folding import fold
from accord.checks.personal.spans import Span, divided
from accord.checks.personal.stretches import stretches

_NEAR_NUMBERS = (numbers.find, records.find, dates.find, ages.find, addresses.find, postcodes.find)


def find_spans(text: str, languages: Sequence[str] = ()) -> list[Span]:
    """Return what identifies a person in ``text``, in order and without overlaps, in code points of ``text`` itself.

    ``languages`` (ISO 639-1) tell in which countries' forms a telephone number needs no word beside it.
    """
    folded = fold(text)
    within = stretches(folded)
    found = [*online.find(folded), *phones.find(folded, languages)]
    if within:
        found += [span for find in _NEAR_NUMBERS for span in find(folded, within)]
    return divided(found, folded)

"""Personal data replaced: by surrogates of the same form that point at nobody, by labels, or dates moved alone.

Within a group (a patient, a matter, or one example) the same original has the same surrogate and two originals never
share one. What is chosen follows from a secret of the project's and from the texts of the group in their order, so that
two runs agree. Nothing outside the spans changes; a text that is JSON stays JSON.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from accord.checks.personal import surrogates_dates as dates
from accord.checks.personal import surrogates_names as names
from accord.checks.personal import surrogates_numbers as numbers
from accord.checks.personal import surrogates_phones as phones
from accord.checks.personal.spans import Span
from accord.checks.personal.surrogates_chance import Chance
from accord.checks.personal.surrogates_json import Guarded, guarded


class How(StrEnum):
    """What takes the place of personal data."""

    SURROGATE = "surrogate"
    REDACT = "redact"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Code points ``start`` to ``end`` of a text, the rule that found them, and what takes their place."""

    start: int
    end: int
    rule: str
    old: str
    new: str


LABELS = {
    "person-name": "[NAME]",
    "place-name": "[PLACE]",
    "organisation-name": "[ORGANISATION]",
    "email-address": "[EMAIL]",
    "phone-number": "[PHONE]",
    "fax-number": "[FAX]",
    "social-security-number": "[SOCIAL SECURITY NUMBER]",
    "national-id": "[NATIONAL ID]",
    "payment-card": "[CARD]",
    "bank-account": "[BANK ACCOUNT]",
    "account-number": "[ACCOUNT]",
    "medical-record": "[RECORD NUMBER]",
    "health-plan": "[INSURANCE NUMBER]",
    "licence-number": "[LICENCE]",
    "vehicle-id": "[VEHICLE]",
    "device-id": "[DEVICE]",
    "street-address": "[ADDRESS]",
    "postal-code": "[POSTAL CODE]",
    "date-of-life": "[DATE]",
    "exact-date": "[DATE]",
    "age-over-89": "[AGE]",
    "age": "[AGE]",
    "web-address": "[WEB ADDRESS]",
    "ip-address": "[IP ADDRESS]",
}
DATES = frozenset({"date-of-life", "exact-date"})
#: Rules that are left alone unless they are named. Of ages Safe Harbor counts those over 89 alone. What is found as a
#: place or an organisation is, in plain medical and legal prose, more often an organism, a drug or a public body.
LEFT_ALONE = frozenset({"age", "place-name", "organisation-name"})
_OF_NAMES = frozenset({"person-name"})
_OF_WORDS = frozenset({"place-name", "organisation-name", "street-address"})
#: Rules whose surrogates rest on the names that the group knows; an address at a person's name has the new one.
RESTING_ON_NAMES = _OF_NAMES | _OF_WORDS | {"email-address"}
_REGIONS = {
    "en": ("US", "GB", "AU", "CA"),
    "es": ("ES", "MX", "AR", "CO", "CL", "US"),
    "fr": ("FR", "BE", "CH"),
    "de": ("DE", "AT", "CH"),
    "it": ("IT", "CH"),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
}
_LOOK_BACK = 24
_FIRST_CJK = 0x2E80


@dataclass(frozen=True, slots=True)
class _Place:
    """One span with what its surrogate depends on: the words before it, the habits and the language of its text."""

    rule: str
    entity: str
    written: str
    before: str
    shift: dates.Shift

    @property
    def spanish(self) -> bool:
        return self.shift.language == "es"


def settled(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order that do not overlap: the longer one stays, of the other what lies outside it."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one)):
        pieces = [span]
        for other in kept:
            pieces = [piece for one in pieces for piece in _outside(one, other)]
        kept += pieces
    return sorted(kept)


def _outside(span: Span, other: Span) -> Iterator[Span]:
    if span.end <= other.start or span.start >= other.end:
        yield span
        return
    if span.start < other.start:
        yield replace(span, end=other.start)
    if span.end > other.end:
        yield replace(span, start=other.end)


def applied(text: str, replacements: Sequence[Replacement]) -> str:
    """Return a text with these replacements made."""
    made, at = [], 0
    for one in replacements:
        made += [text[at : one.start], one.new]
        at = one.end
    return "".join([*made, text[at:]])


def _any(_kind: str, _surrogate: str) -> bool:
    return True


class Surrogates:
    """The surrogates of one group. ``meet`` all its texts, in an order that stays, then ``replace`` in any of them.

    ``fits``: whether one may be chosen, by its kind ("word" for names) and by what it would be.
    """

    def __init__(self, secret: bytes, group: str, fits: Callable[[str, str], bool] = _any) -> None:
        self._secret, self._group, self._fits = secret, group, fits
        self._shift = dates.shift_of(Chance(secret, group, "dates"))
        self._met: dict[_Place, None] = {}
        self._waiting: list[_Place] = []
        self._given: dict[tuple[str, str], str | None] = {}
        self._taken: dict[str, set[str]] = {}
        self._genders: dict[str, str] = {}

    @property
    def days(self) -> int:
        """By how many days the dates of the group are moved."""
        return self._shift.days

    def meet(self, text: str, spans: Iterable[Span]) -> None:
        """Learn what stands in a text of the group; nothing is chosen for it before all of it is known."""
        for _start, _end, place, _guard in self._places(text, settled(spans)):
            self._learn(place)

    def replace(self, text: str, spans: Iterable[Span], how: How) -> list[Replacement] | None:
        """Return what takes the place of what, in order; None where a text that is JSON would be none any more.

        What has no surrogate has a label in its place. ``shift`` leaves all but dates as they are.
        """
        wanted = [span for span in settled(spans) if how is not How.SHIFT or span.rule in DATES]
        places = list(self._places(text, wanted))
        for _start, _end, place, _guard in places:
            self._learn(place)
        self._choose()
        made = []
        for start, end, place, guard in places:
            old = text[start:end]
            new = guard.opened(
                LABELS.get(place.rule, "[PERSONAL]") if how is How.REDACT else self._new(place), place.rule
            )
            if new != old:
                made.append(Replacement(start=start, end=end, rule=place.rule, old=old, new=new))
        return made if guarded(text).stays_whole(text, applied(text, made)) else None

    def _places(self, text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, _Place, Guarded]]:
        shift = dates.fitted(self._shift, text, [text[s.start : s.end] for s in spans if s.rule in DATES])
        json = guarded(text)
        for span in spans:
            start, end = json.within(text, span.start, span.end)
            guard = json.of(text, start, end)
            if any(map(str.isalnum, guard.written)):
                before = text[max(0, start - _LOOK_BACK) : start]
                yield start, end, _Place(span.rule, span.entity, guard.written, before, shift), guard

    def _learn(self, place: _Place) -> None:
        if place in self._met:
            return
        self._met[place] = None
        self._waiting.append(place)
        for kind, key in self._keys(place):
            self._taken.setdefault(kind, set()).add(key)

    def _keys(self, place: _Place) -> Iterator[tuple[str, str]]:
        """Yield by what an original is the same one, so that no surrogate is ever one of the originals."""
        if place.rule in _OF_NAMES | _OF_WORDS:
            gender = names.gender_of(f"{place.before[-12:]} {place.written}") if place.rule in _OF_NAMES else ""
            for word in names.words_of(place.written):
                low = names.bare(word.group()).casefold()
                yield "word", low
                if gender and not self._genders.get(low):
                    self._genders[low] = gender
            if place.rule == "street-address":
                yield from (("house", part) for part in _digit_runs(place.written))
        else:
            yield place.rule, self._key(place)

    def _key(self, place: _Place) -> str:
        if place.rule in {"phone-number", "fax-number"}:
            return phones.national(place.written, _REGIONS[place.shift.language])
        if place.rule in {"email-address", "web-address"}:
            return place.written.casefold()
        return numbers.signs(place.written)

    def _choose(self) -> None:
        """Choose for all that was met and waits, the full names first, so that a surname alone is known for one."""
        waiting, self._waiting = self._waiting, []
        for place in waiting:
            if place.rule in _OF_NAMES and len(_name_words(place.written)) > 1:
                self._new(place)
        for place in waiting:
            self._new(place)

    def _new(self, place: _Place) -> str:
        """Return what stands for an original, in its form; a label where there is nothing."""
        label = LABELS.get(place.rule, "[PERSONAL]")
        if place.rule in DATES:
            return dates.moved(place.written, place.shift) or label
        if place.rule == "age-over-89":
            return "90+" + place.written.lstrip("0123456789") if place.written[0].isdigit() else label
        if place.rule == "age":
            return place.written
        if place.rule in _OF_NAMES | _OF_WORDS:
            east_asian = any(ord(char) >= _FIRST_CJK and char.isalpha() for char in place.written)
            new = None if east_asian else self._person(place) if place.rule in _OF_NAMES else self._words(place)
            return label if new is None or new.casefold() == place.written.casefold() else new
        return self._number(place) or label

    def _person(self, place: _Place) -> str | None:
        roles = self._roles(place)
        return self._rewritten(place, lambda word: self._name(word, roles.get(word.casefold(), "last"), place))

    def _roles(self, place: _Place) -> dict[str, str]:
        """Return for each word of a name whether it is a first name or a surname."""
        found = [names.bare(word) for word in _name_words(place.written)]
        if len(found) == 1:
            known = [role for role in ("last", "first") if (role, found[0].casefold()) in self._given]
            alone = "first" if names.is_first_name(found[0]) else "last"
            return {found[0].casefold(): known[0] if known else alone}
        head, comma, _tail = place.written.partition(",")
        if comma and (surnames := {names.bare(word).casefold() for word in _name_words(head)}):
            return {word.casefold(): "last" if word.casefold() in surnames else "first" for word in found}
        surnames_at = len(found) - (2 if place.spanish and len(found) > 2 else 1)  # Ana López Ruiz
        return {word.casefold(): "first" if at < surnames_at else "last" for at, word in enumerate(found)}

    def _name(self, word: str, role: str, place: _Place) -> str | None:
        if not names.of_name(word):
            return None
        bare = names.bare(word)
        low = bare.casefold()
        kind = "initial" if len(bare) == 1 else role
        gender = self._genders.get(low, "") if role == "first" else ""
        among = self._pool(bare, "last" if role == "last" else "first", gender, place)
        new = self._value("word", kind, low, lambda chance: names.candidates(bare, among, chance))
        return None if new is None else names.in_form(new, word)

    def _words(self, place: _Place) -> str | None:
        street = place.rule == "street-address"

        def word_for(word: str) -> str | None:
            if not (names.of_place(word) or (street and names.names_something(word))):
                return None
            bare = names.bare(word)
            among = self._pool(bare, "last", "", place)
            new = self._value("word", "place", bare.casefold(), lambda chance: names.candidates(bare, among, chance))
            return None if new is None else names.in_form(new, word)

        return self._rewritten(place, word_for)

    def _pool(self, bare: str, kind: str, gender: str, place: _Place) -> tuple[str, ...]:
        found = names.pool(bare, kind=kind, gender=gender, spanish=place.spanish)
        return tuple(one for one in found if self._fits("word", one))

    def _rewritten(self, place: _Place, word_for: Callable[[str], str | None]) -> str | None:
        return names.rewritten(place.written, word_for, self._house)

    def _house(self, written: str) -> str:
        plain = numbers.digits(written)
        new = self._value("house", "house", plain, lambda chance: _houses(plain, chance))
        return numbers.filled(written, new) if new and len(new) == len(plain) else new or "0"

    def _number(self, place: _Place) -> str | None:
        rule, written, key = place.rule, place.written, self._key(place)
        if rule in {"phone-number", "fax-number"}:
            regions = _REGIONS[place.shift.language]
            new = self._value("phone", "phone", key, lambda chance: phones.candidates(written, regions, chance))
            plain, extension = phones.split(written)
            tail = Chance(self._secret, self._group, extension).digits(8)
            return new and numbers.filled(plain, new, digits_only=True) + numbers.filled(
                extension, tail, digits_only=True
            )
        if rule == "postal-code" and (cut := numbers.postal_code(written, place.before)):
            return cut
        whole: dict[str, Callable[[str, Chance], Iterator[str]]] = {
            "email": self._emails,
            "url": numbers.web_addresses,
            "ip": numbers.ip_addresses,
            "mac": numbers.mac_addresses,
        }
        if place.entity in whole:
            return self._value(rule, rule, key, lambda chance: whole[place.entity](written, chance))
        new = self._value(rule, rule, key, lambda chance: numbers.candidates(place.entity, written, chance))
        return new and numbers.filled(written, new)

    def _emails(self, written: str, chance: Chance) -> Iterator[str]:
        """Yield addresses at the names for examples; a name that the group knows is the one that stands for it."""
        local, _at, domain = written.partition("@")
        ending = domain.rpartition(".")[2].casefold()
        host = f"example.{ending}" if ending in {"com", "org", "net"} else "example.com"
        among = names.names("en_US", "last")
        for attempt in range(50):

            def word_for(word: str, attempt: int = attempt) -> str:
                known = [self._given.get((role, word.casefold())) for role in ("first", "last", "initial")]
                new = next((one for one in known if one), None)
                return names.in_form(new if new and not attempt else chance.pick(among), word)

            made = names.rewritten(local, word_for, lambda old: chance.digits(len(old)))
            yield "".join(char for char in f"{made}@{host}" if not char.isspace())

    def _value(self, kind: str, role: str, key: str, choices: Callable[[Chance], Iterator[str]]) -> str | None:
        """Return what stands for one original of a kind, chosen once; it is no original and stands for no other."""
        if (role, key) not in self._given:
            taken = self._taken.setdefault(kind, set())
            chance = Chance(self._secret, self._group, role, key)
            free = (one for one in choices(chance) if one.casefold() not in taken and one not in taken)
            new = next((one for one in free if self._fits(kind, one)), None)
            if new is not None:
                taken |= {new, new.casefold()}
            self._given[role, key] = new
        return self._given[role, key]


def _name_words(written: str) -> list[str]:
    return [word.group() for word in names.words_of(written) if names.of_name(word.group())]


def _digit_runs(written: str) -> list[str]:
    return [numbers.digits(run) for run in names.numbers_of(written)]


def _houses(old: str, chance: Chance) -> Iterator[str]:
    for longer in range(4):
        for _each in range(60):
            yield str(1 + chance.below(9)) + chance.digits(len(old) - 1 + longer)

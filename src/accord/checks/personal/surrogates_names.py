"""Invented persons, places, organisations and streets, word for word in the form of those that they stand for.

Names come from Faker's lists for the United States and Spain (MIT licence). A word of a name has one surrogate in its
group, so that a surname alone and the full name tell of the same person, and so do members of one family.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from accord.checks.personal.surrogates_chance import Chance

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")
_POSSESSIVE = re.compile(r"['’]s?$")
_OF_MEN = "mr mister sir lord don señor sr monsieur m herr signor sig dn hijo king prince"
_OF_WOMEN = "mrs ms miss madam lady doña señora señorita sra srta dña madame mme mlle frau signora queen princess"
_OF_BOTH = (
    "dr dra drs prof profa professor doctor doctora doctors nurse judge justice hon rev fr sor capt col gen lt sgt"
    " attorney esq jr ii iii iv md phd do rn the and of de del la las los da das do dos di du van von der den y e"
    " el al bin ibn abu"
)
_MEN, _WOMEN = frozenset(_OF_MEN.split()), frozenset(_OF_WOMEN.split())
_TITLES = _MEN | _WOMEN | frozenset(_OF_BOTH.split())
#: Words of addresses, places and organisations that name no one, and stay.
_OF_ALL_PLACES = (
    "street st road rd avenue ave lane ln drive dr boulevard blvd court ct terrace place square sq parkway pkwy circle"
    " crescent gardens grove mews highway hwy trail plaza way gateway parade esplanade quay heights walk pike turnpike"
    " close row north south east west n s e w nw ne sw se apt apartment suite ste flat unit room rm floor box po p o"
    " calle avenida avda av paseo carretera ctra ronda rua travesia urbanizacion urb glorieta rambla camino pasaje"
    " alameda barrio colonia corso via viale piazza largo strada rue boulevard chemin allee place cours straße strasse"
    " str weg platz allee gasse ring utca gata gade vej vei katu tie straat laan plein piso puerta pta izq izda dcha"
    " bajo atico escalera esc portal bloque local edificio edif oficina num no nº km cp c s/n apdo apartado correos"
    " hospital clinic clinica clínica university universidad college school institute instituto center centre centro"
    " medical health healthcare general memorial regional bank banco company co corp corporation inc incorporated llc"
    " ltd limited plc gmbh ag sa sl s.a s.l llp lp group grupo holdings partners associates foundation fundación"
    " department departamento ministry ministerio court tribunal county city town village state servicio service"
    " services urgencias consultas externas complejo hospitalario facultad law office offices firm church"
)
_PLAIN = frozenset(_OF_ALL_PLACES.split())


@cache
def names(locale: str, kind: str) -> tuple[str, ...]:
    """Return Faker's names of a locale: ``men``, ``women`` or ``last``, one word each, in the order of letters."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    field = {"men": "first_names_male", "women": "first_names_female", "last": "last_names"}[kind]
    return tuple(sorted({name for name in getattr(provider, field) if _WORD.fullmatch(name) and name.isalpha()}))


@cache
def _known(locale: str, kind: str) -> frozenset[str]:
    return frozenset(name.casefold() for name in names(locale, kind))


def words_of(text: str) -> list[re.Match[str]]:
    """Return the words of a name, in order."""
    return list(_WORD.finditer(text))


def numbers_of(text: str) -> list[str]:
    """Return the runs of digits of an address, in order."""
    return _DIGITS.findall(text)


def gender_of(text: str) -> str:
    """Return ``men`` or ``women`` where a title among the words, or a known first name, says so; else nothing."""
    low = [word.group().casefold() for word in words_of(text)]
    for word in low:
        if word in _MEN or word in _WOMEN:
            return "men" if word in _MEN else "women"
    for word in low:
        man, woman = (any(word in _known(locale, kind) for locale in ("en_US", "es_ES")) for kind in ("men", "women"))
        if man != woman:
            return "men" if man else "women"
    return ""


def is_first_name(word: str) -> bool:
    """Say whether a word is a first name of the lists and no surname of theirs."""
    low = word.casefold()
    first = any(low in _known(locale, kind) for locale in ("en_US", "es_ES") for kind in ("men", "women"))
    return first and not any(low in _known(locale, "last") for locale in ("en_US", "es_ES"))


def of_name(word: str) -> bool:
    """Say whether a word is part of a name rather than a title or a word between names."""
    return word.casefold().rstrip(".") not in _TITLES


def of_place(word: str) -> bool:
    """Say whether a word of an address, a place or an organisation names something; kinds of streets do not."""
    return word[0].isupper() and word.casefold() not in _PLAIN and word.casefold() not in _TITLES


def names_something(word: str) -> bool:
    """Say whether a word of an address is none of those that all addresses have, whatever its capitals."""
    return len(word) > 1 and word.casefold() not in _PLAIN and word.casefold() not in _TITLES


def pool(word: str, *, kind: str, gender: str, spanish: bool) -> tuple[str, ...]:
    """Return the names that may stand for one: ``kind`` is ``first`` or ``last``; of the list that has the word."""
    wanted = ("last",) if kind == "last" else ((gender,) if gender else ("men", "women"))
    low = word.casefold()
    own = [name for name in ("en_US", "es_ES") if any(low in _known(name, each) for each in wanted)]
    locale = own[0] if len(own) == 1 else "es_ES" if spanish else "en_US"
    return tuple(name for each in wanted for name in names(locale, each))


def candidates(word: str, among: tuple[str, ...], chance: Chance) -> Iterator[str]:
    """Yield surrogates for a word, the likeliest first: those with the wanted number of letters are not sought."""
    if len(word) == 1:
        yield from chance.shuffled([chr(code) for code in range(ord("A"), ord("Z") + 1)])
        return
    if word.isupper() and len(word) <= 4 and word.casefold() not in {name.casefold() for name in among}:  # MGH
        for _each in range(200):
            yield "".join(chance.pick("ABCDEFGHJKLMNPQRSTUVWXYZ") for _letter in word)
    yield from chance.shuffled(among)
    first = chance.shuffled(among)
    for one in first:  # two names in one, once there are more persons than names
        for other in chance.shuffled(among)[:20]:
            yield f"{one}-{other}"


def in_form(surrogate: str, like: str) -> str:
    """Return a surrogate in the capitals of what it stands for, with its possessive."""
    tail = _POSSESSIVE.search(like)
    bare = like[: tail.start()] if tail else like
    if bare.isupper() and len(bare) > 1:
        surrogate = surrogate.upper()
    elif bare.islower():
        surrogate = surrogate.lower()
    return surrogate + (tail.group() if tail else "")


def bare(word: str) -> str:
    """Return a word without its possessive."""
    return _POSSESSIVE.sub("", word)


def rewritten(text: str, word_for: Callable[[str], str | None], digits_for: Callable[[str], str]) -> str:
    """Return a text with its words and its numbers replaced, all that stands between them kept."""
    made, at = [], 0
    pieces = sorted((*_WORD.finditer(text), *_DIGITS.finditer(text)), key=lambda found: found.start())
    for found in pieces:
        new = digits_for(found.group()) if found.group()[0].isdigit() else word_for(found.group())
        made += [text[at : found.start()], found.group() if new is None else new]
        at = found.end()
    return "".join([*made, text[at:]])

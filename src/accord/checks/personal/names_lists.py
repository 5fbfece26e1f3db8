"""First names, family names and ordinary words: what a capitalised word is likely to be."""

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_LEAST = 3  # shorter ones ("An", "Ali" is three) are words of too many languages
_FIRST = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary")
_LAST = ("last_names", "last_names_male", "last_names_female")
_FIRMS = (
    "inc ltd llc llp plc gmbh corp co company corporation incorporated limited group bank university college "
    "school institute hospital clinic center centre foundation association society agency department ministry "
    "council committee union administration organization organisation federation partners solutions systems "
    "sons technologies software consulting associates services laboratory laboratories network program pharma "
    "pharmaceuticals orchestra street road avenue club park grupo banco universidad instituto clinica centro "
    "fundacion asociacion sociedad ministerio consejo servicio servicios hospitalario calle plaza avenida "
    "avda paseo unidad complejo departamento carretera ctra area correo e-mail email tel colegiado pz "
    "residente av avinguda river mountain mountains valley basin island islands ocean county creek desert "
    "peninsula gulf canyon"
)
#: Words of institutions, streets, departments and landscapes, which no name of a person goes on with.
FIRMS = frozenset(_FIRMS.split())
#: Words before the name of a street.
STREETS = frozenset({"calle", "avda", "av", "avenida", "avinguda", "paseo", "plaza", "pz", "ctra", "carretera"})
_TITLES = (
    "mr mrs ms miss dr dra drs prof professor doctor doctora sir madam don dona sr sra srta judge captain "
    "profesor profesora"
)
TITLES = frozenset(_TITLES.split())
# As people write them.
_USUAL = (
    "united states, united states of america, usa, u s, united kingdom, uk, england, scotland, wales, russia, "
    "iran, syria, south korea, north korea, vietnam, tanzania, venezuela, bolivia, europe, asia, africa, "
    "north america, south america, central america, latin america, america, australia, antarctica, ee uu, "
    "estados unidos, inglaterra, czech republic, the netherlands, holland, "
    "americas, the americas, caribbean, the caribbean, oceania, eurasia, scandinavia, siberia, balkans, midwest, "
    "new england, northern europe, southern europe, eastern europe, western europe, north africa, west africa, "
    "east africa, central africa, southern africa, southeast asia, south asia, east asia, central asia, middle east, "
    "laos, southern hemisphere, western hemisphere, eastern hemisphere, northern hemisphere"
)
_STATES = ("en_CA", "en_AU", "en_IN")  # some are first names: Victoria, Alberta
_COUNTRIES = frozenset(_USUAL.split(", "))


class Lists(NamedTuple):
    """Names as ``plain`` writes them; ``english`` and ``spanish`` are first names usual there, ``towns`` are of Spain.

    The states of the United States are among the ``countries``; ``states`` are those of other countries.
    """

    first: frozenset[str]
    last: frozenset[str]
    english: frozenset[str]
    spanish: frozenset[str]
    countries: frozenset[str]
    states: frozenset[str]
    towns: frozenset[str]


def plain(word: str) -> str:
    """Return a word without its case and its accents, so that "GARCÍA" and "Garcia" are one."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@cache
def lists() -> Lists:
    """Return the names of all languages in Latin script that Faker (MIT) knows; 0.3 s at the first call."""
    persons = dict(_providers("faker.providers.person"))
    places = dict(_providers("faker.providers.address"))
    own = [places[each] for each in ("en_US", "es_ES")]
    return Lists(
        first=frozenset(part for each in persons.values() for part in _words(each, _FIRST)),
        last=frozenset(part for each in persons.values() for part in _words(each, _LAST)),
        english=frozenset(part for each in ("en_US", "en_GB") for part in _words(persons[each], _FIRST)),
        spanish=frozenset(part for each in persons if each[:3] == "es_" for part in _words(persons[each], _FIRST)),
        countries=frozenset(plain(name) for each in own for name in _values(each, ("countries",)))
        | frozenset(plain(name) for name in _values(places["en_US"], ("states",)))
        | _COUNTRIES,
        states=frozenset(plain(name) for each in _STATES for name in _values(places[each], ("states", "provinces"))),
        towns=frozenset(plain(name) for name in _values(places["es_ES"], ("states", "regions"))),
    )


def _providers(package: str) -> Iterator[tuple[str, type]]:
    path = importlib.import_module(package).__path__
    for module in pkgutil.iter_modules(path):
        yield module.name, importlib.import_module(f"{package}.{module.name}").Provider


def _values(provider: type, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        found = getattr(provider, name, ())
        if not isinstance(found, property):
            yield from found


def _words(provider: type, names: tuple[str, ...]) -> Iterator[str]:
    for value in _values(provider, names):
        for part in plain(value).replace("-", " ").split():
            if len(part) >= _LEAST and part.isalpha() and part.isascii():
                yield part

"""Ages of one person; HIPAA (kind 3) counts those over 89, the others are told as a note."""

import re
from collections.abc import Iterator, Sequence

from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.stretches import matches, naming

OLDEST_UNNAMED = 89

_NUM = r"(?P<age>\d{1,3})"
_UNIT = r"(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?)"
_HALF = r"(?:[.,]\d| ?½)?"
_ORDINALS = "primer|segundo|tercer|cuarto|quinto|sexto|séptimo|octavo|noveno|décimo|undécimo|duodécimo"
_PERSON = (
    "(?:var[óo]n|mujer|pacientes?|hombre|niñ[oa]|niñit[oa]|bebé|preescolar|escolar|adolescente|chic[oa]|joven"
    "|señora?|ancian[oa]|lactante"
    "|enferm[oa]|femenin[oa]|masculin[oa]|neonat[oa]|recién nacid[oa]|gestante|embarazada|primigesta|secundigesta"
    "|madre|padres?|abuel[oa]s?"
    "|herman[oa]s?|hij[oa]s?|tí[oa]|prim[oa]|espos[oa]|viud[oa]|sobrin[oa]|niet[oa]|individuo|persona|deportista"
    "|trabajador[a]?)"
)
_NOT_OLD = r"(?! (?:de (?!edad|vida)|antes|después|más|atrás|previo|posterior|tras|y medio de (?!edad|vida)))"
_SPANISH = rf" (?:años?|meses|mes|semanas|días|a\.?)(?: y (?:medio|\w{{1,6}} (?:meses|días)))?\b{_NOT_OLD}"
_COUNT = (
    r"(?:\d{1,3}|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciséis"
    r"|diecisiete|dieciocho"
    r"|diecinueve|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)"
)
_FORMS = (
    # a 61 year old man; is 21 years old; just turned 47; I'm 58 y/o; aged 64; at the age of 68; Age: 47
    rf"(?<![\w.,=<>-]){_NUM}[ -]{_UNIT}[ -]old\b",
    rf"\b{_NUM} ?(?:y/?o|yo|y\.o\.|yr/o)(?!\w)",
    (
        rf"\b(?:turn(?:ed|s|ing)?|I'm|I am|(?:he|she) (?:is|was)|when (?:he|she|I) (?:was|am)) (?:now |just "
        rf"|only )?{_NUM}\b(?! ?(?:%|[a-z]*(?:cm|kg|mm|lb|feet|ft|weeks? pregnant|times|on|in|to|of)\b))"
    ),
    rf"\b(?:at (?:the |an? )?age (?:of )?|at age |aged |age ?[:=] ?){_NUM}\b(?![.,]\d)",
    # 53 años de edad; cuarto mes de vida; Edad: 53; cuando tenía 12 años; a los 17 años ingresó
    (
        rf"\b(?P<age2>{_COUNT}|{_ORDINALS}) (?:años?|meses|mes|semanas?|días?|horas)(?: y (?:medio|\w{{1,6}} (?:meses"
        rf"|días)))? de (?:edad|vida)\b"
    ),
    rf"\bedad ?[:=]? {{0,3}}(?:de )?{_NUM}{_HALF}(?: (?:años?|meses|mes|semanas|días|a))?\b",
    rf"\b(?:tenía|tiene|tengo|cumpl\w{{1,4}}) {_NUM}{_SPANISH}",
    r"\b(?:padres?|herman[oa]s?|hij[oa]s?),? de (?P<age2>\d{1,2})(?= y \d{1,2} años\b)",
    rf"\b(?:padres?|herman[oa]s?|hij[oa]s?),? de \d{{1,2}} y {_NUM} años\b",
    (
        rf"\b(?:a|desde|hasta|entre) los {_NUM} años\b{_NOT_OLD}|\b(?:de"
        rf"|entre) los {_NUM.replace('age', 'age2')}(?= (?:a|y) los \d{{1,2}} años\b)"
    ),
    # varón de 53 años; paciente natural de Ecuador, con antecedentes, de 7 meses
    rf"\b{_PERSON}\b[^.;:\n\d]{{0,70}}?\b(?:(?:de|con)|(?<=,)) (?P<age>{_COUNT}){_HALF}{_SPANISH}",
    # 53-jährige Patientin, 53 Jahre alt; âgé de 53 ans; di 53 anni; 53 anos de idade; 53歳; 53岁
    rf"\b{_NUM}(?: |-)?jährige[rnsm]?\b|\b{_NUM.replace('age', 'age3')} Jahre alt\b",
    rf"\b(?:âgée? de|de) {_NUM} ans\b",
    rf"\b(?:età|donna|uomo|paziente)(?: [^\W\d]{{1,14}}){{0,2}},? (?:di )?{_NUM} anni\b",
    rf"\b{_NUM} anos de idade\b",
    rf"{_NUM} ?(?:歳|岁|周岁|세)",
)
# words, or parts of them, of which a stretch has one where the form of the same number stands
_SIGNS: tuple[tuple[str, ...], ...] = (
    ("old",),
    ("yo", "y/o", "y.o", "yr/o"),
    ("turn", "i'm", "i am", "he ", "when i "),
    ("age",),
    ("edad", "vida"),
    ("edad",),
    (" año", " mes", " semanas", " días", " a"),
    ("padre", "herman", "hij"),
    ("padre", "herman", "hij"),
    ("años",),
    (
        *("varon", "varón", "mujer", "paciente", "hombre", "niñ", "bebé", "escolar", "adolescente", "chic", "joven"),
        *("señor", "ancian", "lactante", "enferm", "femenin", "masculin", "neonat", "nacid", "gestante", "embaraz"),
        *("gesta", "secundi", "madre", "padre", "abuel", "herman", "hij", "tío", "tía", "primo", "prima", "espos"),
        *("viud", "sobrin", "niet", "individuo", "persona", "deportista", "trabajador"),
    ),
    ("jährige", "jahre"),
    (" ans",),
    (" anni",),
    (" anos",),
    ("歳", "岁", "세"),
)
_PATTERNS = tuple((signs, re.compile(form, re.IGNORECASE)) for signs, form in zip(_SIGNS, _FORMS, strict=True))
_GROUP = re.compile(
    r"(?:\b(?:under|over|above|below|than|least|most|until|between|through|children|people|adults?|women|men|persons"
    r"|patients|ages?"
    r"|those|infants|babies|teens|boys|girls|individuals|everyone|anyone|every|from|or|and|to|by|until|before|after"
    r"|around|about|mean|median|average"
    r"|approximately|usually|often|mayor(?:es)?|menor(?:es)?|más|menos|entre|hasta|personas|niños|über|unter|plus"
    r"|moins)\b|[-=<>≥≤])"
    r"[\s,(]{0,3}(?:the |age |age of |ages? )?$",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile(
    r"(?: years?)? ?(?:-|–|to|or (?:older|younger|over|more)|and (?:older|over|up|above))\b| ?- ?\d", re.IGNORECASE
)
_LOOK_BACK = 30
_OLDEST = 125


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield what tells the age of one person in a folded text, from its number to its unit."""
    for signs, pattern in _PATTERNS:
        for found in matches(pattern, text, naming(signs, text, within)):
            group = next(name for name, value in found.groupdict().items() if value is not None)
            start, age = found.start(group), found[group]
            if _of_a_group(text, *found.span()) or (age.isdigit() and int(age) > _OLDEST):
                continue
            old = (
                age.isdigit()
                and int(age) > OLDEST_UNNAMED
                and not re.search(r"me?s|week|sem|day|d[ií]a|hora", found.group(), re.IGNORECASE)
            )
            yield Span(start, found.end(), "age", "age-over-89" if old else "age", Certainty.STATED)


def _of_a_group(text: str, start: int, end: int) -> bool:
    """Say whether the words around an age speak of many: people over 65, children 5 to 9 years old."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return bool(_GROUP.search(before)) or bool(_RANGE_AFTER.match(text, end, end + _LOOK_BACK))

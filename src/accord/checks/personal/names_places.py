"""Names of places smaller than a country or a state, and of organisations."""

import re
from collections.abc import Iterable, Iterator

from accord.checks.personal.names_cues import eponym
from accord.checks.personal.names_lists import FIRMS, lists
from accord.checks.personal.names_model import dictionary, ordinary
from accord.checks.personal.names_words import Text, Word
from accord.checks.personal.spans import Certainty, Span

_PLACE_BEFORE = re.compile(
    r"\b(?:(?:live[sd]?|living|born|grew up|raised|based|located|resid(?:es|ent|ing)|arrived|stayed|trip|moved|moving"
    r"|fl(?:ew|y|ying)|travel(?:l?ed|l?ing|s)?|returned|originally|I['’]m|I am|hometown|city|town|village)"
    r" (?:in|at|to|from|of|near)|(?:vive|viv[íi]a|nacid[oa]|residente|reside|natural|procedente|domiciliad[oa]"
    r"|vecin[oa]|localidad|ciudad|provincia|municipio|pueblo) (?:en|de)) "
    r"|(?i:^[ \t>*•-]*(?:[^\n:]{0,80}[.;|] )?(?:city|town|county|village|hometown|place of birth|birthplace"
    r"|localidad(?: ?/ ?provincia)?|provincia|poblaci[óo]n|ciudad|municipio|lugar de nacimiento)[ \t]*:[ \t]*)"
    r"|\b(?:E-)?\d{5}(?:[.,;]|[ ]?-)? ",
    re.MULTILINE,
)
_FIRM = re.compile(
    r"(?i)\b(?:inc|ltd|llc|llp|plc|gmbh|ag|corp|co|s\.?a|s\.?l|bv|company|corporation|incorporated|limited|group|grupo"
    r"|bank|banco|university|universidad|universitat|college|school|institute|instituto|hospital(?:ario)?|clinic"
    r"|cl[íi]nica|cent(?:er|re|ro)|foundation|fundaci[óo]n?|association|asociaci[óo]n|society|sociedad|agency|agencia"
    r"|department|ministry|ministerio|council|consejo|committee|administration|organi[sz]ation|federation|union"
    r"|partners|solutions|systems|technologies|software|consulting|associates|services|servicio|laborator(?:y|ies|ios?)"
    r"|network|program|pharma(?:ceuticals)?)\b"
)
_INSTITUTION = re.compile(
    r"\b(?:Hospital|Cl[íi]nica|Complej?o Hospitalario|Complexo Hospitalario|Centro(?: de Salud| Nacional)?"
    r"|Fundaci[óo]n?|Universidad|Universitat|Instituto?|Ambulatorio|Residencia|Colegio"
    r"|Asociaci[óo]n)(?= [A-ZÁÉÍÓÚÑ]| d[e'])"
)
_AFTER_ADDRESS = re.compile(r"[,.;]?[ \t]*(?:\r?\n)?[ \t>?,*]*(?:\d{4,6}[ ]|in |en )?")
_JOINS = frozenset({"de", "del", "la", "las", "los", "el", "y", "of", "for", "and", "the", "para", "i"})
_STREETS = frozenset(
    {"calle", "avda", "av", "avenida", "avinguda", "paseo", "plaza", "pz", "ctra", "carretera", "c", "servicio"}
)
_STREET_GOES_ON = re.compile(r"[:/]|[.,]? ?\d")
_LONGEST_STATE = 3  # letters: "US", "U.S", "NSW"; and "St"
_LONGEST_TITLE = 2  # "Hospital Dr. Peset"
_LONGEST_ACRONYM = 6
_MOST_WORDS = 20  # of the name of an institution


def find(text: Text, seen: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """Yield the places and organisations; ``seen`` are the spans of the model, ``others`` those of street addresses."""
    for address in others:
        after = _AFTER_ADDRESS.match(text.text, address.end) if address.rule == "street-address" else None
        part = text.run_at.get(after.end(), []) if after else []
        if part and _place(text, part):
            yield Span(part[0].start, part[-1].end, "place", "place-name", Certainty.STATED)
    for span in seen:
        part = text.within(span.start, span.end)
        if span.entity != "person" and part and not any(map(str.isdigit, text.text[span.start : span.end])):
            believed = _place(text, part) if span.entity == "place" else _organisation(text, part)
            if believed and not (span.entity == "place" and text.text.endswith("/", 0, part[0].start)):
                yield Span(part[0].start, part[-1].end, span.entity, span.rule)
    for cue in _PLACE_BEFORE.finditer(text.text):
        part = text.run_at.get(cue.end(), [])
        if part and _place(text, part):
            yield Span(part[0].start, part[-1].end, "place", "place-name", Certainty.STATED)
    for run in text.runs:
        whole = " ".join(word.plain for word in run)
        if whole in lists().towns and not run[0].written.islower():
            certainty = Certainty.STATED if len(run) > 1 else Certainty.LIKELY
            yield Span(run[0].start, run[-1].end, "place", "place-name", certainty)
    yield from _institutions(text)


def _place(text: Text, part: list[Word]) -> bool:
    whole = " ".join(word.plain for word in part)
    if eponym(text.text, part[0].start, part[-1].end):
        return False
    if _STREET_GOES_ON.match(text.text, part[-1].end) or any(word.plain in FIRMS for word in part[:1]):
        return False
    if len(whole) <= _LONGEST_STATE or whole in lists().countries:
        return False
    return not all(word.plain in text.small or word.plain in ordinary() for word in part)


def _organisation(text: Text, part: list[Word]) -> bool:
    if _FIRM.search(text.text[part[0].start : part[-1].end]) and len(part) > 1:
        return True
    capital = [word for word in part if word.capital]
    if eponym(text.text, part[0].start, part[-1].end):
        return False
    if len(part) == 1 and part[0].written.isupper() and len(part[0].written) <= _LONGEST_ACRONYM:
        return False
    return not any(word.plain in text.small for word in capital) and any(
        word.plain not in dictionary() for word in capital
    )


def _follows(text: Text, word: Word, after: Word) -> bool:
    between = text.text[word.end : after.start]
    return between == " " or (between == ". " and len(word.written) <= _LONGEST_TITLE)


def _institutions(text: Text) -> Iterator[Span]:
    """Yield "Hospital Universitario Virgen del Rocío": a word for an institution and the capitalised words after it."""
    ends = {word.start: n for n, word in enumerate(text.words)}
    for cue in _INSTITUTION.finditer(text.text):
        if cue.start() not in ends:
            continue
        n = last = ends[cue.start()]
        most = min(len(text.words), n + _MOST_WORDS)
        while n + 1 < most and _follows(text, text.words[n], text.words[n + 1]):
            n += 1
            if text.words[n].plain in _STREETS:
                break
            if text.words[n].capital:
                last = n
            elif text.words[n].written not in _JOINS:
                break
        if last > ends[cue.start()]:
            yield Span(cue.start(), text.words[last].end, "organisation", "organisation-name", Certainty.STATED)

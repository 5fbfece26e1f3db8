"""Names of places smaller than a country or a state, and of organisations."""

import re
from collections.abc import Iterable, Iterator

from accord.checks.personal.names_cues import eponym
from accord.checks.personal.names_lists import FIRMS, STREETS, lists
from accord.checks.personal.names_model import compound, dictionary, ordinary, plural
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
# at work in a country, or named for what they do
_PUBLIC = re.compile(
    r"(?i)\b(?:national|federal|american|international|world|state|european|u\.?s\.?|united states|administration"
    r"|ministry|ministerio|program|committee|agency|agencia|federation|network)\b|\b(?:of|for|on) "
)
_WORKPLACE = re.compile(
    r"(?i)\b(?:inc|ltd|llc|llp|plc|gmbh|ag|corp|co|s\.?a|s\.?l|bv|company|corporation|incorporated|limited|group|grupo"
    r"|bank|banco|university|universidad|universitat|college|school|hospital(?:ario)?|clinic|cl[íi]nica|partners"
    r"|solutions|systems|technologies|software|consulting|associates)\b"
)
_EMPLOYS = re.compile(r"\b(?:for|at|from|of|with|by|join(?:ed|ing)?|left|support|[Tt]he|and)[ ]$|, $")
_PLACED = re.compile(
    r"(?:\b(?:in|at|from|to|near|into|around|outside|via|through|between|towards?|across|visit(?:s|ed|ing)?"
    r"|left|leav(?:e|es|ing)|reach(?:es|ed|ing)?|(?:north|south|east|west|outskirts|people|city|town) of|city|town)"
    r"|\d,?|^[ \t>*]*)[ ]{0,2}$",
    re.MULTILINE,
)
_PLACE_AFTER = re.compile(r", [A-Z]{2}\b")
_ARTICLE = re.compile(r"(?:the )?(?:(?:democratic |people s |islamic )?(?:republic|state|kingdom|province) of )?")
_INSTITUTION = re.compile(
    r"\b(?:Hospital|Cl[íi]nica|Complej?o Hospitalario|Complexo Hospitalario|Centro(?: de Salud| Nacional)?"
    r"|Fundaci[óo]n?|Universidad|Universitat|Instituto?|Ambulatorio|Residencia|Colegio"
    r"|Asociaci[óo]n)(?= [A-ZÁÉÍÓÚÑ]| d[e'])"
)
_AFTER_ADDRESS = re.compile(r"[,.;]?[ \t]*(?:\r?\n)?[ \t>?,*]*(?:\d{4,6}[ ]|in |en )?")
_JOINS = frozenset({"de", "del", "la", "las", "los", "el", "y", "of", "for", "and", "the", "para", "i"})
_ENDS = frozenset({"c", "servicio"})
_STREET_GOES_ON = re.compile(r"[:/]|[.,]? ?\d")
_LONGEST_STATE = 3  # letters: "US", "U.S", "NSW"; and "St"
_LONGEST_TITLE = 2  # "Hospital Dr. Peset"
_NEAR = 30  # characters
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
            believed = _seen_place(text, part) if span.entity == "place" else _organisation(text, part)
            if believed:
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


def _seen_place(text: Text, part: list[Word]) -> bool:
    if text.text.endswith("/", 0, part[0].start) or all(plural(word.plain) for word in part):
        return False
    return _place(text, part) and (len(part) > 1 or _stands(text, part))


def _place(text: Text, part: list[Word]) -> bool:
    whole = " ".join(word.plain for word in part)
    if eponym(text.text, part[0].start, part[-1].end):
        return False
    if _STREET_GOES_ON.match(text.text, part[-1].end) or any(word.plain in FIRMS for word in part[:1]):
        return False
    if len(whole) <= _LONGEST_STATE or all(word.initial for word in part) or compound(part[-1].written):
        return False
    if _ARTICLE.sub("", whole) in lists().countries | lists().states:
        return False
    return not all(word.plain in text.small or word.plain in ordinary() for word in part)


def _stands(text: Text, part: list[Word]) -> bool:
    """Say whether a word stands where a place does, and not as a drug, a parasite or an illness does."""
    before = text.text[max(0, part[0].start - _NEAR) : part[0].start]
    return _PLACED.search(before) is not None or _PLACE_AFTER.match(text.text, part[-1].end) is not None


def _organisation(text: Text, part: list[Word]) -> bool:
    written = text.text[part[0].start : part[-1].end]
    if "\n" in written or all(word.acronym for word in part):
        return False
    if _FIRM.search(written) and len(part) > 1:
        return not _public(part, written)
    capital = [word for word in part if word.capital]
    if eponym(text.text, part[0].start, part[-1].end):
        return False
    if any(word.plain in text.small for word in capital) or all(word.plain in dictionary() for word in capital):
        return False
    if len(part) > 1 and not all(map(_common, capital)):
        return True
    return _EMPLOYS.search(text.text[max(0, part[0].start - _NEAR) : part[0].start]) is not None


def _common(word: Word) -> bool:
    return word.plain in dictionary() or plural(word.plain)


def _public(part: list[Word], written: str) -> bool:
    """Say whether a body serves a country or more, as a country does too: no one lives or is treated there.

    Nothing in its name is its own, and it is no hospital, school or firm: "Institute of Medicine", "U.S. Food Agency".
    """
    own = any(
        word.capital and not (word.initial or word.acronym or _common(word) or word.plain in lists().countries)
        for word in part
    )
    return not own and _WORKPLACE.search(written) is None and _PUBLIC.search(written) is not None


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
            if text.words[n].plain in STREETS or text.words[n].plain in _ENDS:
                break
            if text.words[n].capital:
                last = n
            elif text.words[n].written not in _JOINS:
                break
        if last > ends[cue.start()]:
            yield Span(cue.start(), text.words[last].end, "organisation", "organisation-name", Certainty.STATED)

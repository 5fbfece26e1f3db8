"""Numbers that only the words before them tell apart: records, insurances, accounts, licences, vehicles, devices."""

import re
from collections.abc import Iterator, Sequence

from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.stretches import holding, matches

# What stands for "number" between the words and the number itself, in the languages that have such a sign.
_NO = r"(?:numbers?|num(?:ero|éro|ber)?\.?|número|nummer|numero|no\.?|n[º°]|n\.[º°o]|nr\.?|code|código|ids?|#)"
_JOIN = (
    rf"[ \t]{{0,3}}(?:\([A-Z]{{2,5}}\) ?)?(?:{_NO})?[ \t]{{0,3}}(?:{_NO})?[ \t]{{0,2}}"
    r"(?:(?:is|was|are|es|ist|lautet|est|è|é):? )?[\s:#=]{0,4}"
)
_VALUE = (
    r"(?:nhc[-/ ]{1,2})?(?P<value>(?:(?-i:[A-Z]{1,4})[-/ ]?)?\d[\dA-Z]{0,20}"
    r"(?:[-/.][\dA-Z]{1,12}){0,5}(?: \d{1,12}(?![\w/-])){0,4})"
)
_LEAST_DIGITS = 4

# (rule, entity, words that are enough, words that need a "number", a sign or a colon behind them)
_KINDS = (
    (
        "medical-record",
        (
            r"MRN|medical records?|patient[- ]id(?:entifier)?|hospital (?:record|id)|chart (?:no\.?|number)|N\.?H\.?C"
            r"|CIPA|CIP|NUHSA"
            r"|historia cl[ií]nica|n[º°] (?:de )?historia|NHS|IPP|encounter (?:id|number)|visit number"
            r"|病历号|住院号|门诊号"
        ),
        (
            r"patient|episodio|episode|accession|specimen|encounter|h\.?c|historia|patientennummer|fallnummer"
            r"|aktenzeichen"
            r"|dossier|cartella clinica|record"
        ),
    ),
    (
        "health-plan",
        (
            r"NASS|N\.?U?SS|member id|subscriber id|beneficiary (?:id|number)|health plan (?:id|number)|KVNR|CITE|TSI"
            r"|MBI|HICN"
        ),
        (
            r"policy|insurance|member|subscriber|medicaid|medicare|group|p[óo]liza|seguro|versicherten?(?:nummer)?"
            r"|mutuelle|polizza"
        ),
    ),
    (
        "national-id",
        (
            r"SSN|social security|N\.?I\.?F|D\.?N\.?I|N\.?I\.?E|BSN|PESEL|CURP|CPF|Aadhaar"
            r"|steuer-?id(?:entifikationsnummer)?"
            r"|passports?|pasaporte|reisepass|passeport|codice fiscale|身份证号?码?"
        ),
        r"national id|identity card|tax id|personalausweis",
    ),
    (
        "licence-number",
        (
            r"driv(?:er|ing)'?s? licen[cs]e|driver'?s license's|DLN?|n\.?[º°o]? ?col(?:egiad[oa])?\.?|NPI|DEA"
            r"|permiso de conducir"
            r"|f[üu]hrerschein|permis de conduire|patente di guida"
        ),
        r"licen[cs]e|certificate|registration|permit|colegiad[oa]|col\.",
    ),
    ("vehicle-id", r"VIN|licen[cs]e plates?|plate number|matr[íi]cula|kennzeichen|immatriculation", r"plate|chassis"),
    ("device-id", r"serial (?:no\.?|number)|device id|UDI|IMEI", r"S/N(?= ?[:#])|serial|implant|lot|device|pacemaker"),
    (
        "account-number",
        r"account (?:no\.?|number)|acct|bank account|kontonummer|kto|n[úu]mero de cuenta|num[ée]ro de compte",
        r"account|konto|cuenta|compte|conto|conta",
    ),
)


def _pattern(enough: str, weak: str) -> re.Pattern[str]:
    named = rf"(?:{enough}){_JOIN}"
    called = rf"(?:{weak})[ \t]{{0,3}}(?:{_NO}[ \t]{{0,2}}(?:(?:is|es|ist|est) )?[:#=]?|[:#]|[ \t]is:?)[ \t]{{0,3}}"
    return re.compile(rf"(?<!\w)(?:{named}|{called})(?<![A-Za-z\d]){_VALUE}(?!\w)", re.IGNORECASE)


_PATTERNS = tuple((rule, _pattern(enough, weak)) for rule, enough, weak in _KINDS)
_FOUR_DIGITS = re.compile(r"[0-9](?:[^0-9\n,;:()]{0,90}[0-9]){3}")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = re.compile(rf"(?:{_DAY}[/.-]{_MONTH}|{_MONTH}[/.-]{_DAY})[/.-](?:\d{{2}}){{1,2}}")


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the numbers in a folded text that the words before them name."""
    within = holding(_FOUR_DIGITS, text, within)
    for rule, pattern in _PATTERNS if within else ():
        for found in matches(pattern, text, within):
            value = found["value"].rstrip(" .-/")
            if (
                sum(map(str.isdigit, value)) >= _LEAST_DIGITS
                and not _YEAR.fullmatch(value)
                and not _DATE.fullmatch(value)
            ):
                start = found.start("value")
                yield Span(start, start + len(value), rule, rule, Certainty.STATED)

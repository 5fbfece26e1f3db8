"""Which of our rules answer the labels of the usual collections of texts with marked personal data."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from accord.checks.personal.measuring import LABELS

_PERSON, _PLACE, _ORGANISATION = (frozenset({f"{kind}-name"}) for kind in ("person", "place", "organisation"))
_ADDRESS, _PHONE, _DATE = LABELS["ADDRESS"], LABELS["PHONE_NUMBER"], LABELS["DATE_TIME"]
# Beside those that are measured here: i2b2/UTHealth 2014 and n2c2, MEDDOCAN, CoNLL and OntoNotes, Presidio.
_OTHERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("PERSON", "PER", "NAME", "PATIENT", "DOCTOR", "FIRST_NAME", "LAST_NAME"), _PERSON),
    **dict.fromkeys(("NOMBRE_SUJETO_ASISTENCIA", "NOMBRE_PERSONAL_SANITARIO"), _PERSON),
    **dict.fromkeys(("LOCATION", "LOC", "GPE", "CITY", "STATE", "COUNTRY", "PAIS", "LOCATION_OTHER"), _PLACE),
    "TERRITORIO": _ADDRESS | _PLACE,
    **dict.fromkeys(("ORGANIZATION", "ORG", "HOSPITAL", "INSTITUCION"), _ORGANISATION),
    **dict.fromkeys(("STREET", "ZIP", "POSTCODE", "ZIPCODE"), _ADDRESS),
    **dict.fromkeys(("PHONE", "TELEPHONE", "FAX"), _PHONE),
    **dict.fromkeys(("DATE", "DOB", "DATE_OF_BIRTH"), _DATE),
    "EMAIL": frozenset({"email"}),
    "IPADDRESS": frozenset({"ip"}),
    "SSN": LABELS["US_SSN"],
    "IDNUM": frozenset({"medical-record", "account-number", *LABELS["US_SSN"]}),
    "MEDICALRECORD": frozenset({"medical-record"}),
    "HEALTHPLAN": frozenset({"health-plan"}),
    "ACCOUNT": frozenset({"account-number", "iban"}),
    "LICENSE": frozenset({"licence-number"}),
    "VEHICLE": frozenset({"vehicle-id"}),
    "DEVICE": frozenset({"device-id"}),
    "MEDICAL_LICENSE": frozenset({"licence-number"}),
    "US_ITIN": frozenset({"us-itin"}),
    "ES_NIF": frozenset({"es-dni"}),
    "ES_NIE": frozenset({"es-nie"}),
}
# The rules that find what is not called as its rule.
_RULES: Mapping[str, tuple[str, ...]] = {
    "address": ("street-address",),
    "age": ("age", "age-over-89"),
    "card": ("payment-card",),
    "date": ("date-of-life", "exact-date"),
    "email": ("email-address",),
    "fax": ("fax-number",),
    "iban": ("bank-account",),
    "ip": ("ip-address",),
    "phone": ("phone-number",),
    "postcode": ("postal-code",),
    "url": ("web-address",),
    **dict.fromkeys(("us-ssn", "es-nass"), ("social-security-number",)),
    **dict.fromkeys(("us-itin", "es-dni", "es-nie"), ("national-id",)),
}
# Safe Harbor takes places smaller than a state, and all of a date but its year, 45 CFR 164.514(b)(2)(i)(B) and (C); a
# weekday alone is no date.
_LARGE = frozenset({"COUNTRY", "PAIS", "STATE"})
_NO_DATE = re.compile(r"(?:(?:the |in )?year |año )?\d{4}|(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)


@cache
def known_labels(rules: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Return what each known label stands for, as the names of rules and entities, by its ``spelled`` form.

    Beside the labels of collections these are the entities and the ``rules`` (their names) themselves. A label that
    none of the ``rules`` could answer is left out.
    """
    entities = {entity for wanted in LABELS.values() for entity in wanted}
    own = {name: frozenset({name}) for name in (*sorted(entities), *rules)}
    absent = (_PERSON | _PLACE | _ORGANISATION) - set(rules)
    meant = {spelled(label): wanted - absent for label, wanted in (own | dict(LABELS) | dict(_OTHERS)).items()}
    return {label: wanted for label, wanted in meant.items() if wanted}


def rules_for(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the rules that find what a label stands for, as ``known_labels`` gives it."""
    return tuple(sorted({rule for one in wanted for rule in _RULES.get(one, (one,))}))


def spelled(label: str) -> str:
    """Return a label as it is compared: in capitals, its words joined by underscores."""
    return "_".join(label.upper().replace("-", " ").replace("_", " ").split())


def names_nobody(label: str, wanted: frozenset[str], words: str) -> bool:
    """Whether a mark is a country or a state, or stands for a date and is no more than a year or the day of a week."""
    if spelled(label) in _LARGE:
        return wanted <= _PLACE
    return wanted == _DATE and _NO_DATE.fullmatch(words.strip()) is not None

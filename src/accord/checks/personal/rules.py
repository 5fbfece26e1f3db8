"""The rules for personal data with a form: what each looks for, how serious it is, and which law names it."""

from collections.abc import Iterator
from functools import lru_cache

from accord.checks.personal.finding import find_spans
from accord.checks.personal.spans import Span
from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark


@lru_cache(maxsize=4)
def spans_of(texts: tuple[str, ...]) -> tuple[list[Span], ...]:
    """Return the spans of the messages of one example, which all rules read one after another."""
    return tuple(find_spans(text) for text in texts)


def _find(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    texts = tuple(message.content for message in content.messages)
    for message, spans in enumerate(spans_of(texts)):
        for span in spans:
            if span.rule == rule.name:
                yield rule.at(message, span.start, span.end, entity=span.entity)


def _rule(name: str, severity: Severity, title: str, sentence: str, source: str) -> Rule:
    return Rule(
        name=name, kind=Kind.PERSONAL, severity=severity, title=title, sentence=sentence, source=source, find=_find
    )


_SAFE_HARBOR = "HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)"

RULES = (
    _rule(
        "email-address",
        Severity.ERROR,
        mark("E-mail address"),
        mark("This is an e-mail address."),
        f"{_SAFE_HARBOR}(F)",
    ),
    _rule(
        "phone-number",
        Severity.ERROR,
        mark("Telephone number"),
        mark("This looks like a telephone number."),
        f"{_SAFE_HARBOR}(D); E.164 and the national numbering plans in phonenumbers",
    ),
    _rule(
        "fax-number", Severity.ERROR, mark("Fax number"), mark("This looks like a fax number."), f"{_SAFE_HARBOR}(E)"
    ),
    _rule(
        "social-security-number",
        Severity.ERROR,
        mark("Social security number"),
        mark("This has the form of a social security number ({entity})."),
        f"{_SAFE_HARBOR}(G); the checksums in python-stdnum",
    ),
    _rule(
        "national-id",
        Severity.ERROR,
        mark("National identity number"),
        mark("This has the form of a person's national number ({entity})."),
        "GDPR, articles 4(1) and 87; the checksums in python-stdnum",
    ),
    _rule(
        "payment-card",
        Severity.ERROR,
        mark("Payment card number"),
        mark("This looks like the number of a payment card."),
        f"{_SAFE_HARBOR}(J); ISO/IEC 7812",
    ),
    _rule(
        "bank-account",
        Severity.ERROR,
        mark("Bank account (IBAN)"),
        mark("This is a bank account number."),
        f"{_SAFE_HARBOR}(J); ISO 13616",
    ),
    _rule(
        "account-number",
        Severity.ERROR,
        mark("Account number"),
        mark("The text calls this an account number."),
        f"{_SAFE_HARBOR}(J)",
    ),
    _rule(
        "medical-record",
        Severity.ERROR,
        mark("Medical record number"),
        mark("The text calls this the number of a patient or a record."),
        f"{_SAFE_HARBOR}(H)",
    ),
    _rule(
        "health-plan",
        Severity.ERROR,
        mark("Insurance number"),
        mark("The text calls this the number of an insurance or a plan."),
        f"{_SAFE_HARBOR}(I)",
    ),
    _rule(
        "licence-number",
        Severity.ERROR,
        mark("Licence or certificate number"),
        mark("The text calls this the number of a licence or certificate."),
        f"{_SAFE_HARBOR}(K)",
    ),
    _rule(
        "vehicle-id",
        Severity.ERROR,
        mark("Vehicle number"),
        mark("This looks like the number of a vehicle or its plate."),
        f"{_SAFE_HARBOR}(L); 49 CFR 565.15",
    ),
    _rule(
        "device-id",
        Severity.ERROR,
        mark("Device number"),
        mark("This looks like the number of a device."),
        f"{_SAFE_HARBOR}(M)",
    ),
    _rule(
        "street-address",
        Severity.ERROR,
        mark("Street address"),
        mark("This looks like a street address or a post box."),
        f"{_SAFE_HARBOR}(B)",
    ),
    _rule(
        "postal-code",
        Severity.WARNING,
        mark("Postal code"),
        mark("This looks like a postal code."),
        f"{_SAFE_HARBOR}(B)",
    ),
    _rule(
        "date-of-life",
        Severity.WARNING,
        mark("Date in a person's life"),
        mark("This is the date of a birth, a stay or a death, more exact than its year."),
        f"{_SAFE_HARBOR}(C)",
    ),
    _rule(
        "age-over-89",
        Severity.WARNING,
        mark("Age over 89"),
        mark("Ages over 89 tell who someone is."),
        f"{_SAFE_HARBOR}(C)",
    ),
    _rule("web-address", Severity.WARNING, mark("Web address"), mark("This is a web address."), f"{_SAFE_HARBOR}(N)"),
    _rule("ip-address", Severity.WARNING, mark("IP address"), mark("This is an IP address."), f"{_SAFE_HARBOR}(O)"),
    _rule(
        "exact-date",
        Severity.NOTE,
        mark("Exact date"),
        mark("This date is more exact than its year: does it belong to a person?"),
        f"{_SAFE_HARBOR}(C)",
    ),
    _rule(
        "age",
        Severity.NOTE,
        mark("Age of a person"),
        mark("This is the age of one person."),
        f"{_SAFE_HARBOR}(C) counts those over 89",
    ),
)

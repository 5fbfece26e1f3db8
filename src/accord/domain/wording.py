"""Every sentence a person reads passes here: one gettext catalogue for all rooms, templates with parameters."""

import gettext
from importlib import resources

_DOMAIN = "accord"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(*languages: str) -> None:
    """Load the catalogue of the first of ``languages`` that exists; English, which is in the code, otherwise."""
    global _catalogue  # noqa: PLW0603  (one process speaks one language)
    folder = str(resources.files("accord") / "resources" / "locale")
    _catalogue = gettext.translation(_DOMAIN, folder, languages=list(languages) or None, fallback=True)


def _(template: str, **params: object) -> str:
    """Return ``template`` in the user's language with its ``{named}`` parameters filled in."""
    text = _catalogue.gettext(template)
    return text.format(**params) if params else text


def mark(template: str) -> str:
    """Mark a sentence of a table for the catalogue; ``_`` translates it where it is shown."""
    return template


def plural(one: str, many: str, n: int, **params: object) -> str:
    """Return the form of the template that fits the count ``n``, which is also the parameter ``{n}``."""
    return _catalogue.ngettext(one, many, n).format(n=number(n), **params)


def number(n: int) -> str:
    """Return an integer with thin spaces between thousands, as every figure on the screen is written."""
    return f"{n:,}".replace(",", "\u202f")


def percent(share: float) -> str:
    """Return a share in [0, 1] as a percentage without decimals; ``>99%`` of one that only rounds to all."""
    said = f"{share * 100:.0f}%"
    return ">99%" if said == "100%" and share < 1 else said


def decimals(value: float, places: int = 2) -> str:
    """Return a coefficient with so many decimals: never as minus zero, and as ``>0.99`` where it only rounds to 1."""
    nearly = value < 1 and round(value, places) >= 1
    return f">{1 - 10**-places:.{places}f}" if nearly else f"{value:z.{places}f}"


def between(low: float, high: float, places: int = 2) -> str:
    """Return an interval of a coefficient: ``[0.60, 0.82]``."""
    return f"[{decimals(low, places)}, {decimals(high, places)}]"

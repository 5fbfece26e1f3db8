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
    """Return a share in [0, 1] as a percentage without decimals."""
    return f"{share * 100:.0f}%"

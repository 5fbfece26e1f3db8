"""What the large button says: what is missing, else how much is asked for at what cost."""

from decimal import Decimal

from accord.domain.chat import Trouble
from accord.domain.wording import _, plural
from accord.gui.pages.generate.consent_form import ConsentForm
from accord.gui.pages.generate.preparing import Preparing
from accord.gui.pages.generate.who_card import WhoCard
from accord.gui.pages.generate.words import dollars
from accord.workflows.generating import Lack, Prepared


def missing_for(*, recipe: str, who: WhoCard, preparing: Preparing, consent: ConsentForm) -> str:
    """Return what is missing before anything can be asked, in a few words; empty when nothing is."""
    if not recipe:
        return _("Choose what to ask for first")
    if who.current() is None:
        return _("Add a connection first")
    if not who.model.value():
        return _("Choose a model first")
    if problem := who.problem():
        return problem
    found = preparing.prepared
    if preparing.refusal:
        return preparing.refusal.split(". ", maxsplit=1)[0].rstrip(".")
    if preparing.working or found is None:
        return _("Preparing the questions…")
    return _lacking(found, consent)


def _lacking(found: Prepared, consent: ConsentForm) -> str:
    if Trouble.UNLOOKED in found.held:
        return _("Say first why it may be sent although names cannot be looked for here")
    if Lack.QUESTION in found.lacks:
        return _("No question is left that may be sent")
    if Lack.KEY in found.lacks:
        return _("Enter the key of the connection first")
    if found.most is None:
        return _("Enter the price of the model first")
    if not found.here and not consent.purpose.text().strip():
        return _("Say first what it is sent for")
    if not found.here and not consent.terms.isChecked():
        return _("Accept the provider's terms first")
    if found.most > 0 and consent.budget_value() is None:
        return _("Enter a budget first")
    return ""


def asking_for(found: Prepared, budget: Decimal | None) -> str:
    """Return what the button does."""
    candidates = plural("Ask for {n} candidate", "Ask for {n} candidates", found.candidates)
    if not found.most:
        return candidates
    return _(
        "{candidates}, at most {sum}", candidates=candidates, sum=dollars(found.most if budget is None else budget)
    )

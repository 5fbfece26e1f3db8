"""How what a model made is told wherever an example is shown: marked for ever, with where it came from."""

from collections.abc import Mapping, Sequence

from accord.domain.wording import _

#: The service's reply as it came: long, and shown apart.
RESPONSE = "response"
_MADE = frozenset({"model", "recipe", "run"})  # what is beside each row that a run brought


def drafted_by(model: str) -> str:
    """Return how what a model made is marked."""
    return _("drafted by {model}", model=model) if model else _("drafted by a model")


def told(metadata: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return what a row says beside its text as (label, value); of what a run brought, in words and in order."""
    if not metadata.keys() >= _MADE:
        return list(metadata.items())
    titles = _titles()
    known = [(title, metadata[name]) for name, title in titles.items() if metadata.get(name)]
    others = [(name, value) for name, value in metadata.items() if name not in titles and name != RESPONSE]
    return known + others


def response_of(metadata: Mapping[str, str]) -> str:
    """Return the service's reply as it came, empty where the row is of no run."""
    return metadata.get(RESPONSE, "") if metadata.keys() >= _MADE else ""


def _titles() -> Mapping[str, str]:
    return {
        "model": _("Model"),
        "asked_of": _("Asked of"),
        "service": _("Service"),
        "recipe": _("Recipe"),
        "recipe_version": _("Version of the recipe"),
        "parameters": _("Parameters"),
        "run": _("Run"),
        "item": _("Question"),
        "seed": _("Started from"),
        "shown": _("Examples shown"),
        "passage": _("Passage"),
        "place": _("Place"),
        "critique": _("Critique"),
        "fault": _("Fault"),
        "cost_usd": _("Cost, US dollars"),
        "prompt_tokens": _("Tokens read"),
        "answer_tokens": _("Tokens written"),
        "request_id": _("Request id"),
        "invented_left": _("Invented data that may stand in it"),
        "asked": _("Hash of the question"),
    }

"""A model's reply as drafts of candidates: strictly read, and of the form that the recipe and the project ask for."""

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.domain.chat import Answer, ChatService, Failure, Offered, Question, Trouble
from accord.domain.generation import Draft, Drafts
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.recipes import Makes, Recipe, Takes
from accord.domain.wording import _
from accord.formats import reply_schema
from accord.formats.answers import answer_problem, value_problem
from accord.formats.failures import RowProblem
from accord.formats.strict_json import load_row

# Models put JSON into a block of Markdown where a service does not hold them to the form.
_BLOCK = re.compile(r"```(?:json)?[ \t]*\r?\n(.*?)\r?\n?```", re.DOTALL)
_PLAIN = {"type": "string"}


class WrongForm(Exception):
    """A reply of which nothing can be used, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a reply holds: drafts that can be used, and of each that cannot the reason."""

    drafts: Drafts
    refused: Sequence[str] = ()


def form(recipe: Recipe, settings: ProjectSettings) -> Mapping[str, Any]:
    """Return the JSON schema that a reply is asked for: the recipe's, with the project's own form of an answer in it.

    The project's form is said as services can hold a model to it (``reply_schema``); where it cannot be, what comes is
    compared with it all the same.
    """
    own = _own_answer(settings)
    if own is None or recipe.makes is Makes.RECORDED:
        return recipe.schema
    answer, defined = own
    given = {name: part for name, part in recipe.schema.items() if name != "$defs"}
    found: dict[str, Any] = _placed(given, answer)
    defined = {**recipe.schema.get("$defs", {}), **defined}
    return found | {"$defs": defined} if defined else found


def _own_answer(settings: ProjectSettings) -> tuple[dict[str, Any], dict[str, Any]] | None:
    if settings.answer_kind is AnswerKind.LIST and settings.choices:
        return {"type": "string", "enum": [choice.label for choice in settings.choices]}, {}
    if settings.answer_kind is AnswerKind.JSON and settings.answer_schema:
        return reply_schema.strict(settings.answer_schema)
    return None


def _placed(schema: Any, own: Mapping[str, Any]) -> Any:
    """Return a schema in which each property “answer” that is plain text is of the project's form, as that stands."""
    if isinstance(schema, Mapping):
        return {
            name: (own if part == _PLAIN else part) if name == "answer" else _placed(part, own)
            for name, part in schema.items()
        }
    return [_placed(part, own) for part in schema] if isinstance(schema, list) else schema


def read(text: str, recipe: Recipe, settings: ProjectSettings) -> Read:
    """Return what a reply holds. Raises WrongForm where that is nothing, though there had to be something."""
    if recipe.makes is Makes.RECORDED:
        return Read(drafts=(Draft(answer=text),))
    value = _value(text)
    problem = value_problem(value, json.dumps(dict(form(recipe, settings)), sort_keys=True))
    if problem is not None:
        raise WrongForm(problem)
    drafts: list[Draft] = []
    refused: list[str] = []
    for draft in _MAKING[recipe.makes](_dense(value, settings)):
        fault = _fault(draft, recipe.makes, settings)
        if fault is None:
            drafts.append(draft)
        else:
            refused.append(fault)
    if refused and not drafts:
        raise WrongForm(refused[0])
    if not drafts and recipe.takes is not Takes.PASSAGE:  # a passage may answer nothing that somebody would ask
        raise WrongForm(_("The reply is an empty list."))
    return Read(drafts=tuple(drafts), refused=tuple(refused))


def _dense(value: Any, settings: ProjectSettings) -> Any:
    """Return a reply in which what is absent of an answer is not there, rather than null."""
    if isinstance(value, dict):
        return {
            name: reply_schema.without_absent(part, settings.answer_schema)
            if name == "answer" and not isinstance(part, str)
            else _dense(part, settings)
            for name, part in value.items()
        }
    return [_dense(part, settings) for part in value] if isinstance(value, list) else value


def with_texts(text: str, change: Callable[[str], str]) -> str:
    """Return a reply each text of which was changed: not the JSON itself, which what is put in could break.

    Raises WrongForm where the reply is no JSON.
    """
    return json.dumps(_changed(_value(text), change), ensure_ascii=False)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _changed(part, change) for name, part in value.items()}
    return [_changed(part, change) for part in value] if isinstance(value, list) else value


def _value(text: str) -> Any:
    bare = text.strip("\ufeff \t\r\n")
    block = _BLOCK.fullmatch(bare)
    try:
        return load_row((block[1] if block else bare).encode("utf-8", "surrogatepass"))
    except RowProblem as problem:
        raise WrongForm(problem.reason) from None


def _fault(draft: Draft, makes: Makes, settings: ProjectSettings) -> str | None:
    """Return why a draft cannot be used: a text that is blank, or an answer that is none for this project."""
    if makes in _WITH_REQUEST and not draft.request.strip():
        return _("A request is blank.")
    if makes not in _WITH_ANSWER:
        return None
    if not draft.answer.strip():
        return _("An answer is blank.")
    return answer_problem(draft.answer, settings)


def _answer(value: Any) -> list[Draft]:
    return [Draft(answer=_text(_field(value, "answer")))]


def _pairs(value: Any) -> list[Draft]:
    return [
        Draft(request=_string(_field(pair, "request")), answer=_text(_field(pair, "answer")))
        for pair in _list(value, "pairs")
    ]


def _requests(value: Any) -> list[Draft]:
    return [Draft(request=_string(request)) for request in _list(value, "requests")]


def _revision(value: Any) -> list[Draft]:
    return [Draft(answer=_text(_field(value, "answer")), facts={"critique": _string(_field(value, "critique"))})]


def _worse(value: Any) -> list[Draft]:
    return [Draft(answer=_text(_field(value, "answer")), facts={"fault": _string(_field(value, "fault"))})]


_MAKING: Mapping[Makes, Callable[[Any], list[Draft]]] = {
    Makes.ANSWER: _answer,
    Makes.PAIRS: _pairs,
    Makes.REQUESTS: _requests,
    Makes.PARAPHRASES: _requests,
    Makes.REVISION: _revision,
    Makes.WORSE: _worse,
}
_WITH_REQUEST = frozenset({Makes.PAIRS, Makes.REQUESTS, Makes.PARAPHRASES})
_WITH_ANSWER = frozenset({Makes.ANSWER, Makes.PAIRS, Makes.REVISION, Makes.WORSE})


def _field(value: Any, name: str) -> Any:
    # A recipe's own schema may not ask for what its drafts are made of.
    if not isinstance(value, dict) or name not in value:
        raise WrongForm(_("The reply has no “{name}”.", name=name))
    return value[name]


def _list(value: Any, name: str) -> list[Any]:
    found = _field(value, name)
    if not isinstance(found, list):
        raise WrongForm(_("“{name}” is no list in the reply.", name=name))
    return found


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongForm(_("The reply has something else where a text should be."))
    return value


def _text(value: Any) -> str:
    """Return an answer as text: one of the project's JSON form comes as a value."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Formed:
    """A chat service whose answers are of a recipe's form: any other is a failure, so that it is asked once more."""

    def __init__(self, service: ChatService, recipe: Recipe, settings: ProjectSettings) -> None:
        """Wrap a service for the questions of one recipe."""
        self._service, self._recipe, self._settings = service, recipe, settings

    def models(self) -> Sequence[Offered] | Failure:
        """Return what the service lists."""
        return self._service.models()

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:
        """Ask once, and look at the form of what comes."""
        outcome = self._service.ask(question, stop)
        if isinstance(outcome, Failure):
            return outcome
        try:
            read(outcome.text, self._recipe, self._settings)
        except WrongForm as wrong:
            return Failure(
                trouble=Trouble.WRONG_FORM,
                said=str(wrong),
                usage=outcome.usage,
                request_id=outcome.request_id,
                room=outcome.room,
                seconds=outcome.seconds,
            )
        return outcome

    def close(self) -> None:
        """Close the connections that are held open."""
        self._service.close()

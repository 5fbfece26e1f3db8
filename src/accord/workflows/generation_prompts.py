"""What a model is told: a recipe filled with the project's own words and the texts that stand, each in its fence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accord.checks import languages
from accord.domain.batches import batched
from accord.domain.content import Content, Role
from accord.domain.generation import Start
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.recipes import Makes, Recipe, Takes, fence
from accord.domain.releases import InstructionMode
from accord.formats import reply_schema
from accord.jobs import call_in_worker
from accord.storage import generated, listing
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows.generation_recorded import conversation
from accord.workflows.generation_shown import accepted, first_of

Messages = tuple[Mapping[str, str], ...]
"""What a model is told: the role and the content of each message."""

_SAMPLE = 40  # accepted examples whose language is looked at
_MEMORY_MB = 1024
_UNSAID = "(not stated)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all questions of a run have in common: the project's decisions, and the language to write in."""

    settings: ProjectSettings
    language: str = ""


def shared(*, project: Project, recipe: Recipe) -> Shared:
    """Return what all questions of a run with this recipe have in common; a language to be found takes seconds."""
    with project.read() as view:
        settings = project_settings.current(view)
        if "language" not in recipe.places:
            return Shared(settings=settings)
        sample = first_of(accepted(view, barred=generated.kept_from_models(view)), "language", _SAMPLE)
        texts = [f"{content.request}\n{content.answer}" for content in listing.texts(view, sample).values()]
    language = call_in_worker(languages.spoken, (settings.checks.languages, texts), memory_mb=_MEMORY_MB)
    return Shared(settings=settings, language=language)


def messages(view: View, recipe: Recipe, starts: Sequence[Start], shared: Shared) -> list[Messages]:
    """Return what a model is told for each start, in their order; the texts are those that stand now.

    Texts of the data stand between the tags of a fence that none of them can close, and are never read as a part of
    the recipe. Raises KeyError where an example is gone.
    """
    return [told for part in batched(starts) for told in _part(view, recipe, part, shared)]


def _part(view: View, recipe: Recipe, starts: Sequence[Start], shared: Shared) -> Iterator[Messages]:
    numbers = {seq for start in starts for seq in (start.seed, *start.shown) if seq is not None}
    texts = listing.texts(view, sorted(numbers))
    described = {tag.name: tag.description for tag in shared.settings.tags}
    for start in starts:
        if recipe.takes is Takes.CONVERSATION and start.seed is not None:
            yield conversation(texts[start.seed], shared.settings)
            continue
        yield recipe.messages(_Values(recipe, start, shared, texts, described).all())


class _Values:
    """What is put into the places of a recipe for one start."""

    def __init__(
        self,
        recipe: Recipe,
        start: Start,
        shared: Shared,
        texts: Mapping[int, Content],
        described: Mapping[str, str],
    ) -> None:
        self._start, self._makes, self._shared = start, recipe.makes, shared
        self._seed = None if start.seed is None else texts[start.seed]
        self._shown = [texts[seq] for seq in start.shown] if "examples" in recipe.places else []
        self._described = described
        self._fence = ""

    def all(self) -> dict[str, str]:
        """Return the values by their names; what may be lacking comes with its title and its fence, or not at all."""
        settings, start, seed = self._shared.settings, self._start, self._seed
        plain = {
            "goal": _line(settings.charter.goal) or _UNSAID,
            "guideline": settings.guideline.strip() or _UNSAID,
            "language": self._shared.language or "that of the examples",
            "count": str(start.count),
            "tag": _line(start.tag),
            "tag_description": _line(self._described.get(start.tag, "")),
            "request": "" if seed is None else seed.request,
            "answer": "" if seed is None else seed.answer,
            "passage": "" if start.passage is None else start.passage.text,
            "source": "" if start.passage is None else _line(start.passage.place),
        }
        earlier, instruction, form = self._earlier(), self._instruction(), answer_form(settings)
        shown = [text for one in self._shown for text in (one.request, one.answer)]
        self._fence = fence([*plain.values(), earlier, instruction, form, *shown])
        return plain | {
            "fence": self._fence,
            "earlier": self._block("What was said before:", earlier),
            "instruction": self._block("Whoever learns from the answers is told this:", instruction),
            "form": self._block("The form of an answer:", form),
            "examples": "\n".join(self._examples()),
        }

    def _block(self, title: str, text: str) -> str:
        return f"{title}\n<{self._fence}>\n{text}\n</{self._fence}>" if text.strip() else ""

    def _examples(self) -> Iterator[str]:
        """Yield the accepted examples; only their requests where requests alone are to be written."""
        for one in self._shown:
            yield self._block("A request that experts accepted:", one.request)
            if self._makes is not Makes.REQUESTS:
                yield self._block("Its accepted answer:", one.answer)

    def _earlier(self) -> str:
        """Return the turns around the request, each with who speaks."""
        seed = self._seed
        if seed is None:
            return ""
        end = len(seed.messages) if seed.answer_index is None else seed.answer_index
        turns = [m for i, m in enumerate(seed.messages[:end]) if i != seed.request_index and m.role is not Role.SYSTEM]
        return "\n".join(f"{m.role.value}: {text}" for m in turns if (text := _said(m.content, m.extra)))

    def _instruction(self) -> str:
        """Return the system message that the example will have in a release."""
        settings = self._shared.settings
        own = "" if self._seed is None else self._seed.system
        if settings.instruction_mode is InstructionMode.KEEP:
            return own
        replaces = settings.instruction_mode is InstructionMode.REPLACE and settings.instruction
        return settings.instruction if replaces else own or settings.instruction


def _said(content: str, extra: Mapping[str, object] | None) -> str:
    calls = (extra or {}).get("tool_calls")
    return "\n".join(part for part in (content, json.dumps(calls, ensure_ascii=False) if calls else "") if part)


def _line(text: str) -> str:
    """Return a text as one line: where it stands, it can be no paragraph of its own."""
    return " ".join(text.split())


def answer_form(settings: ProjectSettings) -> str:
    """Return what an answer has to look like for this project, for a model to read; empty for free text."""
    if settings.answer_kind is AnswerKind.LIST and settings.choices:
        labels = "\n".join(choice.label for choice in settings.choices)
        return f"One of these lines, in these very words:\n{labels}"
    if settings.answer_kind is AnswerKind.JSON and settings.answer_schema:
        schema = json.dumps(dict(settings.answer_schema), ensure_ascii=False)
        how = (
            "written as a text"
            if reply_schema.strict(settings.answer_schema) is None
            else "as JSON itself, not as a text"
        )
        return f"JSON by this schema, {how}:\n{schema}"
    return ""

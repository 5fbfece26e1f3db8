"""The formats a release can be exported in, and the settings of the form with good defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.domain.releases import ReleasePlan
from accord.domain.wording import _

FORMATS = ("openai", "alpaca", "sharegpt", "prompt-completion", "preference", "csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the form holds; shares and thresholds in percent, ``semantic`` 0 for what the project's rules say.

    ``generated``: what a model made may be held out too.
    """

    format_name: str = "openai"
    folder: str = ""
    heldout: int = 15
    validation: int = 10
    seed: int = 0
    threshold: int = 80
    semantic: int = 0
    generated: bool = False

    @property
    def plan(self) -> ReleasePlan:
        """Return how to make the release."""
        return ReleasePlan(
            heldout=self.heldout / 100,
            validation=self.validation / 100,
            seed=self.seed,
            threshold=self.threshold / 100,
            semantic_threshold=self.semantic / 100 if self.semantic else None,
            generated_heldout=self.generated,
        )


def remembered(values: Mapping[str, Any], project_file: Path) -> Settings:
    """Read what was kept of the last export; anything that cannot be is the default."""
    usual = Settings(folder=str(project_file.parent / f"{project_file.stem} exports"))
    fields = {name: getattr(usual, name) for name in Settings.__dataclass_fields__}
    kept = {name: value for name, value in values.items() if name in fields and type(value) is type(fields[name])}
    found = Settings(**{**fields, **kept})
    return found if found.format_name in FORMATS and found.heldout + found.validation < 100 else usual


def format_title(name: str) -> str:
    """Return a format's name on the screen."""
    return {
        "openai": _("OpenAI chat"),
        "alpaca": _("Alpaca"),
        "sharegpt": _("ShareGPT"),
        "prompt-completion": _("Prompt and completion"),
        "preference": _("Preference pairs"),
        "csv": _("CSV table"),
    }[name]


def format_sentence(name: str) -> str:
    """Return one sentence on when to choose a format."""
    return {
        "openai": _("One conversation a line, as the OpenAI service and most others take it."),
        "alpaca": _("Instruction, input and output: the usual choice for one question and one answer."),
        "sharegpt": _("Whole conversations with several turns, as many open training programs read them."),
        "prompt-completion": _("One prompt and one completion a line, as older services take it."),
        "preference": _("The better answer against the worse: an edit against the original, or the rejected answer."),
        "csv": _("A table to read or to share; it can be imported again without loss."),
    }[name]

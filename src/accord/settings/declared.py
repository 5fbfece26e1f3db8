"""Every setting of this machine, declared once; dialog, command line and documentation derive from this list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from accord.domain.wording import _, mark

Scope = Literal["machine", "project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value that a setting may have, and its name on the screen."""

    value: str
    template: str

    @property
    def label(self) -> str:
        """Return the option's name in the user's language."""
        return _(self.template)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. ``low`` and ``high`` bound an integer, ends included; ``shown`` False: remembered, not asked."""

    name: str
    type: type[Any]
    default: Any
    label_template: str
    help_template: str
    choices: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None
    scope: Scope = "machine"
    shown: bool = True

    @property
    def label(self) -> str:
        """Return the setting's name in the user's language."""
        return _(self.label_template)

    @property
    def help(self) -> str:
        """Return one sentence on what the setting does, in the user's language."""
        return _(self.help_template)

    def fault(self, value: object) -> str:
        """Return what is wrong with ``value`` as a sentence; empty when nothing is."""
        if not isinstance(value, self.type) or (isinstance(value, bool) and self.type is not bool):
            return _("{label} cannot be {value}.", label=self.label, value=repr(value))
        if self.choices and value not in {option.value for option in self.choices}:
            allowed = ", ".join(option.value for option in self.choices)
            return _("{label} is one of {allowed}, not {value}.", label=self.label, allowed=allowed, value=repr(value))
        if isinstance(value, int) and not (self.low or 0) <= value <= (self.high or value):
            return _(
                "{label} is between {low} and {high}, not {value}.",
                label=self.label,
                low=self.low,
                high=self.high,
                value=value,
            )
        return ""


def _remembered(name: str, kind: type[Any], label: str, help_text: str) -> Setting:
    return Setting(name=name, type=kind, default=kind(), label_template=label, help_template=help_text, shown=False)


MACHINE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="theme",
        type=str,
        default="system",
        label_template=mark("Colours"),
        help_template=mark("Light, dark, or as the system has it."),
        choices=(
            Option(value="system", template=mark("As the system")),
            Option(value="light", template=mark("Light")),
            Option(value="dark", template=mark("Dark")),
        ),
    ),
    Setting(
        name="text_scale",
        type=int,
        default=100,
        low=80,
        high=200,
        label_template=mark("Text size"),
        help_template=mark("All text in the window, in percent of the usual size."),
    ),
    Setting(
        name="review_font",
        type=str,
        default="sans",
        label_template=mark("Typeface under review"),
        help_template=mark("The typeface of requests and answers on the Review page."),
        choices=(
            Option(value="sans", template=mark("Sans serif")),
            Option(value="serif", template=mark("Serif")),
        ),
    ),
    Setting(
        name="review_text_size",
        type=int,
        default=16,
        low=10,
        high=40,
        label_template=mark("Text size under review"),
        help_template=mark("The size of requests and answers on the Review page, in pixels before scaling."),
    ),
    Setting(
        name="language",
        type=str,
        default="",
        label_template=mark("Language"),
        help_template=mark("The language of the window. It changes at the next start."),
        choices=(
            Option(value="", template=mark("As the system")),
            Option(value="en", template=mark("English")),
        ),
    ),
    Setting(
        name="motion",
        type=str,
        default="on",
        label_template=mark("Motion"),
        help_template=mark("Short movements when something opens or closes."),
        choices=(Option(value="on", template=mark("On")), Option(value="off", template=mark("Off"))),
    ),
    Setting(
        name="minutes_per_session",
        type=int,
        default=40,
        low=5,
        high=480,
        label_template=mark("Minutes per session"),
        help_template=mark("How long you usually review at a stretch; the finish date is worked out from it."),
    ),
    Setting(
        name="backup_minutes",
        type=int,
        default=30,
        low=5,
        high=240,
        label_template=mark("Minutes between backups"),
        help_template=mark("A project that changed is copied, and the copy is checked, this often."),
    ),
    Setting(
        name="embedding_model",
        type=str,
        default="",
        label_template=mark("Model that compares by meaning"),
        help_template=mark(
            "A folder with a sentence-transformers model, such as a multilingual one. Empty: the small English one "
            "that is installed with Accord's extra “ml”."
        ),
    ),
    _remembered(
        "device_id",
        str,
        mark("Device"),
        mark("A random number that names this device in the event log. It says nothing about you or the machine."),
    ),
    _remembered("last_projects", list, mark("Recent projects"), mark("The projects on the start page.")),
    _remembered("positions", dict, mark("Last positions"), mark("Where you were in each project.")),
    _remembered("last_pages", dict, mark("Last pages"), mark("The page you were on in each project.")),
    _remembered("last_people", dict, mark("Last people"), mark("Who worked last on each project's file.")),
    _remembered("key_bindings", dict, mark("Keys"), mark("Shortcuts that differ from the usual ones.")),
    _remembered("import_mappings", dict, mark("Column mappings"), mark("How files with the same columns were read.")),
    _remembered("column_widths", dict, mark("Widths of columns"), mark("How wide you made the columns of tables.")),
    _remembered("last_exports", dict, mark("Export settings"), mark("The last export settings of each project.")),
    _remembered("connections", dict, mark("Connections"), mark("The chat services you have added; never a key.")),
    _remembered("last_connection", str, mark("Last connection"), mark("The chat service that was asked last.")),
)

_BY_NAME: Mapping[str, Setting] = {declared.name: declared for declared in MACHINE_SETTINGS}


def setting(name: str) -> Setting:
    """Return the declaration of ``name``; KeyError (a bug) when there is none."""
    return _BY_NAME[name]

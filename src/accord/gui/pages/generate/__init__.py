"""Generate: candidates from a chat model, shown before anything is sent, never trusted before a person has looked."""

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec

PAGE = "generate"


def _make(context: Context) -> Page:
    from accord.gui.pages.generate.page import GeneratePage  # widgets load when the page is first shown

    return GeneratePage(context)


SPEC = PageSpec(
    id=PAGE,
    title=_("Generate"),
    icon="creation-outline",
    factory=_make,
    group=1,
    key="Alt+3",
    role=Role.LEAD,
    act=_("generate candidates"),
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="generate.ask",
        title=_("Ask for candidates"),
        key="Ctrl+Return",
        page=PAGE,
        icon="creation-outline",
        help=_("Ask what is shown, within the budget. Candidates wait for a person; none is accepted by itself."),
    ),
    Action(
        id="generate.test",
        title=_("Test connection"),
        key="T",
        page=PAGE,
        icon="connection",
        help=_("Ask the service for its models and one tiny question; nothing of the project is sent."),
    ),
    Action(id="generate.connect", title=_("Add a connection"), key="N", page=PAGE, icon="plus"),
    Action(id="generate.documents", title=_("Choose documents"), key="Ctrl+N", page=PAGE, icon="file-plus-outline"),
    Action(id="generate.recipe", title=_("Edit recipe"), key="E", page=PAGE, icon="pencil-outline"),
    Action(id="generate.next_prompt", title=_("The next question"), key="Alt+Right", page=PAGE, repeats=True),
    Action(id="generate.previous_prompt", title=_("The question before"), key="Alt+Left", page=PAGE, repeats=True),
    Action(
        id="generate.pause",
        title=_("Pause"),
        key="P",
        page=PAGE,
        icon="pause",
        help=_("Ask nothing more for now. What has come is kept."),
    ),
    Action(
        id="generate.resume",
        title=_("Resume"),
        key="R",
        page=PAGE,
        icon="play",
        help=_("Go on where it stopped: what has come is not asked again."),
    ),
    Action(
        id="generate.cancel",
        title=_("Cancel"),
        page=PAGE,
        icon="close",
        help=_("Ask nothing more and put the run away. What has come is kept; the run stays in the list."),
    ),
    Action(
        id="generate.review",
        title=_("Review them"),
        key="V",
        page=PAGE,
        icon="clipboard-check-outline",
        help=_("Open Review with the candidates of this run that nobody has reviewed."),
    ),
)

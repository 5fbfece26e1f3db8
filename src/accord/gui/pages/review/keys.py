"""What one can do on the page, as data: the buttons, the sheet of keys and the palette read it."""

from accord.domain.wording import _
from accord.gui.actions import Action

PAGE = "review"
KEYED_TAGS = 9


def tag_action(n: int) -> str:
    """Return the id of the action that toggles the tag number ``n``, from 1."""
    return f"review.tag_{n}"


def choice_action(n: int) -> str:
    """Return the id of the action that picks the answer number ``n`` of a closed list, from 1."""
    return f"review.choice_{n}"


def _act(name: str, title: str, key: str, icon: str = "", help_text: str = "", *, repeats: bool = False) -> Action:
    return Action(
        id=f"review.{name}", title=title, key=key, page=PAGE, icon=icon, help=help_text or title, repeats=repeats
    )


def declared() -> tuple[Action, ...]:
    """Return the page's actions, in the language in force."""
    return (
        _act("accept", _("Accept"), "A", "check", _("Accept the text as it stands, your changes included")),
        _act("edit", _("Edit"), "E", "pencil-outline", _("Edit the answer, or the message that has the focus")),
        _act("reject", _("Reject"), "R", "close", _("Reject; the next key gives the reason")),
        _act("unsure", _("Unsure"), "U", "help", _("Mark as unsure and go on")),
        _act("submit", _("Submit the edit"), "Ctrl+Return", "check-all"),
        _act("leave", _("Leave the editor or field"), "Esc", "keyboard-esc", _("Leave; what you typed is kept")),
        _act("save_again", _("Save again"), "Ctrl+S", "content-save-outline", _("Save again what could not be saved")),
        _act("unsaved", _("Go to what is not saved"), "F8", "content-save-alert-outline"),
        _act("undo", _("Undo"), "Z", "undo", _("Take your last verdict back and go to its item")),
        _act("previous", _("Previous"), "Left", "arrow-left", _("Go back without a verdict"), repeats=True),
        _act("next", _("Next"), "Right", "arrow-right", _("Go on without a verdict"), repeats=True),
        _act("down", _("Next item in the queue"), "J", "arrow-down", repeats=True),
        _act("up", _("Previous item in the queue"), "K", "arrow-up", repeats=True),
        _act("next_waiting", _("Next that waits"), "G", "debug-step-over"),
        _act("rate", _("Rate"), "Q", "star-outline", _("Give the ratings, one digit each")),
        _act("more_tags", _("Find a tag"), "T", "tag-outline"),
        _act("comment", _("Comment"), "C", "comment-outline"),
        _act("cite", _("Citation"), "S", "book-open-outline"),
        _act("diff", _("Changes on or off"), "D", "file-compare", _("Show what differs from the import, or not")),
        _act("history", _("Source and history"), "H", "history"),
        _act("fold", _("Fold the side panes"), "F", "unfold-less-vertical"),
        _act(
            "next_finding",
            _("Next finding"),
            "W",
            "alert-outline",
            _("Show the next finding in the text"),
            repeats=True,
        ),
        _act("previous_finding", _("Previous finding"), "Shift+W", "alert-outline", repeats=True),
        _act("fix_finding", _("Fix the finding"), "X", "auto-fix", _("Open the editor at the place of the finding")),
        _act(
            "dismiss_finding", _("Dismiss the finding"), "I", "bell-off-outline", _("Ignore it; the next key says why")
        ),
        _act("same_sentence", _("Look at the same sentence elsewhere"), "L", "text-search"),
        *(_act(f"tag_{n}", _("Tag {n}", n=n), str(n), "tag-outline") for n in range(1, KEYED_TAGS + 1)),
    )

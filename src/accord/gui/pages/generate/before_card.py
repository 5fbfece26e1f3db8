"""Before anything is sent: the first questions in full, tokens, cost and time, where it goes, and who allows it."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.chat import Trouble, sentence
from accord.domain.wording import _, number, plural
from accord.gui.pages.generate.consent_form import ConsentForm
from accord.gui.pages.generate.preparing import Ready
from accord.gui.pages.generate.prompt_view import Prompt, PromptView
from accord.gui.pages.generate.words import about_time, dollars
from accord.gui.pages.release.running import FollowLine
from accord.gui.widgets import Button, Card, PlainLabel, row
from accord.workflows.generating import Prepared


class BeforeCard(Card):
    """Shows what was prepared, or why nothing could be; ``here_wanted`` asks for a server on this machine."""

    here_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Before it is asked"))
        self.said = PlainLabel(role="muted", wrap=True)
        self.where = PlainLabel(role="strong", wrap=True)
        self.figures = PlainLabel(wrap=True)
        self.notes = PlainLabel(role="small", wrap=True, selectable=True)
        self.local = Button(_("Use a server on this machine"), run=self.here_wanted.emit)
        self.waiting = FollowLine()
        self.prompts = PromptView()
        self.consent = ConsentForm()
        self.body.setSpacing(12)
        parts: tuple[QWidget, ...] = (self.said, self.where, self.figures, self.notes)
        for part in parts:
            self.body.addWidget(part)
        self.body.addLayout(row(self.local, None))
        parts = (self.waiting, self.prompts, self.consent)
        for part in parts:
            self.body.addWidget(part)
        self.show_nothing(_("Shown here before anything is sent, once it is known what is asked of whom."))

    def show_nothing(self, sentence_: str, *, fault: bool = False, locked: bool = False) -> None:
        """Say why there is nothing to show; ``locked``: the project may not be sent there."""
        self.said.set_role("error" if fault else "muted")
        self.said.setText(sentence_)
        self.said.setVisible(bool(sentence_))
        self.local.setVisible(locked)
        self.prompts.show_prompts(())
        for part in (self.where, self.figures, self.notes, self.consent):
            part.hide()

    def show_prepared(self, ready: Ready, *, who: str, data_class: str) -> None:
        """Show what would be sent."""
        found = ready.prepared
        self.said.hide()
        self.local.hide()
        self.where.setText(where(found))
        self.figures.setText("\n".join(figures(found)))
        self.notes.setText("\n".join(found.notes))
        for part, there in ((self.where, True), (self.figures, True), (self.notes, bool(found.notes))):
            part.setVisible(there)
        self.prompts.show_prompts(prompts(ready))
        charged = found.most is None or found.most > 0
        self.consent.show_needs(
            leaves=not found.here,
            charged=charged,
            unlooked=Trouble.UNLOOKED in found.held,
            who=who,
            host=found.host,
            data_class=data_class,
        )
        self.consent.show()
        if charged and found.most is not None:
            self.consent.budget_row.note.setText(
                _("It is never passed. Asked once each, the questions cost {sum} at most.", sum=dollars(found.most))
            )


def where(found: Prepared) -> str:
    """Return where the questions go."""
    if found.here:
        return _("It stays on this machine.")
    return _("It leaves this machine, to {host}.", host=found.host)


def figures(found: Prepared) -> Sequence[str]:
    """Return how many questions and tokens, what they cost, and how long it takes."""
    asked = len(found.questions.passed) - sum(found.held.values())
    questions = plural("{n} question", "{n} questions", asked)
    candidates = plural("for {n} candidate", "for {n} candidates", found.candidates)
    tokens = _("{n} tokens to read", n=number(found.prompt_tokens))
    if found.estimated:
        tokens = _("about {n} tokens to read (estimated)", n=number(found.prompt_tokens))
    answers = _("at most {n} to write", n=number(found.answer_tokens))
    told = [f"{questions} {candidates}: {tokens}, {answers}."]
    if found.most is None:
        told.append(_("What it costs is not known: enter the price of the model."))
    elif found.most == 0:
        told.append(_("Nothing is charged."))
    else:
        likely = found.likely if found.likely is not None else Decimal(0)
        told.append(_("At most {most}, likely {likely}.", most=dollars(found.most), likely=dollars(likely)))
    if found.seconds is not None:
        told[-1] += " " + _("It takes {time}.", time=about_time(found.seconds))
    return told


def prompts(ready: Ready) -> list[Prompt]:
    """Return the first questions as they are shown: as they would be sent, or as they stand where they are not."""
    return [
        Prompt(
            messages=one.messages or ready.held.get(one.number, ()),
            found=one.found,
            replaced=one.replaced,
            why="" if one.held is None else sentence(one.held),
        )
        for one in ready.prepared.first
    ]

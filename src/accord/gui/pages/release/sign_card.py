"""Sign off: who answers for the chosen release, whether that still holds, and the certificate to print."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QWidget

from accord.domain.moments import local
from accord.domain.signatures import Signature, SignatureState
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.pages.release.acting import who_acts
from accord.gui.pages.release.signing_fields import SignFacts, SignFields, missing_to_sign, read_sign_facts
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, FormRow, MessageEditor, PlainLabel, column, row
from accord.workflows import signing

_LOOKS = {
    SignatureState.HOLDS: ("check-decagram", "accepted"),
    SignatureState.VOID: ("alert-circle", "rejected"),
    SignatureState.WITHDRAWN: ("undo", "candidate"),
    SignatureState.REPLACED: ("history", "candidate"),
}


class SignCard(Card):
    """Follows one release; hidden while there is none. ``export_wanted`` asks for files that name the signatures."""

    shown = Signal()
    export_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(_("Sign off"))
        self._context = context
        self._release = ""
        self._facts: SignFacts | None = None
        self._filled = ""
        self.state = PlainLabel(role="muted", wrap=True)
        self.lines: list[SignatureLine] = []
        self._given = QWidget()
        self.name, self.credential = QLineEdit(), QLineEdit()
        self.name.setMaxLength(signing.LONGEST_NAME)
        self.credential.setMaxLength(signing.LONGEST_NAME)
        self.credential.setPlaceholderText(_("MD, cardiology"))
        self.statement = MessageEditor(_("Statement"), grows=False)
        self.statement.setFixedHeight(theme().px(100))
        self.statement.set_text(signing.default_statement())
        self.phrase, self.again = QLineEdit(), QLineEdit()
        for field in (self.phrase, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.phrase_row = FormRow(_("Phrase"), self.phrase)
        self.again_row = FormRow(_("The phrase again"), self.again)
        self.button = Button(_("Sign"), kind="primary", icon="fountain-pen-tip", run=self.sign)
        self.withdraw_button = Button(_("Withdraw my signature"), icon="undo", run=self.withdraw)
        self.with_names = QCheckBox(_("Name the reviewers"))
        self.with_names.setChecked(True)
        self.with_names.setAccessibleName(_("Name the reviewers on the certificate"))
        self.save = Button(_("Save certificate…"), icon="content-save-outline", run=self._choose)
        self._build()
        self.hide()

    def show_release(self, name: str) -> None:
        """Follow a release; an empty name hides the card."""
        if name != self._release:
            self._facts = None
            self._forget_phrase()
        self._release = name
        self.setVisible(bool(name))
        if not name:
            return
        project, who = self._context.project, who_acts(self._context)
        run_read(
            self._context,
            _("Reading signatures"),
            lambda _progress: read_sign_facts(project, who, name),
            done=self._show,
        )

    def fields(self) -> SignFields:
        """Return what the form holds."""
        return SignFields(
            name=self.name.text(),
            credential=self.credential.text(),
            statement=self.statement.text(),
            phrase=self.phrase.text(),
            again=self.again.text(),
        )

    def sign(self) -> None:
        """Sign the release."""
        fields = self.fields()
        if not missing_to_sign(self._facts, fields):
            act = partial(
                signing.sign,
                name=fields.name,
                credential=fields.credential,
                statement=fields.statement,
                phrase=fields.phrase,
            )
            self._write(_("Sign"), act)

    def withdraw(self) -> None:
        """Take one's own signature back."""
        self._write(_("Withdraw"), partial(signing.withdraw, phrase=self.phrase.text()))

    def save_certificate(self, path: Path) -> None:
        """Write the certificate over whatever is there: the person was asked."""
        project, release, with_names = self._context.project, self._release, self.with_names.isChecked()
        run_read(
            self._context,
            _("Save certificate"),
            lambda _progress: signing.certificate(
                project=project, release=release, to=path, with_names=with_names, replace_file=True
            ),
            done=lambda to: self._context.notify(_("The certificate is saved: {path}", path=to), tone="good"),
            quiet=False,
        )

    def _write(self, title: str, act: Callable[..., Signature]) -> None:
        project, who, release = self._context.project, who_acts(self._context), self._release
        own = self._facts.own if self._facts else None

        def done(given: Signature) -> None:
            self._forget_phrase()
            signed = _("“{name}” is signed. Files exported before do not say so.", name=release)
            if own is not None:
                signed = _(
                    "You signed “{name}” already, on {at}; you signed it again. The earlier signature stays written.",
                    name=release,
                    at=local(own.at),
                )
            back = _("The signature is withdrawn. Files exported before still bear it.")
            told = signed if given.state is SignatureState.HOLDS else back
            again = partial(self.export_wanted.emit, release)
            self._context.notify(told, tone="good", undo=again, undo_title=_("Export again"))

        def work(_progress: object) -> Signature:
            return act(project=project, who=who, release=release)

        run_write(self._context, title, work, done=done, changed=("releases",))

    def _show(self, facts: SignFacts) -> None:
        if facts.release != self._release:
            return
        self._facts = facts
        self._fill(facts)
        self._list(facts.signatures)
        holding = [one for one in facts.signatures if one.holds]
        said = (
            _("“{name}” is signed.", name=facts.release)
            if holding
            else _("“{name}” is not signed.", name=facts.release)
        )
        self.state.setText(said)
        self._say_phrase(facts)
        self._follow()
        self.shown.emit()

    def _fill(self, facts: SignFacts) -> None:
        """Put in what is known of who signs, once for each person: what is typed since stays."""
        if facts.signer.name == self._filled:
            return
        self._filled, own = facts.signer.name, facts.own
        self.name.setText(own.name if own else facts.signer.name)
        self.credential.setText(own.credential if own else facts.signer.credential)

    def _say_phrase(self, facts: SignFacts) -> None:
        signer = facts.signer
        new = not (signer.by_password or signer.has_phrase)
        self.again_row.setVisible(new)
        if signer.by_password:
            title, help_text = _("Your password"), _("That of your login; the server checks it, and nothing keeps it.")
        elif new:
            title = _("A phrase of your own")
            help_text = _("You sign with it from now on. Nobody can look it up: only a verifier of it is kept.")
        else:
            title, help_text = _("Your phrase"), _("The one you signed with the first time.")
        self.phrase_row.label.setText(title)
        self.phrase_row.note.setText(help_text)
        self.phrase_row.note.show()
        self.phrase.setAccessibleName(title)
        self.phrase.setAccessibleDescription(help_text)

    def _list(self, given: tuple[Signature, ...]) -> None:
        self.lines = [SignatureLine(one) for one in given]
        made = QWidget()
        made.setLayout(column(*self.lines, gap=8))
        self.body.replaceWidget(self._given, made)
        self._given.hide()
        self._given.deleteLater()
        self._given = made
        made.setVisible(bool(given))

    def _follow(self) -> None:
        missing = missing_to_sign(self._facts, self.fields())
        facts = self._facts
        own = facts.own if facts else None
        usual = _("Sign “{name}” again", name=self._release) if own else _("Sign “{name}”", name=self._release)
        self.button.setText(missing or usual)
        self.button.setEnabled(not missing)
        self.withdraw_button.setVisible(own is not None)
        self.withdraw_button.setEnabled(bool(self.phrase.text()))

    def _forget_phrase(self) -> None:
        self.phrase.clear()
        self.again.clear()

    def _choose(self) -> None:
        proposed = Path(self._context.project.path).parent / f"{self._release} certificate.html"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save certificate"), str(proposed), "HTML (*.html)")
        if chosen:
            self.save_certificate(Path(chosen))

    def _build(self) -> None:
        both = row(
            FormRow(_("Name as printed"), self.name), FormRow(_("Credential (optional)"), self.credential), gap=16
        )
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        beside = self.again_row.sizePolicy()
        beside.setRetainSizeWhenHidden(True)
        self.again_row.setSizePolicy(beside)
        secret = row(column(self.phrase_row, None), column(self.again_row, None), gap=16)
        secret.setStretch(0, 1)
        secret.setStretch(1, 1)
        self.statement_row = FormRow(_("What you sign"), self.statement)
        self.body.setSpacing(12)
        self.body.addWidget(self.state)
        self.body.addWidget(self._given)
        self.body.addLayout(both)
        self.body.addWidget(self.statement_row)
        self.body.addLayout(secret)
        self.body.addLayout(row(self.button, self.withdraw_button, None, self.with_names, self.save))
        note = _(
            "A signature here is a record, and no qualified electronic signature. In a file, unlike on a team's "
            "server, it proves no identity. Any change of the release voids it."
        )
        self.body.addWidget(PlainLabel(note, role="small", wrap=True))
        for field in (self.name, self.credential, self.phrase, self.again):
            field.textChanged.connect(lambda _text: self._follow())
            field.returnPressed.connect(self.sign)
        self.statement.textChanged.connect(self._follow)


class SignatureLine(QWidget):
    """One signature: a sign, who, in which capacity, when, and what has become of it."""

    def __init__(self, given: Signature) -> None:
        super().__init__()
        self._state = given.state
        self._sign = QLabel()
        self.who = PlainLabel(given.titled, role="strong", wrap=True, selectable=True)
        became = {
            SignatureState.HOLDS: _("holds"),
            SignatureState.VOID: _("void: the release is not as it was signed"),
            SignatureState.WITHDRAWN: _("withdrawn"),
            SignatureState.REPLACED: _("signed again later"),
        }[given.state]
        self.when = PlainLabel(f"{local(given.at)} · {became}", role="muted")
        self.said = PlainLabel(given.statement, role="small", wrap=True, selectable=True)
        head = row(self.who, self.when, gap=12)
        head.setStretch(0, 1)
        whole = row(self._sign, gap=8)
        whole.addLayout(column(head, self.said, gap=2), 1)
        self.setLayout(whole)
        self._sign.setAccessibleName(became)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        icon, role = _LOOKS[self._state]
        size = theme().px(18)
        self._sign.setPixmap(theme().icon(icon, role).pixmap(size, size))

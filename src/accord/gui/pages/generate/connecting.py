"""What a person does with connections: add, change, remove, test, and enter a price; each apart from the window."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from accord.domain import addresses
from accord.domain.chat import Failure, Offered, sentence
from accord.domain.errors import AccordError
from accord.domain.moments import today
from accord.domain.wording import _
from accord.gui.context import Choice
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.generate.reading import Connected, read_connections
from accord.jobs import Lane
from accord.settings import EVERY_MODEL, SavedConnection
from accord.workflows import connection_testing, connections, model_choices, prices
from accord.workflows.connection_testing import Tried
from accord.workflows.model_choices import Models

if TYPE_CHECKING:
    from accord.gui.pages.generate.page import GeneratePage


class Connecting(QObject):
    """Works for the card “Who is asked”. ``changed`` says that another connection, key or price is in force."""

    changed = Signal()

    def __init__(self, page: "GeneratePage") -> None:
        super().__init__(page)
        self._page, self._context, self._card = page, page.context, page.who
        self._asked, self._shown = 0, ""
        self.testing = False
        card = self._card
        card.model.note_of = self._note_of
        card.form.saved.connect(self.save)
        card.form.closed.connect(self._close_form)
        card.chosen.connect(self._chosen)
        card.tested.wanted.connect(self.use_address)
        card.list_models.clicked.connect(lambda _checked=False: self.list_models())
        card.remove_wanted.connect(self.ask_removal)
        card.changed.connect(self.show_price)
        card.price.kept.connect(lambda prompt, answer: self._keep_price((prompt, answer)))
        card.price.forgotten.connect(lambda: self._keep_price(None))

    def read(self, chosen: str = "") -> None:
        """Read the connections again; ``chosen``: the one to show, else the one shown, else the one used last."""
        services, now = self._context.services, self._card.current()
        wanted = chosen or ("" if now is None else now.saved.name)

        def done(found: Connected) -> None:
            self._card.show_connections(found.known, wanted or found.usual)
            self._chosen()

        run_read(self._context, _("Reading the connections"), lambda _p: read_connections(services), done=done)

    def save(self) -> None:
        """Keep the connection that was entered, and its key."""
        form = self._card.form
        self._keep(form.connection(), instead_of=form.instead_of, key=form.key.text())

    def _keep(self, saved: SavedConnection, *, instead_of: str | None, key: str) -> None:
        form, services = self._card.form, self._context.services

        def work() -> tuple[SavedConnection, str]:
            kept = connections.save(settings=services.settings, keys=services.keys, saved=saved, instead_of=instead_of)
            try:
                if key.strip():
                    connections.keep_key(keys=services.keys, connection=kept.connection, key=key)
            except AccordError as error:
                return kept, str(error)
            return kept, ""

        def done(found: tuple[SavedConnection, str]) -> None:
            kept, fault = found
            self.read(kept.name)
            if fault:
                form.go_on(kept, fault)
            else:
                self._close_form()

        def failed(error: BaseException) -> None:
            form.show_fault(str(error))

        run_read(self._context, _("Keeping a connection"), lambda _p: work(), done=done, failed=failed)

    def ask_removal(self) -> None:
        """Ask, then take a connection and its key off this machine."""
        found = self._card.current()
        if found is None:
            return
        name, services = found.saved.name, self._context.services

        def remove() -> None:
            work = partial(connections.remove, settings=services.settings, keys=services.keys, name=name)
            run_read(self._context, _("Removing a connection"), lambda _p: work(), done=lambda _gone: self.read(" "))

        self._context.ask(
            _("Remove “{name}” and its key from this machine? What was made with it stays.", name=name),
            Choice(title=_("Remove it"), run=remove, kind="danger"),
            Choice(title=_("Cancel")),
        )

    def can_test(self) -> bool:
        """Say whether there is a connection that is not being tested."""
        return self._card.current() is not None and not self.testing

    def test(self) -> None:
        """Ask the service for its models and one tiny question, and say in words what came of it."""
        found, services = self._card.current(), self._context.services
        if found is None:
            return
        model, here_only = self._card.model.value(), self._page.locked

        def failed(error: BaseException) -> None:
            self._tested((str(error),), good=False)

        self.testing = True
        self._card.test.update_from_action()
        self._card.tested.show_lines((_("Asking {url}…", url=found.saved.connection.base_url),), good=True)
        run_read(
            self._context,
            _("Testing “{name}”", name=found.saved.name),
            lambda _p: connection_testing.try_out(
                saved=found.saved,
                keys=services.keys,
                open_service=services.chat_service,
                today=today(),
                model=model,
                here_only=here_only,
            ),
            done=self._tried,
            failed=failed,
            quiet=False,
            lane=Lane.NETWORK,
        )

    def _tried(self, tried: Tried) -> None:
        self._tested(tried.told, good=tried.answered)
        self._card.tested.offer(tried.base_url)
        if tried.models.choices:
            self._show_models(tried.models)

    def _tested(self, lines: tuple[str, ...], *, good: bool) -> None:
        self.testing = False
        self._card.test.update_from_action()
        self._card.tested.show_lines(lines, good=good)

    def use_address(self, url: str) -> None:
        """Keep the address that answered in place of the one that was entered."""
        found = self._card.current()
        if found is not None:
            connection = replace(found.saved.connection, base_url=url)
            self._keep(replace(found.saved, connection=connection), instead_of=found.saved.name, key="")

    def show_price(self) -> None:
        """Show what the chosen model costs."""
        found, model = self._card.current(), self._card.model.value()
        if found is None:
            return
        price = prices.price(saved=found.saved, model=model)
        own = model in found.saved.prices or EVERY_MODEL in found.saved.prices
        self._card.price.show_price(price, prices.sentence(found=price, today=today()), own=own)

    def _chosen(self) -> None:
        """Show another connection: its model, and what its service lists; one elsewhere is asked on demand alone."""
        found, before = self._card.current(), self._shown
        self._shown = "" if found is None else found.saved.name
        if found is not None:
            if self._shown != before:
                self._card.model.show_waiting(found.saved.model)
            self.show_price()
            if addresses.leads_here(found.saved.connection.base_url):
                self.list_models()
        self.changed.emit()

    def list_models(self) -> None:
        """Ask the chosen service which models it lists."""
        found = self._card.current()
        if found is None:
            return
        saved = found.saved
        self._asked += 1
        asked, services, here_only = self._asked, self._context.services, self._page.locked

        def done(listed: Models | Failure) -> None:
            if asked != self._asked:
                return
            if isinstance(listed, Models):
                self._show_models(listed)
            else:
                self._card.tested.show_lines((sentence(listed.trouble),), good=False)

        run_read(
            self._context,
            _("Listing the models of “{name}”", name=saved.name),
            lambda _p: model_choices.models(
                saved=saved, open_service=services.chat_service, here_only=here_only, today=today()
            ),
            done=done,
            lane=Lane.NETWORK,
        )

    def _note_of(self, model: str) -> str:
        """Return until when a model answers, where that is known."""
        found = self._card.current()
        if found is None or not model:
            return ""
        known = model_choices.choices(saved=found.saved, offered=[Offered(model)], today=today())
        return next((choice.note for choice in known.choices if choice.name == model), "")

    def _show_models(self, found: Models) -> None:
        self._card.model.show_models(found)
        self.show_price()
        self.changed.emit()

    def _keep_price(self, sums: tuple[str, str] | None) -> None:
        found, services = self._card.current(), self._context.services
        if found is None:
            return
        model = self._card.model.value() or EVERY_MODEL

        def work() -> SavedConnection:
            return prices.keep_price(
                settings=services.settings,
                keys=services.keys,
                name=found.saved.name,
                model=model,
                sums=sums,
                today=today(),
            )

        def done(_kept: SavedConnection) -> None:
            self.read(found.saved.name)

        def failed(error: BaseException) -> None:
            self._card.price.show_fault(str(error))

        run_read(self._context, _("Keeping a price"), lambda _p: work(), done=done, failed=failed)

    def _close_form(self) -> None:
        self._card.form.close_form()
        self._card.add.setFocus()

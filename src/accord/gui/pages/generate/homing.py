"""Asks a service for what it holds of a fine-tuned model, apart from the window, and brings it into the project."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from accord.domain import addresses
from accord.domain.errors import AccordError, Cancelled
from accord.domain.fine_tuning import Account
from accord.domain.generation import Consent
from accord.domain.moments import today
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.opening import ALL_KINDS, who
from accord.gui.pages.generate.home_card import PREFIX
from accord.jobs import Job, Lane
from accord.workflows import bringing_home, home_records, leaving

if TYPE_CHECKING:
    from accord.gui.pages.generate.page import GeneratePage


class Homing(QObject):
    """Works for the card “Bring this fine-tuned model home”."""

    def __init__(self, page: "GeneratePage") -> None:
        super().__init__(page)
        self._page, self._context, self._card = page, page.context, page.home
        self._shown = ("", "")
        self.job: Job | None = None
        self._card.look_wanted.connect(partial(self._ask, brings=False))
        self._card.bring_wanted.connect(partial(self._ask, brings=True))

    def follow(self) -> None:
        """Show the card where the chosen model is a fine-tuned one."""
        found, model = self._page.who.current(), self._page.who.model.value()
        if found is None or not model.startswith(PREFIX):
            self._card.hide()
            return
        connection = found.saved.connection
        if self._shown != (found.saved.name, model):
            self._shown = found.saved.name, model
            self._card.forget()
        until = home_records.expiry(connection=connection, model=model, today=today())
        self._card.show_model(model, until, here=addresses.leads_here(connection.base_url))

    def _ask(self, *, brings: bool) -> None:
        found, model, project = self._page.who.current(), self._page.who.model.value(), self._context.project
        if found is None or self.job is not None:
            return
        connection, purpose, services = found.saved.connection, self._card.purpose.text(), self._context.services
        act, actor = bringing_home.bring if brings else bringing_home.look, who(self._context)

        def work(progress: Progress) -> Account:
            allowed: Consent | None = None
            if not addresses.leads_here(connection.base_url):
                allowed = leaving.consent(project=project, who=actor, base_url=connection.base_url, purpose=purpose)
            return act(
                project=project,
                who=actor,
                connection=connection,
                model=model,
                open_service=services.fine_tuning_service,
                consent=allowed,
                progress=progress,
            )

        title = _("Bringing {model} home", model=model) if brings else _("Looking at {model}", model=model)
        self._card.show_fault("")
        self.job = run_read(
            self._context,
            title,
            work,
            done=partial(self._done, brings=brings),
            failed=self._failed,
            quiet=False,
            lane=Lane.NETWORK,
        )
        self._card.waiting.follow(self.job)

    def _done(self, found: Account, *, brings: bool) -> None:
        self._ended()
        self._card.show_account(found, brought=brings)
        if brings:
            self._context.saved.emit()
            self._context.tell_changed(*ALL_KINDS)

    def _failed(self, error: BaseException) -> None:
        self._ended()
        if isinstance(error, Cancelled):
            self._card.show_fault(_("Stopped. What came is kept; bring it home again for the rest."))
        elif isinstance(error, AccordError):
            self._card.show_fault(str(error))
        else:
            show_failure(self._context, error)

    def _ended(self) -> None:
        self.job = None
        self._card.waiting.end()

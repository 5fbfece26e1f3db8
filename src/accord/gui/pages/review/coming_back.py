"""Asks once a day whether examples are due to come back to whoever works, and puts them in the queue."""

from datetime import UTC, date, datetime
from typing import Any

from accord.domain.wording import _
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.drafts import who_of
from accord.jobs import Lane
from accord.workflows import repeating


class ComingBack:
    """For the page; nothing is said of it, for what comes back is to be judged like any other example."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._context = desk, desk.context
        self._looked: tuple[Any, date] | None = None

    def look(self) -> None:
        """Let come back what is due, the first time on a day."""
        project, who, today = self._context.project, who_of(self._context), datetime.now(UTC).date()
        if self._looked == (project, today):
            return
        self._looked = (project, today)

        def done(planned: int) -> None:
            if planned and self._context.project is project:
                self._context.tell_changed("reviews")

        def failed(_error: BaseException) -> None:
            self._looked = None  # it is looked for again the next time; a verdict that fails says why

        self._context.jobs.run(
            Lane.WRITE,
            _("Looking for what comes back"),
            lambda _progress: repeating.come_back(project=project, who=who),
            done=done,
            failed=failed,
            quiet=True,
        )

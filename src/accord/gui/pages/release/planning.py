"""Works the next release out in a worker, anew whenever the project or the settings change; the last one counts."""

from PySide6.QtCore import QObject, Signal

from accord.domain.errors import Cancelled
from accord.domain.releases import ReleasePlan
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.release.acting import who_acts
from accord.gui.pages.release.reading import Preview, work_out
from accord.jobs import Job


class Planner(QObject):
    """``started`` gives the job, ``found`` a Preview, ``refused`` the sentence that says why there is none."""

    started = Signal(object)
    found = Signal(object)
    refused = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self.preview: Preview | None = None
        self.refusal = ""

    @property
    def working(self) -> bool:
        """Whether the next release is being worked out."""
        return self._job is not None and self.preview is None and not self.refusal

    @property
    def same_as(self) -> str:
        """The name of an earlier release with the same content, empty where there is none or nothing is known."""
        return self.preview.draft.same_as if self.preview is not None else ""

    def forget(self) -> None:
        """Stop what is under way; nothing is known of the next release."""
        if self._job is not None:
            self._job.cancel()
        self._job = self.preview = None
        self.refusal = ""

    def start(self, name: str, plan: ReleasePlan) -> None:
        """Work a release out."""
        self.forget()
        project, who, embedder = self._context.project, who_acts(self._context), self._context.embedder
        job = run_read(
            self._context,
            _("Work out the split"),
            lambda progress: work_out(project, who, name, plan, embedder, progress),
            done=lambda preview: self._found(job, preview),
            failed=lambda error: self._refused(job, error),
        )
        self._job = job
        self.started.emit(job)

    def _found(self, job: Job, preview: Preview) -> None:
        if job is self._job:
            self.preview = preview
            self.refusal = " ".join(preview.draft.blocks)
            self.found.emit(preview)

    def _refused(self, job: Job, error: BaseException) -> None:
        if job is self._job:
            self._job = None
            self.refusal = "" if isinstance(error, Cancelled) else str(error)
            self.refused.emit(self.refusal)

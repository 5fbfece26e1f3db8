"""The page that freezes: a checklist that fills, what the release will hold, one large button, and what came out."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from accord.domain.releases import ReleasePlan
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read
from accord.gui.page import Page
from accord.gui.pages.release.acting import export_again, release_all, who_acts
from accord.gui.pages.release.checklist_card import ChecklistCard
from accord.gui.pages.release.form import ReleaseForm
from accord.gui.pages.release.plan_lines import PlanLines
from accord.gui.pages.release.planning import Planner
from accord.gui.pages.release.preview_card import PreviewCard
from accord.gui.pages.release.reading import Facts, Link, Preview, missing_for, read_facts
from accord.gui.pages.release.releases_card import ReleasesCard
from accord.gui.pages.release.result_card import ResultCard
from accord.gui.pages.release.running import FollowLine, RunningLine
from accord.gui.pages.release.sign_card import SignCard
from accord.gui.pages.release.trace_card import TraceCard
from accord.gui.widgets import Button, Card, PlainLabel, Scrolled, column, row
from accord.workflows import exporting
from accord.workflows.exporting import OneClick
from accord.workflows.releasing import Draft

READS = frozenset({"examples", "reviews", "duplicates", "conflicts", "releases", "imports", "settings"})


class ReleasePage(Page):
    """Nothing is stored until the button is pressed; everything shown before is worked out by a worker."""

    page_id = "release"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._facts: Facts | None = None
        self.checklist = ChecklistCard()
        self.form = ReleaseForm(context)
        self.preview = PreviewCard(context)
        self.result = ResultCard()
        self.releases = ReleasesCard(context)
        self.signing = SignCard(context)
        self.planner = Planner(context, self)
        self.trace = TraceCard(context, self._planned)
        self.plan = PlanLines()
        self.planning = FollowLine()
        self.running = RunningLine(context)
        self.button = Button(_("Release, export and verify"), kind="primary", size="large", run=self.release)
        self._build()
        self._connect()
        self.load()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read everything anew."""
        if changed & READS:
            self.load()

    def activated(self, params: Params) -> None:
        """Take a line to trace, where one is given."""
        line = params.get("trace")
        if isinstance(line, str):
            self.trace.editor.set_text(line)
            self.trace.search()

    def load(self) -> None:
        """Read the checklist and the releases, then work out the next one."""
        project = self.context.project
        run_read(self.context, _("Reading the checklist"), lambda _progress: read_facts(project), done=self._show_facts)

    def release(self) -> None:
        """Release, export and verify with what the form says."""
        project, who, settings = self.context.project, who_acts(self.context), self.form.settings()
        name, embedder = self.form.name.text().strip(), self.context.embedder
        if not self._missing():
            self.form.remember()
            self.running.start(
                _("Release, export and verify"),
                lambda progress: release_all(project, who, settings, name, embedder, progress),
                self._show_result,
            )

    def export_again(self, name: str) -> None:
        """Export a release in the format of the form, and verify it."""
        project, who, settings = self.context.project, who_acts(self.context), self.form.settings()
        release = next((r for r in (self._facts.releases if self._facts else ()) if r.name == name), None)
        if release is not None:
            self.running.start(
                _("Export “{name}”", name=name),
                lambda progress: export_again(project, who, settings, release, progress),
                self._show_result,
            )

    def verify(self, folder: Path) -> None:
        """Read a folder again and say what is wrong with it, also what was deleted for good since."""
        project = self.context.project
        self.running.start(
            _("Verify"),
            lambda progress: exporting.verify(folder=folder, project=project, progress=progress),
            lambda report: self.result.show_verified(folder, report),
        )

    def _show_result(self, found: OneClick) -> None:
        self.context.saved.emit()
        self.form.forget_name()
        self.result.show_export(found)
        self.releases.choose(found.release.name)
        self.context.tell_changed("releases")

    def _show_facts(self, facts: Facts) -> None:
        self._facts = facts
        self.form.semantic.show_rule(facts.meaning_rule)
        self.form.propose(facts.proposed)
        self.checklist.show_facts(facts)
        self.releases.show_releases(facts.releases)
        self.signing.show_release(self.releases.chosen)
        self._work_out()

    def _planned(self) -> tuple[ReleasePlan, Draft | None]:
        preview = self.planner.preview
        return self.form.settings().plan, preview.draft if preview is not None else None

    def _work_out(self) -> None:
        accepted = self._facts.checklist.accepted if self._facts is not None else 0
        self.checklist.show_preview(None, working=accepted > 0)
        if accepted:
            self.preview.show_working()
            self.planner.start(self.form.name.text(), self.form.settings().plan)
        else:
            self.planner.forget()
            self.planning.end()
            self.preview.show_nothing(_("Nothing is accepted yet."))
            self.plan.show_refusal("")
        self._update_button()

    def _show_preview(self, preview: Preview) -> None:
        self.planning.end()
        self.preview.show_preview(preview)
        self.plan.show_draft(preview.draft)
        self.checklist.show_preview(preview, working=False)
        self._update_button()

    def _refused(self, sentence: str) -> None:
        self.planning.end()
        self.preview.show_nothing(sentence or _("Stopped. What it will hold is worked out when it is made."))
        self.plan.show_refusal(sentence)
        self.checklist.show_preview(None, working=False)
        self._update_button()

    def _missing(self) -> str:
        planner, name = self.planner, self.form.name.text().strip()
        return missing_for(
            self._facts,
            self.form.settings(),
            name,
            same_as=planner.same_as,
            refusal=planner.refusal,
            working=planner.working,
        )

    def _update_button(self) -> None:
        missing, same = self._missing(), self.planner.same_as
        usual = _("Export “{name}” again and verify", name=same) if same else _("Release, export and verify")
        self.button.setText(missing or usual)
        self.button.setEnabled(not missing and not self.running.running)

    def _reveal(self) -> None:
        self.button.setFocus()  # it lost the focus while it could not be pressed
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.result, 0, 24))

    def _choose_verified(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Folder of an export"), self.form.settings().folder)
        if chosen:
            self.verify(Path(chosen))

    def _build(self) -> None:
        self._area = Scrolled(width=1180, margins=(24, 20, 24, 24), gap=16)
        self.next = Card(_("Next release"))
        self.next.body.setSpacing(12)
        inside: tuple[QWidget, ...] = (self.form, self.plan, self.button, self.planning, self.running)
        for item in inside:
            self.next.body.addWidget(item)
        self.next.body.addStretch(1)
        upper = QWidget()
        both = row(self.checklist, self.next, gap=16)
        both.setStretch(0, 2)
        both.setStretch(1, 3)
        upper.setLayout(both)
        title = PlainLabel(_("Release"), role="title")
        parts: tuple[QWidget, ...] = (title, upper, self.result, self.preview, self.releases, self.signing, self.trace)
        for part in parts:
            self._area.body.addWidget(part)
        self._area.body.addStretch(1)
        self.setLayout(column(self._area, gap=0))

    def _connect(self) -> None:
        def go(link: Link) -> None:
            self.context.navigate(link.page, **link.params)

        def open_example(example_id: str) -> None:
            self.context.navigate("examples", example_id=example_id)

        self.checklist.link_chosen.connect(go)
        self.form.changed.connect(self._work_out)
        self.form.edited.connect(self._update_button)
        self.planner.started.connect(self.planning.follow)
        self.planner.found.connect(self._show_preview)
        self.planner.refused.connect(self._refused)
        self.running.changed.connect(self._update_button)
        self.result.filled.connect(self._reveal)
        self.preview.opened.connect(open_example)
        self.preview.filter_wanted.connect(lambda where: self.context.navigate("examples", where=where))
        self.trace.opened.connect(open_example)
        self.releases.export_wanted.connect(self.export_again)
        self.releases.chosen_changed.connect(self.signing.show_release)
        self.signing.export_wanted.connect(self.export_again)
        self.releases.verify_wanted.connect(self._choose_verified)
        self.context.actions.bind("release.go", self.release, enabled=self.button.isEnabled)

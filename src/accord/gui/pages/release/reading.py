"""What the page reads, apart from the window: how ready the project is, and what a release would hold."""

import re
from dataclasses import dataclass
from typing import Any

from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress
from accord.domain.releases import Release, ReleasePlan, unsearched_sentence
from accord.domain.wording import _, plural
from accord.gui.pages.release.choices import Settings
from accord.workflows import duplicates, projects, releasing
from accord.workflows.releasing import Checklist, Comparison, Draft

MOST_MISSING = 3
WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One sentence of what is missing, and where it leads."""

    sentence: str
    page: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The checklist, what the newest near-duplicate search left open, the next name, all releases and one rule.

    ``meaning_rule``: from how alike in meaning on requests stay in one part, by the project's rules; 0 for none.
    """

    checklist: Checklist
    open_clusters: int
    stale_search: bool
    proposed: str
    releases: tuple[Release, ...]
    meaning_rule: float = 0.0

    @property
    def links(self) -> list[Link]:
        """What is missing, in at most three sentences; what merely waits for review gives way."""
        found = [Link(sentence=item.sentence, page=item.page, params=_params(item)) for item in self.checklist.missing]
        if self.open_clusters:
            sentence = plural(
                "{n} cluster of near-duplicates is open.",
                "{n} clusters of near-duplicates are open.",
                self.open_clusters,
            )
            found.append(Link(sentence=sentence, page="duplicates", params={"tab": "near"}))
        elif self.stale_search and self.checklist.accepted:
            sentence = unsearched_sentence()
            found.append(Link(sentence=sentence, page="duplicates", params={"tab": "near"}))
        return sorted(found, key=lambda link: link.page == "review" and self.checklist.accepted > 0)[:MOST_MISSING]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A release worked out but not stored, beside the newest one."""

    draft: Draft
    comparison: Comparison | None


def read_facts(project: Any) -> Facts:
    """Return what the checklist shows."""
    return Facts(
        checklist=releasing.checklist(project=project),
        open_clusters=len(duplicates.clusters(project=project)),
        stale_search=duplicates.stale(project=project),
        proposed=releasing.propose_name(project=project),
        releases=tuple(releasing.listed(project=project)),
        meaning_rule=projects.settings_of(project=project).rules.semantic_threshold,
    )


def work_out(  # noqa: PLR0917  (what a worker is handed)
    project: Any, who: Who, name: str, plan: ReleasePlan, embedder: Embedder, progress: Progress
) -> Preview:
    """Return what a release would hold. Raises Refused where a rule says no, NoMeaning where it cannot be told."""
    draft = releasing.work_out(project=project, who=who, name=name, plan=plan, embedder=embedder, progress=progress)
    return Preview(draft=draft, comparison=releasing.compare(project=project, draft=draft))


def missing_for(
    facts: Facts | None, settings: Settings, name: str, *, same_as: str, refusal: str, working: bool
) -> str:
    """Return what is missing before the button can work, in a few words; empty when nothing is.

    ``same_as`` names an earlier release with the same content: that one is exported again, whatever the name says.
    ``refusal`` is the sentence of a rule that refuses what would be released; ``working``: nobody has seen yet what
    that is.
    """
    if facts is None:
        return _("Reading…")
    if facts.checklist.accepted == 0:
        return _("Nothing is accepted yet")
    if refusal:
        return refusal.split(". ", maxsplit=1)[0].rstrip(".")
    if not settings.folder:
        return _("Choose a folder first")
    if settings.heldout + settings.validation >= WHOLE:
        return _("Nothing would be left to train on")
    if working:
        return _("Working out the split…")
    if same_as:
        return ""
    if not name:
        return _("Give the release a name")
    if name in {release.name for release in facts.releases}:
        return _("“{name}” is taken: choose another name", name=name)
    return "" if re.fullmatch(r"\w[\w .+-]{0,79}", name) else _("A name is letters, digits, spaces and . _ + -")


def _params(item: releasing.NotReady) -> dict[str, str]:
    if item.page == "duplicates":
        return {"tab": "conflicts"}
    return {"where": item.where} if item.where else {}

"""What can be done with a cluster: set aside, keep, tell apart, bring back, and all suggestions at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from accord.domain.history import ExampleRow
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.gui.context import Choice, Context
from accord.gui.jobs_bridge import run_write
from accord.gui.pages.duplicates.acts import CHANGED, who_acts
from accord.workflows import duplicates
from accord.workflows.duplicates import Cluster


class ClusterActs:
    """Acts on the cluster and the example that the view has in front of it."""

    def __init__(
        self,
        context: Context,
        *,
        cluster: Callable[[], Cluster | None],
        chosen: Callable[[], ExampleRow | None],
        open_clusters: Callable[[], list[Cluster]],
        go_on: Callable[[], object],
        acted: Callable[[], object],
    ) -> None:
        self._context = context
        self._cluster, self._chosen, self._open, self._go_on = cluster, chosen, open_clusters, go_on
        self._acted = acted

    def in_play(self) -> bool:
        """Say whether the chosen example can be set aside or kept."""
        chosen = self._chosen()
        return chosen is not None and chosen.status != Status.SET_ASIDE

    def is_aside(self) -> bool:
        """Say whether the chosen example can be brought back."""
        return self._chosen() is not None and not self.in_play()

    def can_spare(self) -> bool:
        """Say whether there are others to set aside."""
        cluster = self._cluster()
        return cluster is not None and len(cluster.rows) > 1

    def set_aside(self) -> None:
        """Set the chosen example aside."""
        chosen = self._chosen()
        if chosen is not None:
            self._put_aside([chosen.id])

    def set_aside_rest(self) -> None:
        """Set aside all but the suggested keeper."""
        cluster = self._cluster()
        if cluster is not None:
            self._put_aside([r.id for r in cluster.rows if r.id != cluster.keeper])

    def keep(self) -> None:
        """Keep the chosen example and set the others aside."""
        cluster, chosen = self._cluster(), self._chosen()
        if cluster is not None and chosen is not None:
            self._put_aside([r.id for r in cluster.rows if r.id != chosen.id])

    def not_duplicates(self) -> None:
        """Say that the members are no duplicates, and go on."""
        cluster = self._cluster()
        if cluster is not None and cluster.open:
            ids = [r.id for r in (*cluster.rows, *cluster.set_aside)]
            self._write(
                _("Not duplicates"),
                partial(duplicates.not_duplicates, ids=ids),
                _("Noted: these are no duplicates."),
                go_on=True,
            )
        else:
            self._go_on()

    def bring_back(self) -> None:
        """Bring the chosen example back."""
        chosen = self._chosen()
        if chosen is not None:
            self._write(_("Bring back"), partial(duplicates.bring_back, ids=[chosen.id]), _("Brought back into play."))

    def can_set_aside_all(self) -> bool:
        """Say whether a suggestion is open."""
        return bool(self._open())

    def set_aside_all(self) -> None:
        """Ask, saying how many, then set aside all but the keeper of every open cluster."""
        spare = sum(len(duplicates.spare(c)) for c in self._open())
        if not spare:
            self._context.notify(_("There is nothing to set aside: no suggestion is open."))
            return
        question = plural(
            "Set aside {n} example? The suggested one of each cluster stays.",
            "Set aside {n} examples? The suggested one of each cluster stays.",
            spare,
        )
        self._context.ask(
            question, Choice(title=_("Set aside"), run=self._aside_all, kind="primary"), Choice(title=_("Cancel"))
        )

    def _aside_all(self) -> None:
        self._write(
            _("Set aside all suggestions"),
            duplicates.set_aside_suggested,
            _("The suggestions are set aside. One of each cluster stays."),
        )

    def _put_aside(self, ids: Sequence[str]) -> None:
        self._write(
            _("Set aside"),
            partial(duplicates.set_aside, ids=ids),
            plural("{n} example set aside.", "{n} examples set aside.", len(ids)),
            go_on=True,
        )

    def _write(self, title: str, act: Any, said: str, *, go_on: bool = False) -> None:
        """Do it; ``go_on`` has the cursor leave what is settled by it."""

        def done(_result: object) -> None:
            if go_on:
                self._acted()
            self._context.notify(said, undo=undo, tone="good")

        project, who = self._context.project, who_acts(self._context)
        undo = partial(self._context.actions.run, "duplicates.undo")
        run_write(
            self._context,
            title,
            lambda _progress: act(project=project, who=who),
            done=done,
            changed=CHANGED,
        )

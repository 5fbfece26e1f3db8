"""How a conflict is settled: keep one, all valid, merge, split, and open again; each with a reason."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from accord.domain.history import ExampleRow
from accord.domain.review import ConflictResolution
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.gui.pages.duplicates.acts import CHANGED, who_acts
from accord.gui.pages.duplicates.queue_list import QueueList
from accord.gui.pages.duplicates.reason_bar import ReasonBar
from accord.gui.pages.duplicates.sentences import ready_reasons
from accord.gui.pages.duplicates.strip import CardStrip
from accord.workflows import conflicts, undoing
from accord.workflows.conflicts import Conflict


class ConflictActs:
    """Acts on the conflict under the list's cursor, the answer chosen in the strip, or all selected lines.

    ``shown`` are the conflicts of the list by key; ``want`` says which one to go to after the next reading.
    """

    def __init__(
        self,
        context: Context,
        *,
        shown: Mapping[str, Conflict],
        queue: QueueList,
        strip: CardStrip,
        reason: ReasonBar,
        want: Callable[[str], None],
    ) -> None:
        self._context, self._shown, self._queue = context, shown, queue
        self._strip, self._reason, self._want = strip, reason, want

    def conflict(self) -> Conflict | None:
        """Return the conflict that is shown."""
        return self._shown.get(self._queue.current())

    def is_open(self) -> bool:
        """Say whether the conflict that is shown can be settled."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is None

    def any_open(self) -> bool:
        """Say whether one of the selected conflicts can be settled."""
        return any(self._shown[key].settled is None for key in self._queue.selected() if key in self._shown)

    def is_settled(self) -> bool:
        """Say whether the conflict that is shown can be opened again."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is not None

    def has_answer(self, position: int) -> bool:
        """Say whether there is an answer with this number, from 0."""
        conflict = self.conflict()
        return conflict is not None and conflict.settled is None and position < len(conflict.rows)

    def keep_number(self, position: int) -> None:
        """Keep the answer with this number, from 0."""
        conflict = self.conflict()
        if conflict is not None and position < len(conflict.rows):
            self._strip.choose(conflict.rows[position].id)
            self._keep(conflict, conflict.rows[position], position)

    def keep_chosen(self) -> None:
        """Keep the answer that is chosen."""
        conflict, chosen = self.conflict(), self._strip.current()
        if conflict is not None and chosen is not None:
            self._keep(conflict, chosen, conflict.rows.index(chosen))

    def all_valid(self) -> None:
        """Settle the selected conflicts: every answer stays."""
        keys = [key for key in self._queue.selected() if self._shown[key].settled is None]
        question = plural(
            "All answers stay. Why is that right?",
            "All answers to these {n} requests stay. Why is that right?",
            len(keys),
        )
        self._ask(ConflictResolution.ALL_VALID, question, keys)

    def merge(self) -> None:
        """Keep the chosen answer as the base, set the others aside, and open it for editing."""
        conflict, chosen = self.conflict(), self._strip.current()
        if conflict is None or chosen is None:
            return
        self._ask(
            ConflictResolution.MERGE,
            _("Answer {n} becomes the base and opens for editing. Why merge?", n=conflict.rows.index(chosen) + 1),
            [conflict.key],
            keep={conflict.key: chosen.id},
            then=partial(self._context.navigate, "review", where=f"id = {chosen.id}", example_id=chosen.id, edit=True),
        )

    def split(self) -> None:
        """Settle by telling the requests apart, which are then edited in Review."""
        conflict = self.conflict()
        if conflict is None:
            return
        asked = conflict.request.replace("\\", "\\\\").replace('"', '\\"')
        self._ask(
            ConflictResolution.SPLIT,
            _("The requests are told apart and open in Review. Why split?"),
            [conflict.key],
            then=partial(
                self._context.navigate, "review", where=f'text ~ "{asked}"', example_id=conflict.rows[0].id, edit=True
            ),
        )

    def reopen(self) -> None:
        """Take back the settlement that is shown, with all that was settled by the same act."""
        conflict = self.conflict()
        if conflict is None or conflict.settled is None:
            return
        project, who, act = self._context.project, who_acts(self._context), conflict.settled.act
        self._want(conflict.key)
        run_write(
            self._context,
            _("Open again"),
            lambda _progress: undoing.undo(project=project, who=who, act=act),
            done=lambda _undone: self._context.notify(_("The conflict is open again."), tone="good"),
            changed=CHANGED,
        )

    def _keep(self, conflict: Conflict, chosen: ExampleRow, position: int) -> None:
        question = plural(
            "Answer {place} is kept, {n} other is set aside. Why this one?",
            "Answer {place} is kept, {n} others are set aside. Why this one?",
            len(conflict.rows) - 1,
            place=position + 1,
        )
        self._ask(ConflictResolution.KEEP_ONE, question, [conflict.key], keep={conflict.key: chosen.id})

    def _ask(
        self,
        resolution: ConflictResolution,
        question: str,
        keys: Sequence[str],
        *,
        keep: dict[str, str] | None = None,
        then: Callable[[], object] | None = None,
    ) -> None:
        if keys:
            take = partial(self._settle, resolution, tuple(keys), keep or {}, then)
            self._reason.ask(question, ready_reasons(resolution), take)

    def _settle(
        self,
        resolution: ConflictResolution,
        keys: Sequence[str],
        keep: dict[str, str],
        then: Callable[[], object] | None,
        reason: str,
    ) -> None:
        project, who = self._context.project, who_acts(self._context)

        def done(_set_aside: list[str]) -> None:
            said = plural("{n} conflict settled.", "{n} conflicts settled.", len(keys))
            self._context.notify(said, undo=partial(self._context.actions.run, "duplicates.undo"), tone="good")
            if then is not None:
                then()

        run_write(
            self._context,
            _("Settle"),
            lambda _progress: conflicts.settle(
                project=project, who=who, keys=keys, resolution=resolution, reason=reason, keep=keep
            ),
            done=done,
            changed=CHANGED,
        )

"""A run's keeper in the project: each question is kept as asked before it leaves, each answer as soon as it came."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from accord.domain.chat import Answer
from accord.domain.generation import Asked, ItemState, Outcome, Reply, RunFacts, RunItem, Setback
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.recipes import Makes
from accord.storage import generations
from accord.storage.project import Project
from accord.workflows import generation_arrival, generation_questions
from accord.workflows.asking import Item, Result
from accord.workflows.generation_neighbours import Neighbours
from accord.workflows.generation_replies import with_texts
from accord.workflows.privacy_gate import Passed, PutBack, Swaps, put_back

BRING_IN_AT = 20  # answers: reviewers see candidates while others are still asked for
_BROUGHT_AT_ONCE = 25  # replies in one transaction, behind which a person's verdict may wait


class ProjectKeeper:
    """Keeps one run in the project, in short units of work between which others write. For one thread.

    ``passed``: by number, what was sent of each question, and what its answer needs to be put back.
    """

    def __init__(
        self, *, project: Project, who: Who, run: RunFacts, items: Mapping[int, RunItem], passed: Mapping[int, Passed]
    ) -> None:
        self._project, self._who, self._run = project, who, run
        self._items, self._passed = dict(items), passed
        self._neighbours = Neighbours()
        self._waiting = 0
        self.answered = self.failed = 0
        self.cost = Decimal(0)
        self.outcome = Outcome()

    def catch_up(self, progress: Progress) -> None:
        """Read what candidates are compared with: seconds, where there are many examples. Raises Cancelled."""
        with self._project.read() as view:
            self._neighbours.catch_up(view, progress)

    def asking(self, items: Sequence[Item]) -> None:
        """Keep that these are about to be asked, and in the log what is sent where. Raises RunTaken, RunChanged."""
        asked = [
            Asked(
                number=item.number,
                asked=generation_questions.hash_of(item.question.messages),
                aside=item.most,
                tries=self._items[item.number].tries + item.tries + 1,
                replaced=self._passed[item.number].replaced,
            )
            for item in items
        ]
        with self._project.write(self._who) as unit:
            generations.asking(unit, self._run.id, asked)
            unit.commit()

    def told(self, results: Sequence[Result]) -> None:
        """Keep what came, with personal data put back; bring candidates in once some are there. Raises RunTaken."""
        came = [self._of(result) for result in results]
        with self._project.write(self._who) as unit:
            generations.told(unit, self._run.id, came)
            unit.commit()
        self.cost += sum((result.cost for result in results), Decimal(0))
        answered = sum(isinstance(one, Reply) for one in came)
        self.answered += answered
        self.failed += sum(isinstance(one, Setback) and one.final for one in came)
        self._waiting += answered
        if self._waiting >= BRING_IN_AT:
            self.bring_in()

    def hold_back(self, setbacks: Sequence[Setback]) -> None:
        """List questions that are not sent, with their reasons. Raises RunTaken."""
        with self._project.write(self._who) as unit:
            generations.told(unit, self._run.id, setbacks)
            unit.commit()
        self.failed += len(setbacks)

    def bring_in(self) -> None:
        """Make candidates of all answers that wait. Raises RunTaken, RunChanged."""
        while True:
            with self._project.read() as view:
                replies = generations.replies(view, self._run.id, _BROUGHT_AT_ONCE)
                answered = generations.items(view, self._run.id, [ItemState.ANSWERED])
            self._waiting = 0
            if not replies:
                return
            self.outcome += generation_arrival.bring_in(
                project=self._project,
                who=self._who,
                run=self._run,
                items={item.number: item for item in answered},
                replies=replies,
                neighbours=self._neighbours,
            )

    def _put_back(self, text: str, swaps: Swaps) -> PutBack:
        """Return a reply with the personal data that was replaced in its question."""
        if not swaps.pairs or self._run.plan.recipe.makes is Makes.RECORDED:
            return put_back(text, swaps)
        left: dict[str, None] = {}

        def returned(part: str) -> str:
            back = put_back(part, swaps)
            left.update(dict.fromkeys(back.left))
            return back.text

        return PutBack(text=with_texts(text, returned), left=tuple(left))

    def _of(self, result: Result) -> Reply | Setback:
        item, outcome = result.item, result.outcome
        if isinstance(outcome, Answer):
            back = self._put_back(outcome.text, self._passed[item.number].swaps)
            return Reply(
                number=item.number,
                text=back.text,
                left=back.left,
                model=outcome.model,
                usage=outcome.usage,
                request_id=outcome.request_id,
                asked=generation_questions.hash_of(item.question.messages),
                seconds=outcome.seconds,
                raw=outcome.raw,
                cost=result.cost,
            )
        return Setback(
            number=item.number,
            trouble=outcome.trouble,
            said=outcome.said,
            final=result.final,
            cost=result.cost,
            usage=outcome.usage,
            request_id=outcome.request_id,
            seconds=outcome.seconds,
        )

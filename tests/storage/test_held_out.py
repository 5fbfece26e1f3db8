"""What releases hold out, and the texts that they froze where others stand by now."""

from tests.storage.conftest import WHO, bring_in, record
from tests.workflows.texts import accept_all, release

from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.storage import held_out, listing, reviews, states
from accord.storage.project import Project


def test_what_was_held_out_is_known_with_the_text_that_was_frozen(project: Project) -> None:
    with project.read() as view:
        assert held_out.newest_release(view) == 0
        assert held_out.numbers(view) == set()
    bring_in(project, [record(n, f"Which of the {n} is it, and why is it so?", f"It is number {n}.") for n in range(8)])
    accept_all(project)
    release(project, "first", ReleasePlan(heldout=0.5, validation=0))
    with project.read() as view:
        out = sorted(held_out.numbers(view))
        assert 0 < len(out) < 8
        assert held_out.newest_release(view) > 0
        assert list(held_out.frozen_texts(view)) == []
    with project.write(WHO) as unit:
        (row,) = listing.page(unit, out[:1])
        judged = Judgement(verdict=Verdict.EDIT, edits={1: "It is another one by now."})
        reviews.append(unit, row.seq, judged, row.content, reviewer="ana")
        states.refresh(unit, [row.seq])
        unit.commit()
    with project.read() as view:
        assert list(held_out.frozen_texts(view)) == [(row.seq, row.content)]
    release(project, "second", ReleasePlan(heldout=0.5, validation=0))
    with project.read() as view:
        assert list(held_out.frozen_texts(view)) == [(row.seq, row.content)]

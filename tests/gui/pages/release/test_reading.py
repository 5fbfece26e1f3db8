"""What is missing before a release: each line of the checklist that waits has its own way there."""

from accord.gui.pages.release.reading import Facts
from accord.workflows.releasing import Checklist, NotReady


def test_open_near_duplicates_have_a_link_beside_all_others() -> None:
    missing = tuple(NotReady(sentence=text, page="review") for text in ("a", "b", "c"))
    checklist = Checklist(accepted=1, waiting=1, disagreements=1, conflicts=1, missing=missing)
    facts = Facts(checklist=checklist, open_clusters=7, stale_search=False, proposed="v1", releases=())
    assert [link.sentence for link in facts.links] == ["a", "b", "c", "7 clusters of near-duplicates are open."]
    assert (facts.links[-1].page, facts.links[-1].params) == ("duplicates", {"tab": "near"})

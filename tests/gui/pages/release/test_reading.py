"""What is missing before a release is told in at most three sentences, each a way there."""

from accord.gui.pages.release.reading import Facts
from accord.workflows.releasing import Checklist, NotReady


def test_open_near_duplicates_come_before_what_merely_waits() -> None:
    missing = tuple(
        NotReady(sentence=text, page=page) for text, page in (("a", "duplicates"), ("b", "examples"), ("c", "review"))
    )
    checklist = Checklist(accepted=1, waiting=1, disagreements=1, conflicts=1, missing=missing)
    facts = Facts(checklist=checklist, open_clusters=7, stale_search=False, proposed="v1", releases=())
    assert [link.sentence for link in facts.links] == ["a", "b", "7 clusters of near-duplicates are open."]
    assert (facts.links[-1].page, facts.links[-1].params) == ("duplicates", {"tab": "near"})

"""What is known of a text moves with it while somebody types."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord.domain.content import Content, Message, Role
from accord.domain.findings import Finding, Kind, Severity
from accord.workflows.typed_findings import carried

NAME = "Rosa"


def _content(text: str) -> Content:
    return Content(messages=(Message(role=Role.USER, content="Who?"), Message(role=Role.ASSISTANT, content=text)))


def _name(start: int) -> Finding:
    end = start + len(NAME)
    return Finding(kind=Kind.PERSONAL, rule="person", severity=Severity.WARNING, message=1, start=start, end=end)


@settings(max_examples=60, deadline=None)
@example(before="", after="", typed="R", first=True)  # the name begins as what was typed does
@given(before=st.text(max_size=20), after=st.text(max_size=20), typed=st.text(max_size=10), first=st.booleans())
def test_a_name_that_nobody_touched_is_found_where_it_is_now(before: str, after: str, typed: str, first: bool) -> None:  # noqa: FBT001
    base = _content(before + NAME + after)
    now = _content(typed + before + NAME + after) if first else _content(before + NAME + after + typed)
    moved = carried(_name(len(before)), base, now)
    assert moved is not None
    assert now.messages[1].content[moved.start : moved.end] == NAME


def test_a_name_that_was_changed_is_known_no_more() -> None:
    base = _content(f"I saw {NAME} there.")
    found = _name(6)
    assert carried(found, base, _content("I saw Rxosa there.")) is None
    assert carried(found, base, _content("I saw  there.")) is None
    assert carried(replace(found, message=5), base, base) is None

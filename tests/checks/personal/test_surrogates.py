"""Personal data replaced: nothing outside the spans changes, nothing of the original stays, two runs agree."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.es import dni

from accord.checks.personal.finding import find_spans
from accord.checks.personal.spans import Span
from accord.checks.personal.surrogates import DATES, LEFT_ALONE, How, Surrogates, applied, settled
from accord.checks.personal.surrogates_chance import Chance
from accord.checks.personal.surrogates_dates import moved, shift_of
from accord.checks.personal.surrogates_echoes import echoes, said
from accord.checks.personal.surrogates_names import names

SECRET = b"a secret of thirty-two bytes...."
OUTSIDE = {"PERSON": "person-name", "GPE": "place-name", "ORGANIZATION": "organisation-name"}
GENERAL = frozenset({"age-over-89", "postal-code"})  # cut, not replaced: two may become the same


def found(text: str, *people: str) -> list[Span]:
    """Return the structured spans of a text and those of the persons named."""
    spans = find_spans(text)
    for person in people:
        spans += [Span(m.start(), m.end(), "person", "person-name") for m in re.finditer(re.escape(person), text)]
    return settled(spans)


def written(text: str, *people: str, how: How = How.SURROGATE, group: str = "one", secret: bytes = SECRET) -> str:
    made = Surrogates(secret, group).replace(text, found(text, *people), how)
    assert made is not None
    return applied(text, made)


def real_texts(folder: Path) -> Iterator[tuple[str, list[Span]]]:
    """Yield real collections with the names that people marked in them and what our rules find."""
    rows = json.loads((folder / "pii" / "presidio_synth_dataset_v2.json").read_text("utf-8"))
    for row in rows[::5]:
        text = row["full_text"]
        marked = [
            Span(s["start_position"], s["end_position"], OUTSIDE[s["entity_type"]], OUTSIDE[s["entity_type"]])
            for s in row["spans"]
            if s["entity_type"] in OUTSIDE
        ]
        yield text, settled([*find_spans(text), *marked])
    for line in (folder / "pii" / "meddocan_es_dev100.jsonl").read_text("utf-8").splitlines()[:40]:
        row = json.loads(line)
        marked = [
            Span(s["start"], s["end"], "person", "person-name")
            for s in row["spans"]
            if s["entity_type"].startswith("NOMBRE_")
        ]
        yield row["text"], settled([*find_spans(row["text"]), *marked])


@pytest.mark.parametrize("how", list(How))
def test_real_texts_keep_all_but_their_personal_data(data_dir: Path, how: How) -> None:
    seen = 0
    for number, (text, spans) in enumerate(real_texts(data_dir)):
        made = Surrogates(SECRET, str(number)).replace(text, spans, how)
        assert made is not None
        new = applied(text, made)
        at = here = 0
        for one in made:  # what stands between the replacements is the same, byte for byte
            assert text[at : one.start] == new[here : here + one.start - at]
            here += one.start - at + len(one.new)
            at = one.end
            assert new[here - len(one.new) : here] == one.new
            seen += 1
        assert text[at:] == new[here:]
        if how is not How.SHIFT:
            wanted = [span for span in spans if span.rule not in LEFT_ALONE]
            places = [(one.start, one.end) for one in made]
            assert all((s.start, s.end) in places for s in wanted if any(map(str.isalnum, text[s.start : s.end])))
            assert all(one.old.casefold() not in one.new.casefold() or not one.old.strip() for one in made)
    assert seen > {How.SURROGATE: 900, How.REDACT: 900, How.SHIFT: 100}[how]


def test_nothing_that_was_found_in_real_texts_is_found_again(data_dir: Path) -> None:
    left = []  # of dates one may be moved to where another stood
    for number, (text, spans) in enumerate(real_texts(data_dir)):
        made = Surrogates(SECRET, str(number)).replace(text, spans, How.SURROGATE)
        new = applied(text, made or [])
        old = {text[s.start : s.end].casefold() for s in spans if s.rule not in LEFT_ALONE | GENERAL | DATES}
        left += [new[s.start : s.end] for s in find_spans(new) if new[s.start : s.end].casefold() in old]
    assert left == []


def test_two_originals_never_share_a_surrogate(data_dir: Path) -> None:
    whole = Surrogates(SECRET, "the whole project")
    texts = list(real_texts(data_dir))[:150]
    for text, spans in texts:
        whole.meet(text, spans)
    pairs: dict[tuple[str, str], set[str]] = {}
    for text, spans in texts:
        for one in whole.replace(text, spans, How.SURROGATE) or []:
            if one.rule not in GENERAL | DATES and not one.new.startswith("["):
                key = re.sub(r"\W", "", one.old).casefold()
                pairs.setdefault((one.rule, re.sub(r"\W", "", one.new).casefold()), set()).add(key)
    shared = {new: old for new, old in pairs.items() if len(old) > 1}
    # One telephone number with and without its country's code, one name with and without a possessive, is one.
    assert [old for old in shared.values() if not _same(old)] == []


def _same(old: set[str]) -> bool:
    digits = {re.sub(r"\D", "", one)[-7:] for one in old}
    return len({one.removesuffix("s") for one in old}) == 1 or (len(digits) == 1 and digits != {""})


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    before=st.text(max_size=30),
    between=st.text(max_size=30),
    group=st.text(min_size=1, max_size=8),
    how=st.sampled_from(list(How)),
)
def test_whatever_stands_around_stays(before: str, between: str, group: str, how: How) -> None:
    one, other = "maria.lopez@gmail.com", "12 March 2019"
    text = f"{before} {one} {between} {other} "
    start = len(before) + 1
    second = start + len(one) + len(between) + 2
    spans = [Span(start, start + len(one), "email", "email-address")]
    spans.append(Span(second, second + len(other), "date", "exact-date"))
    made = Surrogates(SECRET, group).replace(text, spans, how)
    if made is None:  # JSON that would be none
        return
    new = applied(text, made)
    assert new.startswith(f"{before} ")
    assert new.endswith(" ")
    assert f" {between} " in new
    assert (one in new) is (how is How.SHIFT)
    assert other not in new


def test_the_same_original_has_the_same_surrogate_in_its_group_and_another_one_elsewhere() -> None:
    text = "Call (415) 555-2671 or 415-555-2671 or +1 415 555 2671; not (415) 555-2672."
    new = written(text)
    numbers = [re.sub(r"\D", "", part)[-10:] for part in re.findall(r"[+(\d][\d ()-]{9,}\d", new)]
    assert numbers[0] == numbers[1] == numbers[2] != numbers[3]
    assert all(number[3:8] == "55501" for number in numbers)
    assert re.sub(r"\d", "0", new) == re.sub(r"\d", "0", text)
    assert written(text) == new
    assert written(text, group="two") != new
    assert written(text, secret=b"another") != new


def test_a_surname_alone_is_the_surname_of_the_person_who_was_named_in_full() -> None:
    text = "Mr. John Smith came. Mr. SMITH's wife, Mrs. Mary Smith, and Dr. Alan Brown (Brown, Alan) stayed. J. Smith."
    new = written(text, "John Smith", "SMITH's", "Mary Smith", "Alan Brown", "Brown, Alan", "J. Smith")
    found_names = re.fullmatch(
        r"Mr. (\w+) (\w+) came. Mr. (\w+)'s wife, Mrs. (\w+) (\w+), and Dr. (\w+) (\w+) \((\w+), (\w+)\) stayed. "
        r"(\w). (\w+).",
        new,
    )
    assert found_names is not None
    john, smith, shouted, mary, wife, alan, brown, brown_again, alan_again, _initial, last = found_names.groups()
    assert smith.upper() == shouted
    assert wife == smith == last
    assert (brown, alan) == (brown_again, alan_again)
    assert len({john, smith, mary, alan, brown}) == 5
    assert not {"john", "smith", "mary", "alan", "brown"} & {word.casefold() for word in found_names.groups()}


def test_a_name_keeps_what_its_title_says() -> None:
    women = {*names("en_US", "women"), *names("es_ES", "women")}
    men = {*names("en_US", "men"), *names("es_ES", "men")}
    for number in range(12):
        new = written("Mrs. Robin Hill met Mr. Robin Dale.", "Robin Hill", group=str(number))
        assert new.split()[1] in women
        assert written("Mr. Kim Lee.", "Kim Lee", group=str(number)).split()[1] in men


def test_dates_keep_their_intervals_their_weekday_and_their_form() -> None:
    text = "Admitted Monday, March 2, 2020, seen 03/09/2020, home on 2020-03-16, back in April 2020."
    new = written(text, how=How.SHIFT)
    match = re.fullmatch(
        r"Admitted Monday, (\w+ \d+, \d{4}), seen (\d\d)/(\d\d)/(\d{4}), home on (\d{4}-\d\d-\d\d), back in \w+ \d{4}.",
        new,
    )
    assert match is not None
    second = date(int(match[4]), int(match[2]), int(match[3]))
    third = date.fromisoformat(match[5])
    assert (third - second).days == 7
    assert (second.weekday(), third.weekday()) == (0, 0)
    assert 35 <= abs((third - date(2020, 3, 16)).days) <= 365


@given(group=st.text(max_size=5), day=st.dates(min_value=date(1900, 2, 1), max_value=date(2090, 1, 1)))
def test_a_date_is_never_left_and_never_moved_beyond_a_year(group: str, day: date) -> None:
    shift = shift_of(Chance(SECRET, group))
    assert shift.days % 7 == 0
    assert 35 <= abs(shift.days) <= 365
    assert (date.fromisoformat(moved(day.isoformat(), shift) or "") - day).days == shift.days
    assert moved(f"{day:%B %Y}", shift) not in {None, f"{day:%B %Y}"}


@pytest.mark.parametrize(
    "text",
    [
        "el 12 de marzo de 2019",
        "12-14 March 2020",
        "30 March 2020",
        "March 3rd, 2021",
        "MARCH 12, 2020",
        "May and June 2019",
        "3. März 2019",
        "2020年3月12日",
        "12/31/19",
        "9/8/2001",
        "05/2020",
        "1er janvier 2018",
    ],
)
def test_the_form_of_a_date_stays(text: str) -> None:
    spans = [span for span in find_spans(text) if span.rule in DATES]
    new = applied(text, Surrogates(SECRET, "g").replace(text, spans, How.SHIFT) or [])
    assert new != text
    assert "[" not in new
    again = [span for span in find_spans(new) if span.rule in DATES]
    assert len(again) == len(spans)


def test_numbers_are_nobodys() -> None:
    new = written(
        "IBAN DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111, DNI 12345678Z, SSN 123-45-6789, "
        "mail a.b@mycompany.org, see https://www.mypage.com/x, IP 10.20.3.45, Boston, MA 02139, Ada, ID 83101-1234"
    )
    match = re.fullmatch(
        r"IBAN (DE[\d ]{25}), card (4[\d ]{18}), DNI (\d{8}[A-Z]), SSN (666-\d\d-\d{4}), mail \w+\.\w+@example.org, "
        r"see https://www.example.com/\w+, IP (192.0.2|198.51.100|203.0.113).\d+, Boston, MA 021XX, Ada, ID 000XX",
        new,
    )
    assert match is not None, new
    assert not iban.is_valid(match[1])
    assert not luhn.is_valid(match[2].replace(" ", ""))
    assert not dni.is_valid(match[3])
    assert written("She is 94 years old and her son 61 years old.") == "She is 90+ years old and her son 61 years old."


@given(
    name=st.sampled_from(["John Smith", "José García", "O'Hara"]),
    note=st.text(max_size=20),
    record=st.integers(min_value=10**6, max_value=10**9),
)
def test_json_stays_json(name: str, note: str, record: int) -> None:
    text = json.dumps({"name": name, "mrn": record, "text": f"{note}\n{name}\n12 Main Street\nBoston", "é": "a@b.com"})
    spans = find_spans(text)
    for word in {json.dumps(name)[1:-1], name}:
        spans += [Span(m.start(), m.end(), "person", "person-name") for m in re.finditer(re.escape(word), text)]
    spans += [Span(m.start(), m.end(), "medical-record", "medical-record") for m in re.finditer(rf"{record}", text)]
    for how in (How.SURROGATE, How.REDACT):
        made = Surrogates(SECRET, "g").replace(text, spans, how)
        assert made is not None
        value = json.loads(applied(text, made))
        assert isinstance(value["mrn"], int)
        assert value["mrn"] != record
        assert value["name"] != name


def test_what_has_no_surrogate_has_a_label() -> None:
    text = "Room of 王小明 in 中关村大街27号"
    new = applied(
        text, Surrogates(SECRET, "g").replace(text, [Span(8, 11, "person", "person-name")], How.SURROGATE) or []
    )
    assert new == "Room of [NAME] in 中关村大街27号"


def test_what_was_found_once_is_known_where_no_rule_finds_it() -> None:
    text = "MRN: 12345678. Mr. John Smith. Smith left; file 12345678 stays. A young Young."
    spans = found(text, "John Smith")
    more = echoes(text, spans, said(text, spans))
    assert [text[span.start : span.end] for span in more] == ["Smith", "12345678"]
    young = [Span(0, 10, "person", "person-name")]
    assert echoes("Mary Young and Young, a young one", young, said("Mary Young", young)) == []
    text = "Mr. John Smith <john.smith@clinic.org>. J. Smith left."
    spans = found(text, "John Smith")
    assert [text[span.start : span.end] for span in echoes(text, spans, said(text, spans))] == ["Smith"]

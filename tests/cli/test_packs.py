"""pack and merge as scripts call them."""

from pathlib import Path

from tests.cli.conftest import Accord


def _project(accord: Accord, tmp_path: Path) -> list[str]:
    rows = tmp_path / "rows.csv"
    rows.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(5)))
    accord("new", "home.accord")
    accord("import", "home.accord", rows, "--map", "request=q,answer=a")
    accord("assign", "home.accord", "--reviewers", "ana,bo", "--overlap", "1")
    return [line["id"] for line in accord("list", "home.accord").lines]


def test_a_pack_goes_out_and_comes_home(accord: Accord, tmp_path: Path) -> None:
    first, second, *_more = _project(accord, tmp_path)
    made = accord("pack", "home.accord", "--reviewer", "ana", "--out", "ana.accord", "--expires", "7", "--json").value
    assert (made["examples"], made["assigned"], made["reviewer"], made["file"]) == (5, 0, "ana", "ana.accord")
    assert made["until"]
    said = tmp_path / "said.csv"
    said.write_text(f"id,verdict,answer,comment\n{first},accept,,\n{second},edit,Better.,why\n")
    assert accord("reviews", "ana.accord", said, "--json").value["accepted"] == 2  # whoever the machine's user is
    looked = accord("merge", "home.accord", "ana.accord", "--dry-run", "--json").value
    assert (looked["new"], looked["known"], looked["conflicts"], looked["backup"]) == (2, 0, 0, "")
    merged = accord("merge", "home.accord", "ana.accord", "--json").value
    assert (merged["new"], merged["known"], merged["conflicts"], merged["items"]) == (2, 0, 0, [])
    assert Path(merged["backup"]).exists()
    again = accord("merge", "home.accord", "ana.accord", "ana.accord", "--json").value
    assert (again["new"], again["known"], again["backup"]) == (0, 4, "")
    assert [line["id"] for line in accord("list", "home.accord", "--where", "reviewer = ana").lines] == [first, second]
    assert accord("status", "home.accord", "--json").value["reviewer_names"] == ["ana", "bo"]
    assert accord("inspect", "home.accord", "--json").value["ok"]


def test_what_is_said_of_a_pack_on_its_way_out_and_home(accord: Accord, tmp_path: Path) -> None:
    first, *_more = _project(accord, tmp_path)
    told = accord("pack", "home.accord", "--reviewer", "ana", "--out", "ana.accord", "--expires", "7").out
    for part in (
        "5 examples for ana in ana.accord",
        "To be back by 20",
        "sends the same file back",
        "accord merge home",
    ):
        assert part in told
    helped = " ".join(accord("pack", "--help").out.split())
    assert "in days from now" in helped
    assert "besides what NAME was given already" in helped
    for days in ("-1", "0"):
        accord("pack", "home.accord", "--reviewer", "ana", "--out", "x.accord", "--expires", days, code=2)
    without = accord("pack", "home.accord", "--reviewer", "bo", "--out", "bo.accord").out
    assert "No day is set by which it is to be back." in without
    said = tmp_path / "said.csv"
    said.write_text(f"id,verdict\n{first},accept\n")
    accord("reviews", "ana.accord", said)
    assert "ana.accord, ana: 1 new, 0 known, 0 conflicts" in accord("merge", "home.accord", "ana.accord").out
    assert "All of it came home before" in accord("merge", "home.accord", "ana.accord").out
    whole = Path("ana.accord").read_bytes()
    Path("cut.accord").write_bytes(whole[:20_000])
    broken = accord("merge", "home.accord", "cut.accord", code=1).err
    assert "cut.accord is damaged" in broken
    assert "Ask for the pack again" in broken


def test_conflicts_are_listed_and_a_file_that_is_none_leaves_the_others(accord: Accord, tmp_path: Path) -> None:
    first, *_more = _project(accord, tmp_path)
    accord("pack", "home.accord", "--reviewer", "ana", "--out", "ana.accord")
    said = tmp_path / "said.csv"
    said.write_text(f"id,verdict\n{first},accept\n")
    accord("reviews", "ana.accord", said)
    said.write_text(f"id,verdict\n{first},reject\n")
    accord("reviews", "home.accord", said, "--as", "ana")
    Path("none.accord").write_text("nothing")
    merged = accord("merge", "home.accord", "none.accord", "home.accord", "ana.accord", "--json", code=1)
    (item,) = merged.value["items"]
    assert (item["id"], item["kind"], item["stored"], item["counts"]) == (first, "reviewed_since", True, False)
    assert [bool(file["refused"]) for file in merged.value["files"]] == [True, True, False]
    assert (merged.value["new"], merged.value["conflicts"]) == (1, 1)
    assert "none.accord" in merged.err
    assert "no review pack" in merged.err


def test_a_pack_is_made_for_nobody_by_mistake(accord: Accord, tmp_path: Path) -> None:
    first, *_more = _project(accord, tmp_path)
    words = ("pack", "home.accord", "--reviewer", "annna", "--out", "x.accord", "--where", f"id = {first}")
    assert "Nearest: ana, " in accord(*words, code=1).err
    assert not Path("x.accord").exists()
    assert accord(*words, "--new", "--json").value["new"] == ["annna"]


def test_a_pack_refuses_what_belongs_into_its_project(accord: Accord, tmp_path: Path) -> None:
    _project(accord, tmp_path)
    accord("pack", "home.accord", "--reviewer", "ana", "--out", "ana.accord")
    for words in (
        ("import", "ana.accord", "rows.csv", "--map", "request=q,answer=a"),
        ("release", "ana.accord", "v1"),
        ("assign", "ana.accord", "--reviewers", "bo"),
        ("pack", "ana.accord", "--reviewer", "ana", "--out", "more.accord"),
        ("merge", "ana.accord", "ana.accord"),
        ("purge", "ana.accord", "--id", "x", "--reason", "y"),
        ("bulk", "ana.accord", "--where", "", "--tag", "x"),
        ("list", "ana.accord", "--as", "bo"),
    ):
        assert "review pack" in accord(*words, code=1).err, words
    accord("bulk", "ana.accord", "--where", "", "--accept")
    accord("pack", "home.accord", "--reviewer", "ana", "--out", "ana.accord", code=1)
    accord("pack", "home.accord", "--reviewer", "cara", "--out", "cara.accord", code=1)
    assert not Path("cara.accord").exists()
    accord("pack", "home.accord", "--reviewer", "ana", "--out", "x.accord", "--as", "bo", code=1)

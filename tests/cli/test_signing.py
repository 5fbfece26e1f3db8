"""release --sign, --withdraw and --certificate: on a release that is made, with a phrase from a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Accord


@pytest.fixture
def made(accord: "Accord", tmp_path: Path) -> "Accord":
    """The program beside a project with one release."""
    rows = [f"Question {n} on topic{n}?,Answer {n} with word{n}.,accept,ana" for n in range(14)]
    (tmp_path / "rows.csv").write_text("\n".join(["q,a,v,r", *rows]), encoding="utf-8")
    (tmp_path / "phrase").write_text("two words and a dose\n", encoding="utf-8")
    accord("new", "p.accord")
    accord("import", "p.accord", "rows.csv", "--map", "request=q,answer=a,verdict=v,reviewer=r")
    accord("release", "p.accord", "v1")
    return accord


def test_a_release_is_signed_certified_and_withdrawn(made: "Accord", tmp_path: Path) -> None:
    on = ("release", "p.accord", "v1", "--as", "ana", "--phrase-file", "phrase", "--json")
    who = ("--name", "Dr Ana Ruiz", "--credential", "MD, cardiology", "--statement", "I answer for it.")
    call = made(*on, "--sign", *who, "--certificate", "v1.html")
    assert "This phrase is yours from now on" in call.err
    found = call.value
    assert (found["release"], found["train"] + found["validation"] + found["heldout"]) == ("v1", 14)
    (one,) = found["signatures"]
    assert (one["name"], one["credential"], one["statement"], one["state"], one["hash"]) == (
        "Dr Ana Ruiz",
        "MD, cardiology",
        "I answer for it.",
        "holds",
        found["hash"],
    )
    assert found["certificate"] == "v1.html"
    assert "Dr Ana Ruiz" in (tmp_path / "v1.html").read_text("utf-8")
    (tmp_path / "phrase").write_text("not my phrase at all", encoding="utf-8")
    assert "not your phrase" in made(*on, "--withdraw", code=1).err
    (tmp_path / "phrase").write_text("two words and a dose", encoding="utf-8")
    assert made(*on, "--withdraw").value["signatures"][0]["state"] == "withdrawn"
    for name in (("--as", "ana"), ()):  # who signed leads now, beside whoever made the file
        assert made("audit", "p.accord", "--verify", "--json", *name).value["ok"]
        assert made("list", "p.accord", *name).err == ""
    assert made("inspect", "p.accord", "--json", "--as", "ana").value["ok"]


def test_what_is_missing_is_said(made: "Accord", tmp_path: Path) -> None:
    made("release", "p.accord", "v1", "--sign", "--credential", "MD", code=2)
    made("release", "p.accord", "v1", "--sign", "--withdraw", "--phrase-file", "phrase", code=2)
    gone = made("release", "p.accord", "v2", "--sign", "--credential", "MD", "--phrase-file", "phrase", code=1)
    assert "There is no release “v2”" in gone.err
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    on = ("release", "p.accord", "v1", "--as", "ana", "--phrase-file", "phrase", "--sign")
    assert "already there" in made(*on, "--certificate", "mine.html", code=1).err
    assert (tmp_path / "mine.html").read_text("utf-8") == "mine"
    made("release", "p.accord", "v1", "--certificate", "other.html", "--without-names")
    page = (tmp_path / "other.html").read_text("utf-8")
    assert "reviewer 1 (14)" in page
    assert "Not signed." in page  # nor was it by the call that was refused


def test_no_credential_is_needed_and_who_signs_again_is_told_so(made: "Accord") -> None:
    on = ("release", "p.accord", "v1", "--as", "ana", "--phrase-file", "phrase", "--sign", "--json")
    first = made(*on)
    assert first.value["signatures"][0]["credential"] == ""
    again = made(*on, "--credential", "MD")
    assert f"You signed “v1” already, on {first.value['signatures'][0]['at']}; you signed it again." in again.err
    assert [(one["credential"], one["state"]) for one in again.value["signatures"]] == [
        ("", "replaced"),
        ("MD", "holds"),
    ]
    assert "ana (no credential given): " in made("release", "p.accord", "v1", "--certificate", "c.html").out

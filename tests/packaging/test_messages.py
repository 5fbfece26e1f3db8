"""The catalogue template holds every sentence of the source, and changes only when a sentence does."""

import ast
from pathlib import Path

import messages
import pytest

SOURCE = r"""
from accord.domain.wording import _, plural
_("Import {n} files", n=3)
_("Import {n} files", n=4)
plural("{n} row", "{n} rows", 2)
_("A \\ and a \"quote\"\nand a line")
_(name)
other("not a sentence")
"""


def test_the_template_is_up_to_date() -> None:
    assert messages.TEMPLATE.read_text("utf-8") == messages.template(messages.collect(messages.SOURCE)), (
        "run python3 packaging/run.py messages"
    )


def test_sentences_are_found_once() -> None:
    assert messages.sentences(SOURCE, "x.py") == {
        ("Import {n} files", ""),
        ("{n} row", "{n} rows"),
        ('A \\ and a "quote"\nand a line', ""),
    }


@pytest.mark.parametrize("line", ['_(f"{name} rows")', '_("rows of " + name)', '_("%d rows" % n)'])
def test_a_sentence_built_at_run_time_is_refused(line: str) -> None:
    with pytest.raises(messages.NotALiteral, match=r"x\.py:2"):
        messages.sentences(f"\n{line}\n", "x.py")


def test_the_template_does_not_depend_on_order_or_place() -> None:
    one = messages.template({("b", ""), ("a", ""), ("c", "cs")})
    two = messages.template({("c", "cs"), ("a", ""), ("b", "")})
    assert one == two
    assert one.index('msgid "a"') < one.index('msgid "b"') < one.index('msgid "c"')
    assert "x.py" not in one


def test_every_sentence_is_written_so_that_it_reads_back_the_same() -> None:
    found = messages.sentences(SOURCE, "x.py")
    lines = messages.template(found).splitlines()
    read = [ast.literal_eval(line.partition(" ")[2]) for line in lines if line.startswith(("msgid ", "msgid_plural "))]
    assert sorted(read) == sorted(["", *(text for pair in found for text in pair if text)])


def test_check_says_what_is_out_of_date_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "TEMPLATE", tmp_path / "locale" / "accord.pot")
    (tmp_path / "module.py").write_text('_("One sentence.")')
    assert messages.main(["--check"]) == 1
    assert "run.py messages" in capsys.readouterr().err
    assert not messages.TEMPLATE.exists()
    assert messages.main([]) == 0
    assert messages.main(["--check"]) == 0
    assert "One sentence." in messages.TEMPLATE.read_text("utf-8")

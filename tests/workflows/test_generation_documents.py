"""Documents on their way to passages: a hostile one harms nobody, and each that gives nothing is told with its reason."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import docx
import pytest

from accord.domain.errors import Cancelled
from accord.domain.progress import CancelFlag
from accord.formats import passages
from accord.workflows import generation_documents
from accord.workflows.generation_documents import read

WORDS = "The dose is halved where the kidneys work at less than half. " * 6


def swallow(path: Path) -> Iterator[bytearray]:
    """Take more memory than a reading process may."""
    yield bytearray(2 << 30)


def die(path: Path) -> Iterator[NoReturn]:
    """End as a library does that crashes."""
    os._exit(11)
    yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(WORDS, "utf-8")
    (tmp_path / "b.html").write_text(f"<html><h1>Kidneys</h1><p>{WORDS}</p><script>alert()</script></html>", "utf-8")
    (tmp_path / "c.md").write_text(f"# Kidneys\n\n{WORDS}", "utf-8")
    word = docx.Document()
    word.add_heading("Kidneys", 1)
    word.add_paragraph(WORDS)
    word.save(str(tmp_path / "d.docx"))
    return tmp_path


def test_each_format_gives_passages_with_their_place(folder: Path) -> None:
    found = read(files=sorted(folder.iterdir()))
    assert not found.faults
    assert [one.document for one in found.passages] == ["a.txt", "b.html", "c.md", "d.docx"]
    assert {one.text for one in found.passages} == {" ".join(WORDS.split())}
    assert [one.place for one in found.passages][1:] == ["b.html > Kidneys", "c.md > Kidneys", "d.docx > Kidneys"]
    assert len({one.id for one in found.passages}) == 4


def test_a_file_that_is_given_twice_gives_its_passages_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert len(read(files=[Path("a.txt"), folder / "a.txt"]).passages) == 1


@pytest.mark.parametrize(
    ("how", "said"),
    [(swallow, "more than 1024 MB of memory"), (die, "broke down on it. Cut it into smaller documents")],
)
def test_a_hostile_file_is_refused_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: object, said: str
) -> None:
    real = generation_documents._of_file

    def first(file: Path, watch: CancelFlag) -> object:
        with monkeypatch.context() as patched:
            if file.name == "a.txt":
                patched.setattr(passages, "of_file", how)
            return real(file, watch)

    monkeypatch.setattr(generation_documents, "_of_file", first)
    found = read(files=sorted(folder.iterdir()))
    (fault,) = found.faults
    assert fault.file.endswith("a.txt")
    assert said in fault.reason
    assert len(found.passages) == 3


def test_a_folder_and_a_file_that_is_not_there_are_told(folder: Path) -> None:
    found = read(files=[folder, folder / "none.pdf"])
    assert len(found.faults) == 2
    assert all(fault.reason for fault in found.faults)


def test_reading_can_be_stopped(folder: Path) -> None:
    stopped = CancelFlag()
    stopped.cancelled = True
    with pytest.raises(Cancelled):
        read(files=sorted(folder.iterdir()), progress=stopped)

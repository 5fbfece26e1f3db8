"""Nothing leaves the machine: every verb that loads other people's libraries runs under a guard that tells of sockets.

The guard (``tests/guard``) is in every test and in all that it starts; here it is asked as well in which programs it was.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.guard.sitecustomize import BEGUN, LOG

WALK = """
import contextlib, io, json, sys
from dataclasses import replace
from accord.__main__ import main
from accord.domain.ledger import Who
from accord.storage.project import open_project
from accord.workflows import projects

def do(*words):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        sys.argv = ["accord", *words]
        code = main()
    assert code == 0, (words, code, said.getvalue())
    return said.getvalue()

if __name__ == "__main__":
    do("new", "p.accord")
    project = open_project("p.accord")
    settings = projects.settings_of(project=project)
    limits = replace(settings.checks, off=(), most_tokens=1, languages=("de",), place_and_date=True)
    projects.change_settings(project=project, who=Who(actor="ana", device="x"), settings=replace(settings, checks=limits))
    project.close()
    do("import", "p.accord", "rows.csv", "--map", "request=q,answer=a,verdict=v,reviewer=r")
    found = json.loads(do("check", "p.accord", "--json"))
    measured = json.loads(do("check", "p.accord", "--labelled", "labelled.jsonl", "--json"))
    do("deidentify", "p.accord", "--only", "email-address", "--json")
    do("duplicates", "p.accord", "--method", "semantic", "--json")
    one = json.loads(do("list", "p.accord", "--json", "--limit", "1").splitlines()[0])["id"]
    do("similar", "p.accord", one, "--json")
    do("release", "p.accord", "first", "--json")
    do("export", "p.accord", "--release", "first", "--format", "openai", "--out", "out")
    with open("found.json", "w", encoding="utf-8") as file:
        json.dump([found, measured], file)
"""


def guarded(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the guard in it and in all that it starts, its caches empty."""
    (folder / "walk.py").write_text(script, "utf-8")
    empty = {name: str(folder / "empty" / name) for name in ("HF_HOME", "TIKTOKEN_CACHE_DIR", "TLDEXTRACT_CACHE")}
    caches = {
        **empty,
        "XDG_CACHE_HOME": str(folder / "empty" / "xdg"),
        "ACCORD_CACHE_DIR": str(folder / "empty" / "own"),
    }
    return subprocess.run(
        [sys.executable, str(folder / "walk.py")],
        cwd=folder,
        env={**os.environ, **caches, LOG: str(folder / "reached"), BEGUN: str(folder / "begun")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def told(file: Path) -> list[str]:
    """Return what the guards of all programs wrote down."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


def test_no_verb_reaches_for_another_machine_nor_does_any_program_that_it_starts(tmp_path: Path) -> None:
    rows = [
        f"How do I care for wound {n} on day {n}?,Wash hands and then clean the wound {n} times.,accept,ana"
        for n in range(14)
    ]
    rows.append(
        "Who treats me at the clinic?,Dr. Maria Lopez of Boston treats you: mail maria@gmail.com or see E11.999.,,"
    )
    rows.append("Which case says so?,See Roe v. Wade and 410 U.S. 113 (1973) on https://example.com/roe please.,,")
    (tmp_path / "rows.csv").write_text("\n".join(["q,a,v,r", *rows]), "utf-8")
    marked = {"text": "John Smith lives in Boston.", "spans": [[0, 10, "PERSON"]]}
    (tmp_path / "labelled.jsonl").write_text(json.dumps(marked) + "\n", "utf-8")
    done = guarded(tmp_path, WALK)
    assert done.returncode == 0, done.stderr
    assert told(tmp_path / "reached") == []
    begun = told(tmp_path / "begun")
    assert any("accord.sidecar" in words for words in begun)
    assert any("multiprocessing" in words for words in begun)
    found = (tmp_path / "found.json").read_text("utf-8")
    assert all(f'"{rule}"' in found for rule in ("person-name", "too-many-tokens", "email-address"))


CHILD = """
import multiprocessing, socket
def reach():
    try:
        socket.getaddrinfo("example.org", 443)
    except BaseException:
        pass
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=reach)
    child.start()
    child.join()
"""


def test_the_guard_tells_of_a_look_up_in_a_child(tmp_path: Path) -> None:
    assert guarded(tmp_path, CHILD).returncode == 0
    assert [line.partition(" in ")[0] for line in told(tmp_path / "reached")] == ["socket.getaddrinfo 'example.org'"]

"""Without the extras: what is not looked for is named with how to get it, and everything else works."""

import importlib.util
import json
import shlex
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from tests.cli.conftest import Accord

from accord.checks import registry
from accord.domain import extras
from accord.domain.extras import Extra

_TEXT = "This is Mr. Tomasz Brindle. Please ring me at (212) 555-0142 about the new tablets, whenever it suits you."


@pytest.fixture
def light_checks() -> None:
    """Leave every rule on, unlike elsewhere: what is missing here is what is wanted."""


def _hide(monkeypatch: pytest.MonkeyPatch, *hidden: str) -> None:
    usual = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name in hidden else usual(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    monkeypatch.setattr(extras, "find_spec", find_spec)
    monkeypatch.setattr(registry, "find_spec", find_spec)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with none of the extras."""
    registry._installed.cache_clear()
    _hide(monkeypatch, *extras.PACKAGES[Extra.CHECKS], *extras.PACKAGES[Extra.ML])
    yield
    registry._installed.cache_clear()


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> str:
    source = tmp_path / "rows.jsonl"
    source.write_text(json.dumps({"request": _TEXT, "answer": "Yes, we will ring you back tomorrow at nine."}), "utf-8")
    path = str(tmp_path / "p.accord")
    accord("new", path, "--preset", "medical")
    accord("import", path, str(source), "--map", "request=request,answer=answer")
    return path


def test_every_package_that_a_rule_needs_is_of_the_extra() -> None:
    assert {rule.needs for rule in registry.RULES if rule.needs} <= set(extras.PACKAGES[Extra.CHECKS])


@pytest.mark.usefixtures("bare")
def test_check_names_what_it_did_not_look_for_and_finds_the_rest(accord: Accord, project: str) -> None:
    told = accord("check", project, "--json").value
    assert told["not_looked_for"]["person-name"] == "presidio_analyzer"
    assert [one["rule"] for one in told["findings"]] == ["phone-number"]
    said = accord("check", project).out
    assert "Not looked for, as packages are not installed" in said
    assert f"{shlex.quote(sys.executable)} -m pip install 'accord[checks]'" in said
    assert accord("check", project, "--only", "boilerplate", "--json").value["not_looked_for"] == {}


@pytest.mark.usefixtures("bare")
def test_deidentify_and_duplicates_say_what_is_missing(accord: Accord, project: str) -> None:
    told = accord("deidentify", project, "--dry-run", "--json").value
    assert (told["replaced"], set(told["not_looked_for"])) == (
        {"phone-number": 1},
        {"person-name", "place-name", "organisation-name"},
    )
    assert "Name of a person" in accord("deidentify", project, "--dry-run").out
    refused = accord("duplicates", project, "--method", "semantic", code=1)
    assert "accord[ml]" in refused.err


@pytest.mark.usefixtures("bare")
def test_doctor_says_what_each_extra_adds_and_finds_nothing_wrong(accord: Accord) -> None:
    found = {one["name"]: one for one in accord("doctor", "--json").value["checks"]}
    assert "lingua" in found["checks"]["detail"]
    assert "by meaning" in found["ml"]["detail"]


def test_a_copy_without_pip_says_that_it_takes_no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    _hide(monkeypatch, "pip")
    assert "takes no further packages" in extras.how(Extra.CHECKS)
    assert "pip install" not in extras.how(Extra.CHECKS)


@pytest.mark.usefixtures("bare")
def test_a_release_says_what_was_not_looked_for(accord: Accord, project: str) -> None:
    (example,) = accord("list", project).lines
    accord("dismiss", project, "--id", example["id"], "--rule", "phone-number", "--reason", "acceptable")
    accord("bulk", project, "--where", "status = candidate", "--accept")
    warned = accord("release", project, "v1", "--dry-run", "--json").value["warnings"]
    assert any("Name of a person" in one for one in warned)

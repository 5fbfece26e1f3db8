"""Projects to generate candidates for, and a service of the tests' own that answers them."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.chat_service import KEY, Behaviour, ChatService, Good, Received

from accord.domain.chat import ChatService as Port
from accord.domain.chat import Connection
from accord.domain.ledger import Who
from accord.domain.project import DataClass
from accord.domain.recipes import Recipe
from accord.providers.chat import OpenAIChat
from accord.settings import SavedConnection
from accord.storage.project import Project
from accord.workflows import generating, importing, projects, recipes
from accord.workflows.generating import Finished, Prepared
from accord.workflows.generation_starts import Wish

WHO = Who(actor="ana", device="here")


def recipe(project: Project, name: str) -> Recipe:
    """Return a recipe as the project uses it."""
    return recipes.find(project=project, name=name).recipe


def import_pairs(project: Project, folder: Path, pairs: Sequence[tuple[str, str]], **more: str) -> None:
    """Bring pairs in; an empty answer is none."""
    file = folder / "rows.jsonl"
    rows = [{"q": request, "a": answer, **more} for request, answer in pairs]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    mapping = {"request": "q", "answer": "a", **{name: name for name in more}}
    importing.import_file(project=project, who=WHO, path=file, mapping=mapping, backup=False)


def may_leave(project: Project) -> None:
    """Let the project's data leave the machine after consent."""
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=WHO, settings=replace(settings, data_class=DataClass.CONSENT))


def saved(base_url: str) -> SavedConnection:
    """Return a connection to an address."""
    return SavedConnection(connection=Connection(name="tests", base_url=base_url))


def open_chat(connection: Connection, *, here_only: bool) -> Port:
    """Open a connection with the key of the tests' service."""
    return OpenAIChat(connection, KEY, here_only=here_only)


def prepared(project: Project, base_url: str, name: str, wish: Wish, **more: Any) -> Prepared:
    """Prepare a run of a recipe."""
    told = {"recipe": recipe(project, name), "wish": wish, "saved": saved(base_url), "model": "gpt-4"}
    return generating.prepare(project=project, who=WHO, **{**told, **more})


def run(project: Project, base_url: str, name: str, wish: Wish, **more: Any) -> Finished:
    """Prepare and start a run."""
    return generating.start(
        project=project, who=WHO, prepared=prepared(project, base_url, name, wish, **more), open_service=open_chat
    )


@contextmanager
def answering(say: Callable[[int, str], object]) -> Iterator[ChatService]:
    """Serve: what ``say`` returns for the number of a question and its last message, as JSON where it is no text."""

    def script(turn: int, received: Received) -> Behaviour:
        said = say(turn, json.loads(received.raw)["messages"][-1]["content"])
        return Good(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))

    with ChatService(script=script) as service:
        yield service

"""A program that asks for drafts of all requests of a project: begins a run, or goes on with the one there is."""

import sys
from decimal import Decimal
from pathlib import Path

from tests.workflows.generation import WHO, open_chat, recipe, saved

from accord.domain.spending import Price
from accord.settings import SavedConnection
from accord.workflows import asking, generating, projects
from accord.workflows.generation_starts import Wish

ITEMS = 1000
BUDGET = Decimal(500)
PRICE = Price(prompt=Decimal(10), answer=Decimal(30))


def main() -> None:
    """Ask until all is asked; say so."""
    asking._BACK_OFF = 0.02
    path, base_url = Path(sys.argv[1]), sys.argv[2]
    project = projects.open_project(path=path)
    known = generating.runs(project=project)
    if known:
        found = generating.resume(project=project, who=WHO, run=known[0].id, open_service=open_chat)
    else:
        connection = SavedConnection(connection=saved(base_url).connection, prices={"": PRICE})
        ready = generating.prepare(
            project=project,
            who=WHO,
            recipe=recipe(project, "answers"),
            wish=Wish(n=ITEMS, shown=0),
            saved=connection,
            model="gpt-4",
            budget=BUDGET,
        )
        found = generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat)
    project.close()
    sys.stdout.write(found.why or "done")


if __name__ == "__main__":
    main()

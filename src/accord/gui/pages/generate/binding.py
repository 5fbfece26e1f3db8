"""What the controls and keys of the page do."""

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.gui.pages.generate.page import GeneratePage


def bind_actions(page: "GeneratePage") -> None:
    """Give the actions of the page their functions."""
    bind, asking, prompts = page.context.actions.bind, page.asking, page.before.prompts
    bind("generate.ask", page.ask, enabled=page.can_ask)
    bind("generate.test", page.connecting.test, enabled=page.connecting.can_test)
    bind("generate.connect", page.who.open_form)
    bind("generate.documents", page.what.choose_documents)
    bind("generate.recipe", page.recipe_acts.open, enabled=page.what.has_text)
    bind("generate.next_prompt", partial(prompts.step, 1), enabled=lambda: prompts.can_step(1))
    bind("generate.previous_prompt", partial(prompts.step, -1), enabled=lambda: prompts.can_step(-1))
    bind("generate.pause", asking.pause, enabled=lambda: asking.job is not None and not asking.job.stopping)
    bind("generate.cancel", asking.cancel, enabled=lambda: asking.job is not None and not asking.job.stopping)
    bind("generate.resume", asking.resume, enabled=asking.can_resume)
    bind("generate.review", asking.review, enabled=asking.can_review)


def connect(page: "GeneratePage") -> None:
    """Connect the parts of the page with each other."""
    page.what.changed.connect(page.follow)
    page.who.changed.connect(page.follow)
    page.connecting.changed.connect(page.follow)
    page.before.consent.gate_changed.connect(page.follow)
    page.before.consent.changed.connect(page.update_button)
    page.before.here_wanted.connect(page.who.open_form_here)
    page.preparing.started.connect(page.before.waiting.follow)
    page.preparing.found.connect(page.show_prepared)
    page.preparing.refused.connect(page.show_refusal)
    page.asking.changed.connect(page.follow_runs)
    page.runs.opened.connect(page.asking.look_at)
    page.run.again.connect(page.ask_like)

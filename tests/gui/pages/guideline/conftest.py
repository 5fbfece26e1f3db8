"""The window with the pages of project and guideline, and a person at its keyboard."""

from tests.gui.pages.project.conftest import desk

__all__ = ["desk"]

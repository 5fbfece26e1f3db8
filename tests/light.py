"""A project's settings without the rules that take seconds to load, for tests that are not about those."""

from dataclasses import replace

from accord.checks import registry
from accord.domain.project import ProjectSettings


def light(settings: ProjectSettings) -> ProjectSettings:
    """Return the settings with every rule switched off that needs a package of its own."""
    needing = {rule.name for rule in registry.RULES if rule.needs}
    return replace(settings, checks=replace(settings.checks, off=tuple(sorted({*settings.checks.off, *needing}))))

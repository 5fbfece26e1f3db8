"""The rules of several reviewers for a release: enough of them for each example, and agreement that is high enough."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from accord.domain.agreement import Measured
from accord.domain.filters import Field, Op, Term
from accord.domain.project import ProjectSettings, ReleaseRules
from accord.domain.project_agreement import VERDICT, About, Question
from accord.domain.releases import ReleaseAgreement
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.storage import votes
from accord.storage.project import View

#: Why an accepted example is not in a release, as short codes; ``reason_sentence`` says them in words.
LINKED, UNFIT, FEW_REVIEWERS, DOUBLE_TAG, HELDOUT_SINGLE, HELDOUT_GENERATED = (
    "linked_to_heldout",
    "answer_kind",
    "reviewers",
    "double_tag",
    "heldout_double",
    "heldout_generated",
)
_TWO = 2
#: An example that was set aside may still wait for reviewers, too.
_SAID_BY_ALL = [
    Term(field=Field.STATUS, op=Op.IS_NOT, value=status.value) for status in (Status.IN_REVIEW, Status.SET_ASIDE)
]


def lacking(rules: ReleaseRules, *, verdicts: int, adjudicated: bool, tags: Collection[str]) -> str:
    """Return the code of what an accepted example lacks to be released; empty where it lacks nothing."""
    if adjudicated:
        return ""
    if verdicts < rules.least_reviewers:
        return FEW_REVIEWERS
    return DOUBLE_TAG if verdicts < _TWO and not set(rules.double_tags).isdisjoint(tags) else ""


def reason_sentence(code: str, rules: ReleaseRules) -> str:
    """Return in words why an example is not in a release."""
    match code:
        case "linked_to_heldout":
            return _(
                "It belongs with an example that was held out, and was trained on before: held-out would leak into it."
            )
        case "answer_kind":
            return _("Its answer does not fit the project's answer kind.")
        case "reviewers":
            return _(
                "It was reviewed by fewer than {n} people, as this project asks for, and no adjudicator decided on it.",
                n=rules.least_reviewers,
            )
        case "double_tag":
            return _("One of its tags asks for two reviewers; one person alone reviewed it.")
        case "heldout_double":
            return _(
                "It belongs with an example that was held out, and what is held out was reviewed by two people or "
                "adjudicated; one person alone reviewed it."
            )
        case "heldout_generated":
            return _("It was made by a model, and belongs with an example that is held out.")
        case _other:
            return code


def left_out_sentences(codes: Iterable[str], rules: ReleaseRules) -> list[str]:
    """Say how many accepted examples a release leaves out by its rules, a sentence for each."""
    found = Counter(codes)
    said = []
    if n := found[FEW_REVIEWERS]:
        said.append(
            plural(
                "{n} accepted example has fewer than {least} reviewers and no adjudicator's decision; it is left out.",
                "{n} accepted examples have fewer than {least} reviewers and no adjudicator's decision; "
                "they are left out.",
                n,
                least=rules.least_reviewers,
            )
        )
    if n := found[DOUBLE_TAG]:
        said.append(
            plural(
                "{n} accepted example has a tag that asks for two reviewers, and has one; it is left out.",
                "{n} accepted examples have a tag that asks for two reviewers, and have one; they are left out.",
                n,
            )
        )
    if n := found[HELDOUT_SINGLE]:
        said.append(
            plural(
                "{n} example belongs with what was held out, and one person alone reviewed it; it is left out.",
                "{n} examples belong with what was held out, and one person alone reviewed them; they are left out.",
                n,
            )
        )
    if n := found[HELDOUT_GENERATED]:
        said.append(
            plural(
                "{n} example was made by a model and belongs with what was held out; it is left out.",
                "{n} examples were made by a model and belong with what was held out; they are left out.",
                n,
            )
        )
    return said


def heldout_sentence(singly_reviewed: int) -> str:
    """Say how many examples are not held out because one person alone reviewed them."""
    return plural(
        "{n} example was reviewed by one person alone and is not held out; it is in train or validation.",
        "{n} examples were reviewed by one person alone and are not held out; they are in train or validation.",
        singly_reviewed,
    )


def agreement(view: View, tags: Iterable[str]) -> tuple[ReleaseAgreement, ...]:
    """Return alpha for the verdict and for each of these tags; nothing where no example was reviewed by two people.

    What waits for reviewers or is set aside is left out: everybody reads a release, and nobody is to tell from it what
    was said of an example that waits.
    """
    if not votes.any_double(view):
        return ()
    # scipy is loaded only where several people have reviewed
    from accord.analysis.agreement import alpha
    from accord.analysis.agreement.measuring import Wanted, measure_each
    from accord.workflows.rated_questions import Rated

    given = votes.read_votes(view, _SAID_BY_ALL)
    found = []
    for question in (VERDICT, *(Question(about=About.TAG, name=name) for name in sorted(set(tags)))):
        rated = Rated(given, question)
        ratings = rated.ratings(rated.codes)
        n = ratings.doubly_rated
        if not n:
            return ()  # the two judged different texts
        figure = measure_each(ratings, {"alpha": Wanted(value=alpha.nominal)})["alpha"]
        if isinstance(figure, Measured):
            one = ReleaseAgreement(question=question.key, value=figure.value, ci95=figure.ci95, n=n)
        else:
            one = ReleaseAgreement(question=question.key, value=None, ci95=None, n=n, reason=figure.reason)
        found.append(one)
    return tuple(found)


def too_low(settings: ProjectSettings, found: Sequence[ReleaseAgreement]) -> list[str]:
    """Say of each question that it does not reach the alpha that the project asks for.

    Where all said the same, alpha is not defined, and there is nothing to disagree about: that is no reason to refuse.
    """
    least = settings.rules.least_alpha
    if least <= 0:
        return []
    if not found:
        return [
            _(
                "No example was reviewed by two people; this project asks for an alpha of {least}.",
                least=f"{least:.2f}",
            )
        ]
    return [
        plural(
            "On {question} alpha is {figure}, from {n} double review; this project asks for {least}.",
            "On {question} alpha is {figure}, from {n} double reviews; this project asks for {least}.",
            one.n,
            question=one.title,
            figure=one.figure,
            least=f"{least:.2f}",
        )
        for one in found
        if one.value is not None and one.value < least
    ]


def untold(settings: ProjectSettings, found: Sequence[ReleaseAgreement]) -> list[str]:
    """Say of each question that its agreement cannot be told, where the project asks for one."""
    if settings.rules.least_alpha <= 0:
        return []
    return [one.sentence for one in found if one.value is None]

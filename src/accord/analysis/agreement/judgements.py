"""How well people agree who judged the same few examples: the verdict, then each tag and each rating that was used."""

from collections.abc import Mapping, Sequence

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Agreement, Level, Value
from accord.domain.project_agreement import VERDICT, About, Question
from accord.domain.review import Judgement


def by_question(
    judged: Sequence[Mapping[str, Judgement]], raters: Sequence[str], *, seed: int = 0
) -> list[tuple[Question, Agreement]]:
    """Measure what was said: a mapping per example, of each rater who judged it to what she said.

    Raters are taken by name, so that the same data is resampled alike here and where a whole project is measured.
    """
    said = [one for row in judged for one in row.values()]
    asked = [VERDICT]
    asked += [Question(about=About.TAG, name=name) for name in sorted({tag for one in said for tag in one.tags})]
    asked += [
        Question(about=About.RATING, name=name) for name in sorted({name for one in said for name in one.ratings})
    ]
    return [(question, _measured(question, judged, raters, seed)) for question in asked]


def _measured(
    question: Question, judged: Sequence[Mapping[str, Judgement]], raters: Sequence[str], seed: int
) -> Agreement:
    rows = [[_value(question, row.get(name)) for name in sorted(raters)] for row in judged]
    level = Level.ORDINAL if question.about is About.RATING else Level.NOMINAL
    return measure(Ratings.of_values(rows), level=level, seed=seed)


def _value(question: Question, said: Judgement | None) -> Value | None:
    if said is None:
        return None
    if question.about is About.TAG:
        return "yes" if question.name in said.tags else "no"
    if question.about is About.RATING:
        given = said.ratings.get(question.name)
        return None if given is None else float(given)
    return said.verdict.value

"""The reviews of a project as ratings of one question: who gave which category to which example."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from accord.analysis.agreement.ratings import I64, MISSING, Ratings
from accord.domain.agreement import Level, Value
from accord.domain.moments import local
from accord.domain.project_agreement import ANSWER, VERDICT, About, Question
from accord.domain.review import Verdict
from accord.storage.votes import VERDICTS, Votes

_TEXTS = frozenset({VERDICTS.index(Verdict.ACCEPT), VERDICTS.index(Verdict.EDIT)})


def questions_of(votes: Votes) -> list[Question]:
    """Return what can be asked of these reviews: the verdict, the answer, each tag and each rating that is used."""
    tags, ratings = (np.unique(np.frombuffer(column, dtype=np.int64)[: votes.counted]) for column in _sets(votes))
    named = {(About.TAG, name) for at in tags for name in votes.tag_sets[at]}
    named |= {(About.RATING, name) for at in ratings for name in votes.rating_sets[at]}
    return [VERDICT, ANSWER, *(Question(about=about, name=name) for about, name in sorted(named))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What one reviewer said of an example the first time and when it came back."""

    item: int
    reviewer: int
    same: bool


class Rated:
    """One question: ``codes``, shape (examples, reviewers), hold each counted answer's category, MISSING where none.

    For the answers alone, by category: ``keys``, the number of an example that has the text, and its hash; ``changed``,
    whether somebody changed an answer to it.
    """

    def __init__(self, votes: Votes, question: Question, *, high: int = 0) -> None:
        self.votes, self.question = votes, question
        self.item, self.reviewer = (np.frombuffer(c, dtype=np.int64) for c in (votes.item, votes.reviewer))
        self.counted = np.arange(len(votes.item)) < votes.counted
        self.level = Level.ORDINAL if question.about is About.RATING else Level.NOMINAL
        self.keys: tuple[tuple[int, str], ...] = ()
        self.changed = np.zeros(0, dtype=np.bool_)
        self.categories: tuple[Value, ...]
        self.values = self._values(high)
        self.codes = self.laid_out(self.counted)

    def _values(self, high: int) -> I64:
        """Return the category of each review and name the categories."""
        votes, name = self.votes, self.question.name
        match self.question.about:
            case About.VERDICT:
                self.categories = tuple(verdict.value for verdict in VERDICTS)
                return np.frombuffer(votes.verdict, dtype=np.int64)
            case About.TAG:
                self.categories = ("no", "yes")
                return _by_set(votes.tags, [int(name in tags) for tags in votes.tag_sets])
            case About.RATING:
                given = [ratings.get(name) for ratings in votes.rating_sets]
                known = sorted({*range(1, high + 1), *(value for value in given if value is not None)})
                self.categories = tuple(float(value) for value in known)
                return _by_set(votes.ratings, [MISSING if value is None else known.index(value) for value in given])
            case About.ANSWER:
                return self._texts()

    def _texts(self) -> I64:
        votes = self.votes
        said = np.isin(np.frombuffer(votes.verdict, dtype=np.int64), list(_TEXTS))
        texts = np.frombuffer(votes.text, dtype=np.int64)
        where = dict(zip(texts[said].tolist(), self.item[said].tolist(), strict=True))
        used = sorted(where, key=lambda text: votes.texts[text])
        self.categories = tuple(votes.texts[text] for text in used)
        self.keys = tuple((votes.seqs[where[text]], votes.texts[text]) for text in used)
        place = np.full(len(votes.texts), MISSING, dtype=np.int64)
        place[used] = np.arange(len(used))
        edited = said & self.counted & (texts != np.frombuffer(votes.base, dtype=np.int64))
        self.changed = np.isin(np.arange(len(used)), place[texts[edited]])
        return np.where(said, place[texts], MISSING)

    def laid_out(self, taken: npt.NDArray[np.bool_]) -> I64:
        """Return the answers of these reviews, of which each reviewer has one at most on an example."""
        codes = np.full((len(self.votes.ids), len(self.votes.reviewers)), MISSING, dtype=np.int64)
        codes[self.item[taken], self.reviewer[taken]] = self.values[taken]
        return codes

    def ratings(self, codes: I64) -> Ratings:
        """Return these answers as the ratings that coefficients are made of."""
        return Ratings.of_codes(codes, self.categories)

    @cached_property
    def double(self) -> npt.NDArray[np.bool_]:
        """Which examples two or more have answered."""
        return np.asarray((self.codes >= 0).sum(axis=1) > 1)

    @cached_property
    def differing(self) -> npt.NDArray[np.bool_]:
        """Which examples have different answers."""
        lowest = np.where(self.codes >= 0, self.codes, len(self.categories)).min(axis=1, initial=len(self.categories))
        return np.asarray(self.double & (lowest < self.codes.max(axis=1, initial=MISSING)))

    @cached_property
    def consensus(self) -> Mapping[tuple[int, int], int]:
        """By (example, reviewer): the adjudicator's decision, or else what most of the others say, where most do."""
        found: dict[tuple[int, int], int] = {}
        for item, given in self._given():
            ruled = self._ruled(item)
            for reviewer, value in given:
                if ruled is None and len(given) > 1:
                    others = Counter(code for _who, code in given)
                    others[value] -= 1
                    (most, times), *rest = others.most_common(2)
                    if not rest or rest[0][1] < times:
                        found[item, reviewer] = most
                elif ruled is not None:
                    found[item, reviewer] = ruled
        return found

    def _given(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield the (reviewer, answer) of each example that has any."""
        items, reviewers = np.nonzero(self.codes >= 0)
        given = self.codes[items, reviewers].tolist()
        so_far: list[tuple[int, int]] = []
        at = -1
        for item, reviewer, value in zip(items.tolist(), reviewers.tolist(), given, strict=True):
            if item != at and so_far:
                yield at, so_far
                so_far = []
            at = item
            so_far.append((reviewer, value))
        if so_far:
            yield at, so_far

    def _ruled(self, item: int) -> int | None:
        """Return what an adjudicator answered (to tags and ratings none does); a text nobody gave is past them all."""
        ruling = self.votes.rulings.get(item)
        if ruling is None:
            return None
        if self.question == VERDICT:
            return VERDICTS.index(ruling.verdict)
        if self.question == ANSWER and ruling.verdict is not Verdict.REJECT:
            return self._places.get(ruling.text, len(self.categories))
        return None

    @cached_property
    def _places(self) -> Mapping[Value, int]:
        return {text: code for code, text in enumerate(self.categories)}

    def weeks(self) -> dict[str, I64]:
        """Return by week, named by its Monday on this machine's calendar, the examples whose later review is of it."""
        latest: dict[int, str] = {}
        answered = self.counted & (self.values >= 0)
        for at in np.flatnonzero(answered & self.double[self.item]).tolist():
            item = int(self.item[at])
            latest[item] = max(latest.get(item, ""), self.votes.at[at])
        found: dict[str, list[int]] = {}
        for item, moment in sorted(latest.items()):
            found.setdefault(_monday(moment), []).append(item)
        return {week: np.array(found[week], dtype=np.int64) for week in sorted(found) if week}

    def versions(self, starts: Sequence[str]) -> dict[int, I64]:
        """Return by version of the guideline the answers given while it was in force, laid out as ``codes``."""
        # A clock may have gone back: of the versions that had begun the last one was in force.
        in_force = {
            moment: max((number for number, start in enumerate(starts, start=1) if start <= moment), default=0)
            for moment in set(self.votes.at)
        }
        of = np.array([in_force[moment] for moment in self.votes.at], dtype=np.int64)
        answered = self.counted & (self.values >= 0)
        return {int(one): self.laid_out(self.counted & (of == one)) for one in np.unique(of[answered])}

    def repeats(self) -> list[Repeat]:
        """Return what people said again of examples that came back to them blind, with the same text before them."""
        votes, found = self.votes, []
        for first in range(votes.counted, len(votes.item), 2):
            if min(self.values[first], self.values[first + 1]) >= 0:
                same = bool(self.values[first] == self.values[first + 1])
                found.append(Repeat(item=votes.item[first], reviewer=votes.reviewer[first], same=same))
        return found


def _sets(votes: Votes) -> "tuple[array[int], array[int]]":
    return votes.tags, votes.ratings


def _by_set(column: Collection[int], values: Sequence[int]) -> I64:
    return np.array(values, dtype=np.int64)[np.frombuffer(column, dtype=np.int64)]  # type: ignore[call-overload]  # an array of the standard library


def _monday(moment: str) -> str:
    """Return the Monday of a moment's week; nothing where it is no moment."""
    try:
        day = date.fromisoformat(local(moment)[:10])
    except ValueError:
        return ""
    return (day - timedelta(days=day.weekday())).isoformat()

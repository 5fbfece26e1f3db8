"""One question of a project in figures: all raters, each pair, each against the others and herself, over time."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from accord.analysis.agreement import alpha, coefficients, weights
from accord.analysis.agreement.bootstrap import Coefficient
from accord.analysis.agreement.measuring import Wanted, measure, measure_each
from accord.analysis.agreement.proportions import wilson
from accord.analysis.agreement.ratings import I64, Ratings
from accord.analysis.agreement.removal import removal_gains
from accord.analysis.agreement.texts import MOST_PAIRS, alpha_of, pairs_to_compare, percent_and_alpha
from accord.analysis.agreement.warnings import warnings_of
from accord.analysis.agreement.weights import F64
from accord.domain.agreement import Agreement, Figure, Level, Undefined
from accord.domain.progress import Progress
from accord.domain.project_agreement import (
    Costly,
    PairAgreement,
    PartAgreement,
    QuestionAgreement,
    ReviewerAgreement,
    SelfAgreement,
)
from accord.domain.wording import _, number
from accord.workflows import agreement_sentences as sentences
from accord.workflows.kept_figures import Kept, key_of
from accord.workflows.rated_questions import Rated
from accord.workflows.text_distances import TextDistances

T = TypeVar("T")

_NAMED = 3
_TWO = 2
_OF_A_PART = 1_000  # pairs of texts for the agreement of one week or guideline
_MOST_TRIED = 300  # texts: the farthest apart, of which the costliest are found exactly
_DIGITS = 12  # of a gain, past which arithmetic tells equal ones apart
_OF_TEXTS = ("percent_agreement", "krippendorff_alpha")
_OTHERS = ("fleiss_kappa", "gwet_ac1", "conger_kappa", "brennan_prediger", "cohen_kappa")


class Measured:
    """The figures of one question; ``distances`` are given for the answers, whose alpha goes by them."""

    def __init__(self, rated: Rated, distances: TextDistances | None, kept: Kept) -> None:
        self._rated = rated
        self._distances = distances
        self._kept = kept

    def _once(self, what: str, codes: I64, make: Callable[[], T]) -> T:
        """Return what is made of these codes, made now unless it is known."""
        rated = self._rated
        said = f"{rated.question.key} {what} {rated.changed.tobytes().hex() if what == 'agreement' else ''}"
        return self._kept.once(key_of(said, codes, rated.categories), make)

    def summary(self) -> QuestionAgreement:
        """Return the raters' own figures, what became of their differences, and the sentence."""
        rated = self._rated
        ratings = rated.ratings(rated.codes)
        coefficient, sampled = self._alpha(rated.codes, ratings, MOST_PAIRS)
        agreement = self._once("agreement", rated.codes, lambda: self._agreement(ratings, coefficient, sampled=sampled))
        settled = np.isin(np.arange(len(rated.codes)), list(rated.votes.decided))
        double, differing = int(rated.double.sum()), int(rated.differing.sum())
        decided = int((rated.differing & settled).sum())
        share = wilson(double - differing + decided, double, none=_never())
        costliest, alike = self._costliest(ratings, coefficient, rated.differing & ~settled)
        return QuestionAgreement(
            question=rated.question,
            agreement=agreement,
            double=double,
            differing=differing,
            decided=decided,
            settled=share,
            costliest=costliest,
            alike=alike,
            sentence=sentences.of_question(
                rated.question, agreement, differing=differing, decided=decided, settled=share
            ),
        )

    def _agreement(self, ratings: Ratings, coefficient: Coefficient, *, sampled: bool) -> Agreement:
        if self._distances is None:
            return measure(ratings, level=self._rated.level)
        undefined = Undefined(reason=_("Texts are no categories: alpha goes by how many of their words differ."))
        figures: dict[str, Figure] = self._percent_and_alpha(ratings, coefficient) | dict.fromkeys(_OTHERS, undefined)
        note = _("Chance agreement is that of {n} pairs of texts, drawn at random.", n=number(MOST_PAIRS))
        return Agreement(
            items=ratings.items,
            raters=ratings.most,
            categories=ratings.categories,
            figures=figures,
            warnings=(*warnings_of(ratings, figures, {}), *([note] if sampled else [])),
        )

    def _percent_and_alpha(self, ratings: Ratings, coefficient: Coefficient) -> dict[str, Figure]:
        """Return the two figures; of answers that nobody changed, why there are none."""
        double = ratings.cats[ratings.sizes[ratings.rows] > 1]
        if self._distances is not None and len(double) and not self._rated.changed[double].any():
            # Each took the text as it was, so alpha would tell no more than that different examples differ.
            reason = _("Nobody changed an answer that two people reviewed: there is nothing to agree on.")
            return dict.fromkeys(_OF_TEXTS, Undefined(reason=reason))
        return percent_and_alpha(ratings, coefficient)

    def _alpha(self, codes: I64, ratings: Ratings, most: int) -> tuple[Coefficient, bool]:
        """Return alpha as it is for this question, and whether it rests on a sample of pairs of texts."""
        distances = self._distances
        if distances is None:
            return alpha.ordinal if self._rated.level is Level.ORDINAL else alpha.nominal, False
        if not ratings.doubly_rated:
            return alpha.nominal, False  # nothing to compare: it is not defined either way

        def made() -> tuple[Coefficient, bool]:
            pairs = pairs_to_compare(ratings, most=most)
            return alpha_of(pairs, distances.of(pairs.meeting), distances.of(pairs.across)), pairs.sampled

        return self._once(f"alpha {most}", codes, made)

    def _costliest(
        self, ratings: Ratings, coefficient: Coefficient, wanted: npt.NDArray[np.bool_]
    ) -> tuple[tuple[Costly, ...], int]:
        """Return the wanted examples without which alpha would be highest, and how many more equal the last of them.

        Examples stand in the order of their ids, which decides between equal ones.
        """
        codes, items = self._rated.codes, np.flatnonzero(wanted)
        if self._distances is not None and len(items) > _MOST_TRIED:
            far = self._farthest()[items]
            items = items[np.sort(np.argsort(-far, kind="stable")[:_MOST_TRIED])]
        codes = codes[:, (codes >= 0).any(axis=0)]  # as the ratings have them
        gains = np.round(removal_gains(ratings, coefficient, codes[items]), _DIGITS)
        order = np.argsort(-gains, kind="stable")
        order = order[gains[order] > 0]
        named, ids = order[:_NAMED], self._rated.votes.ids
        alike = int((gains[order[_NAMED:]] == gains[named[-1]]).sum()) if len(named) else 0
        return tuple(Costly(id=ids[items[at]], gain=float(gains[at])) for at in named), alike

    def _farthest(self) -> F64:
        """Return how far apart the farthest two answers of each example are, 0 where they do not differ."""
        rated = self._rated
        found = np.zeros(len(rated.codes))
        items = np.flatnonzero(rated.differing)
        found[items] = self._once("farthest", rated.codes, lambda: self._farthest_of(rated.codes[items]))
        return found

    def _farthest_of(self, codes: I64) -> F64:
        if self._distances is None:
            return np.zeros(len(codes))
        pairs = [(a, b, row) for row, given in enumerate(codes.tolist()) for a, b in _pairs(given)]
        apart = self._distances.of(np.array([pair[:_TWO] for pair in pairs], dtype=np.int64).reshape(-1, _TWO))
        found = np.zeros(len(codes))
        np.maximum.at(found, [row for _a, _b, row in pairs], apart)
        return found

    def pairs(self, watch: Progress) -> tuple[PairAgreement, ...]:
        """Return every two reviewers, in the order of their names."""
        names = self._rated.votes.reviewers
        found = []
        for a in range(len(names)):
            watch.check()
            found += [self._pair(a, b) for b in range(a + 1, len(names))]
        return tuple(found)

    def _pair(self, a: int, b: int) -> PairAgreement:
        codes = self._rated.codes[:, [a, b]]
        both = codes[(codes >= 0).all(axis=1)]
        ratings = self._rated.ratings(both)
        missing = "" if len(both) else _("The two have judged no example both.")
        kappa: Coefficient = coefficients.cohen_kappa
        ac: Coefficient = coefficients.gwet_ac
        if self._rated.level is Level.ORDINAL and len(ratings.categories) >= _TWO:
            x = weights.positions(ratings.categories, Level.ORDINAL)
            kappa = partial(coefficients.cohen_kappa, weights=weights.quadratic(x))
            ac = partial(coefficients.gwet_ac, weights=weights.ordinal(len(x)))
        text = _("Texts are no categories.") if self._distances is not None and len(both) else ""
        wanted = {
            "percent": Wanted(value=coefficients.percent_agreement, missing=missing),
            "kappa": Wanted(value=kappa, missing=missing or text),
            "ac1": Wanted(value=ac, missing=missing or text),
        }
        found = self._once("pair", both, lambda: measure_each(ratings, wanted))
        names = self._rated.votes.reviewers
        return PairAgreement(first=names[a], second=names[b], **found)

    def consensus(self) -> tuple[ReviewerAgreement, ...]:
        """Return each reviewer against the decision, or else the majority of the others."""
        codes, names = self._rated.codes, self._rated.votes.reviewers
        n: Counter[int] = Counter()
        same: Counter[int] = Counter()
        for (item, reviewer), agreed in self._rated.consensus.items():
            n[reviewer] += 1
            same[reviewer] += int(codes[item, reviewer]) == agreed
        none = _("There is no decision, and no majority of others, on what this person judged.")
        return tuple(
            ReviewerAgreement(reviewer=name, share=wilson(same[at], n[at], none=none)) for at, name in enumerate(names)
        )

    def weeks(self, watch: Progress) -> tuple[PartAgreement, ...]:
        """Return the agreement on the examples of each week."""
        codes = self._rated.codes
        return tuple(self._part(week, codes[items], watch) for week, items in self._rated.weeks().items())

    def guidelines(self, starts: Sequence[str], watch: Progress) -> tuple[PartAgreement, ...]:
        """Return the agreement of the reviews given under each version of the guideline."""
        return tuple(self._part(str(version), codes, watch) for version, codes in self._rated.versions(starts).items())

    def _part(self, name: str, codes: I64, watch: Progress) -> PartAgreement:
        watch.check()
        ratings = self._rated.ratings(codes)
        coefficient, _sampled = self._alpha(codes, ratings, _OF_A_PART)
        found = self._once("part", codes, lambda: self._percent_and_alpha(ratings, coefficient))
        return PartAgreement(part=name, percent=found["percent_agreement"], alpha=found["krippendorff_alpha"])

    def itself(self, me: str) -> tuple[SelfAgreement, ...]:
        """Return each reviewer to whom examples came back."""
        repeats, names = self._rated.repeats(), self._rated.votes.reviewers
        found = []
        for at, name in enumerate(names):
            mine = [repeat.same for repeat in repeats if repeat.reviewer == at]
            if mine:
                share = wilson(sum(mine), len(mine), none="")
                said = sentences.of_oneself(name, share, me=name == me)
                found.append(SelfAgreement(reviewer=name, share=share, sentence=said))
        return tuple(found)


def items(rated: Rated, reviewers: Sequence[str], *, differing: bool, again: bool) -> set[int]:
    """Return the examples, as places in the reviews' ids, on which these reviewers are compared."""
    names = rated.votes.reviewers
    if any(name not in names for name in reviewers):
        return set()
    if not reviewers:
        return set(np.flatnonzero(rated.differing if differing else rated.double).tolist())
    chosen = [names.index(name) for name in reviewers]
    if again:
        return {one.item for one in rated.repeats() if one.reviewer == chosen[0] and not (differing and one.same)}
    if len(chosen) == 1:
        with_her = {item: value for (item, who), value in rated.consensus.items() if who == chosen[0]}
        return {item for item, value in with_her.items() if not (differing and rated.codes[item, chosen[0]] == value)}
    codes = rated.codes[:, chosen]
    taken = (codes >= 0).all(axis=1) & ((codes != codes[:, :1]).any(axis=1) | (not differing))
    return set(np.flatnonzero(taken).tolist())


def items_under(rated: Rated, starts: Sequence[str], version: int, *, differing: bool) -> set[int]:
    """Return the examples that two or more reviewed under a version of the guideline."""
    codes = rated.versions(starts).get(version)
    if codes is None:
        return set()
    double = (codes >= 0).sum(axis=1) > 1
    lowest = np.where(codes >= 0, codes, len(rated.categories)).min(axis=1)
    return set(np.flatnonzero(double & ((lowest < codes.max(axis=1)) | (not differing))).tolist())


def _pairs(given: Sequence[int]) -> list[tuple[int, int]]:
    said = sorted({code for code in given if code >= 0})
    return [(a, b) for at, a in enumerate(said) for b in said[at + 1 :]]


def _never() -> str:
    return _("No item was rated by two people.")

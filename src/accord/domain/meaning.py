"""Comparing texts by meaning: the port to what turns texts into vectors, and the model that it does so by."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from accord.domain.errors import AccordError
from accord.domain.progress import Progress

#: Gives (position, text) for the positions asked for, in any order; a text may be blank.
Read = Callable[[Sequence[int]], Iterator[tuple[int, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingModel:
    """A model on this machine. ``digest``: hexadecimal, of its configuration and weights; another model has another."""

    name: str
    folder: str
    digest: str


class NoMeaning(AccordError):
    """Texts cannot be compared by meaning here: something is not installed, or the model is not there."""


class Embedder(Protocol):
    """Turns texts into vectors and remembers them by key, on this machine; never anything of the text itself.

    Keys are arrays of 128-bit numbers, ``uint64`` of shape (n, 2); vectors are ``float32`` of shape (n, dimensions), of
    length 1, or all 0 for a blank text; those of a text that the model cannot read have numbers of one size throughout.
    """

    def model(self) -> EmbeddingModel:
        """Return the model in force. Raises NoMeaning where texts cannot be compared by meaning here."""

    def cosines(self, keys: Any, to: Any) -> Any:
        """Return how alike each key is to one, ``to``, float32 of shape (n,): 0 for a blank text or one not remembered.

        None where nothing is remembered of ``to``, or it is blank. Computes no vector. Raises NoMeaning.
        """

    def embed(self, keys: Any, read: Read, progress: Progress) -> Any:
        """Return a vector for each key; ``read`` is asked only for the texts of keys that are not remembered.

        What is done when it is stopped is remembered. Raises NoMeaning, AccordError with the reason, and Cancelled.
        """

    def forget(self, keys: Any) -> None:
        """Remove what is remembered under these keys, by every model, so that nothing of it stays on the disk."""

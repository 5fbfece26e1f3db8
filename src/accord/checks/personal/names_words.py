"""The words of a text, and its runs of capitalised words: "Ana María de la Torre", "J. R. Smith", "O'Neil"."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from accord.checks.personal.names_lists import plain

#: Letters of scripts without capitals: Hebrew, Arabic, those of India and Thailand, Chinese, Japanese, Korean.
UNCASED = "\u0590-\u06ff\u0900-\u0e7f\u2e80-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W\d_{UNCASED}]"
_WORD = re.compile(rf"{_LETTER}+(?:'(?!s\b){_LETTER}{{2,}}|-{_LETTER}+)*")
_JOINING = "de del la las los da do das dos di du des van von der den ten ter zu af al el bin ibn ben y e i"
_PARTICLES = frozenset(_JOINING.split())
# What opens a sentence or a question before a name; "Will" and "May" are names too.
_OPENING = (
    "the a an in on at of for to from by with and or but if when where what who how why my our your his her "
    "their this that it is are was were do does did can could would should have has i we you he she they no "
    "not yes as so since after before dear hi hello hey"
)
_OPENERS = frozenset(_OPENING.split())
_MOST_WORDS = 20  # of a name; a line in capitals is a run too
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
_LONGEST_SHORT = 2  # "Jr", "Wm", "Mª": a full stop after them ends no sentence


@dataclass(frozen=True, slots=True)
class Word:
    """Code points ``start`` to ``end`` of a text, and the word there as written and as ``plain`` writes it."""

    start: int
    end: int
    written: str
    plain: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.written[0].isupper()

    @property
    def particle(self) -> bool:
        """Whether it joins parts of names, as "de" does."""
        return self.written in _PARTICLES

    @property
    def acronym(self) -> bool:
        """Whether it is a few capitals, or their plural: "ELISA", "HMOs"."""
        return _ACRONYM.fullmatch(self.written) is not None

    @property
    def initial(self) -> bool:
        """Whether it is one letter."""
        return len(self.written) == 1


class Text:
    """A text with its words and runs, each found once. ``text`` has plain hyphens and apostrophes already."""

    def __init__(self, text: str, *, english: bool = True) -> None:
        self.text = text
        self.english = english

    @cached_property
    def words(self) -> list[Word]:
        """All words in order; a word with an apostrophe or a hyphen inside is one, a possessive's "s" is another."""
        return [Word(w.start(), w.end(), w.group(), plain(w.group())) for w in _WORD.finditer(self.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that the text writes in small letters too: ordinary ones, however they begin a sentence."""
        return frozenset(word.plain for word in self.words if not word.capital)

    def written_small(self, word: Word) -> bool:
        """Say whether the text writes a word, or its plural, in small letters too."""
        return word.plain in self.small or f"{word.plain}s" in self.small

    @cached_property
    def runs(self) -> list[list[Word]]:
        """Capitalised words, particles between them included, that neither a mark nor a line end divides."""
        found: list[list[Word]] = []
        run: list[Word] = []
        for word in self.words:
            if run and not self._goes_on(run[-1], word):
                _close(run, found)
                run = []
            if (word.capital or (word.particle and run)) and (run or not self.english or word.plain not in _OPENERS):
                run.append(word)
            else:
                _close(run, found)
                run = []
        _close(run, found)
        return found

    @cached_property
    def run_at(self) -> dict[int, list[Word]]:
        """The rest of its run for each place where a word of a run starts."""
        return {word.start: run[n : n + _MOST_WORDS] for run in self.runs for n, word in enumerate(run)}

    def within(self, start: int, end: int) -> list[Word]:
        """Return the words of a stretch, without those in small letters at its ends."""
        starts = self._starts
        found = self.words[bisect_left(starts, start) : bisect_right(starts, end)]
        found = [word for word in found if word.end <= end]
        while found and not found[-1].capital:
            found.pop()
        while found and not found[0].capital:
            found.pop(0)
        return found

    def end(self, words: list[Word]) -> int:
        """Return where words end, the full stop of an initial included."""
        last = words[-1]
        return last.end + 1 if last.initial and self.text.startswith(".", last.end) else last.end

    def _goes_on(self, last: Word, word: Word) -> bool:
        between = self.text[last.end : word.start]
        if between == " ":
            return True
        return between in {". ", "."} and last.capital and len(last.written) <= _LONGEST_SHORT


def _close(run: list[Word], found: list[list[Word]]) -> None:
    while run and not run[-1].capital:
        run.pop()
    if run:
        found.append(run)

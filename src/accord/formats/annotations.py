"""What people said of a row in another annotation tool, as verdicts: the rules that the readers of all tools share.

A verdict exists only where the person said it; an empty annotation, a rating or any other choice judges nothing.

* A choice that is one of ``_VERDICTS`` as a whole is the verdict, under any name: accept, approve, correct; reject,
  incorrect, wrong; unsure, unclear, skip. Good, ok or yes are none: they may speak of something else. Of several the
  most cautious counts (reject, unsure, accept), and the others become tags "name: choice".
* A text under the answer's own name (answer, corrected response, final output ...) that differs from the row's answer
  is an edit; where the row has no answer, so is a text that stands alone under any name but a comment's.
* The same text under the answer's own name is an accept where the person said nothing else: sending the shown answer
  on unchanged is how these tools accept. With a rating, a choice or a comment beside it, it may as well be a text that
  the tool filled in and nobody touched, and judges nothing.
* Reject and unsure hold against an edit, whose text becomes the comment. Nobody can accept where no answer is.
* Beside a verdict other choices and ratings are tags and other texts the comment. Without one, all that was said is
  metadata of the row: "annotation by ana" = "quality: bad; rating: 1".
* Of several annotations by one person the latest counts. Drafts and skipped annotations do not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.domain.content import Content
from accord.domain.records import ImportedVerdict
from accord.domain.review import Verdict
from accord.formats.columns import as_text


def _set(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


_COMMENT = _set(
    "comment comments note notes reason reasons why explanation feedback justification remark remarks rationale"
    " issue issues problem problems error errors mistake mistakes"
)
_ANSWER = _set(
    "answer response output completion reply correction corrected edit edited rewrite rewritten improved revised"
)
_BESIDE_ANSWER = _set(
    "a an the of by my your new final full better best good text version value field gold human expert ai model llm"
    " assistant bot suggested written"
)
_VERDICTS = {
    **dict.fromkeys(("accept", "accepted", "approve", "approved", "correct"), Verdict.ACCEPT),
    **dict.fromkeys(("reject", "rejected", "disapprove", "disapproved", "incorrect", "wrong"), Verdict.REJECT),
    **dict.fromkeys(("unsure", "uncertain", "not sure", "unclear", "skip", "skipped"), Verdict.UNSURE),
}
_CAUTIOUS_FIRST = (Verdict.REJECT, Verdict.UNSURE, Verdict.ACCEPT)
_LONGEST_TAG = 60


@dataclass(slots=True)
class Said:
    """What one person said of one row. ``at``: when, as ISO text, "" where the tool does not say.

    ``discarded``: whether the person threw the row away, which rejects it whatever else was said.
    """

    person: str
    at: str = ""
    discarded: bool = False
    answers: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    verdicts: list[tuple[str, str, Verdict]] = field(default_factory=list)
    everything: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str, text: str) -> None:
        """Take a free text that stands under ``name``."""
        if not text.strip():
            return
        self._note(name, text)
        if _words(name) & _COMMENT:
            self.comments.append(text)
        elif _is_answer(name):
            self.answers.append(text)
        else:
            self.texts.append((name, text))

    def choice(self, name: str, choice: str) -> None:
        """Take one choice of a list."""
        choice = choice.strip()
        if not choice:
            return
        self._note(name, choice)
        verdict = _verdict_of(choice)
        if verdict is None:
            self.tags.append(choice)
        else:
            self.verdicts.append((name, choice, verdict))

    def value(self, name: str, value: Any) -> None:
        """Take an answer to a question whose kind the file does not tell, by its name and its look."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            for item in value:
                self.choice(name, item)
        elif isinstance(value, bool | int | float):
            self._note(name, as_text(value))
            self.tags.append(f"{name}: {as_text(value)}")
        elif isinstance(value, str):
            long = len(value) > _LONGEST_TAG or "\n" in value
            take = self.text if long or _words(name) & _COMMENT or _is_answer(name) else self.choice
            take(name, value)
        elif value:
            self.texts.append((name, as_text(value)))
            self._note(name, as_text(value))

    def imported(self, content: Content) -> ImportedVerdict | None:
        """Return the verdict, or None where none was said or there is nothing to accept."""
        self._sort_texts(content)
        edits = [answer for answer in self.answers if answer != content.answer]
        verdict = self._verdict(content, edits)
        if verdict is None:
            return None
        answer = edits.pop() if verdict is Verdict.EDIT else None
        agreeing = {verdict, Verdict.ACCEPT} if verdict is Verdict.EDIT else {verdict}
        overruled = [f"{name}: {choice}" for name, choice, said in self.verdicts if said not in agreeing]
        comments = [*self.comments, *edits, *(f"{name}: {text}" for name, text in self.texts)]
        return ImportedVerdict(
            reviewer=self.person,
            verdict=verdict.value,
            answer=answer,
            tags=tuple(dict.fromkeys((*self.tags, *overruled))) or None,
            comment="\n".join(comments),
        )

    def kept(self) -> str:
        """Return all that was said as one text, "" for nothing."""
        return "; ".join(f"{name}: {', '.join(values)}" for name, values in self.everything.items())

    def _note(self, name: str, text: str) -> None:
        self.everything.setdefault(name, []).append(text)

    def _sort_texts(self, content: Content) -> None:
        """Tell answers from other texts, as far as that depends on the row's own answer."""
        if not content.has_answer:
            if not self.answers and len(self.texts) == 1:
                self.answers.append(self.texts.pop()[1])
        elif _verdict_of(content.answer) is None:  # else "incorrect" may be what the answer should read
            for answer in list(self.answers):
                verdict = _verdict_of(answer)
                if verdict is not None:
                    self.answers.remove(answer)
                    self.verdicts.append(("answer", answer, verdict))

    def _verdict(self, content: Content, edits: list[str]) -> Verdict | None:
        said = {verdict for _name, _choice, verdict in self.verdicts}
        said |= {Verdict.REJECT} if self.discarded else set()
        verdict = next((one for one in _CAUTIOUS_FIRST if one in said), None)
        if verdict in {Verdict.REJECT, Verdict.UNSURE}:
            return verdict
        if edits:
            return Verdict.EDIT
        if not content.has_answer:
            return None
        unchanged = bool(self.answers) and not (self.comments or self.tags or self.texts)
        return Verdict.ACCEPT if unchanged else verdict


def imported(said: Iterable[Said], content: Content) -> tuple[tuple[ImportedVerdict, ...], dict[str, str]]:
    """Return the verdicts, one for each person who gave one, and as metadata what the others said."""
    latest: dict[str, Said] = {}
    for one in said:
        if one.person not in latest or one.at >= latest[one.person].at:
            latest[one.person] = one
    verdicts: list[ImportedVerdict] = []
    metadata: dict[str, str] = {}
    for one in latest.values():
        verdict = one.imported(content)
        if verdict is not None:
            verdicts.append(verdict)
        elif kept := one.kept():
            metadata[f"annotation by {one.person}"] = kept
    return tuple(verdicts), metadata


def person(value: Any, number: int) -> str:
    """Return the name of a person: text, a number, or an object with an address or a name; "unnamed n" for nobody."""
    if isinstance(value, Mapping):
        full = " ".join(filter(None, (as_text(value.get("first_name")), as_text(value.get("last_name")))))
        named = (as_text(value.get(key)) for key in ("email", "username", "name"))
        value = next(filter(None, named), "") or full or value.get("id")
    name = as_text(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return name or f"unnamed {number}"


def speaks(name: str, text: str) -> bool:
    """Whether a text under a name is by itself something said of a row: a verdict, an answer or a comment."""
    return _verdict_of(text) is not None or _is_answer(name) or bool(_words(name) & _COMMENT)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))


def _is_answer(name: str) -> bool:
    """Whether a question asks for the answer itself: "corrected answer" does, "answer quality" does not."""
    words = {word for word in _words(name) if word and not word.isdigit()}
    return bool(words & _ANSWER) and words <= _ANSWER | _BESIDE_ANSWER


def _verdict_of(choice: str) -> Verdict | None:
    return _VERDICTS.get(" ".join(re.split(r"[\s_-]+", choice.casefold())).strip())

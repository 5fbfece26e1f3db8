"""What people said of a row in another annotation tool, as verdicts: the rules that the readers of all tools share.

* A text under a name with a word like answer, response or correction is the answer as this person left it; one under a
  name like comment, note or reason is a comment; a text that stands alone under another name is the answer too.
* A choice of accept, reject or unsure is the verdict, whatever it is called; yes, no, correct, wrong and the like are
  verdicts under a name like verdict, decision or correct alone. Every other choice is a tag, a rating a tag "name: 4".
* Reject and unsure hold as they stand. Otherwise an answer that differs from the row's is an edit, and none or the same
  an accept. On a row without any answer there is nothing to accept: the choices become tags of the example itself.
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


_COMMENT = _set("comment comments note notes reason reasons why explanation feedback justification remark rationale")
_ANSWER = _set(
    "answer response output completion reply correction corrected edit edited rewrite rewritten improved revised"
)
_JUDGING = _set("verdict decision judgement judgment approval approve accept acceptable valid correct")
_PLAIN = {
    **dict.fromkeys(("accept", "accepted", "approve", "approved"), Verdict.ACCEPT),
    **dict.fromkeys(("reject", "rejected", "disapprove", "disapproved"), Verdict.REJECT),
    **dict.fromkeys(("unsure", "uncertain", "not sure"), Verdict.UNSURE),
}
_UNDER_A_QUESTION = {
    **dict.fromkeys(("yes", "correct", "right", "good", "ok", "okay", "valid", "true", "keep"), Verdict.ACCEPT),
    **dict.fromkeys(("no", "incorrect", "wrong", "bad", "invalid", "false", "discard"), Verdict.REJECT),
    **dict.fromkeys(("maybe", "unclear", "don't know", "unknown"), Verdict.UNSURE),
    **dict.fromkeys(("edit", "edited", "needs edit", "needs work", "fix"), Verdict.EDIT),
}
_LONGEST_TAG = 60


@dataclass(slots=True)
class Said:
    """What one person said of one row. ``at``: when, as ISO text, "" where the tool does not say."""

    person: str
    at: str = ""
    answers: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    verdict: Verdict | None = None

    def text(self, name: str, text: str) -> None:
        """Take a free text that stands under ``name``."""
        if not text.strip():
            return
        words = _words(name)
        if words & _COMMENT:
            self.comments.append(text)
        elif words & _ANSWER:
            self.answers.append(text)
        else:
            self.texts[name] = text

    def choice(self, name: str, choice: str) -> None:
        """Take one choice of a list."""
        plain = " ".join(choice.casefold().replace("_", " ").split())
        verdict = _PLAIN.get(plain) or (_UNDER_A_QUESTION.get(plain) if _words(name) & _JUDGING else None)
        if verdict is not None:
            self.verdict = verdict
        elif choice.strip():
            self.tags.append(choice.strip())

    def value(self, name: str, value: Any) -> None:
        """Take an answer to a question whose kind the file does not tell, by its name and its look."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            for item in value:
                self.choice(name, item)
        elif isinstance(value, bool | int | float):
            self.tags.append(f"{name}: {as_text(value)}")
        elif not isinstance(value, str):
            self.comments += [f"{name}: {as_text(value)}"] if value else []
        elif _words(name) & (_COMMENT | _ANSWER) or len(value) > _LONGEST_TAG or "\n" in value:
            self.text(name, value)
        else:
            self.choice(name, value)

    def edited(self, content: Content) -> str | None:
        """Return the answer as this person left it, None where nothing was written or the row says the same."""
        if not self.answers and len(self.texts) == 1:
            self.answers = list(self.texts.values())
            self.texts = {}
        answer = self.answers[-1] if self.answers else content.answer
        return None if answer == content.answer else answer

    def imported(self, content: Content) -> ImportedVerdict | None:
        """Return the verdict, or None where there is nothing to judge."""
        answer = self.edited(content)
        verdict = self.verdict
        if verdict in {Verdict.REJECT, Verdict.UNSURE}:
            self.comments += [] if answer is None else [answer]
            answer = None
        elif answer is not None:
            verdict = Verdict.EDIT
        elif not content.has_answer:
            return None
        else:
            verdict = Verdict.UNSURE if verdict is Verdict.EDIT else Verdict.ACCEPT
        comments = [*self.comments, *(f"{name}: {text}" for name, text in self.texts.items())]
        return ImportedVerdict(
            reviewer=self.person,
            verdict=verdict.value,
            answer=answer,
            tags=tuple(dict.fromkeys(self.tags)) or None,
            comment="\n".join(comments),
        )


def imported(said: Iterable[Said], content: Content) -> tuple[tuple[ImportedVerdict, ...], tuple[str, ...]]:
    """Return the verdicts, one for each person, and the tags of those who had nothing to judge."""
    latest: dict[str, Said] = {}
    for one in said:
        if one.person not in latest or one.at >= latest[one.person].at:
            latest[one.person] = one
    verdicts: list[ImportedVerdict] = []
    tags: list[str] = []
    for one in latest.values():
        verdict = one.imported(content)
        if verdict is None:
            tags += one.tags
        else:
            verdicts.append(verdict)
    return tuple(verdicts), tuple(dict.fromkeys(tags))


def person(value: Any, number: int) -> str:
    """Return the name of a person: text, a number, or an object with an address or a name; "unnamed n" for nobody."""
    if isinstance(value, Mapping):
        full = " ".join(filter(None, (as_text(value.get("first_name")), as_text(value.get("last_name")))))
        named = (as_text(value.get(key)) for key in ("email", "username", "name"))
        value = next(filter(None, named), "") or full or value.get("id")
    name = as_text(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return name or f"unnamed {number}"


def _words(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))

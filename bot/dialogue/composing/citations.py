"""Marks such as [2] in a text: read, checked against the moments shown, and kept out of what is quoted. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from bot.untrusted import inert, printable

_MARK = re.compile(r"\[\s*(\d+)\s*\]")
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")

MOST_DIGITS = 9

UNSUPPORTED = "(not supported by any moment)"
"""Follows a sentence that cited a moment which was never shown."""

UNCITED = "(no moment cited)"
"""Follows a sentence that a model wrote and that cites nothing."""

UNTIMED = "(a time of the model's own)"
"""Follows a sentence in which a model wrote a time: times come from the index alone."""

_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence whose marks all name moments that were shown.

    `handles` are those marks in their order, `invented` the handles that were dropped.
    """

    text: str
    handles: tuple[int, ...]
    invented: tuple[int, ...]


def check(sentence: str, shown: Collection[int]) -> Checked:
    """Drop the marks of a sentence that name nothing shown, and flag the sentence that had them.

    Whoever wrote the sentence, nothing in it stays a link or a mention.
    """
    sentence = inert(sentence)
    handles = tuple(dict.fromkeys(_handle(number) for number in _MARK.findall(sentence)))
    invented = tuple(handle for handle in handles if handle not in shown)
    kept = tuple(handle for handle in handles if handle in shown)
    if not invented:
        return Checked(sentence, kept, ())
    without = _MARK.sub(lambda mark: mark[0] if _handle(mark[1]) in shown else "", sentence)
    tidy = _SPACE_BEFORE_STOP.sub("", " ".join(without.split()))
    return Checked(f"{tidy} {UNSUPPORTED}", kept, invented)


def check_claim(sentence: str, shown: Collection[int], evidence: str) -> Checked:
    """Check a sentence that a model wrote: as `check`, and flag it where it cites nothing or writes a time of its own.

    Args:
        sentence: what the model wrote.
        shown: handles of the moments shown.
        evidence: the texts that it was given; a time that one of them says is no invention.
    """
    checked = check(sentence, shown)
    flags = []
    if not checked.handles and not checked.invented:
        flags.append(UNCITED)
    if any(time not in evidence for time in _TIME.findall(sentence)):
        flags.append(UNTIMED)
    return Checked(" ".join((checked.text, *flags)), checked.handles, checked.invented)


def _handle(digits: str) -> int:
    """Return a mark's number; -1, which is never shown, where it has more digits than any handle."""
    return int(digits) if len(digits) <= MOST_DIGITS else -1


def quotable(text: str, longest: int = 300) -> str:
    """Return a text as it may stand between quotation marks in an answer.

    It is data from a video or a file: control and invisible characters go, whitespace becomes single spaces,
    double quotes become single ones, what looks like a mark gets round brackets, links and mentions become
    inert, and a long text is cut at a word.
    """
    flat = " ".join(printable(text).split())
    for quote in '"\u201c\u201d\u201e\u201f':
        flat = flat.replace(quote, "'")
    flat = _MARK.sub(r"(\1)", inert(unicodedata.normalize("NFC", flat)))
    if len(flat) <= longest:
        return flat
    cut = flat[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"

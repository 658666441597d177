"""Stretches of time in a person's words: "in the first minute", "after 2:30", "between 0:20 and 0:40". Pure."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.plan import Relation
from bot.dialogue.reading.closed_words import CARDINALS, ORDINALS
from bot.dialogue.reading.utterance import LONGEST_READ

AROUND = 5.0
"""Seconds to either side of "around 0:45"."""

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_TENS = {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0}
_LOOSE = {
    "a": 1.0,
    "an": 1.0,
    "half a": 0.5,
    "half": 0.5,
    "a couple of": 2.0,
    "couple of": 2.0,
    "a few": 3.0,
    "few": 3.0,
}
_SPELT = {word: float(number) for number, word in enumerate(CARDINALS)} | _TENS | _LOOSE

_UNIT = r"(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b"
_AMOUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(map(re.escape, _SPELT), key=len, reverse=True))})"
_CLOCK = r"\d{1,3}:[0-5]?\d(?::[0-5]?\d)?(?:\.\d+)?(?![\d:])"
_COUNTED = rf"{_AMOUNT}\s*-?{_UNIT}"
_NAMED = r"(?:second|minute)s? \d+\b"
_TIME = rf"(?:{_CLOCK}|{_NAMED}|{_COUNTED})"
_EITHER = rf"(?:{_TIME}|\d+)"
_NTH = "|".join(ORDINALS[:10])
_IN = r"(?:\b(?:with)?in |\bduring |\bfor |\bof |\bat |\bfrom |\bover )?"

_FIRST = re.compile(
    rf"{_IN}\b(?:the |its |their )?(?:very )?(?:first|opening|initial) (?P<n>{_AMOUNT})?\s*-?(?P<unit>{_UNIT})", re.I
)
_LAST = re.compile(
    rf"{_IN}\b(?:the |its |their )?(?:very )?(?:last|final|closing) (?P<n>{_AMOUNT})?\s*-?(?P<unit>{_UNIT})", re.I
)
_HALF = re.compile(rf"{_IN}\b(?:the |its )?(?P<which>first|second|last|latter|other) half\b(?! {_UNIT})", re.I)
_MINUTE = re.compile(rf"\b(?:in|during) the (?P<n>{_NTH}) (?P<unit>hour|minute)\b", re.I)
_BETWEEN = re.compile(
    rf"\b(?:between|from) (?P<a>{_EITHER}) (?:and|to|until|till|through) (?P<b>{_TIME})"
    rf"|(?:\b(?:in|at|during|within|between|from) )?(?P<c>{_CLOCK})\s?(?:[-\u2013]|to|and)\s?(?P<d>{_CLOCK})"
    rf"|(?:\b(?:in|at|during|within|between|from) )(?P<e>\d+)\s?[-\u2013]\s?(?P<f>{_COUNTED})"
    r"|(?:\b(?:in|at|during|within|between|from) )?(?:the )?(?P<g>(?:second|minute)s \d+) (?:to|and|until|till) "
    r"(?P<h>\d+)\b",
    re.I,
)
_AFTER = re.compile(
    rf"\b(?:(?:starting |beginning )?(?:after|since|from|later than|past|beyond|starting at)) (?:the )?(?P<a>{_TIME})"
    rf"(?: mark)?(?:\s*(?:on(?:wards?)?|till the end|until the end|to the end))?(?:\s+into\b)?"
    rf"|(?P<b>{_CLOCK}) (?:and )?onwards?",
    re.I,
)
_BEFORE = re.compile(
    rf"\b(?:before|until|till|up to|up till|earlier than|by|up until|prior to) (?:the )?(?P<a>{_TIME})(?: mark)?", re.I
)
_AT = re.compile(
    rf"\b(?P<near>at|around|(?<!how )(?<!what )about|near|roughly at|to)(?: around| about"
    rf"| exactly)? (?:the )?(?P<a>{_CLOCK}|{_NAMED}|"
    rf"{_COUNTED}(?: mark)?|\d+(?:th|st|nd|rd) second)(?: in\b(?! [a-z])| mark\b)?",
    re.I,
)
_BARE = re.compile(
    rf"^(?:\W|\b(?:and|ok|now|then|what about|how about|show me|go to|go back to)\b)*(?:the )?"
    rf"(?P<a>{_CLOCK}|{_COUNTED}(?= in\b| mark\b))(?: in\b| mark\b)?(?=\W*$|\s*,)",
    re.I,
)


def seconds(text: str) -> float:
    """Read `90`, `1:30`, `0:01:30`, `90s`, `1.5 minutes`, `minute 2` or `ten seconds` as seconds.

    Raises:
        ValueError: the text is no time, or one that is negative or not finite.
    """
    clean = text.strip().lower().removesuffix(" mark")
    if ":" in clean:
        value = _clock(clean)
    elif named := re.fullmatch(r"(second|minute)s? (\d+)", clean):
        value = float(named[2]) * UNITS[named[1][0]]
    elif nth := re.fullmatch(r"(\d+)(?:th|st|nd|rd) second", clean):
        value = float(nth[1])
    elif counted := re.fullmatch(rf"({_AMOUNT})\s*-?([hms])[a-z]*", clean):
        value = amount(counted[1]) * UNITS[counted[2]]
    else:
        value = float(clean)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{text!r} is not a time from the start")
    return value


def amount(text: str) -> float:
    """Read `2`, `1.5`, `ten` or `a couple of` as a number."""
    return _SPELT[text] if text in _SPELT else float(text)


def _clock(text: str) -> float:
    parts = text.split(":")
    if len(parts) > 3 or not re.fullmatch(r"[\d:]+(?:\.\d+)?", text) or not all(parts):
        raise ValueError(f"{text!r} is not a time")
    value = 0.0
    for number, part in enumerate(parts):
        if number and float(part) >= 60:
            raise ValueError(f"{text!r} is not a time")
        value = value * 60 + float(part)
    return value


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time by the clock, in seconds.

    `start` below zero counts from the end of the video; `share` is the part of the video at which it begins.
    """

    relation: Relation
    start: float | None = None
    end: float | None = None
    share: float | None = None


def take_times(text: str) -> tuple[Stretch | None, str]:
    """Return the stretch of time that a text of at most `LONGEST_READ` characters names, and the text without it.

    A stretch that is empty, as in "between 0:40 and 0:20", or not finite is left where it is.
    """
    text = text[:LONGEST_READ]
    for pattern, read in _READERS:
        found = pattern.search(text)
        if found is None:
            continue
        try:
            stretch = read(found)
        except ValueError:
            continue
        if _possible(stretch):
            return stretch, " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
    return None, text


def _possible(stretch: Stretch) -> bool:
    start, end = stretch.start or 0.0, stretch.end
    return math.isfinite(start) and (end is None or (math.isfinite(end) and max(0.0, start) < end))


def _length(found: re.Match[str]) -> float:
    return amount((found["n"] or "1").lower()) * UNITS[found["unit"][0].lower()]


def _half(found: re.Match[str]) -> Stretch:
    if found["which"].lower() == "first":
        return Stretch("from_start", 0.0, share=0.5)
    return Stretch("since", share=0.5)


def _minute(found: re.Match[str]) -> Stretch:
    number, unit = ORDINALS.index(found["n"].lower()), UNITS[found["unit"][0].lower()]
    return Stretch("between" if number else "from_start", number * unit, (number + 1) * unit)


def _between(found: re.Match[str]) -> Stretch:
    first, second = (found[a] or found[b] or found[c] for a, b, c in ("ace", "bdf"))
    if found["g"]:
        first, second = found["g"], f"{found['g'].split()[0]} {found['h']}"
    if first.isdigit() and (unit := re.search(_UNIT, second, re.I)):
        first = f"{first} {unit[0]}"
    return Stretch("between", seconds(first), seconds(second))


def _at(found: re.Match[str]) -> Stretch:
    time = seconds(found["a"])
    if found["near"].lower() in ("around", "about", "near"):
        return Stretch("between", max(0.0, time - AROUND), time + AROUND)
    if found["a"].lower().startswith("minute "):
        return Stretch("between", time, time + 60.0)
    return Stretch("at", time)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Stretch]], ...] = (
    (_HALF, _half),
    (_FIRST, lambda found: Stretch("from_start", 0.0, _length(found))),
    (_LAST, lambda found: Stretch("at_end", -_length(found))),
    (_BETWEEN, _between),
    (_MINUTE, _minute),
    (_AFTER, lambda found: Stretch("since", seconds(found["a"] or found["b"]))),
    (_BEFORE, lambda found: Stretch("until", None, seconds(found["a"]))),
    (_AT, _at),
    (_BARE, lambda found: Stretch("at", seconds(found["a"]))),
)

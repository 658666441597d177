"""Stretches of time in a person's words: "in the first minute", "after 2:30", "between 0:20 and 0:40". Pure."""

import math
import re
from dataclasses import dataclass

from bot.dialogue.plan import OPEN_END
from retrieval.types import TimeSpan

AROUND = 5.0
"""Seconds to either side of "around 0:45"."""

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

_CLOCK = r"\d{1,3}:[0-5]?\d(?::[0-5]?\d)?(?:\.\d+)?(?![\d:])"
_COUNTED = r"\d+(?:\.\d+)?\s*-?(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b"
_TIME = rf"(?:{_CLOCK}|{_COUNTED})"
_ORDINAL = "|".join(ORDINALS)

_FIRST = re.compile(
    r"\b(?:with)?in (?:the )?first (?P<n>\d+(?:\.\d+)?|half|couple of|few)?\s*-?"
    r"(?P<unit>hour|minute|min|second|sec)s?\b",
    re.I,
)
_NTH = re.compile(rf"\b(?:in|during) the (?P<n>{_ORDINAL}) (?P<unit>hour|minute)\b", re.I)
_BETWEEN = re.compile(
    rf"\b(?:between|from) (?P<a>{_TIME}) (?:and|to|until|till|through) (?P<b>{_TIME})"
    rf"|(?:\b(?:in|at|during|within) )?(?P<c>{_CLOCK})\s?[-\u2013]\s?(?P<d>{_CLOCK})",
    re.I,
)
_AFTER = re.compile(rf"\b(?:after|since|from|later than|past) (?P<a>{_TIME})(?: on(?:wards?)?)?", re.I)
_BEFORE = re.compile(rf"\b(?:before|until|till|up to|earlier than) (?P<a>{_TIME})", re.I)
_AT = re.compile(rf"\b(?P<near>at|around|about|near) (?P<a>{_CLOCK}|(?:second|minute) \d+)", re.I)


@dataclass(frozen=True, slots=True)
class Timed:
    """An utterance with its stretch of time taken out."""

    rest: str
    within: TimeSpan | None = None


def seconds(text: str) -> float:
    """Read `90`, `1:30`, `0:01:30`, `90s`, `1.5 minutes` or `minute 2` as seconds.

    Raises:
        ValueError: the text is no time, or one that is negative or not finite.
    """
    clean = text.strip().lower()
    if ":" in clean:
        value = _clock(clean)
    elif named := re.fullmatch(r"(second|minute) (\d+)", clean):
        value = float(named[2]) * UNITS[named[1][0]]
    elif counted := re.fullmatch(r"(\d+(?:\.\d+)?)\s*-?([hms])[a-z]*", clean):
        value = float(counted[1]) * UNITS[counted[2]]
    else:
        value = float(clean)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{text!r} is not a time from the start")
    return value


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


def take_time(text: str) -> Timed:
    """Take the first stretch of time out of an utterance.

    A stretch that is empty, as in "between 0:40 and 0:20", or not finite is left where it is.
    """
    for pattern, read in _READERS:
        found = pattern.search(text)
        if found is None:
            continue
        try:
            start, end = read(found)
        except ValueError:
            continue
        if 0 <= start < end < math.inf:
            rest = f"{text[: found.start()].rstrip(' ,')} {text[found.end() :].lstrip(' ,')}".strip()
            return Timed(rest, TimeSpan(start, end))
    return Timed(text)


def _first(found: re.Match[str]) -> tuple[float, float]:
    words = {None: 1.0, "half": 0.5, "couple of": 2.0, "few": 3.0}
    count = words[found["n"].lower()] if found["n"] and not found["n"][0].isdigit() else float(found["n"] or 1)
    return 0.0, count * UNITS[found["unit"][0].lower()]


def _nth(found: re.Match[str]) -> tuple[float, float]:
    number, unit = ORDINALS.index(found["n"].lower()), UNITS[found["unit"][0].lower()]
    return number * unit, (number + 1) * unit


def _between(found: re.Match[str]) -> tuple[float, float]:
    return seconds(found["a"] or found["c"]), seconds(found["b"] or found["d"])


def _at(found: re.Match[str]) -> tuple[float, float]:
    time = seconds(found["a"])
    if found["near"].lower() == "at":
        return time, time + (60.0 if found["a"].lower().startswith("minute") else 1.0)
    return max(0.0, time - AROUND), time + AROUND


_READERS = (
    (_FIRST, _first),
    (_BETWEEN, _between),
    (_NTH, _nth),
    (_AFTER, lambda found: (seconds(found["a"]), OPEN_END)),
    (_BEFORE, lambda found: (0.0, seconds(found["a"]))),
    (_AT, _at),
)

"""Videos named in a person's words: by id, file name or title, or by a telling word of one ("the harbour film"). Pure.

A title is often an ordinary word, so how surely a name is meant goes by its form and by the words around it:
"asl_bird", "the film squirrel", and less surely the last train of "when does the last train leave".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.reading.closed_words import AUXILIARY, FUNCTION, QUESTION
from bot.dialogue.reading.commands import OF_VIDEOS, OWN
from bot.dialogue.reading.library import names_only_properties, property_asked
from retrieval.analysis import terms, words
from retrieval.types import Video, films

LONGEST = 12
"""Words of a title that are compared."""

_WORD = re.compile(r"[^\W_]+")
_DISTINCT = re.compile(r"(?=\S*[^\W\d_])\S*(?:[\d_.]|\w[-/]\w)\S*")
_KIND_AFTER = re.compile(rf"[\"']?\s+(?:{OF_VIDEOS}|one)\b", re.I)
_KIND_BEFORE = re.compile(rf"\b{OF_VIDEOS}(?: (?:called|named|titled|about|of|on))?[\s:\"']+(?:the |an? )?$", re.I)
_BEFORE = re.compile(r"(?:\b(?:in|from|of|about|within|during)\s+)?(?:\b(?:the|that|this)\s+)?[\"']?$", re.I)
_WITHIN = re.compile(r"\b(?:in|from|of|about|within|during|to|with)\s+(?:(?:the|that|this)\s+)?$", re.I)
_TELLING = re.compile(
    rf"\b(?:the|that|this|your|our|my)\s+(?P<words>(?:[\w'-]+\s+){{1,3}}?)(?:{OF_VIDEOS}|one)\b(?!\s+(?:of|for)\b)"
    rf"|\b{OF_VIDEOS}\s+(?:about|on|with)\s+(?:the\s+|an?\s+)?(?P<about>[\w'-]+)(?=\W*$|\s*[,;:?.])",
    re.I,
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Videos by the words of their names, and by the stems of their titles' single words."""

    whole: Mapping[Key, tuple[str, ...]]
    telling: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NamedVideos:
    """Videos that bear a name which was said, the text without it, and whether it is surely meant as one."""

    videos: tuple[str, ...]
    text: str
    sure: bool


def names_of(videos: Iterable[Video]) -> Names:
    """Return every name of the videos: ids, titles, and file names with and without ending; copies are one film."""
    whole: dict[Key, dict[str, None]] = {}
    telling: dict[str, dict[str, None]] = {}
    for video in films(videos):
        names = [video.video_id, video.key.rpartition("/")[2]]
        for entry in video.entries:
            names.append(entry.title)
            if entry.path is not None:
                names += [entry.path.name, Path(entry.path).stem]
        for name in names:
            key = tuple(words(name))
            for part in (key, key[1:] if key[:1] in (("the",), ("a",), ("an",)) else ()):
                if part:
                    whole.setdefault(part[:LONGEST], {})[video.video_id] = None
            for stem in {*terms(name), *key} - FUNCTION:
                telling.setdefault(stem, {})[video.video_id] = None
    return Names({k: tuple(v) for k, v in whole.items()}, {k: tuple(v) for k, v in telling.items()})


def named(text: str, names: Names) -> NamedVideos | None:
    """Return the videos that a text names, by the longest name first; None where it names none."""
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    perhaps: NamedVideos | None = None
    folded = [(words(text[a:b]) or [""])[0] for a, b in tokens]
    for length in range(min(LONGEST, len(tokens)), 0, -1):
        for first in range(len(tokens) - length + 1):
            ids = names.whole.get(tuple(folded[first : first + length]), ())
            if ids and (found := _meant(text, tokens[first][0], tokens[first + length - 1][1], length, ids)):
                if found.sure:
                    return found
                perhaps = perhaps or found
    for match in _TELLING.finditer(text):
        if match["about"] and match[0].split()[0].lower().endswith("s"):
            continue  # "films with birds" are many
        if (ids := _told(match["words"] or match["about"], names)) and len(ids) == 1:
            return NamedVideos(ids, f"{text[: match.start()]} {text[match.end() :]}", True)
    return perhaps


def every_named(text: str, names: Names) -> tuple[NamedVideos, ...]:
    """Return each name that a text holds, the text of the last without any of them."""
    found: list[NamedVideos] = []
    while len(found) < LONGEST and (one := named(text, names)) is not None and one.sure:
        found.append(one)
        text = one.text
    return tuple(found)


def is_name(text: str, names: Names) -> tuple[str, ...]:
    """Return the videos whose whole name this text is, but for words of a closed class and "the video" around it."""
    return names.whole.get(tuple(words(text)), ()) or names.whole.get(
        tuple(word for word in words(text) if word not in FUNCTION | OWN), ()
    )


def _meant(text: str, start: int, end: int, length: int, ids: tuple[str, ...]) -> NamedVideos | None:
    name, before, after = text[start:end], text[:start], text[end:]
    telling = [word for word in words(name) if word not in FUNCTION | OWN]
    kind_after = _KIND_AFTER.match(after)
    kind_before = _KIND_BEFORE.search(before)
    distinct = bool(_DISTINCT.fullmatch(name))
    if not telling and not (kind_after or kind_before or (distinct and length > 1)):
        return None
    sure = bool(kind_after or kind_before or distinct)
    found = kind_before or _BEFORE.search(before)
    rest_before = before[: found.start()] if found else before
    rest = f"{rest_before} {after[kind_after.end() :] if kind_after else after.removeprefix(chr(34))}"
    alone = names_only_properties(rest) and (
        length > 1
        or not set(words(rest)) & (QUESTION | AUXILIARY)
        or bool(_WITHIN.search(before) or re.search(r"\babout\b", rest) or property_asked(rest))
    )
    titled = (len(telling) > 1 or (length > 1 and name[0].isupper() and bool(words(before)))) and all(
        word[:1].isupper() for word in _WORD.findall(name) if words(word)[0] not in FUNCTION
    )
    if not (sure or alone or titled) and length < 2:
        return None
    return NamedVideos(ids, rest, sure or alone or titled or length > 3)


def _told(said: str, names: Names) -> tuple[str, ...]:
    """Return the videos that all telling words speak of, none where one of them tells nothing."""
    given = [word for word in words(said) if word not in FUNCTION | OWN]
    meant: set[str] | None = None
    for word in given:
        ids = set(names.telling.get(word, ()) or names.telling.get((terms(word) or [word])[0], ()))
        meant = ids if meant is None else meant & ids
    return tuple(sorted(meant)) if meant else ()

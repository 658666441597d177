"""Videos named in a person's words: by id, file name or title, or by a telling word of one ("the harbour film"). Pure.

A title is often an ordinary word, so a name counts only where the words around it or its form say that it is
one: "in the video squirrel", "asl_bird", "in Big Buck Bunny", and not the squirrel of "what does the squirrel do".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.planning.reading import Named, Reading
from bot.dialogue.planning.spelling import one_off, swapped
from bot.dialogue.planning.word_kinds import FILES
from retrieval.analysis import STOP_WORDS, terms
from retrieval.types import Video

LONGEST = 12
"""Words of a title that are compared."""

_WORD = re.compile(r"[^\W_]+")
_LEAD = r"(?:\b(?:in|from|of|within|about|at|on|for)\s+)?"
_CALLED = re.compile(rf"(?:\b(?:the|a)\s+)?\b{FILES}(?:\s+(?:called|named|titled))?[\s:\"']+$", re.I)
_PLACED = re.compile(
    r"\b(?:in|from|within|inside|throughout|during|watch|describe|open|play|summarize|summarise|compare|recap"
    r"|called|with"
    r"|without|except|exclude|excluded|excluding|not|minus|skip|skipping|drop|remove|ignore|omit|besides|away|leave out"
    r"|sum up|gist of|summary of|to|mean|meant|of|about|and|or)\s+[\"']?$",
    re.I,
)
_WITHIN = re.compile(
    r"\b(?:in|from|within|inside|throughout|during|watch|describe|summari[sz]e|recap|sum up|play|open"
    r"|put on)\s+[\"']?$",
    re.I,
)
_ABOUT = re.compile(r"\b(?:tell me (?:more )?about|describe|summari[sz]e|what is|what's)\s+$", re.I)
_KIND_AFTER = re.compile(rf"^[\"']?\s+{FILES}\b", re.I)
_ARTICLE = re.compile(r"\b(?:the|that|this)\s+[\"']?$", re.I)
_STOP_AFTER = re.compile(
    r"^[\"']?\s*(?:$|[,?.!;:]|(?:please|briefly|vs|versus|in "
    r"(?:short|brief|a nutshell|\w+ (?:short )?(?:words?|sentences?|lines?)))\b)",
    re.I,
)
_DISTINCT = re.compile(r"(?=\S*[^\W\d_])\S*(?:[\d_.]|\w-\w)\S*")
_TELLING = re.compile(
    r"\b(?:the|that|this|your|our|my|a)\s+(?P<words>(?:(?!(?:in|on|at|of|from|with|this|that|the|a|is|and"
    rf"|about|who|what)\b)[\w'-]+\s+){{1,3}}?)(?P<kind>{FILES}|ones?)\b(?!\s+(?:of|for)\b)",
    re.I,
)
_ABOUT_WHAT = re.compile(
    rf"(?<!is )(?<!which )\b(?:the|that)\s+(?:{FILES}|one)\s+about\s+(?:the\s+"
    rf"|an?\s+)?(?P<words>[\w'-]+(?:\s+[\w'-]+)?)"
    r"(?=\W*$|\s*[,;:?.])",
    re.I,
)
_NO_TITLE = frozenset(
    """same other whole entire full first second third last next previous latest right wrong only new old long short
    longest shortest best all any every each which what two three many few another one""".split()  # noqa: SIM905
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Videos by the words of their names, and by the stems of the single words that only one of them bears.

    `but_one` holds the words that names have at a place, by that place and all other words: there one may be mistyped.
    """

    whole: Mapping[Key, tuple[str, ...]]
    telling: Mapping[str, tuple[str, ...]]
    but_one: Mapping[tuple[int, Key], tuple[str, ...]]


@dataclass(slots=True)
class _Gathered:
    whole: dict[Key, dict[str, None]] = field(default_factory=dict)
    telling: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, video_id: str) -> None:
        key = words(name)
        for part in (key, key[1:] if key[:1] in (("the",), ("a",), ("an",)) else ()):
            if part:
                self.whole.setdefault(part[:LONGEST], {})[video_id] = None
        for stem in {*terms(" ".join(key)), *key} - STOP_WORDS:
            self.telling.setdefault(stem, {})[video_id] = None


def words(text: str) -> Key:
    """Return the words by which names are compared: letters and digits, lower case."""
    return tuple(_WORD.findall(text.casefold()))


def names_of(videos: Iterable[Video]) -> Names:
    """Return every name of the videos: ids, titles, and file names with and without ending."""
    names = _Gathered()
    for video in videos:
        names.add(video.video_id, video.video_id)
        for membership in video.memberships:
            names.add(membership.title, video.video_id)
            for part in re.split(r"\s+(?:for|by|after|of|on|in)\s+", membership.title):
                if len([word for word in words(part) if word not in STOP_WORDS]) > 1 and part != membership.title:
                    names.add(part, video.video_id)
            if membership.path is not None:
                names.add(membership.path.name, video.video_id)
                names.add(Path(membership.path).stem, video.video_id)
    but_one: dict[tuple[int, Key], dict[str, None]] = {}
    for key in names.whole:
        for place, word in enumerate(key):
            if len(key) > 1 and len(word) > 3:
                but_one.setdefault((place, _without(key, place)), {})[word] = None
    return Names(
        {key: tuple(ids) for key, ids in names.whole.items()},
        {stem: tuple(ids) for stem, ids in names.telling.items()},
        {rest: tuple(words) for rest, words in but_one.items()},
    )


def _without(key: Key, place: int) -> Key:
    return (*key[:place], *key[place + 1 :])


def take_names(reading: Reading, names: Names, several: bool) -> None:
    """Put a slot where a video is named, longest name first, then where a telling word names one.

    Args:
        reading: the words.
        names: the videos.
        several: whether moments are there to choose from, so that "the farm one" is one of them and no video.
    """
    while (found := _one_name(reading.text, names)) is not None:
        start, end, ids = found
        reading.put(start, end, Named(ids))
    if not several and (about := _ABOUT_WHAT.search(reading.text)):
        first = about["words"].split()[0]
        if ids := _told(about["words"], names):
            reading.put(about.start(), about.end(), Named(ids))
        elif ids := _told(first, names):  # "the film about the harbour end": what follows the name is no part of it
            reading.put(about.start(), about.start("words") + len(first), Named(ids))
    for found_word in list(_TELLING.finditer(reading.text))[::-1]:
        if several and found_word["kind"].lower().startswith("one"):
            continue
        if ids := _told(found_word["words"], names):
            reading.put(found_word.start(), found_word.end(), Named(ids))


def whole_name(text: str, names: Names) -> tuple[str, ...]:
    """Return the videos whose whole name this text is, apart from "the video" around it."""
    bare = re.sub(rf"^(?:the\s+)?(?:{FILES}\s+)?|\s+(?:{FILES}|one)$", "", text.strip(" ?.!\"'"), flags=re.I)
    return names.whole.get(words(text), ()) or names.whole.get(words(bare), ())


def _told(said: str, names: Names) -> tuple[str, ...]:
    """Return the one video that all telling words before "film" speak of, none where one of them tells nothing."""
    given = [word for word in words(said) if word not in STOP_WORDS]
    if not given or set(given) & _NO_TITLE:
        return ()
    meant: set[str] | None = None
    for word in given:
        ids = set(names.telling.get(word, ()) or names.telling.get((terms(word) or [word])[0], ()))
        meant = ids if meant is None else meant & ids
    return (meant.pop(),) if meant and len(meant) == 1 else ()


def _one_name(text: str, names: Names) -> tuple[int, int, tuple[str, ...]] | None:
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    folded = [text[a:b].casefold() for a, b in tokens]
    for length in range(min(LONGEST, len(tokens)), 0, -1):
        for first in range(len(tokens) - length + 1):
            ids = _known(tuple(folded[first : first + length]), names)
            span = (tokens[first][0], tokens[first + length - 1][1])
            if ids and (cut := _meant(text, span, length)) is not None:
                return *cut, ids
    return None


def _known(said: Key, names: Names) -> tuple[str, ...]:
    """Return the videos of a name; of several words, one may be mistyped."""
    if said in names.whole:
        return names.whole[said]
    for place, word in enumerate(said):
        for right in names.but_one.get((place, _without(said, place)), ()):
            if swapped(word, right) or one_off(word, right):
                return names.whole[(*said[:place], right, *said[place + 1 :])]
    return ()


def _meant(text: str, span: tuple[int, int], length: int) -> tuple[int, int] | None:
    """Return the span of the name with its article and kind where the words at `span` are meant as one, else None."""
    before, name, after = text[: span[0]], text[span[0] : span[1]], text[span[1] :]
    close = span[1] + (1 if after[:1] in "\"'" and after else 0)
    if close > span[1] and before[-1:] in ("'", '"'):
        span, before = (span[0] - 1, span[1]), before[:-1]
    article = _ARTICLE.search(before)
    start = article.start() if article else span[0]
    if called := _CALLED.search(before):
        return called.start(), close
    if kind := _KIND_AFTER.match(after):
        return start, span[1] + kind.end()
    if _DISTINCT.fullmatch(name):
        return start, close
    ahead = before[: article.start()] if article else before
    whole = not words(ahead) and _STOP_AFTER.match(after)
    titled = length > 1 and all(w[:1].isupper() or w.casefold() in STOP_WORDS for w in _WORD.findall(name))
    if length > 1 and (titled and _capital(name) or _PLACED.search(ahead) or whole or length > 3):
        return start, close
    if length > 1 and _ABOUT.search(ahead) and re.match(r"[\"']?\s+about\W*$", after, re.I):
        return start, close
    if _ABOUT.search(before) and _STOP_AFTER.match(after):
        return start, close
    if _WITHIN.search(before) and (_STOP_AFTER.match(after) or _capital(name)):
        return start, close
    return None


def _capital(name: str) -> bool:
    return any(word[:1].isupper() for word in _WORD.findall(name)[1:] or _WORD.findall(name))

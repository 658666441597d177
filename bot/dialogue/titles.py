"""Videos named in a person's words, by id, by file name or by title. Pure.

A title is often an ordinary word, so a name counts only where the words around it or its form say that it is
one: "in the video squirrel", "asl_bird", "in Big Buck Bunny", and not the squirrel of "what does the squirrel do".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.types import Video

LONGEST = 12
"""Words of a title that are compared."""

_WORD = re.compile(r"[^\W_]+")
_KIND = r"(?:videos?|films?|clips?|movies?|files?|recordings?)"
_CALLED = re.compile(
    rf"(?:\b(?:in|from|of|within|about)\s+)?(?:the\s+)?\b{_KIND}(?:\s+(?:called|named|titled))?[\s:\"']+$", re.I
)
_PLACED = re.compile(r"\b(?:in|from|within|inside|throughout|during)\s+[\"']?$", re.I)
_OF = re.compile(r"\b(?:of|about)\s+[\"']?$", re.I)
_KIND_AFTER = re.compile(rf"^[\"']?\s+{_KIND}\b", re.I)
_ARTICLE = re.compile(r"(?:\b(?:in|from|of|within|about)\s+)?\b(?:the|that)\s+[\"']?$", re.I)
_STOP_AFTER = re.compile(r"^[\"']?\s*(?:$|[,?.!;])")
_DISTINCT = re.compile(r"(?=\S*[^\W\d_])\S*(?:[\d_.]|\w-\w)\S*")

Names = Mapping[tuple[str, ...], tuple[str, ...]]
"""Videos by the words of their names."""


@dataclass(frozen=True, slots=True)
class Named:
    """An utterance with the names of videos taken out.

    `groups` holds one entry for each name: the ids of all videos of that name.
    """

    rest: str
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def videos(self) -> tuple[str, ...]:
        """Every video named, once."""
        return tuple(dict.fromkeys(video for group in self.groups for video in group))


@dataclass(slots=True)
class _Names:
    found: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, video_id: str) -> None:
        key = words(name)
        if key:
            self.found.setdefault(key[:LONGEST], {})[video_id] = None


def words(text: str) -> tuple[str, ...]:
    """Return the words by which names are compared: letters and digits, lower case."""
    return tuple(_WORD.findall(text.casefold()))


def names_of(videos: Iterable[Video]) -> Names:
    """Return every name of the videos: ids, titles, and file names with and without ending."""
    names = _Names()
    for video in videos:
        names.add(video.video_id, video.video_id)
        for membership in video.memberships:
            names.add(membership.title, video.video_id)
            if membership.path is not None:
                names.add(membership.path.name, video.video_id)
                names.add(Path(membership.path).stem, video.video_id)
    return {key: tuple(ids) for key, ids in names.found.items()}


def take_names(text: str, names: Names) -> Named:
    """Take the names of videos out of an utterance, longest first."""
    groups: list[tuple[str, ...]] = []
    while (found := _one_name(text, names)) is not None:
        start, end, ids = found
        text = f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()
        groups.append(ids)
    return Named(text, tuple(groups))


def whole_name(text: str, names: Names) -> tuple[str, ...]:
    """Return the videos whose whole name this text is, apart from "the video" around it."""
    bare = re.sub(rf"^(?:the\s+)?(?:{_KIND}\s+)?|\s+{_KIND}$", "", text.strip(" ?.!\"'"), flags=re.I)
    return names.get(words(text), ()) or names.get(words(bare), ())


def _one_name(text: str, names: Names) -> tuple[int, int, tuple[str, ...]] | None:
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    folded = [text[a:b].casefold() for a, b in tokens]
    for length in range(min(LONGEST, len(tokens)), 0, -1):
        for first in range(len(tokens) - length + 1):
            ids = names.get(tuple(folded[first : first + length]))
            span = (tokens[first][0], tokens[first + length - 1][1])
            if ids and (cut := _meant(text, span, length)) is not None:
                return *cut, ids
    return None


def _meant(text: str, span: tuple[int, int], length: int) -> tuple[int, int] | None:
    """Return the span to cut out where the words at `span` are meant as a name, else None."""
    before, name, after = text[: span[0]], text[span[0] : span[1]], text[span[1] :]
    close = span[1] + (1 if after[:1] in "\"'" and after else 0)
    if called := _CALLED.search(before):
        return called.start(), close
    placed, article = _PLACED.search(before) or (length > 1 and _OF.search(before)), _ARTICLE.search(before)
    if kind := _KIND_AFTER.match(after):
        lead = article or placed
        return lead.start() if lead else span[0], span[1] + kind.end()
    if _DISTINCT.fullmatch(name):
        return placed.start() if placed else span[0], close
    if placed and (length > 1 or _STOP_AFTER.match(after)):
        return placed.start(), close
    return None

"""By what a video can be found: the kinds of text that its moments hold, and whether its frames are searched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.catalogue.database import Database
from retrieval.spaces import FRAMES
from retrieval.types import KINDS, TextKind, Video


@dataclass(frozen=True, slots=True)
class Findable:
    """What one video can be found by; without `kinds` no word leads to it."""

    kinds: tuple[TextKind, ...] = ()
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some videos can be found by what.

    Attributes:
        videos: how many they are.
        words: how many have texts, by kind; kinds that none has are left out.
        wordless: how many have no text at all.
        pictures: how many can be found by their frames.
    """

    videos: int
    words: Mapping[TextKind, int]
    wordless: int
    pictures: int


def findable(database: Database, videos: Iterable[Video]) -> dict[int, Findable]:
    """Return what videos can be found by, by their generations."""
    wanted = {video.generation for video in videos}
    query = "SELECT DISTINCT generation, source FROM texts WHERE generation IN (?)"
    sources: dict[int, set[str]] = {}
    for generation, source in database.rows_in(query, wanted):
        sources.setdefault(generation, set()).add(source)
    query = f"SELECT DISTINCT generation FROM vectors WHERE name = '{FRAMES.column}' AND generation IN (?)"
    seen = {row[0] for row in database.rows_in(query, wanted)}
    return {one: Findable(tuple(KINDS[s] for s in KINDS if s in sources.get(one, ())), one in seen) for one in wanted}


def coverage(found: Sequence[Findable]) -> Coverage:
    """Return how many of some videos can be found by what."""
    counts = {kind: sum(kind in one.kinds for one in found) for kind in KINDS.values()}
    words = {kind: count for kind, count in counts.items() if count}
    return Coverage(len(found), words, sum(not one.kinds for one in found), sum(one.pictures for one in found))

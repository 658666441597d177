"""Titles, names of files and folders: a field of their own beside the texts of moments.

A title counts for its video as one of its moments would that holds the words. And what names a video whole, or
in part, finds it: a moment of it is among the first hits, behind those whose own texts hold the words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from retrieval.analysis import AskedWord, terms, vocabulary, words
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import split_key
from retrieval.index.base import Scope
from retrieval.types import Entry, Moment, Video

FOLDERS = 2
"""Folders above a file whose names count."""

TELLING = 1_000
"""Names that a stem may stand in, to tell anything of them."""

NAMED = 3
"""Videos of one name that are put among the first hits, at most."""

FIRST = 5
"""Hits among which these are."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What the names of videos hold of a query.

    Attributes:
        whole: videos with a name that holds all of it, those first of whose name the least is left over.
        held: the words that the names of each video hold.
    """

    whole: tuple[str, ...] = ()
    held: Mapping[str, frozenset[AskedWord]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameOfVideo:
    """A name of a video: the video's key, the name's stems, and its words as they stand."""

    video: str
    stems: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class VideoNames:
    """The names of the videos of some collections, which are told by their keys.

    Attributes:
        names: each name, and the video that it names.
        by_stem: the places of names that hold a stem.
        by_words: the videos that have a name of just these words.
        spellings: how many names hold a word, as it is spelt.
    """

    names: Sequence["NameOfVideo"]
    by_stem: Mapping[str, frozenset[int]]
    by_words: Mapping[str, frozenset[str]]
    spellings: Mapping[str, int]

    @staticmethod
    def of(videos: Iterable[Video]) -> "VideoNames":
        """Return the names of videos: titles, ids, and names of files and folders."""
        names: list[NameOfVideo] = []
        by_stem: dict[str, set[int]] = defaultdict(set)
        by_words: dict[str, set[str]] = defaultdict(set)
        spelt: dict[str, int] = defaultdict(int)
        for video in videos:
            for name in dict.fromkeys((split_key(video.key)[1], *_names(video.entry))):
                read = _read(name)
                for stem in read.stems:
                    by_stem[stem].add(len(names))
                for word in read.spelt:
                    spelt[word] += 1
                by_words[read.words].add(video.key)
                names.append(NameOfVideo(video.key, read.stems, read.words))
        places = {stem: frozenset(found) for stem, found in by_stem.items()}
        return VideoNames(names, places, {said: frozenset(found) for said, found in by_words.items()}, dict(spelt))

    def holding(self, asked: Sequence[AskedWord], text: str, phrases: Sequence[str] = ()) -> Titled:
        """Return what the names hold of a query; where it has common words alone, those that are just these.

        Phrases must stand in a name word for word, for it to hold all that is asked.
        """
        if not asked:
            return Titled(tuple(sorted(self.by_words.get(" ".join(words(text)), ()))))
        places = {word: self._holding(word) for word in asked}
        every = frozenset.intersection(*places.values())
        quoted = [f" {' '.join(words(phrase))} " for phrase in phrases]
        naming = (self.names[place] for place in every)
        left = sorted((len(n.stems), n.video) for n in naming if all(said in f" {n.words} " for said in quoted))
        held: dict[str, set[AskedWord]] = defaultdict(set)
        for word, found in places.items():
            for place in found if len(found) <= TELLING else ():
                held[self.names[place].video].add(word)
        return Titled(
            tuple(dict.fromkeys(video for _, video in left)), {video: frozenset(found) for video, found in held.items()}
        )

    def _holding(self, word: AskedWord) -> frozenset[int]:
        none: frozenset[int] = frozenset()
        ways = [frozenset.intersection(*(self.by_stem.get(stem, none) for stem in way)) for way in word.spellings]
        return frozenset.union(*ways)


@dataclass(frozen=True, slots=True)
class _Read:
    stems: frozenset[str]
    words: str
    spelt: frozenset[str]


@lru_cache(maxsize=200_000)
def _read(name: str) -> _Read:
    return _Read(frozenset(terms(name)), " ".join(words(name)), frozenset(vocabulary(name)))


def _names(entry: Entry) -> Iterable[str]:
    yield entry.title
    if entry.path is not None:
        yield entry.path.stem
        yield entry.path.name
        yield from (folder.name for folder in _above(entry.path) if folder.name)


def _above(path: Path) -> Sequence[Path]:
    return list(path.parents)[:FOLDERS]


def of_visible(catalogue: Catalogue, visible: frozenset[str]) -> VideoNames:
    """Return the names of the videos of visible collections; read again only when something was written."""
    return catalogue.database.unchanged(("names", visible), lambda: VideoNames.of(catalogue.videos(visible)))


def first_of(moments: Iterable[Moment], scope: Scope) -> Moment | None:
    """Return the first moment of a video that a search may show, whether it has a text or none; None where none is.

    Phrases need not be in it: they stand in the name.
    """
    wanted = scope.filter
    for moment in moments:
        excluded = scope.excluded and set(terms(moment.text)).intersection(scope.excluded)
        sources = wanted.sources is None or any(text.source in wanted.sources for text in moment.texts)
        if sources and not excluded and (wanted.within is None or moment.span.overlap(wanted.within) > 0):
            return moment
    return None


def placed(ranked: Sequence[tuple[str, float]], named: Sequence[str], whole: frozenset[str]) -> list[tuple[str, float]]:
    """Return a ranking with some moments put among the first, where they are not there.

    They come behind moments whose texts hold all that is asked, but never behind the first hits; what is put forward
    gets the score of the one whose place it takes.

    Args:
        ranked: moment ids with scores, best first.
        named: moments of videos that are named, best first.
        whole: moments whose own texts hold all that is asked.
    """
    found = list(ranked)
    wanted = [name for name in named[:NAMED] if name not in {moment for moment, _ in found[:FIRST]}]
    if not wanted:
        return found
    rest = [item for item in found if item[0] not in wanted]
    before = next((at for at, (moment, _) in enumerate(rest) if moment not in whole), len(rest))
    at = min(before, FIRST - len(wanted))
    score = rest[at][1] if at < len(rest) else (rest[-1][1] if rest else 0.0)
    return [*rest[:at], *((name, score) for name in wanted), *rest[at:]]

"""The scores of words by what is visible.

An index ranks words by how rare they are among all of its rows, and every index in its own way: whole or rounded
lengths, rows of videos that are replaced or may not be seen. Its ranking says which moments hold the words. How much
each is worth is computed here from the frequencies of the visible collections, the same for every index.
"""

from collections.abc import Iterable, Mapping, Sequence

from retrieval.analysis import AskedWord
from retrieval.catalogue.vocabulary import EVERY_MOMENT, EVERY_STEM
from retrieval.index.base import K1, Rarity, Scored, idf
from retrieval.searching.known_moments import KnownMoment


def scored(moments: Iterable[KnownMoment], stems: Sequence[str], counted: Mapping[str, int]) -> list[Scored]:
    """Return the moments that hold any of the stems with their BM25, best first; ties by id.

    Args:
        moments: with their stems counted.
        stems: those that are looked for.
        counted: in how many visible moments each occurs, with `EVERY_MOMENT` and `EVERY_STEM`.
    """
    rare = rarity(stems, counted)
    by_stem = {stem: rare.idf[stem] * (K1 + 1) for stem in stems}
    found = []
    for known in moments:
        damping = rare.damping(known.length)
        held = [(by_stem[stem], known.counts[stem]) for stem in by_stem if stem in known.counts]
        if held:
            found.append(Scored(known.moment.moment_id, sum(by * times / (times + damping) for by, times in held)))
    return sorted(found, key=lambda hit: (-hit.score, hit.moment_id))


def rarity(stems: Iterable[str], counted: Mapping[str, int]) -> Rarity:
    """Return how rare stems are by what is counted, as `scored` takes it."""
    total = max(1, counted.get(EVERY_MOMENT, 1))
    mean = max(1.0, counted.get(EVERY_STEM, 1) / total)
    return Rarity({stem: _idf(stem, counted, total) for stem in stems}, mean)


def worth(words: Iterable[AskedWord], counted: Mapping[str, int]) -> float:
    """Return what words are worth to a text of usual length that holds each once."""
    total = max(1, counted.get(EVERY_MOMENT, 1))
    return sum(min(sum(_idf(stem, counted, total) for stem in way) for way in word.spellings) for word in words)


def _idf(stem: str, counted: Mapping[str, int], total: int) -> float:
    return idf(min(counted.get(stem, 0), total), total)

"""In how many moments of each collection a word occurs: how rare it is, the same for every index.

Counted by collection, so that what one may not see changes nothing of what is found. Copies of a film in two visible
collections count twice, as do all of their words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from retrieval.analysis import is_unspaced, terms, vocabulary
from retrieval.catalogue.database import Database
from retrieval.types import TimedText, TimeSpan, joined

EVERY_MOMENT = ""
"""A term that is counted for every moment, so that the size of a library costs no counting."""

EVERY_STEM = "\n"
"""A term that is counted for every stem of every moment, repetitions too: how long all texts are together."""

AT_ONCE = 400
"""Terms looked up by one statement."""

LONGEST = 30
SHORTEST = 4
"""Letters of a word that a misspelt one can be mended to."""

_SUM = "DO UPDATE SET moments = moments + excluded.moments"
_ADD_TERM = f"INSERT INTO vocabulary VALUES (?, ?, ?) ON CONFLICT (term, collection) {_SUM}"
_ADD_WORD = f"INSERT INTO spellings VALUES (?, ?, ?) ON CONFLICT (collection, word) {_SUM}"


def frequencies(database: Database, terms: Iterable[str], visible: frozenset[str]) -> dict[str, int]:
    """Return in how many moments of visible collections each stem occurs; stems that never occur are left out."""
    found: Counter[str] = Counter()
    wanted = sorted(set(terms))
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        query = f"SELECT term, collection, moments FROM vocabulary WHERE term IN ({','.join('?' * len(part))})"
        for term, collection, moments in database.rows(query, part):
            if collection in visible:
                found[term] += moments
    return dict(found)


def spellings(database: Database, visible: frozenset[str]) -> Mapping[str, int]:
    """Return in how many moments of visible collections each word is written; shared, and not to be changed."""

    def load() -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for collection in sorted(visible):
            for word, moments in database.rows(
                "SELECT word, moments FROM spellings WHERE collection = ?", [collection]
            ):
                found[word] += moments
        return found

    return database.unchanged(("spellings", visible), load)


def _is_spelt(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and not is_unspaced(word)


def count(db: Connection, generation: int, step: int, collection: str) -> None:
    """Add the words of a generation to those of a collection, or take them out (`step` 1 or -1)."""
    counts, words = _counted(db, generation)
    db.executemany(_ADD_TERM, [(collection, term, step * n) for term, n in counts.items() if n])
    db.executemany(_ADD_WORD, [(collection, word, step * n) for word, n in words.items()])
    if step < 0:
        db.execute("DELETE FROM vocabulary WHERE moments <= 0")
        db.execute("DELETE FROM spellings WHERE moments <= 0")


def _counted(db: Connection, generation: int) -> tuple[Counter[str], Counter[str]]:
    """Return in how many moments of a generation each term occurs, and each word."""
    numbers = db.execute("SELECT number FROM moments WHERE generation = ?", (generation,))
    said: dict[int, list[TimedText]] = {row["number"]: [] for row in numbers}
    for row in db.execute("SELECT * FROM texts WHERE generation = ? ORDER BY number, place", (generation,)):
        said[row["number"]].append(TimedText(TimeSpan(row["start"], row["end"]), row["text"], row["source"]))
    whole = [joined(texts) for texts in said.values()]
    stems = [terms(text) for text in whole]
    counts = Counter({EVERY_MOMENT: len(stems), EVERY_STEM: sum(map(len, stems))})
    counts.update(stem for found in stems for stem in set(found))
    return counts, Counter(word for text in whole for word in vocabulary(text) if _is_spelt(word))


def is_sound(db: Connection) -> bool:
    """Tell whether all counts are those of the texts, by counting anew."""
    terms_of: dict[str, Counter[str]] = {}
    words_of: dict[str, Counter[str]] = {}
    for row in db.execute("SELECT collection, generation FROM videos").fetchall():
        counts, words = _counted(db, row["generation"])
        terms_of.setdefault(row["collection"], Counter()).update(counts)
        words_of.setdefault(row["collection"], Counter()).update(words)
    kept = {("vocabulary", "term"): terms_of, ("spellings", "word"): words_of}
    for (table, name), counted in kept.items():
        held = {(row[0], row[1]): row[2] for row in db.execute(f"SELECT collection, {name}, moments FROM {table}")}
        if held != {(of, word): n for of, found in counted.items() for word, n in found.items() if n}:
            return False
    return True


def recount(db: Connection) -> None:
    """Count the words of all videos anew: another version of the analysis may have counted them."""
    db.execute("DELETE FROM vocabulary")
    db.execute("DELETE FROM spellings")
    for row in db.execute("SELECT collection, generation FROM videos ORDER BY generation").fetchall():
        count(db, row["generation"], +1, row["collection"])

"""Vectors as the catalogue keeps them: read back by generation, written again by another encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeVar

import numpy as np

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.database import CHUNK
from retrieval.catalogue.ids import moment_id, split_moment_id
from retrieval.spaces import FRAMES, WHOLE_VIDEO, WORD_NUMBERS, PlacedVectors, SpaceKind, Vectors, WordVectors
from retrieval.types import TimedText, TimeSpan

T = TypeVar("T")

_OF_MOMENTS = (
    "WITH context (name) AS (VALUES (?)), wanted (video_id, number) AS (VALUES {}) "
    "SELECT w.video_id, w.number, x.vector FROM context c CROSS JOIN wanted w CROSS JOIN videos v "
    "ON v.video_id = w.video_id CROSS JOIN vectors x "
    "ON x.generation = v.generation AND x.name = c.name AND x.place = w.number"
)

CAPTION, CONTEXT, WORDS = "caption_vec", "context_vec", "words_vec"
"""Names of the vectors of texts: the plain sentence, the context sum (see `retrieval.searching.contextual`), and those
of its words (see `retrieval.searching.likeness`), which are of small whole numbers."""


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """One generation as it is kept: what rows are made of. Keyframes are times with the names of their files.

    `video_id` is the key of the video.
    """

    video_id: str
    generation: int
    content_hash: str
    duration: float
    collection: str
    moments: tuple[tuple[TimeSpan, tuple[TimedText, ...]], ...]
    keyframes: tuple[tuple[float, str], ...]
    vectors: PlacedVectors


def stored_video(catalogue: Catalogue, video_id: str) -> StoredVideo | None:
    """Return what is kept of one video but the vectors of its words, None where it is gone."""
    rows = catalogue.database.rows
    current = rows("SELECT generation, content_hash, duration, collection FROM videos WHERE video_id = ?", [video_id])
    if not current:
        return None
    generation, content_hash, duration, collection = current[0]
    texts: dict[int, list[TimedText]] = {}
    for text in rows("SELECT * FROM texts WHERE generation = ? ORDER BY place", [generation]):
        span = TimeSpan(text["start"], text["end"])
        texts.setdefault(text["number"], []).append(TimedText(span, text["text"], text["source"]))
    moments = tuple(
        (TimeSpan(m["start"], m["end"]), tuple(texts.get(m["number"], ())))
        for m in rows("SELECT * FROM moments WHERE generation = ? ORDER BY number", [generation])
    )
    stills = rows("SELECT time, file FROM keyframes WHERE generation = ? ORDER BY time", [generation])
    keyframes = tuple((still["time"], still["file"]) for still in stills)
    placed: dict[str, dict[float, Vectors | WordVectors]] = {}
    for row in rows("SELECT name, place, vector FROM vectors WHERE generation = ? AND name != ?", [generation, WORDS]):
        placed.setdefault(row["name"], {})[row["place"]] = unpacked(row["vector"])
    return StoredVideo(video_id, generation, content_hash, duration, collection, moments, keyframes, placed)


def write(db: Connection, generation: int, placed: PlacedVectors) -> None:
    """Write vectors of a generation."""
    db.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
        [(generation, name, place, packed(vec)) for name, found in placed.items() for place, vec in found.items()],
    )


def forget(db: Connection, kind: SpaceKind, generation: int | None = None) -> None:
    """Delete the vectors of one kind, of one generation or of all."""
    for name in kind.kept:
        if generation is None:
            db.execute("DELETE FROM vectors WHERE name = ?", (name,))
        else:
            db.execute("DELETE FROM vectors WHERE generation = ? AND name = ?", (generation, name))


def of_context(catalogue: Catalogue, moment: str) -> Vectors | None:
    """Return the context sum of a moment, by the key of its video; None where it has no text."""
    return _of(catalogue, CONTEXT, *split_moment_id(moment))


def of_contexts(catalogue: Catalogue, moments: Sequence[str]) -> dict[str, Vectors]:
    """Return the context sums of moments by id; those without text, or gone, are left out."""
    found = _of_moments(catalogue, CONTEXT, moments)
    return {moment: unpacked(found[moment]) for moment in moments if moment in found}


def of_words(catalogue: Catalogue, moments: Sequence[str]) -> dict[str, WordVectors]:
    """Return the vectors of the words of moments by id; those of moments without text are left out."""
    found = _of_moments(catalogue, WORDS, moments)
    return {name: _unpacked_words(stored) for name, stored in found.items()}


def _of_moments(catalogue: Catalogue, name: str, moments: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for start in range(0, len(moments), CHUNK):
        asked = [split_moment_id(moment) for moment in moments[start : start + CHUNK]]
        query = _OF_MOMENTS.format(", ".join(["(?, ?)"] * len(asked)))
        rows = catalogue.database.rows(query, [name, *(value for pair in asked for value in pair)])
        found |= {moment_id(row["video_id"], row["number"]): row["vector"] for row in rows}
    return found


def of_moment(catalogue: Catalogue, moment: str, kind: SpaceKind) -> Vectors | None:
    """Return the vector of a moment, or of its video, in a space of clips or videos; None where it has none."""
    video_id, number = split_moment_id(moment)
    return _of(catalogue, kind.column, video_id, WHOLE_VIDEO if kind.encodes == "videos" else number)


def _of(catalogue: Catalogue, name: str, video_id: str, place: float) -> Vectors | None:
    query = "SELECT vector FROM videos JOIN vectors USING (generation) WHERE video_id = ? AND name = ? AND place = ?"
    rows = catalogue.database.rows(query, [video_id, name, place])
    return unpacked(rows[0]["vector"]) if rows else None


def of_frame(catalogue: Catalogue, video_id: str, file: str) -> Vectors | None:
    """Return the picture vector of one keyframe of a video, None where it has none."""
    query = (
        "SELECT vector FROM videos JOIN keyframes USING (generation) JOIN vectors "
        "ON vectors.generation = videos.generation AND name = ? AND place = time WHERE video_id = ? AND file = ?"
    )
    rows = catalogue.database.rows(query, [FRAMES.column, video_id, file])
    return unpacked(rows[0]["vector"]) if rows else None


def words_of(catalogue: Catalogue, generation: int) -> dict[float, WordVectors]:
    """Return the vectors of the words of all moments of a generation, by number."""
    rows = catalogue.database.rows(
        "SELECT place, vector FROM vectors WHERE generation = ? AND name = ?", [generation, WORDS]
    )
    return {row["place"]: _unpacked_words(row["vector"]) for row in rows}


def without_words(catalogue: Catalogue) -> bool:
    """Tell whether a moment with text has no vectors of its words, as in libraries of earlier versions."""
    query = (
        "SELECT 1 FROM vectors t WHERE t.name = ? AND NOT EXISTS (SELECT 1 FROM vectors w "
        "WHERE w.generation = t.generation AND w.place = t.place AND w.name = ?) LIMIT 1"
    )
    return bool(catalogue.database.rows(query, [CAPTION, WORDS]))


def video_ids(catalogue: Catalogue) -> list[str]:
    """Return the keys of all videos, sorted."""
    return [row["video_id"] for row in catalogue.database.rows("SELECT video_id FROM videos ORDER BY video_id")]


def context_sample(catalogue: Catalogue, visible: frozenset[str], size: int) -> Vectors:
    """Return context sums of at most `size` moments with text of visible collections, evenly spread, `(n, dimension)`.

    Of more videos than that not all are read.
    """
    query = "SELECT place FROM vectors WHERE generation = ? AND name = ? ORDER BY place"
    places = [
        (video.generation, row["place"])
        for video in _evenly(catalogue.videos(visible), size)
        for row in catalogue.database.rows(query, (video.generation, CONTEXT))
    ]
    return _all_of(catalogue, CONTEXT, _evenly(places, size))


def _evenly(found: Sequence[T], size: int) -> Sequence[T]:
    return found[:: max(1, -(-len(found) // size))]


def sentence_counts(catalogue: Catalogue) -> dict[str, int]:
    """Return how many committed moments of each collection have text."""
    query = "SELECT collection, count(*) FROM videos JOIN vectors USING (generation) WHERE name = ? GROUP BY collection"
    return {row[0]: int(row[1]) for row in catalogue.database.rows(query, [CAPTION])}


def sentences(catalogue: Catalogue, collection: str) -> list[tuple[str, str, int, int]]:
    """Return (id within the collection, key of the video, generation, number) of every moment with text, sorted."""
    query = (
        "SELECT id, video_id, generation, CAST(place AS INTEGER) AS number FROM videos "
        "JOIN vectors USING (generation) WHERE collection = ? AND name = ? ORDER BY id, place"
    )
    rows = catalogue.database.rows(query, [collection, CAPTION])
    return [(moment_id(r["id"], r["number"]), r["video_id"], r["generation"], r["number"]) for r in rows]


def caption_vectors(catalogue: Catalogue, places: Sequence[tuple[int, int]]) -> Vectors:
    """Return the caption vectors of moments given by generation and number, `(n, dimension)`."""
    return _all_of(catalogue, CAPTION, places)


def context_vectors(catalogue: Catalogue, places: Sequence[tuple[int, int]]) -> Vectors:
    """Return the context sums of moments given by generation and number, `(n, dimension)`."""
    return _all_of(catalogue, CONTEXT, places)


def _all_of(catalogue: Catalogue, name: str, places: Sequence[tuple[int, float]]) -> Vectors:
    query = "SELECT vector FROM vectors WHERE generation = ? AND name = ? AND place = ?"
    found = [catalogue.database.rows(query, (generation, name, place)) for generation, place in places]
    return np.array([unpacked(rows[0]["vector"]) for rows in found if rows], np.float32)


def _unpacked_words(stored: bytes) -> WordVectors:
    return np.frombuffer(stored, np.int8).reshape(-1, WORD_NUMBERS)


def packed(vectors: Vectors | WordVectors) -> bytes:
    """Return vectors as the catalogue keeps them: little-endian float32, or the small numbers of words."""
    return vectors.tobytes() if vectors.dtype == np.int8 else np.asarray(vectors, "<f4").tobytes()


def unpacked(stored: bytes) -> Vectors:
    """Return vectors from what the catalogue keeps, in one row."""
    return np.frombuffer(stored, "<f4").astype(np.float32)

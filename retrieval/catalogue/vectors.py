"""Vectors as the catalogue keeps them: read back by generation, renewed by another encoder."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.catalogue.catalogue import Catalogue, moment_id, split_moment_id
from retrieval.spaces import Vectors
from retrieval.types import TimedText, TimeSpan


@dataclass(frozen=True, slots=True)
class Kept:
    """One committed generation as it is kept: what rows are made of."""

    video_id: str
    generation: int
    duration: float
    collections: tuple[str, ...]
    moments: tuple[tuple[TimeSpan, tuple[TimedText, ...], Vectors | None, Vectors | None], ...]
    frames: tuple[tuple[float, Vectors | None], ...]
    files: tuple[str, ...]


def kept(catalogue: Catalogue, video_id: str) -> Kept | None:
    """Return what is kept of one video, None where it is gone."""
    rows = catalogue.database.rows
    current = rows("SELECT generation, duration FROM videos WHERE video_id = ?", [video_id])
    if not current:
        return None
    generation, duration = current[0]["generation"], current[0]["duration"]
    texts: dict[int, list[TimedText]] = {}
    for text in rows("SELECT * FROM texts WHERE generation = ? ORDER BY place", [generation]):
        span = TimeSpan(text["start"], text["end"])
        texts.setdefault(text["number"], []).append(TimedText(span, text["text"], text["source"]))
    moments = tuple(
        (
            TimeSpan(m["start"], m["end"]),
            tuple(texts.get(m["number"], ())),
            _vec(m["caption_vec"]),
            _vec(m["context_vec"]),
        )
        for m in rows("SELECT * FROM moments WHERE generation = ? ORDER BY number", [generation])
    )
    stills = rows("SELECT * FROM keyframes WHERE generation = ? ORDER BY time", [generation])
    frames = tuple((still["time"], _vec(still["clip_vec"])) for still in stills)
    files = tuple(still["file"] for still in stills)
    query = "SELECT collection FROM memberships WHERE video_id = ? ORDER BY collection"
    collections = tuple(m["collection"] for m in rows(query, [video_id]))
    return Kept(video_id, generation, duration, collections, moments, frames, files)


def of_context(catalogue: Catalogue, moment: str) -> Vectors | None:
    """Return the context sum of a moment (see `retrieval.searching.contextual`), None where it has no text."""
    query = "SELECT context_vec FROM moments JOIN videos USING (generation) WHERE video_id = ? AND number = ?"
    rows = catalogue.database.rows(query, split_moment_id(moment))
    return _vec(rows[0]["context_vec"]) if rows else None


def of_frames(catalogue: Catalogue, generation: int) -> dict[str, bytes]:
    """Return the picture vectors of a generation's keyframes, as they are kept, by the names of their files."""
    query = "SELECT file, clip_vec FROM keyframes WHERE generation = ? AND clip_vec IS NOT NULL"
    return {row["file"]: row["clip_vec"] for row in catalogue.database.rows(query, [generation])}


def of_frame(catalogue: Catalogue, video_id: str, file: str) -> Vectors | None:
    """Return the picture vector of one keyframe of a video, None where it has none."""
    query = "SELECT clip_vec FROM keyframes JOIN videos USING (generation) WHERE video_id = ? AND file = ?"
    rows = catalogue.database.rows(query, [video_id, file])
    return _vec(rows[0]["clip_vec"]) if rows else None


def video_ids(catalogue: Catalogue) -> list[str]:
    """Return the ids of all videos, sorted."""
    return [row["video_id"] for row in catalogue.database.rows("SELECT video_id FROM videos ORDER BY video_id")]


def sentence_count(catalogue: Catalogue) -> int:
    """Return how many committed moments have text."""
    query = "SELECT count(*) FROM moments JOIN videos USING (generation) WHERE caption_vec IS NOT NULL"
    return int(catalogue.database.rows(query)[0][0])


def sentences(catalogue: Catalogue) -> list[tuple[str, str, int, int]]:
    """Return (moment id, video id, generation, number) of every committed moment with text, sorted."""
    query = (
        "SELECT video_id, generation, number FROM moments JOIN videos USING (generation) "
        "WHERE caption_vec IS NOT NULL ORDER BY video_id, number"
    )
    rows = catalogue.database.rows(query)
    return [(moment_id(r["video_id"], r["number"]), r["video_id"], r["generation"], r["number"]) for r in rows]


def caption_vectors(catalogue: Catalogue, places: Sequence[tuple[int, int]]) -> Vectors:
    """Return the caption vectors of moments given by generation and number, `(n, dimension)`."""
    query = "SELECT caption_vec FROM moments WHERE generation = ? AND number = ?"
    found = [catalogue.database.rows(query, place)[0]["caption_vec"] for place in places]
    return np.array([unpacked(stored) for stored in found], np.float32)


def packed(vectors: Vectors) -> bytes:
    """Return vectors as the catalogue keeps them: little-endian float32."""
    return np.asarray(vectors, "<f4").tobytes()


def unpacked(stored: bytes) -> Vectors:
    """Return vectors from what the catalogue keeps, in one row."""
    return np.frombuffer(stored, "<f4").astype(np.float32)


def blob(vector: Vectors | None) -> bytes | None:
    """Return a vector as the catalogue keeps it, NULL for none."""
    return None if vector is None else packed(vector)


def _vec(stored: bytes | None) -> Vectors | None:
    return None if stored is None else unpacked(stored)

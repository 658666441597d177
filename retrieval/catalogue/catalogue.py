"""The catalogue: what is known of every video, and who may see it. The truth that the index is made from.

Reading only; `retrieval.publishing.generations` writes. A home folder holds

    catalogue.db        videos, moments, texts and vectors
    backups/            copies of it, made by themselves (see `retrieval.catalogue.backups`)
    frames/GENERATION/  keyframes, JPEG
    index/VERSION/      derived; may be deleted, `reindex` makes it again
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from sqlite3 import Row
from typing import TypeVar

from retrieval.catalogue.database import Database
from retrieval.catalogue.schema import MIGRATIONS
from retrieval.errors import LibraryUnusable, NotInLibrary
from retrieval.private import home_folder
from retrieval.types import Keyframe, Membership, Moment, TimedText, TimeSpan, Video, whole

T = TypeVar("T")

CHUNK = 400
"""Values bound to one statement; SQLite takes several times as many."""

_JOIN = "wanted w CROSS JOIN moments m ON m.generation = w.generation AND m.number = w.number"
_MOMENTS = f"SELECT m.generation, m.number, m.start, m.end FROM {_JOIN} ORDER BY m.generation, m.number"
_TEXTS = (
    "SELECT t.* FROM wanted w CROSS JOIN texts t ON t.generation = w.generation AND t.number = w.number "
    "ORDER BY t.place"
)
_FRAMES = (
    "WITH wanted (place, generation, since, until) AS (VALUES {}) "
    "SELECT w.place, w.generation, k.time, k.file FROM wanted w CROSS JOIN keyframes k "
    "ON k.generation = w.generation AND k.time >= w.since AND k.time < w.until ORDER BY k.time"
)
_OF_VIDEO = "SELECT generation, number FROM moments WHERE generation = ?"
_SIZES = (
    "SELECT ifnull(sum(length(vector)), 0) FROM vectors WHERE generation = ?",
    "SELECT ifnull(sum(length(CAST(text AS BLOB))), 0) FROM texts WHERE generation = ?",
    "SELECT ifnull(sum(length(CAST(result AS BLOB))), 0) FROM findings WHERE generation = ?",
)


def moment_id(video_id: str, number: int) -> str:
    """Return the id of a video's moment, numbers counted from 1."""
    return f"{video_id}:{number}"


def stored_path(path: Path) -> str | bytes:
    """Return a path as SQLite can hold it: as text, or as bytes where the name is no UTF-8."""
    return str(path) if whole(str(path)) == str(path) else os.fsencode(path)


def split_moment_id(moment: str) -> tuple[str, int]:
    """Return the video id and the number of a moment id.

    Raises:
        NotInLibrary: the text is no moment id.
    """
    video_id, _, number = moment.rpartition(":")
    if not (video_id and number.isascii() and number.isdigit() and len(number) < 10):
        raise NotInLibrary(
            f"{moment!r} is not a moment id", "Moment ids look like VIDEO:3; `vdialog search` prints them."
        )
    return video_id, int(number)


class Catalogue:
    """A home folder's catalogue, opened for reading; made where the folder is new.

    Raises:
        LibraryUnusable: the folder or the catalogue cannot be used.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._frames = str(home / "frames")
        try:
            home_folder(home)
        except OSError as error:
            raise LibraryUnusable(
                f"the library folder {str(home)!r} cannot be made: {error.strerror}",
                "Set VDIALOG_HOME to a folder that you can write to.",
            ) from error
        self.database = Database(home / "catalogue.db", MIGRATIONS)

    def frames_folder(self, generation: int) -> Path:
        """Return the folder of one generation's keyframes."""
        return Path(f"{self._frames}/{generation}")

    # -- who sees what ------------------------------------------------------------------------------------

    def collections(self) -> frozenset[str]:
        """Return the names of all collections."""
        return frozenset(row[0] for row in self._rows("SELECT DISTINCT collection FROM memberships"))

    def hidden(self) -> frozenset[int]:
        """Return the generations whose rows may be in an index but are not committed."""
        return frozenset(row[0] for row in self._rows("SELECT generation FROM generations WHERE state != 'current'"))

    def videos(self, visible: frozenset[str]) -> list[Video]:
        """Return the videos of the visible collections, by id; only visible memberships are named."""
        return list(self.database.unchanged(visible, lambda: self._videos(visible)))

    def _videos(self, visible: frozenset[str]) -> list[Video]:
        memberships: dict[str, list[Membership]] = {}
        for row in self._in("SELECT * FROM memberships WHERE collection IN (?) ORDER BY collection", visible):
            memberships.setdefault(row["video_id"], []).append(_membership(row))
        found = self._in("SELECT * FROM videos WHERE video_id IN (?)", memberships)
        return sorted((_video(row, tuple(memberships[row["video_id"]])) for row in found), key=lambda v: v.video_id)

    def video(self, video_id: str, visible: frozenset[str]) -> Video:
        """Return one video.

        Raises:
            NotInLibrary: there is no such video, or none in a visible collection.
        """
        rows = self._rows("SELECT * FROM videos WHERE video_id = ?", video_id)
        memberships = tuple(m for m in self.memberships(video_id) if m.collection in visible)
        if not (rows and memberships):
            raise NotInLibrary(
                f"there is no video {video_id!r} in your library",
                "`vdialog videos list` shows what is there.",
            )
        return _video(rows[0], memberships)

    def memberships(self, video_id: str) -> Iterator[Membership]:
        """Yield all memberships of a video, visible or not: for ingest, which never shows them."""
        query = "SELECT * FROM memberships WHERE video_id = ? ORDER BY collection"
        for row in self._rows(query, video_id):
            yield _membership(row)

    # -- moments --------------------------------------------------------------------------------------------

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        """Return a video's moments in order of time.

        Raises:
            NotInLibrary: there is no such video, or none in a visible collection.
        """
        video = self.video(video_id, visible)
        return self.framed(self._load({video.generation: video_id}, _OF_VIDEO, [video.generation]))

    def moment(self, moment: str, visible: frozenset[str]) -> Moment:
        """Return one moment.

        Raises:
            NotInLibrary: there is no such moment, or its video is in no visible collection.
        """
        video_id, number = split_moment_id(moment)
        video = self.video(video_id, visible)
        found = self._load({video.generation: video_id}, f"{_OF_VIDEO} AND number = ?", [video.generation, number])
        if not found:
            raise NotInLibrary(
                f"video {video_id!r} has no moment {number}",
                f"`vdialog videos show {video_id}` lists its moments.",
            )
        return self.framed(found)[0]

    def moments_by_id(self, wanted: Iterable[str], visible: frozenset[str]) -> dict[str, Moment]:
        """Return moments by id, without their keyframes; those that are gone or not visible are left out."""
        asked = [split_moment_id(moment) for moment in wanted]
        generations = self._generations({video_id for video_id, _ in asked}, visible)
        pairs = [(generations[video_id], number) for video_id, number in asked if video_id in generations]
        owner = {generation: video_id for video_id, generation in generations.items()}
        found: list[Moment] = []
        for part in _parts(pairs):
            places = f"VALUES {', '.join(['(?, ?)'] * len(part))}"
            found += self._load(owner, places, [value for pair in part for value in pair])
        return {moment.moment_id: moment for moment in found}

    def framed(self, moments: Iterable[Moment]) -> list[Moment]:
        """Return moments that were read before, with their keyframes."""
        asked = list(moments)
        query = "SELECT video_id, generation FROM videos WHERE video_id IN (?)"
        generations = {row[0]: row[1] for row in self._in(query, {moment.video_id for moment in asked})}
        found: list[Moment] = []
        for part in _parts(asked):
            values = [v for m in part for v in (generations.get(m.video_id), m.span.start, m.span.end)]
            places = ", ".join(f"({place}, ?, ?, ?)" for place in range(len(part)))
            stills: dict[int, list[Keyframe]] = {}
            for place, generation, time, file in self._rows(_FRAMES.format(places), *values):
                stills.setdefault(place, []).append(Keyframe(time, Path(f"{self._frames}/{generation}/{file}")))
            found += [replace(m, keyframes=tuple(stills.get(place, ()))) for place, m in enumerate(part)]
        return found

    def titles(self, videos: Iterable[str], visible: frozenset[str]) -> dict[str, str]:
        """Return each visible video's title, from the first of its visible collections."""
        query = "SELECT video_id, collection, title FROM memberships WHERE video_id IN (?) ORDER BY collection DESC"
        return {row["video_id"]: row["title"] for row in self._in(query, set(videos)) if row["collection"] in visible}

    def has(self, video_id: str) -> bool:
        """Tell whether there is a video of this id, visible or not: for ingest."""
        return bool(self._rows("SELECT 1 FROM videos WHERE video_id = ?", video_id))

    def holding(self, content_hash: str) -> Video | None:
        """Return the video with these bytes, whoever may see it: for ingest, which adds and never shows."""
        rows = self._rows("SELECT * FROM videos WHERE content_hash = ?", content_hash)
        return _video(rows[0], tuple(self.memberships(rows[0]["video_id"]))) if rows else None

    def at(self, path: Path) -> list[str]:
        """Return the ids of the videos taken from a path, whoever may see them: for ingest."""
        return [
            row[0] for row in self._rows("SELECT DISTINCT video_id FROM memberships WHERE path = ?", stored_path(path))
        ]

    def keyframe_count(self, video: Video) -> int:
        """Return how many keyframes are kept of a video."""
        return int(self._rows("SELECT count(*) FROM keyframes WHERE generation = ?", video.generation)[0][0])

    def bytes_used(self, video: Video) -> int:
        """Return what a video takes: its keyframes on disk, its vectors and texts in the catalogue."""
        folder = self.frames_folder(video.generation)
        frames = sum(file.stat().st_size for file in folder.iterdir()) if folder.is_dir() else 0
        kept = [int(self._rows(query, video.generation)[0][0]) for query in _SIZES]
        return frames + sum(kept)

    def _generations(self, video_ids: set[str], visible: frozenset[str]) -> dict[str, int]:
        """Return the generation of each visible video."""
        query = "SELECT video_id, collection, generation FROM memberships JOIN videos USING (video_id)"
        rows = self._in(f"{query} WHERE video_id IN (?)", video_ids)
        return {row["video_id"]: row["generation"] for row in rows if row["collection"] in visible}

    def _load(self, owner: Mapping[int, str], wanted: str, values: Sequence[object]) -> list[Moment]:
        """Return moments in order; `wanted` is the SQL of their generations and numbers, `owner` each one's video.

        The wanted places are joined to each table in this order (CROSS JOIN), which makes every one an index look-up.
        """
        head = f"WITH wanted (generation, number) AS ({wanted}) "
        texts: dict[tuple[int, int], list[TimedText]] = {}
        for row in self._rows(head + _TEXTS, *values):
            text = TimedText(TimeSpan(row["start"], row["end"]), row["text"], row["source"])
            texts.setdefault((row["generation"], row["number"]), []).append(text)
        moments = []
        for generation, number, start, end in self._rows(head + _MOMENTS, *values):
            video_id, said = owner[generation], tuple(texts.get((generation, number), ()))
            moments.append(Moment(moment_id(video_id, number), video_id, TimeSpan(start, end), said))
        return moments

    # -- counts, settings -----------------------------------------------------------------------------------

    def moment_count(self) -> int:
        """Return the number of committed moments, counted one by one."""
        query = "SELECT count(*) FROM moments JOIN videos USING (generation)"
        return int(self._rows(query)[0][0])

    def meta(self, key: str, default: str = "") -> str:
        """Return a stored setting of the library itself."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else default

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def _rows(self, query: str, *values: object) -> list[Row]:
        return self.database.rows(query, values)

    def _in(self, query: str, values: Iterable[object]) -> Iterator[Row]:
        """Run a query whose `IN (?)` stands for any number of values."""
        for chunk in _parts(list(values)):
            yield from self._rows(query.replace("(?)", f"({','.join('?' * len(chunk))})"), *chunk)


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _membership(row: Row) -> Membership:
    return Membership(row["collection"], row["title"], None if row["path"] is None else Path(os.fsdecode(row["path"])))


def _video(row: Row, memberships: tuple[Membership, ...]) -> Video:
    return Video(
        row["video_id"],
        row["content_hash"],
        row["inputs"],
        row["duration"],
        row["state"],
        row["note"],
        row["generation"],
        memberships,
    )

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

from retrieval.catalogue import checksums, other_names, shown
from retrieval.catalogue.database import CHUNK, Database
from retrieval.catalogue.given import SOURCES, Given, aside, given_of
from retrieval.catalogue.ids import moment_id, split_key, split_moment_id
from retrieval.catalogue.naming import Naming
from retrieval.catalogue.other_names import stored_path
from retrieval.catalogue.schema import MIGRATIONS
from retrieval.errors import LibraryUnusable, NotInLibrary
from retrieval.private import home_folder
from retrieval.types import Entry, Everything, Keyframe, Moment, TimedText, TimeSpan, Video

T = TypeVar("T")

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
_VIDEOS = (
    "SELECT *, (SELECT group_concat(DISTINCT kind) FROM given WHERE given.video_id = videos.video_id) AS given, "
    "(SELECT result FROM findings f WHERE f.generation = videos.generation AND stage = 'file') AS stamp FROM videos"
)
_OF_VIDEO = "SELECT generation, number FROM moments WHERE generation = ?"
_SIZES = (
    "SELECT ifnull(sum(length(vector)), 0) FROM vectors WHERE generation = ?",
    "SELECT ifnull(sum(length(CAST(text AS BLOB))), 0) FROM texts WHERE generation = ?",
    "SELECT ifnull(sum(length(CAST(result AS BLOB))), 0) FROM findings WHERE generation = ?",
)


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
        self.naming = Naming(self.database)

    def frames_folder(self, generation: int) -> Path:
        """Return the folder of one generation's keyframes."""
        return Path(f"{self._frames}/{generation}")

    # -- who sees what ------------------------------------------------------------------------------------

    def collections(self) -> Everything:
        """Return the names of all collections."""
        return Everything(row[0] for row in self._rows("SELECT DISTINCT collection FROM videos"))

    def hidden(self) -> frozenset[int]:
        """Return the generations whose rows may be in an index but are not committed."""
        return frozenset(row[0] for row in self._rows("SELECT generation FROM generations WHERE state != 'current'"))

    def videos(self, visible: frozenset[str]) -> list[Video]:
        """Return the videos of the visible collections, by id; copies of one film are videos each."""
        return list(self.database.unchanged(visible, lambda: self._videos(visible)))

    def _videos(self, visible: frozenset[str]) -> list[Video]:
        rows = list(self.database.rows_in(f"{_VIDEOS} WHERE collection IN (?)", visible))
        shown.verify_videos(self.database)
        return self._read(sorted(rows, key=lambda row: (row["id"], row["collection"])), visible)

    def _read(self, rows: Sequence[Row], visible: frozenset[str]) -> list[Video]:
        """Return videos from rows, each with its visible copies."""
        copies, called = self.naming.copies(visible), self.naming.namer(visible)
        alone = {row["video_id"]: _video(row, called(row["video_id"])) for row in rows}
        others = {one for key in alone for one in copies.get(key, ())} - alone.keys()
        further = list(self.database.rows_in(f"{_VIDEOS} WHERE video_id IN (?)", others))
        known = alone | {row["video_id"]: _video(row, called(row["video_id"])) for row in further}
        same = {key: tuple(known[one] for one in copies.get(key, ())[1:] if one in known) for key in alone}
        return [replace(video, copies=same[key]) if same[key] else video for key, video in alone.items()]

    def video(self, video_id: str, visible: frozenset[str]) -> Video:
        """Return one video.

        Raises:
            NotInLibrary: there is no such video, or none in a visible collection; `AmbiguousVideo` where several are.
        """
        rows = self._rows(f"{_VIDEOS} WHERE video_id = ?", key := self.naming.key(video_id, visible))
        if not rows:
            raise NotInLibrary(f"the video {key!r} was removed", "`vdialog videos list` shows what is there.")
        shown.verify_video(self.database, key)
        return self._read(rows, visible)[0]

    # -- moments --------------------------------------------------------------------------------------------

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        """Return a video's moments in order of time.

        Raises:
            NotInLibrary: there is no such video, or none in a visible collection.
        """
        video = self.video(video_id, visible)
        found = self._load({video.generation: video.key}, _OF_VIDEO, [video.generation])
        return self.naming.renamed(self.framed(found), visible)

    def moment(self, moment: str, visible: frozenset[str]) -> Moment:
        """Return one moment.

        Raises:
            NotInLibrary: there is no such moment, or its video is in no visible collection.
        """
        video_id, number = split_moment_id(moment)
        video = self.video(video_id, visible)
        found = self._load({video.generation: video.key}, f"{_OF_VIDEO} AND number = ?", [video.generation, number])
        if not found:
            raise NotInLibrary(
                f"video {video_id!r} has no moment {number}",
                f"`vdialog videos show {video_id}` lists its moments.",
            )
        return self.naming.renamed(self.framed(found), visible)[0]

    def moments_by_id(self, wanted: Iterable[str], visible: frozenset[str]) -> dict[str, Moment]:
        """Return moments by id, without their keyframes; those that are gone or not visible are left out.

        Here and in `framed`, which a search uses, ids are those of the index: by the keys of videos.
        """
        asked = [split_moment_id(moment) for moment in wanted]
        generations = self._generations({key for key, _ in asked if split_key(key)[0] in visible})
        pairs = [(generations[key], number) for key, number in asked if key in generations]
        owner = {generation: key for key, generation in generations.items()}
        found: list[Moment] = []
        for part in _parts(pairs):
            places = f"VALUES {', '.join(['(?, ?)'] * len(part))}"
            found += self._load(owner, places, [value for pair in part for value in pair])
        return {moment.moment_id: moment for moment in found}

    def framed(self, moments: Iterable[Moment]) -> list[Moment]:
        """Return moments that were read before, with their keyframes; see `retrieval.catalogue.shown`."""
        asked = list(moments)
        generations = self._generations({moment.video_id for moment in asked})
        found: list[Moment] = []
        for part in _parts(asked):
            values = [v for m in part for v in (generations.get(m.video_id), m.span.start, m.span.end)]
            places = ", ".join(f"({place}, ?, ?, ?)" for place in range(len(part)))
            stills: dict[int, list[Keyframe]] = {}
            for place, generation, time, file in self._rows(_FRAMES.format(places), *values):
                stills.setdefault(place, []).append(Keyframe(time, Path(f"{self._frames}/{generation}/{file}")))
            found += [replace(m, keyframes=tuple(stills.get(place, ()))) for place, m in enumerate(part)]
        return shown.sound(self.database, generations, found)

    def titles(self, keys: Iterable[str], visible: frozenset[str]) -> dict[str, str]:
        """Return each visible video's title, by key."""
        wanted = {key for key in keys if split_key(key)[0] in visible}
        return {
            row[0]: row[1]
            for row in self.database.rows_in("SELECT video_id, title FROM videos WHERE video_id IN (?)", wanted)
        }

    # -- for ingest, which never shows what it reads ----------------------------------------------------------

    def stored(self, key: str) -> Video | None:
        """Return the video of a key, called by its id, None where there is none."""
        return self._ours("video_id = ?", key)

    def holding(self, content_hash: str, collection: str | None = None) -> Video | None:
        """Return the video of a collection with these bytes; without a collection one of any."""
        if collection is None:
            return self._ours("content_hash = ? AND state != 'imported'", content_hash)
        return self._ours("content_hash = ? AND collection = ?", content_hash, collection)

    def at(self, path: Path, collection: str | None = None) -> Video | None:
        """Return the video of a collection that was taken from a path; without a collection one of any."""
        if collection is None:
            return self._ours("path = ?", stored_path(path))
        return self._ours("path = ? AND collection = ?", stored_path(path), collection)

    def _ours(self, where: str, *values: object) -> Video | None:
        rows = self._rows(f"{_VIDEOS} WHERE {where} ORDER BY collection, id LIMIT 1", *values)
        return self._read(rows, frozenset({rows[0]["collection"]}))[0] if rows else None

    def failing(self) -> list[str]:
        """Return the keys of the videos whose content is not what was published, sorted."""
        with self.database.reading() as connection:
            return checksums.failing(connection)

    def given(self, key: str) -> Given:
        """Return what a person gave to a video."""
        with self.database.reading() as connection:
            return given_of(connection, key)

    def aside(self, content_hash: str) -> Given:
        """Return the given texts of a film that belong to no collection yet."""
        with self.database.reading() as connection:
            return aside(connection, content_hash)

    def texts(self, video: Video) -> list[TimedText]:
        """Return all texts of a video."""
        rows = self._rows("SELECT * FROM texts WHERE generation = ?", video.generation)
        return [TimedText(TimeSpan(row["start"], row["end"]), row["text"], row["source"]) for row in rows]

    def due(self) -> list[str]:
        """Return the keys of videos whose moments are to be made anew, and can be: what was in their files is known."""
        read = "(SELECT generation FROM findings WHERE stage = 'reading')"
        return [row[0] for row in self._rows(f"SELECT video_id FROM videos WHERE inputs = '' AND generation IN {read}")]

    def other_names(self, video: Video) -> list[Path]:
        """Return where else in its collection the bytes of a video lie."""
        return other_names.of_video(self.database, video.key)

    def keyframe_count(self, video: Video) -> int:
        """Return how many keyframes are kept of a video."""
        return int(self._rows("SELECT count(*) FROM keyframes WHERE generation = ?", video.generation)[0][0])

    def bytes_used(self, video: Video) -> int:
        """Return what a video takes: its keyframes on disk, its vectors and texts in the catalogue."""
        folder = self.frames_folder(video.generation)
        frames = sum(file.stat().st_size for file in folder.iterdir()) if folder.is_dir() else 0
        return frames + sum(int(self._rows(query, video.generation)[0][0]) for query in _SIZES)

    def _generations(self, keys: set[str]) -> dict[str, int]:
        """Return the generation of each video, by key."""
        query = "SELECT video_id, generation FROM videos WHERE video_id IN (?)"
        return {row[0]: row[1] for row in self.database.rows_in(query, keys)}

    def _load(self, owner: Mapping[int, str], wanted: str, values: Sequence[object]) -> list[Moment]:
        """Return moments in order; `wanted` is the SQL of their generations and numbers, `owner` each one's video.

        The wanted places are joined to each table in this order (CROSS JOIN), which makes every one an index look-up.
        """
        head = f"WITH wanted (generation, number) AS ({wanted}) "
        texts: dict[tuple[int, int], list[TimedText]] = {}
        for row in self._rows(head + _TEXTS, *values):
            text = TimedText(shown.span(row["start"], row["end"]), row["text"], row["source"])
            texts.setdefault((row["generation"], row["number"]), []).append(text)
        moments = []
        for generation, number, start, end in self._rows(head + _MOMENTS, *values):
            video_id, said = owner[generation], tuple(texts.get((generation, number), ()))
            moments.append(Moment(moment_id(video_id, number), video_id, shown.span(start, end), said))
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


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _entry(row: Row) -> Entry:
    return Entry(row["collection"], row["title"], None if row["path"] is None else Path(os.fsdecode(row["path"])))


def _video(row: Row, shown: str) -> Video:
    given = (row["given"] or "").split(",")
    kinds = tuple(kind for kind in SOURCES if kind in given)
    about = (row["content_hash"], row["inputs"], row["duration"], row["state"], row["note"], row["generation"])
    return Video(shown, *about, _entry(row), given=kinds, stamp=row["stamp"] or "")

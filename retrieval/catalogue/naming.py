"""What videos are called among the collections that somebody may see, and which one is meant by what they type.

Only here a key of the program becomes what is shown, and what was typed becomes a key: for every front end, for JSON,
citations and errors. What is not visible is answered like what does not exist.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from retrieval.catalogue import shown
from retrieval.catalogue.database import Database
from retrieval.catalogue.ids import key_of, moment_id, split_key, split_moment_id
from retrieval.errors import AmbiguousVideo, NotInLibrary
from retrieval.types import Moment


class Naming:
    """The names of the videos of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.check_table("videos")  # through a damaged index or id, what is there would not be found
        shown.verify_videos(database)

    def key(self, video_id: str, visible: frozenset[str]) -> str:
        """Return the key of the video that is meant by an id, or by `collection/id`.

        Raises:
            NotInLibrary: there is no such video, or none in a visible collection; `AmbiguousVideo` where several are.
        """
        collection, name = split_key(video_id)
        rows = self._database.rows("SELECT collection FROM videos WHERE id = ? ORDER BY collection", [name])
        found = [row[0] for row in rows if row[0] in visible and ("/" not in video_id or row[0] == collection)]
        if len(found) > 1:
            raise AmbiguousVideo(video_id, [key_of(one, name) for one in found])
        if not found:
            raise NotInLibrary(
                f"there is no video {video_id!r} in your library", "`vdialog videos list` shows what is there."
            )
        return key_of(found[0], name)

    def shown(self, key: str, visible: frozenset[str]) -> str:
        """Return what a video is called among the visible ones: its id, or its key where they share that id.

        An id that begins with "-" is called by its key too: a command would take it for an option.
        A key that is none of theirs becomes an id that is nobody's, and says nothing of its collection.
        """
        return self.namer(visible)(key)

    def namer(self, visible: frozenset[str]) -> Callable[[str], str]:
        """Return what calls many videos in this way, as the library is now."""
        shared = self._shared("id", visible)

        def called(key: str) -> str:
            collection, name = split_key(key)
            if "/" in key and collection not in visible:
                return f"/{name}"
            return key if name in shared or name.startswith("-") else name

        return called

    def key_of_moment(self, moment: str, visible: frozenset[str]) -> str:
        """Return the id of a moment by the key of its video.

        Raises:
            NotInLibrary: it is no moment id, or there is no such video, or it is not visible.
        """
        video_id, number = split_moment_id(moment)
        return moment_id(self.key(video_id, visible), number)

    def shown_moment(self, key: str, visible: frozenset[str]) -> str:
        """Return what a moment is called among the visible ones."""
        video, colon, number = key.rpartition(":")
        return f"{self.shown(video, visible)}{colon}{number}"

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of some keys whose videos were removed, or moved into another collection."""
        asked = {key for key in keys if "/" in key}
        there = self._database.rows_in("SELECT video_id FROM videos WHERE video_id IN (?)", asked)
        return frozenset(asked.difference(row[0] for row in there))

    def renamed(self, moments: Iterable[Moment], visible: frozenset[str]) -> list[Moment]:
        """Return moments as they are called among the visible ones, from those that are called by keys."""
        called, found = self.namer(visible), []
        for moment in moments:
            video_id = called(moment.video_id)
            number = split_moment_id(moment.moment_id)[1]
            found.append(replace(moment, moment_id=moment_id(video_id, number), video_id=video_id))
        return found

    def _shared(self, column: str, visible: frozenset[str]) -> frozenset[str]:
        """Return the ids, titles, or hashes of content, that several visible videos have."""
        query = f"SELECT {column} FROM videos WHERE collection IN (?)"

        def load() -> frozenset[str]:
            counted = Counter(row[0] for row in self._database.rows_in(query, visible))
            return frozenset(value for value, count in counted.items() if count > 1)

        return self._database.unchanged((f"shared {column}", visible), load)

    def shared_titles(self, visible: frozenset[str]) -> frozenset[str]:
        """Return the titles that several visible videos have."""
        return self._shared("title", visible)

    def copies(self, visible: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the keys of the visible videos with the same bytes, this one's first, of each that has copies."""

        def load() -> Mapping[str, tuple[str, ...]]:
            same: dict[str, list[str]] = {}
            for row in self._database.rows_in(
                "SELECT video_id, content_hash FROM videos WHERE content_hash IN (?)",
                self._shared("content_hash", visible),
            ):
                if split_key(row["video_id"])[0] in visible:
                    same.setdefault(row["content_hash"], []).append(row["video_id"])
            ordered = [sorted(keys) for keys in same.values()]
            return {key: (key, *(one for one in keys if one != key)) for keys in ordered for key in keys}

        return self._database.unchanged(("copies", visible), load)

"""Which video somebody means by what they typed: its id, or what else it is called, whatever the case.

Only among the videos that they may see: what is not visible is neither meant nor suggested. Keys and ids that the
program keeps itself are never read in this way: what they named may be gone.
"""

import difflib
from collections.abc import Iterator
from pathlib import PurePath

from bot.tools.pieces import CatalogueReader
from retrieval.errors import AmbiguousVideo, NotInLibrary
from retrieval.types import Video, in_a_row

NEAR = 0.6
"""How alike names must be, 0 to 1, for one to be suggested."""

SUGGESTED = 3
"""Names that are suggested at most."""


def meant(shelf: CatalogueReader, visible: frozenset[str], typed: str) -> str:
    """Return the id of the video that is meant: by that, else by its title or the name of its file if no other has it.

    A path, or its end, is a name too; capital letters do not matter.

    Raises:
        NotInLibrary: there is none, or there are several; the hint names those that are called alike.
    """
    try:
        shelf.video(typed, visible)
        return typed
    except AmbiguousVideo:
        raise
    except NotInLibrary as error:
        videos = shelf.videos(visible)
        same_id = [video for video in videos if typed.casefold() in (video.video_id.casefold(), video.key.casefold())]
        found = same_id or [video for video in videos if _is_called(video, typed)]
        if len(found) == 1:
            return found[0].video_id
        if found:
            several = f"{len(found)} videos are called {typed!r}"
            raise NotInLibrary(several, f"Say which: {_named(found)}.") from error
        near = _near(videos, typed)
        raise NotInLibrary(error.message, f"Did you mean {near}? {error.hint}" if near else error.hint) from error


def meant_by(shelf: CatalogueReader, visible: frozenset[str], typed: str, mark: str) -> str:
    """Return what is typed of a part of a video, `VIDEO:2` or `VIDEO@0:05-0:12`, with the id of the video meant.

    Raises:
        NotInLibrary: as `meant`.
    """
    video, found, part = typed.rpartition(mark)
    return f"{meant(shelf, visible, video)}{found}{part}" if video else typed


def _is_called(video: Video, typed: str) -> bool:
    asked = PurePath(typed.casefold())
    return any(name.parts[-len(asked.parts) :] == asked.parts for name in _names(video) if asked.parts)


def _names(video: Video) -> Iterator[PurePath]:
    yield from (PurePath(name.casefold()) for name in (video.key, video.video_id, video.title))
    if (path := video.entry.path) is not None:
        yield from (PurePath(str(name).casefold()) for name in (path, path.with_suffix("")))


def _near(videos: list[Video], typed: str) -> str:
    """Return the ids of those whose names are most like what was typed."""
    ids: dict[str, str] = {}
    for video in videos:
        for name in _names(video):
            ids.setdefault(name.name, video.video_id)
    ids.pop("", None)
    names = difflib.get_close_matches(PurePath(typed.casefold()).name, ids, 10 * SUGGESTED, NEAR)
    return " or ".join(repr(one) for one in list(dict.fromkeys(ids[name] for name in names))[:SUGGESTED])


def _named(videos: list[Video]) -> str:
    return in_a_row([video.video_id for video in videos])

"""The library's exceptions.

LibraryError                    everything the library raises on purpose; has a code and a hint
├── InvalidSpan                 times that make no span (also a ValueError)
├── InvalidQuery                a query that asks for nothing, or for what is switched off
├── UnreadableMedia             a file that cannot be taken in as video
│   └── ReadingStopped          a file whose reading took too much time or memory of this machine
├── InvalidAnnotations          a captions file that does not hold what it should
├── InvalidSubtitles            a subtitle file that cannot be read
├── CaptioningFailed            a model that was to describe frames, and did not
├── NotInLibrary                an unknown video, moment or collection
│   └── AmbiguousVideo          an id that several visible videos have
├── Overtaken                   a video that changed while it was taken in
├── AlreadyThere                a video that is to be moved where the same film or its id is
├── MissingModel                weights or a package that is not there
├── UnfitEncoder                an encoder that does not tell its inputs apart
├── SpaceMismatch               vectors of another model or size than the index holds
├── IndexUnavailable            a server of the index that is away, too busy, or refuses
└── LibraryUnusable             the home folder or its catalogue cannot be used
    └── LibraryDamaged          something of it is not what was written, or is gone
"""

from collections.abc import Sequence


class LibraryError(Exception):
    """Base of the library's errors.

    Attributes:
        code: a stable short name for programs, e.g. `unreadable_media`.
        message: what is wrong, in a sentence.
        hint: what to do next; may be empty.
    """

    code = "library_error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidSpan(LibraryError, ValueError):
    """Times that make no span."""

    code = "invalid_span"

    def __init__(self, start: float, end: float) -> None:
        super().__init__(
            f"a span from {start!r} to {end!r} is not possible",
            "Times are seconds, 0 or more, and the end comes after the start.",
        )


class InvalidQuery(LibraryError, ValueError):
    """A query that asks for nothing, or for what is switched off."""

    code = "invalid_query"


class UnreadableMedia(LibraryError):
    """A file that cannot be taken in as video."""

    code = "unreadable_media"


class ReadingStopped(UnreadableMedia):
    """A file whose reading took too much time or memory of this machine: another time it may do."""


class InvalidAnnotations(LibraryError, ValueError):
    """A captions file that does not hold what it should."""

    code = "invalid_annotations"


class InvalidSubtitles(LibraryError, ValueError):
    """A subtitle file that cannot be read."""

    code = "invalid_subtitles"


class CaptioningFailed(LibraryError):
    """A model that was to describe frames, and did not."""

    code = "captioning_failed"


class NotInLibrary(LibraryError, LookupError):
    """An unknown video, moment or collection."""

    code = "not_in_library"


class AmbiguousVideo(NotInLibrary):
    """An id that several visible videos have."""

    code = "ambiguous_video"

    def __init__(self, video_id: str, keys: Sequence[str]) -> None:
        super().__init__(f"{len(keys)} collections have a video {video_id!r}", f"Say which: {', '.join(keys[:5])}.")


class Overtaken(LibraryError):
    """A video that another process took in, changed or removed while it was taken in."""

    code = "overtaken"

    def __init__(self, name: str) -> None:
        super().__init__(f"the video {name!r} was changed meanwhile", "Give the same command again.")


class AlreadyThere(LibraryError):
    """A video that is to be moved into a collection that has the same film, or to be called like another one there."""

    code = "already_there"

    def __init__(self, video_id: str, collection: str, is_id: bool = False) -> None:
        what = f"a video {video_id!r} already" if is_id else f"the same film as {video_id!r}"
        hint = "Give another id." if is_id else "Remove one of them first: `vdialog videos remove`."
        super().__init__(f"the collection {collection!r} has {what}", hint)


class MissingModel(LibraryError):
    """Weights or a package that is not there."""

    code = "missing_model"


class UnfitEncoder(LibraryError):
    """An encoder that does not tell its inputs apart."""

    code = "unfit_encoder"


class SpaceMismatch(LibraryError):
    """Vectors of another model or size than the index holds."""

    code = "space_mismatch"


class IndexUnavailable(LibraryError):
    """A server of the index that is away, too busy, or refuses what is asked."""

    code = "index_unavailable"


class LibraryUnusable(LibraryError):
    """The home folder or its catalogue cannot be used."""

    code = "library_unusable"


class LibraryDamaged(LibraryUnusable):
    """Something of a library is not what was written, or is gone."""

    code = "library_damaged"


def first_line(error: Exception) -> str:
    """Return the first line of an error that says something, at most 200 characters."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if not line.endswith(":")), type(error).__name__)[:200]

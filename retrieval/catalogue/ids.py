"""What videos are called: a key that is one video's alone, and an id that is free in its collection. Pure.

The key is `collection/id`. Ids hold no "/", so that a key can be taken apart whatever its collection is called.
"""

from collections.abc import Callable

from retrieval.errors import NotInLibrary
from retrieval.types import whole

SUFFIX = 6
"""Digits of the hash of its content by which an id that is taken becomes another; more where that is taken too."""


def key_of(collection: str, name: str) -> str:
    """Return the key of the video of a collection that has this id."""
    return f"{collection}/{name}"


def split_key(key: str) -> tuple[str, str]:
    """Return the collection and the id of a key; without a "/" the collection is empty."""
    collection, _, name = key.rpartition("/")
    return collection, name


def legal(name: str) -> str:
    """Return a name as an id can be written: without "/", and without half characters."""
    return whole(name).replace("/", "%2F")


def free(wanted: str, content_hash: str, is_taken: Callable[[str], bool]) -> str:
    """Return an id that is not taken: the wanted one, or it with as much of the hash of its content as is needed."""
    name = legal(wanted)
    if not is_taken(name):
        return name
    for length in range(SUFFIX, len(content_hash) + 1):
        if not is_taken(found := f"{name}-{content_hash[:length]}"):
            return found
    number = 2
    while is_taken(f"{name}-{content_hash}-{number}"):
        number += 1
    return f"{name}-{content_hash}-{number}"


def moment_id(video_id: str, number: int) -> str:
    """Return the id of a video's moment, numbers counted from 1."""
    return f"{video_id}:{number}"


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

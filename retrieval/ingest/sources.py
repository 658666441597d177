"""Which files an ingest takes, and what tells one from another: their bytes and their texts."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from retrieval.errors import UnreadableMedia

ENDINGS = frozenset(
    [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".wmv", ".flv", ".ogv", ".3gp"]
)
"""Endings by which a folder's files are taken for video; a file that is named itself is tried whatever its ending."""

PIPELINE = "3"
"""Version of how moments are made; files are taken in again when it changes."""

CHUNK = 2**20


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files to take: those named, and the videos in folders, by name; each once.

    Hidden files and folders are left out, and links that lead out of the folder are not followed.

    Raises:
        UnreadableMedia: a path does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise UnreadableMedia(f"{str(path)!r} does not exist", "Give a video file or a folder of videos.")
        for file in sorted(in_folder(path, ENDINGS)) if path.is_dir() else [path]:
            if file.absolute() not in seen:
                seen.add(file.absolute())
                yield file


def in_folder(folder: Path, endings: Collection[str]) -> Iterator[Path]:
    """Yield the files of a folder, and of those in it, that end so; see `files` for what is left out."""
    # a folder that cannot be read, or goes while it is read, is passed over
    for inner, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(inner) / name
            if not name.startswith(".") and path.suffix.lower() in endings and lies_in(path, folder):
                yield path


def lies_in(path: Path, folder: Path) -> bool:
    """Tell whether a path leads to what lies in a folder, or below it: a link may lead out of it, or in a circle."""
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        UnreadableMedia: the file cannot be read, or is no ordinary file.
    """
    if not path.is_file():
        raise UnreadableMedia(f"{path.name!r} is not an ordinary file", "Only files can be taken in.")
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise UnreadableMedia(f"{path.name!r} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def stamp_of(path: Path) -> str:
    """Return what tells a file from what it was before, and from any other that takes its place.

    Raises:
        OSError: it is not there.
    """
    status = path.stat()
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


class Hashes:
    """The hashes of files, each computed once as long as its file stays as it is."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[str, str]] = {}
        self._places: dict[Path, str] = {}

    def expect(self, paths: Iterable[Path]) -> None:
        """Note where paths lead to: a link that is put there while a file is waited for is not followed."""
        self._places = {path.absolute(): os.path.realpath(path) for path in paths}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file's bytes.

        Raises:
            UnreadableMedia: the file cannot be read, is no ordinary file, or the path led elsewhere before.
        """
        whole = path.absolute()
        if self._places.get(whole, place := os.path.realpath(path)) != place:
            raise UnreadableMedia(f"{path.name!r} leads elsewhere than before", "Give the same command again.")
        try:
            stamp = stamp_of(path)
        except OSError as error:
            raise UnreadableMedia(f"{path.name!r} cannot be read: {error.strerror}") from error
        known, digest = self._known.get(whole, (None, ""))
        if known != stamp:
            digest = content_hash(path)
            self._known[whole] = (stamp, digest)
        return digest

    def stamp(self, path: Path) -> str:
        """Return the stamp of a file whose hash is known, as it was when that was computed."""
        return self._known.get(path.absolute(), ("", ""))[0]

    def check(self, path: Path, content: str) -> str:
        """Return the stamp of a file with these bytes; raise UnreadableMedia where it has not these any more."""
        if self.of(path) != content:
            raise UnreadableMedia(f"{path.name!r} was changed while it was read", "Give the same command again.")
        return self.stamp(path)

    def holds(self, path: Path, content: str) -> bool:
        """Tell whether a file is there and has these bytes."""
        try:
            return self.of(path) == content
        except UnreadableMedia:
            return False

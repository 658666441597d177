"""The home folder is its owner's alone, whatever the umask of the system and however it was made before."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

log = logging.getLogger(__name__)

OTHERS = 0o077
"""What everybody but the owner may do."""

FOLDERS = ("backups", "dropped", "frames", "index", "locks", "demo", "replaced-*")
DATABASES = ("catalogue.db", "conversations.db")
OURS = (*(f"{name}*" for name in DATABASES), "slack.db*", "planners.json*", "databases.txt*", "log.txt*", *FOLDERS)
"""What a home holds. A folder that is taken for one may hold other things, which are none of our business."""

_users: list[int] = []
"""The umasks that count outside of `privately`, the innermost last."""


def home_folder(home: Path) -> None:
    """Make a home folder, or take from others what they may do with one that is there; say so once where they could.

    Raises:
        OSError: it cannot be made.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    was_open = _closed(home)
    is_library = any((home / name).exists() for name in DATABASES)
    held = [path for pattern in OURS for path in home.glob(pattern)] if is_library else []
    for path in held:
        if _closed(path) and path.is_dir() and not path.is_symlink():
            for inner in path.rglob("*"):
                _closed(inner)
    if was_open and held:
        log.warning("others of this machine could read %r; from now on only you can", str(home))


@contextmanager
def privately() -> Iterator[None]:
    """Let what this process writes in the block be readable by its owner alone."""
    before = os.umask(OTHERS)
    _users.append(before)
    try:
        yield
    finally:
        _users.pop()
        os.umask(before)


def shared(path: Path) -> None:
    """Let a file that a person asked for be as readable as whatever else they write."""
    if _users:
        with suppress(OSError):  # of another system, which knows no such thing
            path.chmod(0o666 & ~_users[0])


def _closed(path: Path) -> bool:
    """Take from others what they may do with a file or folder of ours; tell whether there was something."""
    try:
        status = path.lstat()
        wide = bool(status.st_mode & OTHERS) and not stat.S_ISLNK(status.st_mode)
        if not wide or status.st_uid != os.getuid() or status.st_mode & stat.S_ISVTX:  # e.g. the system's /tmp
            return False
        path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)
    except OSError:  # gone meanwhile, or on a disk that knows no such thing: `vdialog doctor` tells
        return False
    return True

"""What mends a home beside bringing copies back: beginning anew, keyframes made again, copies made again."""

from pathlib import Path

from bot.bootstrap import CATALOGUE, CONVERSATIONS, library
from bot.rights import owner_sees
from bot.settings import Settings


def begin_anew(settings: Settings) -> Path:
    """Put all of a library aside and return where it is; what is opened next is empty.

    Raises:
        LibraryUnusable: another process works with the library.
    """
    from retrieval.publishing.restoring import begin_anew

    aside = begin_anew(settings.home)
    with library(settings):
        return aside


def mend_frames(settings: Settings) -> tuple[int, dict[str, str]]:
    """Make keyframes anew that are gone or damaged.

    Returns:
        How many videos are whole again, and why others are not, by what they are called.
    """
    with library(settings) as opened:
        whole, left = opened.mend_frames()
        naming, everything = opened.catalogue.naming, owner_sees(opened.catalogue)
        return whole, {naming.shown(key, everything): reason for key, reason in left.items()}


def renew_copies(settings: Settings) -> int:
    """Delete the copies made by themselves that are damaged, make new ones, and return how many were deleted.

    Raises:
        LibraryUnusable: the library itself is damaged.
    """
    from retrieval.catalogue.backups import Backups, damage

    deleted = 0
    for file in (settings.home / CATALOGUE, settings.home / CONVERSATIONS):
        copies = Backups(file)
        if file.is_file():
            copies.make()
        for copy in copies.all():
            if damage(copy.path):
                copy.path.unlink(missing_ok=True)
                deleted += 1
    return deleted

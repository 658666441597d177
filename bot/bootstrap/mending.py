"""What mends a home beside bringing copies back: beginning anew, keyframes made again, copies made again."""

from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import CATALOGUE, CONVERSATIONS, backups, library
from bot.rights import owner_sees
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class AnewPlan:
    """What beginning anew takes along: numbers of videos and grants, None where they cannot be read, and of copies.

    `kept` are the databases that stay: conversations, where they are undamaged.
    """

    videos: int | None
    grants: int | None
    copies: int
    kept: tuple[str, ...]
    has_conversations: bool


def plan_anew(settings: Settings) -> AnewPlan:
    """Return what beginning anew takes along; nothing is changed."""
    from retrieval.catalogue.backups import damage
    from retrieval.publishing.comparing import names_in
    from retrieval.publishing.restored_rights import count_grants

    talks = settings.home / CONVERSATIONS
    kept = (CONVERSATIONS,) if talks.is_file() and not damage(talks) else ()
    copies = sum(len(found) for name, found in backups(settings).items() if name not in kept)
    videos, grants = names_in(settings.home / CATALOGUE), count_grants(settings.home / CATALOGUE)
    return AnewPlan(None if videos is None else len(videos), grants, copies, kept, talks.is_file())


def begin_anew(settings: Settings, plan: AnewPlan) -> Path:
    """Put a library aside and return where it is; what is opened next is empty.

    Raises:
        LibraryUnusable: another process works with the library.
    """
    from retrieval.publishing.restoring import begin_anew

    aside = begin_anew(settings.home, plan.kept)
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

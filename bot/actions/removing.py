"""Which videos a removal takes: all that are named, checked before the first one goes."""

from collections.abc import Sequence

from bot.actions.meaning import meant
from bot.actions.searching import check_collections
from bot.errors import UsageError
from bot.tools.pieces import CatalogueReader


def chosen_for_removal(
    shelf: CatalogueReader, visible: frozenset[str], videos: Sequence[str], collection: str | None
) -> dict[str, str]:
    """Return the videos that are named, each once: their keys, and what they are called.

    Args:
        shelf: the catalogue.
        visible: what whoever removes may see.
        videos: ids of videos.
        collection: the one whose videos are meant, all of them; None where ids are given.

    Raises:
        NotInLibrary: one of them is not there, or not visible.
        UsageError: neither ids nor a collection are given, or both.
    """
    if bool(videos) == (collection is not None):
        raise UsageError(
            "give either ids of videos or --collection", "`vdialog videos list` shows the ids and the collections."
        )
    if collection is not None:
        check_collections([collection], visible)
        there = shelf.videos(visible)
        return {one.key: one.video_id for one in there if one.entry.collection == collection}
    keys = (shelf.naming.key(meant(shelf, visible, video), visible) for video in videos)
    return {key: shelf.naming.shown(key, visible) for key in keys}

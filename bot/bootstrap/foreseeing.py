"""What an ingest would do and take, without a library being made or changed."""

from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.bootstrap import CATALOGUE, decode_limits, library
from bot.rights import owner_sees
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.ingest.estimate import Estimate
    from retrieval.ingest.foresight import Foreseen
    from retrieval.types import TextKind


def ingest_estimate(
    settings: Settings,
    paths: Sequence[Path],
    collection: str | None = None,
    captions: Path | None = None,
    drop: "Collection[TextKind]" = (),
) -> "tuple[list[Foreseen], Estimate]":
    """Return what would become of files and folders, and what that would take.

    Args:
        settings: say where the library is; one that is not there yet is not made.
        paths: of files and folders.
        collection: that they would go into; None where nobody chose one.
        captions: a captions file.
        drop: kinds of text to be taken away.

    Raises:
        UnreadableMedia: a path does not exist.
        InvalidAnnotations: the captions file is not in the form of ActivityNet Captions.
    """
    from retrieval.ingest.decode import probe
    from retrieval.ingest.estimate import estimate

    with TemporaryDirectory() as empty:
        is_there = (settings.home / CATALOGUE).exists()
        at = settings if is_there else settings.model_copy(update={"home": Path(empty)})
        with library(at) as opened:
            asked = (collection or settings.collection, captions, drop)
            seen = owner_sees(opened.catalogue)
            foreseen = opened.foresee(paths, *asked, seen, is_default=collection is None)
    limits = decode_limits(settings)
    fresh = [one.report.path for one in foreseen if one.is_decoded]
    return foreseen, estimate(fresh, lambda path: probe(path, limits), settings.frames_per_hour)

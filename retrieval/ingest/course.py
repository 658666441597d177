"""The course of a run over files: how much work each of them is, before any is begun."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.estimate import WORK, WORK_PER_PIXEL
from retrieval.ingest.findings import DESCRIBING, SPEECH
from retrieval.ingest.inputs import Models
from retrieval.ingest.progress import Course
from retrieval.ingest.sources import stamp_of

USUAL_PIXELS = 1280 * 720

Lengths = Callable[..., dict[Path, tuple[float, int]]]


def course_of(
    found: Sequence[Path],
    catalogue: Catalogue,
    collection: str,
    models: Models,
    lengths: Lengths,
    limits: DecodeLimits | None,
) -> Course:
    """Return the course of a run over files; those that are in already are no work.

    Args:
        found: the files, in order.
        catalogue: says which are in already.
        collection: where they go.
        models: those that are set.
        lengths: tells seconds and pixels of files.
        limits: what looking at files may use.
    """
    sizes = {path: 0 if _is_in(catalogue, path, collection) else _size(path) for path in found}
    fresh = [path for path in found if sizes[path]]
    told = lengths(fresh, limits) if len(fresh) > 1 else {}  # of a single one it makes no difference
    weighed = {path: seconds * _weight(pixels) for path, (seconds, pixels) in told.items() if seconds > 0}
    stages = [stage for stage, model in ((SPEECH, models.speech), (DESCRIBING, models.describer)) if model is not None]
    return Course(sizes, weighed, stages)


def _weight(pixels: int) -> float:
    """Return how much work a second is, compared with one of a film of the usual size."""
    return (WORK + WORK_PER_PIXEL * pixels) / (WORK + WORK_PER_PIXEL * USUAL_PIXELS)


def _is_in(catalogue: Catalogue, path: Path, collection: str) -> bool:
    """Tell whether a file was taken in from where it lies, and is still as it was."""
    video = catalogue.at(path.absolute(), collection)
    with suppress(OSError):
        return video is not None and video.stamp == stamp_of(path)
    return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

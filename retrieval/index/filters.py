"""What a scope admits, decided row by row. Pure; the memory index runs it, and it says what others must do."""

from typing import Any

from retrieval.errors import SpaceMismatch
from retrieval.index.base import MomentRow, Scope, VideoRows
from retrieval.index.phrases import forms
from retrieval.spaces import IndexSpaces, Vectors


def admits(scope: Scope, video: VideoRows, moment: MomentRow) -> bool:
    """Tell whether a scope lets a search see a moment."""
    wanted = scope.filter
    return (
        video.generation not in scope.hidden
        and not scope.collections.isdisjoint(video.collections)
        and (wanted.videos is None or video.video_id in wanted.videos)
        and (wanted.within is None or moment.span.overlap(wanted.within) > 0)
        and (wanted.sources is None or not wanted.sources.isdisjoint(moment.sources))
        and all(any(padded(form) in padded(moment.plain) for form in forms(phrase)) for phrase in scope.phrases)
        and not any(padded(stem) in padded(moment.terms) for stem in scope.excluded)
    )


def filter_fields(video: VideoRows, moment: MomentRow) -> dict[str, Any]:
    """Return the fields by which a stored row is found and narrowed, as every index writes them but for the words."""
    return {
        "moment_id": moment.moment_id,
        "video_id": video.video_id,
        "generation": video.generation,
        "collections": list(video.collections),
        "sources": list(moment.sources),
        "start": moment.span.start,
        "end": moment.span.end,
    }


def padded(joined: str) -> str:
    """Put a space around joined words, so that whole words can be found by plain substring search."""
    return f" {joined} "


def check_vector(spaces: IndexSpaces, column: str, vector: Vectors) -> None:
    """Refuse a vector that does not fit its column.

    Raises:
        SpaceMismatch: the index has no such column, or one of another length.
    """
    wanted = spaces.column(column).dimension
    if vector.shape != (wanted,):
        raise SpaceMismatch(
            f"{column} has {wanted} dimensions, and a vector of shape {vector.shape} does not fit",
            "The index was made with another model: run `vdialog reindex`.",
        )


def check_rows(spaces: IndexSpaces, video: VideoRows) -> None:
    """Refuse rows with a vector that does not fit.

    Raises:
        SpaceMismatch: as `check_vector`.
    """
    for moment in video.moments:
        for vectors in (moment.vectors, *(frame.vectors for frame in moment.frames)):
            for column, vector in vectors.items():
                check_vector(spaces, column, vector)

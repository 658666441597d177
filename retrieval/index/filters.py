"""What a scope admits, decided row by row. Pure; the memory index runs it, and it says what others must do."""

from retrieval.errors import SpaceMismatch
from retrieval.index.base import MomentRow, Scope, VectorField, VideoRows
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
        and all(padded(phrase) in padded(moment.plain) for phrase in scope.phrases)
        and not any(padded(stem) in padded(moment.terms) for stem in scope.excluded)
    )


def padded(joined: str) -> str:
    """Put a space around joined words, so that whole words can be found by plain substring search."""
    return f" {joined} "


def dimension(spaces: IndexSpaces, field: VectorField) -> int:
    """Return the length that a vector of this field must have.

    Raises:
        SpaceMismatch: the index holds no pictures.
    """
    if field == "caption_vec":
        return spaces.text.dimension
    if field == "moment_vec":
        return spaces.text.dimension + 2
    if spaces.frames is None:
        raise SpaceMismatch("this index holds no picture vectors", "Set CLIP weights, then run `vdialog reindex`.")
    return spaces.frames.dimension


def check_vector(spaces: IndexSpaces, field: VectorField, vector: Vectors) -> None:
    """Refuse a vector that does not fit its field.

    Raises:
        SpaceMismatch: names the field, the length it has and the length given.
    """
    wanted = dimension(spaces, field)
    if vector.shape != (wanted,):
        raise SpaceMismatch(
            f"{field} has {wanted} dimensions, and a vector of shape {vector.shape} does not fit",
            "The index was made with another model: run `vdialog reindex`.",
        )


def check_rows(spaces: IndexSpaces, video: VideoRows) -> None:
    """Refuse rows with a vector that does not fit.

    Raises:
        SpaceMismatch: as `check_vector`.
    """
    for moment in video.moments:
        if moment.caption_vec is not None:
            check_vector(spaces, "caption_vec", moment.caption_vec)
        if moment.moment_vec is not None:
            check_vector(spaces, "moment_vec", moment.moment_vec)
        for frame in moment.frames:
            check_vector(spaces, "clip_vec", frame.clip_vec)

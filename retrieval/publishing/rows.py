"""From the catalogue to the index: one generation's moments as rows. The only place where rows are made."""

import numpy as np

from retrieval.analysis import terms, words
from retrieval.catalogue.banks import Bank
from retrieval.catalogue.catalogue import moment_id
from retrieval.catalogue.vectors import CONTEXT, StoredVideo
from retrieval.index.base import FrameRow, MomentRow, VideoRows
from retrieval.searching import hubness
from retrieval.spaces import TEXT, WHOLE_VIDEO, Column, IndexSpaces, PlacedVectors, Vectors
from retrieval.types import joined


def build(kept: StoredVideo, spaces: IndexSpaces, bank: Bank | None) -> VideoRows:
    """Return the rows of one generation.

    Args:
        kept: what is kept of it, vectors included.
        spaces: those of the index: vectors of others stay out.
        bank: sentences for the hubness correction; None where there are not enough.
    """
    placed = {**kept.vectors, TEXT.column: _contextual(kept, bank)}
    frames = [
        FrameRow(time, vectors)
        for time, _ in kept.keyframes
        if (vectors := _at(placed, spaces.of_keyframes, time))  # one that nobody encoded ranks nothing
    ]
    rows = []
    for number, (span, texts) in enumerate(kept.moments, start=1):
        text = joined(texts)
        rows.append(
            MomentRow(
                moment_id(kept.video_id, number),
                span,
                tuple(dict.fromkeys(t.source for t in texts)),
                " ".join(terms(text)),
                " ".join(words(text)),
                _at(placed, spaces.of_moments, number),
                tuple(frame for frame in frames if span.contains(frame.time)),
            )
        )
    return VideoRows(kept.video_id, kept.generation, kept.collections, tuple(rows), kept.duration)


def _at(placed: PlacedVectors, columns: tuple[Column, ...], place: float) -> dict[str, Vectors]:
    """Return the vectors of one row by column; a vector of the whole video is in all of its rows."""
    places = {column.name: WHOLE_VIDEO if column.of == "video" else place for column in columns}
    return {name: placed[name][at] for name, at in places.items() if at in placed.get(name, {})}


def _contextual(kept: StoredVideo, bank: Bank | None) -> dict[float, Vectors]:
    """Return the contextual vectors as an index holds them, by the numbers of their moments."""
    sums = dict(sorted(kept.vectors.get(CONTEXT, {}).items()))
    if not sums:
        return {}
    contexts = np.array(list(sums.values()), np.float32)
    stored = hubness.stored(contexts, hubness.hubness(contexts, kept.video_id, bank))
    return dict(zip(sums, stored, strict=True))

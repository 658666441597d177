"""From the catalogue to the index: one generation's moments as rows. The only place where rows are made."""

from collections.abc import Sequence

import numpy as np

from retrieval.analysis import terms, words
from retrieval.catalogue.banks import Bank
from retrieval.catalogue.catalogue import moment_id
from retrieval.index.base import FrameRow, MomentRow, VideoRows
from retrieval.searching import hubness
from retrieval.spaces import Vectors
from retrieval.types import TimedText, TimeSpan, joined


def build(
    video_id: str,
    generation: int,
    collections: Sequence[str],
    moments: Sequence[tuple[TimeSpan, Sequence[TimedText], Vectors | None, Vectors | None]],
    frames: Sequence[tuple[float, Vectors | None]],
    bank: Bank | None,
    duration: float,
) -> VideoRows:
    """Return the rows of one generation.

    Args:
        video_id: the video's id.
        generation: the generation that the rows carry.
        collections: the collections that hold the video.
        moments: span, texts, caption vector and context sum of each moment, in order.
        frames: time in seconds and picture vector of each keyframe of the video.
        bank: what hubness is measured against, if the library has enough sentences.
        duration: of the video, in seconds.
    """
    places = [i for i, (_, _, _, context) in enumerate(moments) if context is not None]
    contexts = np.array([moments[i][3] for i in places], np.float32)
    stored: dict[int, Vectors] = {}
    if places:
        vectors = hubness.stored(contexts, hubness.hubness(contexts, video_id, bank))
        stored = dict(zip(places, vectors, strict=True))
    rows = []
    for place, (span, texts, caption, _) in enumerate(moments):
        text = joined(texts)
        inside = tuple(FrameRow(t, vec) for t, vec in frames if vec is not None and span.contains(t))
        rows.append(
            MomentRow(
                moment_id(video_id, place + 1),
                span,
                tuple(dict.fromkeys(t.source for t in texts)),
                " ".join(terms(text)),
                " ".join(words(text)),
                caption,
                stored.get(place),
                inside,
            )
        )
    return VideoRows(video_id, generation, tuple(collections), tuple(rows), duration)

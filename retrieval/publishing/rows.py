"""From the catalogue to the index: one generation's moments as rows. The only place where rows are made."""

from collections.abc import Iterable

import numpy as np

from retrieval.analysis import terms
from retrieval.catalogue.banks import Bank
from retrieval.catalogue.ids import moment_id
from retrieval.catalogue.vectors import CONTEXT, StoredVideo
from retrieval.index.base import FrameRow, MomentRow, VideoRows
from retrieval.index.phrases import BORDER, Passage, written
from retrieval.searching import hubness
from retrieval.spaces import TEXT, WHOLE_VIDEO, Column, IndexSpaces, PlacedVectors, Vectors
from retrieval.types import TEXT_SOURCES, TextSource, TimedText, joined

_FLOWING: frozenset[TextSource] = frozenset({"subtitle", "speech"})
"""Sources whose sentences go on from one text to the next."""


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
    rows, passages = [], phrases_of(kept)
    for number, (span, texts) in enumerate(kept.moments, start=1):
        text = joined(texts)
        rows.append(
            MomentRow(
                moment_id(kept.video_id, number),
                span,
                tuple(dict.fromkeys(t.source for t in texts)),
                " ".join(terms(text)),
                written(passages[number - 1]),
                _at(placed, spaces.of_moments, number),
                tuple(frame for frame in frames if span.contains(frame.time)),
            )
        )
    return VideoRows(kept.video_id, kept.generation, (kept.collection,), tuple(rows), kept.duration)


def phrases_of(kept: StoredVideo) -> list[list[Passage]]:
    """Return for each moment what each source tells in it, with what it tells before and after in other moments.

    A description stands for itself; so does what is read on the screen.
    """
    found: list[list[Passage]] = [[] for _ in kept.moments]
    for source in TEXT_SOURCES:
        own = [[text for text in texts if text.source == source] for _, texts in kept.moments]
        cues = list(dict.fromkeys(sorted((cue for cues in own for cue in cues), key=lambda cue: cue.span)))
        places = {cue: at for at, cue in enumerate(cues)}
        for passages, told in zip(found, own, strict=True):
            if told:
                at = [places[cue] for cue in told]
                flows = source in _FLOWING
                before, after = cues[: min(at)] if flows else [], cues[max(at) + 1 :] if flows else []
                passages.append(Passage(_text(told), _text(before[-BORDER:]), _text(after[:BORDER])))
    return found


def _text(cues: Iterable[TimedText]) -> str:
    return " ".join(cue.text for cue in cues)


def _at(placed: PlacedVectors, columns: tuple[Column, ...], place: float) -> dict[str, Vectors]:
    """Return the vectors of one row by column; a vector of the whole video is in all of its rows."""
    places = {column.name: WHOLE_VIDEO if column.of == "video" else place for column in columns}
    return {name: np.asarray(placed[name][at], np.float32) for name, at in places.items() if at in placed.get(name, {})}


def _contextual(kept: StoredVideo, bank: Bank | None) -> dict[float, Vectors]:
    """Return the contextual vectors as an index holds them, by the numbers of their moments."""
    sums = dict(sorted(kept.vectors.get(CONTEXT, {}).items()))
    if not sums:
        return {}
    contexts = np.array(list(sums.values()), np.float32)
    stored = hubness.stored(contexts, hubness.hubness(contexts, kept.video_id, bank))
    return dict(zip(sums, stored, strict=True))

"""From a video's texts and keyframes to its vectors: for new drafts, and again when the encoders change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.base import ImageEncoder, TextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.publishing.drafts import Draft, Encoded
from retrieval.publishing.stages import FRAME_VECTORS, TEXT_VECTORS, Stages
from retrieval.searching import contextual
from retrieval.searching.contextual import Said
from retrieval.spaces import Space, Vectors
from retrieval.types import TimedText, TimeSpan, joined, whole

FRAMES_AT_ONCE = 64
TEXTS_AT_ONCE = 256
"""Keyframes and texts encoded and kept together: so much is done again at most after a kill."""

Moments = Sequence[tuple[TimeSpan, Sequence[TimedText]]]


@dataclass(frozen=True, slots=True)
class Memory:
    """Where vectors are kept as they are made, so that none is made twice.

    Attributes:
        stages: where they are kept.
        frames: vectors of keyframes that were made before, as the catalogue keeps them, by the names of the files.
        tell: is told, before each batch, which stage it belongs to and how much of that is done, 0 to 1.
    """

    stages: Stages
    frames: Mapping[str, bytes]
    tell: Callable[[str, float], None]


def encode(encoders: Encoders, drafts: Sequence[Draft], memory: Memory | None = None) -> list[Encoded]:
    """Return the vectors of each draft; the texts of all are encoded together. A memory serves one draft."""
    said = [_said(draft.moments) for draft in drafts]
    texts = encoders.text if memory is None else _Remembering(encoders.text, memory)
    encoded = []
    for draft, pairs in zip(drafts, contextual.encode(texts, said), strict=True):
        captions = tuple(None if pair is None else pair[0] for pair in pairs)
        contexts = tuple(None if pair is None else pair[1] for pair in pairs)
        frames = _frame_vectors(encoders.frames, [frame.path for frame in draft.keyframes], memory)
        encoded.append(Encoded(captions, contexts, frames))
    return encoded


class _Remembering:
    """A text encoder that keeps every batch. Batches are whole or not there: so their vectors never differ."""

    def __init__(self, encoder: TextEncoder, memory: Memory) -> None:
        self._encoder = encoder
        self._memory = memory

    @property
    def space(self) -> Space:
        return self._encoder.space

    def pieces(self, text: str, size: int) -> list[str]:
        return self._encoder.pieces(text, size)

    def encode(self, texts: Sequence[str]) -> Vectors:
        depends = str(self.space)
        known = self._memory.stages.results(TEXT_VECTORS, depends)
        found = [np.zeros((0, self.space.dimension), np.float32)]
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = texts[start : start + TEXTS_AT_ONCE]
            part = sha256("\0".join(map(whole, batch)).encode()).hexdigest()
            if part not in known:
                self._memory.tell(TEXT_VECTORS, start / len(texts))
                known[part] = vectors.packed(self._encoder.encode(batch))
                self._memory.stages.keep(TEXT_VECTORS, depends, {part: known[part]})
            found.append(vectors.unpacked(known[part]).reshape(len(batch), -1))
        return np.concatenate(found)


def renew(catalogue: Catalogue, encoders: Encoders) -> None:
    """Encode everything in the catalogue again and keep the new vectors, one video at a time."""
    for video_id in vectors.video_ids(catalogue):
        kept = vectors.kept(catalogue, video_id)
        if kept is None:
            continue
        moments = [(span, texts) for span, texts, _, _ in kept.moments]
        pairs = contextual.encode(encoders.text, [_said(moments)])[0]
        files = [catalogue.frames_folder(kept.generation) / name for name in kept.files]
        frames = _frame_vectors(encoders.frames, files)
        with catalogue.database.writing() as db:
            db.executemany(
                "UPDATE moments SET caption_vec = ?, context_vec = ? WHERE generation = ? AND number = ?",
                [
                    (*([None, None] if pair is None else map(vectors.blob, pair)), kept.generation, number)
                    for number, pair in enumerate(pairs, start=1)
                ],
            )
            db.executemany(
                "UPDATE keyframes SET clip_vec = ? WHERE generation = ? AND time = ?",
                [
                    (vectors.blob(vec), kept.generation, time)
                    for vec, (time, _) in zip(frames, kept.frames, strict=True)
                ],
            )


def _said(moments: Moments) -> Said:
    return Said(tuple(span for span, _ in moments), tuple(joined(texts) for _, texts in moments))


def _frame_vectors(
    encoder: ImageEncoder | None, files: Sequence[Path], memory: Memory | None = None
) -> tuple[Vectors | None, ...]:
    if encoder is None:
        return (None,) * len(files)
    space = str(encoder.space)
    known = {} if memory is None else {**memory.frames, **memory.stages.results(FRAME_VECTORS, space)}
    missing = [path for path in files if path.name not in known]
    for start in range(0, len(missing), FRAMES_AT_ONCE):
        batch = missing[start : start + FRAMES_AT_ONCE]
        if memory is not None:
            memory.tell(FRAME_VECTORS, start / len(missing))
        made = encoder.encode_images([_opened(path) for path in batch])
        fresh = {path.name: vectors.packed(vector) for path, vector in zip(batch, made, strict=True)}
        if memory is not None:
            memory.stages.keep(FRAME_VECTORS, space, fresh)
        known.update(fresh)
    return tuple(vectors.unpacked(known[path.name]) for path in files)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")

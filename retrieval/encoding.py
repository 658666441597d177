"""From a video's texts and keyframes to its vectors: for new drafts, and again when the encoders change."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from retrieval import contextual, vectors
from retrieval.catalogue import Catalogue
from retrieval.contextual import Said
from retrieval.drafts import Draft, Encoded
from retrieval.encoders.base import ImageEncoder, Vectors
from retrieval.encoders.lazy import Encoders
from retrieval.types import TimedText, TimeSpan, joined

FRAMES_AT_ONCE = 256

Moments = Sequence[tuple[TimeSpan, Sequence[TimedText]]]


def encode(encoders: Encoders, drafts: Sequence[Draft]) -> list[Encoded]:
    """Return the vectors of each draft; the texts of all are encoded together."""
    said = [_said(draft.moments) for draft in drafts]
    encoded = []
    for draft, pairs in zip(drafts, contextual.encode(encoders.text, said), strict=True):
        captions = tuple(None if pair is None else pair[0] for pair in pairs)
        contexts = tuple(None if pair is None else pair[1] for pair in pairs)
        frames = _frame_vectors(encoders.frames, [frame.path for frame in draft.keyframes])
        encoded.append(Encoded(captions, contexts, frames))
    return encoded


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


def _frame_vectors(encoder: ImageEncoder | None, files: Sequence[Path]) -> tuple[Vectors | None, ...]:
    if encoder is None:
        return (None,) * len(files)
    found: list[Vectors | None] = []
    for start in range(0, len(files), FRAMES_AT_ONCE):
        found += list(encoder.encode_images([_opened(path) for path in files[start : start + FRAMES_AT_ONCE]]))
    return tuple(found)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")

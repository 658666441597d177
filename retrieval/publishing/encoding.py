"""From a video's texts and frames to its vectors: for new drafts, and again when the encoders change."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vectors import CAPTION, CONTEXT, WORDS, StoredVideo
from retrieval.encoders.base import TextEncoder, WordEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.pictures import read_keyframe
from retrieval.publishing.clips import ClipSource, Footage
from retrieval.publishing.drafts import Draft
from retrieval.publishing.stages import VECTORS, Stages
from retrieval.searching import contextual, likeness
from retrieval.searching.contextual import VideoTexts
from retrieval.spaces import (
    TEXT,
    WHOLE_VIDEO,
    Encodes,
    IndexSpaces,
    PlacedVectors,
    Space,
    SpaceKind,
    Vectors,
    WordVectors,
)
from retrieval.types import Keyframe, TimedText, TimeSpan, joined, whole

AT_ONCE: dict[Encodes, int] = {"text": 256, "frames": 64, "clips": 16, "videos": 1}
"""What is encoded and kept together: so much is done again at most after a kill."""


@dataclass(frozen=True, slots=True)
class VectorCache:
    """Where vectors are kept as they are made, so that none is made twice.

    Attributes:
        stages: where they are kept.
        before: vectors that were made before, as the catalogue keeps them, by kind and by part (see `EncodingJob`).
        texts: what the vectors of texts were made of before, and they themselves.
        tell: is told, before each batch, which stage it belongs to and how much of that is done, 0 to 1.
    """

    stages: Stages
    before: Mapping[SpaceKind, Mapping[str, bytes]]
    tell: Callable[[str, float], None]
    texts: "tuple[VideoTexts, PlacedVectors] | None" = None


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """What the vectors of one video are made of."""

    moments: Sequence[tuple[TimeSpan, Sequence[TimedText]]]
    duration: float
    pictures: ClipSource

    @property
    def said(self) -> VideoTexts:
        """The texts as contextual vectors need them."""
        return VideoTexts(tuple(span for span, _ in self.moments), tuple(joined(texts) for _, texts in self.moments))


@dataclass(frozen=True, slots=True)
class EncodingJob:
    """What one vector is made of, its place, and the part of the stage that makes it."""

    place: float
    part: str
    of: Any


def encode(
    encoders: Encoders, drafts: Sequence[Draft], memory: VectorCache | None = None, footage: Footage | None = None
) -> list[PlacedVectors]:
    """Return the vectors of each draft; the texts of all are encoded together. A memory serves one draft."""
    materials = [
        EncoderInput(draft.moments, draft.duration, ClipSource(draft.keyframes, draft.entry.path, footage))
        for draft in drafts
    ]
    return _encoded(encoders, [kind for kind, _ in encoders.spaces.held], materials, memory)


def reencode(
    catalogue: Catalogue,
    encoders: Encoders,
    kinds: Iterable[SpaceKind],
    footage: Footage | None,
    begun: Collection[SpaceKind] = (),
    tell: Callable[[float], None] = lambda share: None,
) -> None:
    """Encode what is of these kinds again and keep the new vectors, one video at a time; kinds without encoder go.

    Those of the `begun` ones that are there already are of these encoders: they are not made again, and new ones are
    kept batch by batch. `tell` is told how much is done, 0 to 1.
    """
    there = [kind for kind in kinds if encoders.spaces.space(kind) is not None]
    anew = [kind for kind in there if kind not in begun]
    with catalogue.database.writing() as db:
        for kind in kinds:
            if kind not in there:
                vectors.forget(db, kind)
    keys = vectors.video_ids(catalogue) if there else []
    for number, video_id in enumerate(keys):
        tell(number / len(keys))
        kept = vectors.stored_video(catalogue, video_id)
        if kept is None:
            continue
        material = _kept_material(catalogue, kept, footage)
        for kind in there:
            if kind in begun:
                _go_on(catalogue, kind, encoders.encoder(kind), kept, material)
        found = _encoded(encoders, anew, [material], None)[0]
        with catalogue.database.writing() as db:
            for kind in anew:
                vectors.forget(db, kind, kept.generation)
            vectors.write(db, kept.generation, found)
    tell(1.0)


def _go_on(catalogue: Catalogue, kind: SpaceKind, encoder: Any, kept: StoredVideo, material: EncoderInput) -> None:
    """Make those vectors of a video that are not there yet, and keep each batch."""
    held = kept.vectors.get(kind.column, {})
    missing = [piece for piece in _pieces(kind, material) if piece.place not in held]
    for start in range(0, len(missing), AT_ONCE[kind.encodes]):
        batch = missing[start : start + AT_ONCE[kind.encodes]]
        made = zip(batch, _made(kind, encoder, [piece.of for piece in batch], material.pictures), strict=True)
        with catalogue.database.writing() as db:
            found = {piece.place: vector for piece, vector in made if vector is not None}
            vectors.write(db, kept.generation, {kind.column: found})


def reusable_vectors(
    catalogue: Catalogue, video_id: str, known: IndexSpaces, spaces: IndexSpaces
) -> dict[SpaceKind, dict[str, bytes]]:
    """Return the vectors of a video that the encoders would make again, by kind and by part; those of texts apart."""
    kept = vectors.stored_video(catalogue, video_id)
    same = [kind for kind, space in spaces.held if kind != TEXT and known.space(kind) == space]
    if kept is None:
        return {}
    material = _kept_material(catalogue, kept, None)
    made: dict[SpaceKind, dict[str, bytes]] = {}
    for kind in same:
        held = kept.vectors.get(kind.column, {})
        there = [piece for piece in _pieces(kind, material) if piece.place in held]
        made[kind] = {piece.part: vectors.packed(held[piece.place]) for piece in there}
    return made


def reusable_texts(
    catalogue: Catalogue, key: str, known: IndexSpaces, spaces: IndexSpaces
) -> tuple[VideoTexts, PlacedVectors] | None:
    """Return the texts of a video and their vectors, None where the encoder would make others."""
    kept = vectors.stored_video(catalogue, key)
    if kept is None or known.space(TEXT) != spaces.space(TEXT):
        return None
    held = {name: kept.vectors.get(name, {}) for name in (CAPTION, CONTEXT)}
    held[WORDS] = vectors.words_of(catalogue, kept.generation)
    said = _kept_material(catalogue, kept, None).said
    return (said, held) if len(held[CAPTION]) == sum(bool(text) for text in said.texts) else None


def _kept_material(catalogue: Catalogue, kept: StoredVideo, footage: Footage | None) -> EncoderInput:
    """Return what the vectors of a kept video are made of; its media only if it is still the same."""
    folder = catalogue.frames_folder(kept.generation)
    keyframes = [Keyframe(time, folder / name) for time, name in kept.keyframes]
    media = None
    if footage is not None:
        video = catalogue.stored(kept.video_id)
        path = None if video is None else video.entry.path
        media = path if path is not None and footage.holds(path, kept.content_hash) else None
    return EncoderInput(kept.moments, kept.duration, ClipSource(keyframes, media, footage))


def _encoded(
    encoders: Encoders, kinds: Sequence[SpaceKind], materials: Sequence[EncoderInput], memory: VectorCache | None
) -> list[PlacedVectors]:
    placed: list[dict[str, dict[float, Vectors | WordVectors]]] = [{} for _ in materials]
    known = None if memory is None else memory.texts
    if TEXT in kinds and known is not None and [material.said for material in materials] == [known[0]]:
        placed[0] |= {name: dict(found) for name, found in known[1].items()}
    elif TEXT in kinds:
        texts = encoders.text if memory is None else _Remembering(encoders.text, memory)
        said = contextual.encode(texts, [material.said for material in materials])
        for found, pairs in zip(placed, said, strict=True):
            there = [(float(number), pair) for number, pair in enumerate(pairs, start=1) if pair is not None]
            found[CAPTION] = {number: pair[0] for number, pair in there}
            found[CONTEXT] = {number: pair[1] for number, pair in there}
    if TEXT in kinds:
        missing = [(found, material) for found, material in zip(placed, materials, strict=True) if not found.get(WORDS)]
        words = _of_words(encoders.text, [material for _, material in missing])
        for (found, _), told in zip(missing, words, strict=False):
            found[WORDS] = told
    for kind in kinds:
        if kind != TEXT:
            for found, material in zip(placed, materials, strict=True):
                found[kind.column] = {**_of_kind(kind, encoders.encoder(kind), material, memory)}
    return list(placed)


def _of_words(encoder: TextEncoder, materials: Sequence[EncoderInput]) -> list[dict[float, Vectors | WordVectors]]:
    """Return the vectors of the words of each video's moments with text, as they are kept; all are read together.

    Nothing where the encoder does not tell them.
    """
    if not isinstance(encoder, WordEncoder):
        return []
    told = [
        {float(number): text for number, text in enumerate(material.said.texts, start=1) if text}
        for material in materials
    ]
    read = iter(encoder.in_words([text for texts in told for text in texts.values()]))
    return [{number: likeness.kept(next(read).vectors) for number in texts} for texts in told]


class _Remembering:
    """A text encoder that keeps every batch. Batches are whole or not there: so their vectors never differ."""

    def __init__(self, encoder: TextEncoder, memory: VectorCache) -> None:
        self._encoder = encoder
        self._memory = memory

    @property
    def space(self) -> Space:
        return self._encoder.space

    def pieces(self, text: str, size: int) -> list[str]:
        return self._encoder.pieces(text, size)

    def knows(self, word: str) -> bool:
        return self._encoder.knows(word)

    def encode(self, texts: Sequence[str]) -> Vectors:
        depends = str(self.space)
        known = self._memory.stages.results(VECTORS, depends)
        found = [np.zeros((0, self.space.dimension), np.float32)]
        for start in range(0, len(texts), AT_ONCE["text"]):
            batch = texts[start : start + AT_ONCE["text"]]
            part = _digest("\0".join(batch))
            if part not in known:
                self._memory.tell(VECTORS, start / len(texts))
                known[part] = vectors.packed(self._encoder.encode(batch))
                self._memory.stages.keep(VECTORS, depends, {part: known[part]})
            found.append(vectors.unpacked(known[part]).reshape(len(batch), -1))
        return np.concatenate(found)


def _of_kind(kind: SpaceKind, encoder: Any, material: EncoderInput, memory: VectorCache | None) -> dict[float, Vectors]:
    """Return the vectors of one video of one kind by place; what was made before is not made again."""
    stage, depends, size = f"{VECTORS} {kind.name}", str(encoder.space), AT_ONCE[kind.encodes]
    known = {} if memory is None else {**memory.before.get(kind, {}), **memory.stages.results(stage, depends)}
    pieces = _pieces(kind, material)
    missing = [piece for piece in pieces if piece.part not in known]
    for start in range(0, len(missing), size):
        batch = missing[start : start + size]
        if memory is not None:
            memory.tell(stage, start / len(missing))
        made = _made(kind, encoder, [piece.of for piece in batch], material.pictures)
        fresh = {piece.part: vectors.packed(vec) for piece, vec in zip(batch, made, strict=True) if vec is not None}
        if memory is not None:
            memory.stages.keep(stage, depends, fresh)
        known.update(fresh)
    return {piece.place: vectors.unpacked(known[piece.part]) for piece in pieces if piece.part in known}


def _pieces(kind: SpaceKind, material: EncoderInput) -> list[EncodingJob]:
    """Return what the vectors of a kind are made of: texts, files of keyframes, or spans."""
    if kind.encodes == "text":
        said = enumerate(material.said.texts, start=1)
        return [EncodingJob(number, _digest(text), text) for number, text in said if text]
    if kind.encodes == "frames":
        return [EncodingJob(frame.time, frame.path.name, frame.path) for frame in material.pictures.keyframes]
    if kind.encodes == "videos":
        return [EncodingJob(WHOLE_VIDEO, "", TimeSpan(0.0, material.duration))]
    spans = enumerate((span for span, _ in material.moments), start=1)
    return [EncodingJob(number, f"{span.start!r}-{span.end!r}", span) for number, span in spans]


def _made(kind: SpaceKind, encoder: Any, batch: Sequence[Any], pictures: ClipSource) -> Sequence[Vectors | None]:
    """Return the vector of each piece, None where there is nothing to see of it."""
    if kind.encodes == "text":
        return list(encoder.encode(batch))
    if kind.encodes == "frames":
        return list(encoder.encode_images([read_keyframe(path) for path in batch]))
    clips = pictures.of(batch, encoder.frames)
    made = iter(encoder.encode_clips([clip for clip in clips if clip]))
    return [next(made) if clip else None for clip in clips]


def _digest(text: str) -> str:
    return sha256(whole(text).encode()).hexdigest()

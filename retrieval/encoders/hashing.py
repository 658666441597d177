"""Encoders without weights, for unit tests alone: equal words give near vectors, and nothing is understood."""

import hashlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from retrieval.analysis import terms, words
from retrieval.spaces import Space, Vectors, unit


class HashingTextEncoder:
    """Each stem adds a fixed random direction, so that texts sharing words are near."""

    def __init__(self, dimension: int = 64) -> None:
        self._space = Space("hashing", dimension)

    @property
    def space(self) -> Space:
        """The space `hashing`."""
        return self._space

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        rows = [self._sum(terms(text) or ["\0", *words(text)]) for text in texts]
        return unit(np.array(rows, np.float32).reshape(len(texts), self._space.dimension))

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` words."""
        parts = text.split()
        return [" ".join(parts[i : i + size]) for i in range(0, len(parts), size)]

    def knows(self, word: str) -> bool:
        """Nothing is understood."""
        return False

    def _sum(self, stems: Sequence[str]) -> Vectors:
        return np.asarray(np.sum([_direction(stem, self._space.dimension) for stem in stems], axis=0), np.float32)


class HashingImageEncoder:
    """A picture's mean colours on a 2 x 2 grid; the words `red`, `green`, `blue` and so on name a colour."""

    COLOURS = {
        "red": (220, 30, 30),
        "green": (30, 200, 30),
        "blue": (30, 30, 220),
        "yellow": (230, 220, 30),
        "white": (250, 250, 250),
        "black": (10, 10, 10),
    }

    def __init__(self) -> None:
        self._space = Space("hashing-colours", 12)

    @property
    def space(self) -> Space:
        """The space `hashing-colours`."""
        return self._space

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return one unit vector per picture, float32 `(images, 12)`."""
        small = [np.asarray(im.convert("RGB").resize((2, 2), Image.Resampling.BOX), np.float32) for im in images]
        return unit(np.array([s.ravel() - 127.5 for s in small], np.float32).reshape(len(images), 12))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, 12)`; grey where no colour is named."""
        rows = []
        for text in texts:
            named = [self.COLOURS[w] for w in words(text) if w in self.COLOURS] or [(128, 128, 127)]
            rows.append(np.tile(np.mean(named, axis=0) - 127.5, 4))
        return unit(np.array(rows, np.float32).reshape(len(texts), 12))

    def taught(self, word: str) -> bool:
        """Return True: no word counts but those of colours, and none harms."""
        return True


class HashingClipEncoder:
    """What a clip looks like in its first and in its second half, by mean colours: two colours name a change."""

    frames = 4

    def __init__(self) -> None:
        self._images = HashingImageEncoder()
        self._space = Space("hashing-changes", 24)

    @property
    def space(self) -> Space:
        """The space `hashing-changes`."""
        return self._space

    def encode_clips(self, clips: Sequence[Sequence[Image.Image]]) -> Vectors:
        """Return one unit vector per clip, float32 `(clips, 24)`."""
        rows = []
        for clip in clips:
            seen = self._images.encode_images(clip)
            half = max(1, len(clip) // 2)
            rows.append(np.concatenate([seen[:half].mean(axis=0), seen[-half:].mean(axis=0)]))
        return unit(np.array(rows, np.float32).reshape(len(clips), 24))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, 24)`: from its first colour to its last."""
        rows = []
        for text in texts:
            named = [word for word in words(text) if word in self._images.COLOURS] or [""]
            rows.append(self._images.encode_texts([named[0], named[-1]]).ravel())
        return unit(np.array(rows, np.float32).reshape(len(texts), 24))


def _direction(word: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8], "little")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)

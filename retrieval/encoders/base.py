"""The contract of encoders: what a text or a picture becomes, and in which space it can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Space:
    """A vector space: the model that made it, its dimension, and how its vectors compare.

    Stored with every index; vectors of another space are refused by name.
    """

    name: str
    dimension: int
    metric: Literal["dot", "cosine"] = "cosine"

    def __str__(self) -> str:
        return f"{self.name} ({self.dimension}, {self.metric})"


class TextEncoder(Protocol):
    """Maps texts to unit vectors."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` of the encoder's tokens."""
        ...


class ImageEncoder(Protocol):
    """Maps pictures and texts to unit vectors of one space."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return one unit vector per RGB picture, float32 `(images, dimension)`."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...


def unit(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)

"""The contract of encoders: what a text or a picture becomes, and in which space it can be compared."""

from collections.abc import Sequence
from typing import Protocol

from PIL import Image

from retrieval.spaces import Space, Vectors


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

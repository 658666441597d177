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

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is one of the language, as far as the encoder has met it whole."""
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

    def taught(self, word: str) -> bool:
        """Tell whether a word means anything to the encoder."""
        ...


class ClipEncoder(Protocol):
    """Maps clips (frames in order of time, of a moment or of a whole video) and texts to unit vectors of one space."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    @property
    def frames(self) -> int:
        """How many frames of a clip it is to be given, evenly spaced; fewer where there are no more."""
        ...

    def encode_clips(self, clips: Sequence[Sequence[Image.Image]]) -> Vectors:
        """Return one unit vector per clip of one or more RGB pictures, float32 `(clips, dimension)`."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...
